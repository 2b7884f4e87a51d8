import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../cbor/index.ts';
import { logKeyFromSeed, sha256, verifyWithLogKey, witnessKeyFromSeed } from '../suite/index.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import {
  cosignCheckpoint,
  formatCheckpoint,
  logOrigin,
  parseCheckpoint,
  parseNote,
  type SignedNote,
  signCheckpoint,
  verifyCheckpoint,
  verifyCosignature,
} from './index.ts';

const random = seededRandom('checkpoint');
const key = logKeyFromSeed(random(32));
const origin = logOrigin('ab'.repeat(32), 'cd'.repeat(16));
const checkpoint = { origin, size: 20_852_163, root: random(32) };
const note = signCheckpoint(checkpoint, key);

const verdict = (text: string, from = origin, publicBytes = key.publicBytes): string => {
  const result = verifyCheckpoint(text, from, publicBytes);
  return result.ok ? 'ok' : result.why;
};

test('a checkpoint is three lines, signed under the log’s origin', () => {
  const lines = note.split('\n');
  assert.deepEqual(lines.slice(0, 2), [origin, '20852163']);
  assert.equal(lines[3], '');
  assert.match(lines[4] as string, /^— tripoint\/(ab)+\/(cd)+ [A-Za-z0-9+/]+=*$/);
  const result = verifyCheckpoint(note, origin, key.publicBytes);
  assert.ok(result.ok);
  assert.deepEqual(result.checkpoint, checkpoint);
  assert.deepEqual(parseCheckpoint(formatCheckpoint(checkpoint)), checkpoint);
});

test('the example of the signed-note specification verifies with the key it names', () => {
  const example =
    'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
  const publicBytes = Uint8Array.from(
    Buffer.from('AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 'base64').subarray(1),
  );
  const parsed = parseNote(example) as SignedNote;
  const line = parsed.signatures[0] as SignedNote['signatures'][number];
  assert.equal(line.name, 'example.com/foo');
  assert.deepEqual(line.id, sha256(utf8('example.com/foo\n'), Uint8Array.of(1), publicBytes).slice(0, 4));
  assert.ok(verifyWithLogKey(publicBytes, utf8(parsed.text), line.signature));
});

test('another log, another key, another size or no signature is refused', () => {
  assert.equal(verdict(note, 'tripoint/other'), 'origin_mismatch');
  assert.equal(verdict(note, origin, logKeyFromSeed(random(32)).publicBytes), 'signature_invalid');
  assert.equal(verdict(note.replace('20852163', '20852164')), 'signature_invalid');
  assert.equal(verdict(formatCheckpoint(checkpoint)), 'malformed');
  assert.equal(verdict(`${formatCheckpoint(checkpoint)}\n`), 'malformed');
  assert.equal(verdict(note.slice(0, -1)), 'malformed');
});

test('signatures of unknown keys are ignored; one in our key’s name that does not hold refuses the note', () => {
  const stranger = signCheckpoint({ ...checkpoint, origin: 'other' }, logKeyFromSeed(random(32))).split('\n')[4];
  assert.equal(verdict(`${note}${stranger}\n`), 'ok');
  const forged = signCheckpoint({ ...checkpoint, size: 1 }, key).split('\n')[4];
  assert.equal(verdict(`${note}${forged}\n`), 'signature_invalid');
});

test('a text that is not exactly a checkpoint is none', () => {
  const text = formatCheckpoint(checkpoint);
  for (const wrong of [
    text.replace('20852163', '020852163'),
    text.replace('20852163', '-1'),
    text.replace('20852163', '9007199254740993'),
    text.replace(origin, 'two words'),
    text.replace(origin, 'a+b'),
    text.replace(origin, ''),
    `${text}extension\n`,
    text.replaceAll('\n', '\r\n'),
    text.slice(0, -1),
    text.replace(/.=\n$/, '\n'),
  ])
    assert.equal(parseCheckpoint(wrong), null, JSON.stringify(wrong));
  assert.throws(() => formatCheckpoint({ ...checkpoint, origin: 'two words' }), RangeError);
  assert.throws(() => formatCheckpoint({ ...checkpoint, size: -1 }), RangeError);
  assert.throws(() => formatCheckpoint({ ...checkpoint, root: random(31) }), RangeError);
});

test('a witness cosigns with both its keys, and either half missing or altered is no cosignature', () => {
  const witness = witnessKeyFromSeed(random(64));
  const lines = cosignCheckpoint(checkpoint, 'tripoint/witness-kr', witness, 1_800_000_000);
  const timeOf = (text: string, name = 'tripoint/witness-kr', publicBytes = witness.publicBytes): number | null => {
    const parsed = parseNote(text);
    return parsed === null ? null : verifyCosignature(checkpoint, parsed, name, publicBytes);
  };
  assert.equal(timeOf(note + lines), 1_800_000_000);
  assert.equal(verdict(note + lines), 'ok');
  const [ed, ml] = lines.split('\n') as [string, string];
  assert.equal(timeOf(`${note}${ed}\n`), null);
  assert.equal(timeOf(`${note}${ml}\n`), null);
  assert.equal(timeOf(note), null);
  assert.equal(timeOf(note + lines, 'tripoint/witness-vn'), null);
  assert.equal(timeOf(note + lines, 'tripoint/witness-kr', witnessKeyFromSeed(random(64)).publicBytes), null);
  const later = cosignCheckpoint(checkpoint, 'tripoint/witness-kr', witness, 1_800_000_001).split('\n');
  assert.equal(timeOf(`${note}${ed}\n${later[1]}\n`), null, 'halves of two times');
  const elsewhere = cosignCheckpoint({ ...checkpoint, size: 5 }, 'tripoint/witness-kr', witness, 1_800_000_000);
  assert.equal(timeOf(note + elsewhere), null);
});
