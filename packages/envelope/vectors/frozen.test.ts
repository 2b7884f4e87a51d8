import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, fromHex, MalformedCbor, toHex } from '../cbor/index.ts';
import { leafHash, MemoryTree, rootAt, verifyConsistency, verifyInclusion } from '../proof/index.ts';
import { envelopeId, firstPrev } from '../seal/index.ts';
import { cobblestoneOpen, cobblestoneSeal, hpkeOpen, kemKeyFromSeed, verifyPair } from '../suite/index.ts';
import { takeIn } from './arrival.ts';
import { readFrozen } from './frozen.ts';
import { type CharterFile, judge } from './make-charters.ts';
import { copyOf, type EnvelopeFile } from './make-envelopes.ts';
import { type EvidenceFile, judgeEvidence, textOfCase } from './make-evidence.ts';
import { judgeNote, judgeReceipt, type LogFile, plainly, type ReceiptFile } from './make-proofs.ts';
import {
  type CborFile,
  type ChainFile,
  type DirectoryFile,
  judgeDirectory,
  type KeyFile,
  keyOfSeed,
  type SuiteFile,
} from './make-suite.ts';

/** A case's name begins with the refusal it stands for, so that a case cannot quietly expect something else. */
const isNamed = (name: string, outcome: object): boolean =>
  !('refused' in outcome) || name.split(':')[0]?.split(' ')[0] === outcome.refused;

test('every frozen copy is taken, held or refused as it says', (t) => {
  const file = readFrozen<EnvelopeFile>('envelopes');
  for (const one of file.cases) {
    assert.deepEqual(takeIn(copyOf(file, one), { ...file.state, ...one.state }), one.outcome, one.name);
    assert.ok(isNamed(one.name, one.outcome), one.name);
  }
  t.diagnostic(`own vectors, copies: ${file.cases.length}`);
});

test('the frozen copies name every refusal that bytes and state can express, and every bucket', () => {
  const { cases } = readFrozen<EnvelopeFile>('envelopes');
  const refused = new Set(cases.flatMap(({ outcome }) => ('refused' in outcome ? [outcome.refused] : [])));
  const expressible =
    'too_large over_quota malformed version_unsupported suite_not_permitted not_addressed key_destroyed signer_unknown ' +
    'signature_invalid charter_conflict charter_stale signer_not_active key_revoked expired id_reused unwrap_failed ' +
    'chain_broken body_invalid commitment_mismatch audience_mismatch schema_invalid';
  assert.deepEqual([...refused].sort(), expressible.split(' ').sort());
  const opened = new Set(cases.flatMap(({ name, outcome }) => ('opened' in outcome ? [name] : [])));
  for (const name of ['bucket-8', 'bucket-16', 'bucket-64']) assert.ok(opened.has(name), name);
});

/** Cases that a later decision took back, with what they come to now; `charters-2.json` holds what stands instead. */
const withdrawn: ReadonlyMap<string, object> = new Map([
  ['a nation suspends itself', { refused: 'quorum_missing' }], // it moved the end of the charter alone (ADR 0015)
]);

test('every frozen charter is accepted or refused as it says', (t) => {
  let count = 0;
  for (const name of ['charters', 'charters-2']) {
    const file = readFrozen<CharterFile>(name);
    for (const one of file.cases) {
      const expected = name === 'charters' ? (withdrawn.get(one.name) ?? one.outcome) : one.outcome;
      assert.deepEqual(judge(file, one), expected, one.name);
      assert.ok(isNamed(one.name, one.outcome), one.name);
    }
    count += file.cases.length;
  }
  t.diagnostic(`own vectors, charters: ${count}`);
});

test('every frozen receipt says what it says, or is refused', (t) => {
  const file = readFrozen<ReceiptFile>('receipts');
  for (const { name, bytes, fields, outcome } of file.cases) {
    assert.deepEqual(judgeReceipt(fromHex(bytes), fromHex(file.signerPublicBytes)), outcome, name);
    assert.ok(isNamed(name, outcome), name);
    if (fields !== undefined) assert.deepEqual(plainly((decode(fromHex(bytes)) as never[])[0] as never), fields, name);
  }
  t.diagnostic(`own vectors, receipts: ${file.cases.length}`);
});

test('every frozen directory entry and revocation is vouched for, or refused', (t) => {
  const file = readFrozen<DirectoryFile>('directory');
  for (const { name, kind, bytes, outcome } of file.cases) {
    assert.deepEqual(judgeDirectory(file, kind, fromHex(bytes)), outcome, name);
    assert.ok(isNamed(name, outcome), name);
  }
  t.diagnostic(`own vectors, directory: ${file.cases.length}`);
});

test('the frozen log grows, proves and is signed as it says', (t) => {
  const file = readFrozen<LogFile>('log');
  const tree = new MemoryTree();
  for (const entry of file.entries) tree.append(fromHex(entry));
  assert.deepEqual(
    file.entries.map((entry) => toHex(leafHash(fromHex(entry)))),
    file.leafHashes,
  );
  assert.deepEqual(
    file.roots.map((_, size) => toHex(rootAt(tree.read, size))),
    file.roots,
  );
  const rootOf = (size: number) => fromHex(file.roots[size] as string);
  for (const { index, size, proof } of file.inclusion)
    assert.ok(
      verifyInclusion(fromHex(file.leafHashes[index] as string), index, size, rootOf(size), proof.map(fromHex)),
    );
  for (const { oldSize, size, proof } of file.consistency)
    assert.ok(verifyConsistency(oldSize, size, rootOf(oldSize), rootOf(size), proof.map(fromHex)));
  for (const { name, note, outcome } of file.checkpoint.notes) {
    assert.deepEqual(judgeNote(file.checkpoint, note), outcome, name);
    assert.ok(isNamed(name, outcome), name);
  }
  t.diagnostic(`own vectors, log: ${file.inclusion.length + file.consistency.length + file.checkpoint.notes.length}`);
});

test('every frozen file of evidence shows what it says, or names the claim that fails', (t) => {
  const file = readFrozen<EvidenceFile>('evidence');
  for (const one of file.cases) {
    assert.deepEqual(judgeEvidence(textOfCase(file, one), one.pin ?? file.pin), one.outcome, one.name);
    assert.ok(isNamed(one.name, one.outcome), one.name);
  }
  t.diagnostic(`own vectors, evidence: ${file.cases.length}`);
});

test('every frozen seed makes its key set and key id', (t) => {
  const { keys } = readFrozen<KeyFile>('keys');
  for (const { class: keyClass, seed, publicBytes, kid } of keys) {
    const key = keyOfSeed(keyClass, fromHex(seed));
    assert.equal(toHex(key.publicBytes), publicBytes);
    assert.equal(toHex(key.kid), kid);
  }
  t.diagnostic(`own vectors, keys: ${keys.length}`);
});

test('frozen signatures verify, frozen secrets open', (t) => {
  const { signature, hpke, cobblestone } = readFrozen<SuiteFile>('suite');
  const { publicBytes, tbs, context, ed, ml } = signature;
  assert.ok(verifyPair(fromHex(publicBytes), fromHex(tbs), context, fromHex(ed), fromHex(ml)));
  for (const { seed, info, aad, plaintext, enc, ct } of hpke) {
    const opened = hpkeOpen(kemKeyFromSeed(fromHex(seed)), fromHex(enc), fromHex(info), fromHex(aad), fromHex(ct));
    assert.equal(opened === null ? null : toHex(opened), plaintext);
  }
  for (const { key, context: bound, salt, message, sealed } of cobblestone) {
    assert.equal(toHex(cobblestoneSeal(fromHex(key), fromHex(bound), fromHex(message), () => fromHex(salt))), sealed);
    assert.deepEqual(cobblestoneOpen(fromHex(key), fromHex(bound), fromHex(sealed)), fromHex(message));
  }
  t.diagnostic(`own vectors, suite: ${1 + hpke.length + cobblestone.length}`);
});

test('frozen CBOR is read and written byte for byte, and what is not deterministic is refused', (t) => {
  const { valid, invalid } = readFrozen<CborFile>('cbor');
  for (const { bytes, value } of valid) {
    assert.deepEqual(plainly(decode(fromHex(bytes))), value);
    assert.equal(toHex(encode(decode(fromHex(bytes)))), bytes);
  }
  for (const { bytes, why } of invalid) assert.throws(() => decode(fromHex(bytes)), MalformedCbor, why);
  t.diagnostic(`own vectors, CBOR: ${valid.length + invalid.length}`);
});

test('frozen chain beginnings and envelope ids are computed the same', (t) => {
  const file = readFrozen<ChainFile>('chain');
  for (const { charterId, sender, recipient, lane, prev } of file.firstPrev)
    assert.equal(toHex(firstPrev(fromHex(charterId), fromHex(sender), fromHex(recipient), lane)), prev);
  for (const { localSecret, row, sealing, id } of file.envelopeId)
    assert.equal(toHex(envelopeId(fromHex(localSecret), fromHex(row), sealing)), id);
  t.diagnostic(`own vectors, chain: ${file.firstPrev.length + file.envelopeId.length}`);
});
