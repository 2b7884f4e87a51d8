import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { utf8 } from '../cbor/index.ts';
import { SAID_AT_SEC, type SampleEvidence, sampleEvidence } from '../vectors/sample-evidence.ts';
import { CLAIMS, checkEvidence, type EvidenceForm, encodeEvidence, encodeForkFile } from './index.ts';

const payload = utf8('{"title":"A boat nobody has seen"}');
let sample: SampleEvidence;
before(async () => {
  sample = await sampleEvidence(['KR', 'KH', 'LA'], payload);
});

test('whoever knows the hash of the first charter reads who said what, when, to whom, and who signed and witnessed it', () => {
  const verdict = checkEvidence(sample.file, sample.pin);
  assert.ok(verdict.ok && verdict.kind === 'evidence', JSON.stringify(verdict));
  const [said] = verdict.envelopes;
  assert.equal(verdict.envelopes.length, 1);
  assert.ok(said !== undefined);
  assert.deepEqual([said.author, said.saidAtSec, said.type], ['KR', SAID_AT_SEC, 'report.1']);
  assert.deepEqual([...said.recipients].sort(), ['KH', 'LA']);
  assert.deepEqual(said.payload, payload);
  assert.ok(said.log?.isWitnessed === true && said.log.nation === 'KR');
  assert.deepEqual(said.log.witnesses.map(({ nation }) => nation).sort(), ['KH', 'LA']);
  assert.deepEqual(
    said.receipts.map(({ nation, state, code, log }) => [nation, state, code, log?.isWitnessed]),
    ['KH', 'LA'].map((nation) => [nation, 'verified', null, true]),
  );
});

test('another coalition’s hash, or none, accepts nothing', () => {
  assert.deepEqual(checkEvidence(sample.file, new Uint8Array(32)), { ok: false, claim: 'charter', at: 'charters.0' });
});

type Path = readonly (string | number)[];

/** Every text, number and null of the file, by the path to it. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, item]) =>
    leavesOf(item, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, name) => (inner as never)[name], value);

function changed(value: unknown, path: Path, leaf: unknown): unknown {
  const copy = structuredClone(value);
  const holder = at(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  holder[path.at(-1) as string] = leaf;
  return copy;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BASE64URL = `${LETTERS}${LETTERS.toLowerCase()}0123456789-_`;

/** Another character at this place of a text, another number, something in place of nothing. */
function bent(leaf: unknown, seed: number): unknown {
  if (typeof leaf === 'number') return leaf + 1 + (seed % 9);
  if (typeof leaf !== 'string') return { head: 0, index: 0, path: [] };
  const place = seed % leaf.length;
  const others = [...BASE64URL].filter((character) => character !== leaf[place]);
  return leaf.slice(0, place) + others[seed % others.length] + leaf.slice(place + 1);
}

const nameOf = (path: Path): string => path.map((part) => (typeof part === 'number' ? '#' : part)).join('.');

test('a change of any field anywhere is refused with the claim that fails', () => {
  const file: unknown = JSON.parse(Buffer.from(sample.file).toString('utf8'));
  const fields = Map.groupBy(leavesOf(file), nameOf);
  const refuted = new Map<string, Set<string>>();
  fc.assert(
    fc.property(fc.constantFrom(...fields.values()), fc.nat(), fc.nat(), (paths, which, seed) => {
      const path = paths[which % paths.length] as Path;
      const other = changed(file, path, bent(at(file, path), seed));
      const verdict = checkEvidence(utf8(canonicalize(other) as string), sample.pin);
      const name = nameOf(path);
      assert.ok(!verdict.ok, `${path.join('.')} changed, and still believed`);
      assert.ok(CLAIMS.includes(verdict.claim));
      refuted.set(name, (refuted.get(name) ?? new Set()).add(verdict.claim));
    }),
    { numRuns: 300, seed: 20_261_124 },
  );
  assert.deepEqual(
    [...fields.keys()].filter((name) => !refuted.has(name)),
    [],
    'every field was tried',
  );
  /** A character at the end of a text may leave base64url: then it is the form that fails. */
  const claimsOf = (name: string) => [...(refuted.get(name) ?? [])].filter((claim) => claim !== 'form');
  assert.deepEqual(claimsOf('envelopes.#.inner'), ['content']);
  assert.deepEqual(claimsOf('envelopes.#.bodyHash'), ['author']);
  assert.deepEqual(claimsOf('envelopes.#.receipts.#.signed'), ['receipt']);
  assert.deepEqual(claimsOf('envelopes.#.log.index'), ['log']);
  assert.deepEqual(claimsOf('envelopes.#.receipts.#.log.index'), ['receipt-log']);
});

test('a changed byte anywhere in the file is refused', () => {
  fc.assert(
    fc.property(fc.nat(sample.file.length - 1), fc.integer({ min: 1, max: 255 }), (place, by) => {
      const other = Uint8Array.from(sample.file);
      other[place] = (other[place] as number) ^ by;
      assert.ok(!checkEvidence(other, sample.pin).ok);
    }),
    { numRuns: 250, seed: 20_261_124 },
  );
});

const judge = (change: (form: EvidenceForm) => EvidenceForm) =>
  checkEvidence(encodeEvidence(change(sample.form)), sample.pin);
const envelope = () => sample.form.envelopes[0] as EvidenceForm['envelopes'][number];
const only = (part: Partial<EvidenceForm['envelopes'][number]>) => (form: EvidenceForm) => ({
  ...form,
  envelopes: [{ ...envelope(), ...part }],
});

test('what another coalition, envelope or log signed does not serve', async () => {
  const other = await sampleEvidence(['KR', 'KH', 'LA'], payload, 'another coalition');
  const [theirs] = other.form.envelopes;
  assert.ok(theirs !== undefined);
  assert.deepEqual(
    judge((form) => ({ ...form, charters: other.form.charters })),
    {
      ok: false,
      claim: 'charter',
      at: 'charters.0',
    },
  );
  assert.deepEqual(
    judge((form) => ({ ...form, entries: other.form.entries })),
    {
      ok: false,
      claim: 'directory',
      at: 'entries.0',
    },
  );
  assert.deepEqual(
    judge((form) => ({ ...form, heads: other.form.heads })),
    { ok: false, claim: 'head', at: 'heads.0' },
  );
  assert.deepEqual(judge(only({ receipts: theirs.receipts })), {
    ok: false,
    claim: 'receipt',
    at: 'envelopes.0.receipts.0',
  });
  assert.deepEqual(judge(only({ inner: theirs.inner, cs: theirs.cs })), {
    ok: false,
    claim: 'content',
    at: 'envelopes.0',
  });
});

test('a signature of somebody who has no say there cannot be carried along', () => {
  const note = sample.form.heads[0] as string;
  const [line = ''] = note.split('\n').slice(4);
  assert.ok(!judge((form) => ({ ...form, heads: [`${note}${line}\n`] })).ok);
  assert.ok(!judge((form) => ({ ...form, heads: [`${note}— somebody.example AAAAAAAA\n`] })).ok);
});

test('without its witnesses, its log or its receipts it proves less, and says so', () => {
  const note = sample.form.heads[0] as string;
  const alone = judge((form) => ({ ...form, heads: [`${note.split('\n').slice(0, 5).join('\n')}\n`] }));
  assert.ok(alone.ok && alone.kind === 'evidence');
  assert.deepEqual(alone.envelopes[0]?.log?.witnesses, []);
  assert.equal(alone.envelopes[0]?.log?.isWitnessed, false);
  const one = judge((form) => ({ ...form, heads: [`${note.split('\n').slice(0, 7).join('\n')}\n`] }));
  assert.ok(
    one.ok && one.kind === 'evidence' && one.envelopes[0]?.log?.isWitnessed === false,
    'one of two is no quorum',
  );
  const bare = judge((form) => ({ ...only({ log: null, receipts: [] })(form), heads: [] }));
  assert.ok(bare.ok && bare.kind === 'evidence' && bare.envelopes[0]?.log === null);
});

test('the file holds no decryption key and no agency: nothing but its nine kinds of field', () => {
  const { envelopes, ...rest } = JSON.parse(Buffer.from(sample.file).toString('utf8'));
  assert.deepEqual(Object.keys(rest).sort(), ['charters', 'entries', 'format', 'heads']);
  assert.deepEqual(Object.keys(envelopes[0]).sort(), [
    'bodyHash',
    'core',
    'cs',
    'ed',
    'inner',
    'log',
    'ml',
    'receipts',
    'stanzaHashes',
  ]);
});

test('evidence of a forked log is checked from the same hash, and a change of it refused', () => {
  const file = encodeForkFile(sample.fork);
  const verdict = checkEvidence(file, sample.pin);
  assert.ok(verdict.ok && verdict.kind === 'fork');
  assert.deepEqual([verdict.fork.nation, verdict.fork.kind], ['KR', 'same-size']);
  assert.equal(verdict.fork.sizes[0], verdict.fork.sizes[1]);
  fc.assert(
    fc.property(fc.nat(sample.fork.fork.length - 1), fc.integer({ min: 1, max: 255 }), (place, by) => {
      const fork = Uint8Array.from(sample.fork.fork);
      fork[place] = (fork[place] as number) ^ by;
      const bent = checkEvidence(encodeForkFile({ ...sample.fork, fork }), sample.pin);
      assert.ok(!bent.ok && ['fork', 'head'].includes(bent.claim));
    }),
    { numRuns: 100, seed: 20_261_124 },
  );
});
