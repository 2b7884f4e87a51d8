import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameBytes } from '@tripoint/envelope/cbor';
import {
  consistencyProof,
  cosignCheckpoint,
  decodeFork,
  logOrigin,
  MemoryTree,
  rootAt,
  signCheckpoint,
  verifyFork,
  witnessName,
} from '@tripoint/envelope/proof';
import { logKeyFromSeed, sha256, witnessKeyFromSeed } from '@tripoint/envelope/suite';
import fc from 'fast-check';
import { decodeLogFrame, encodeLogFrame, type LogFrame } from './witness-frames.ts';
import { admitted, decideAsk, type HeldHead, judgeShown, type LogOwner, soundNote } from './witness-rules.ts';

const logKey = logKeyFromSeed(new Uint8Array(32).fill(3));
const memberId = new Uint8Array(16).fill(9);
const origin = logOrigin('aa'.repeat(32), '09'.repeat(16));
const korea: LogOwner = { memberId, origin, logKeys: [logKey.publicBytes] };

const entry = (seed: number): Uint8Array => sha256(Uint8Array.of(seed & 255, (seed >> 8) & 255, (seed >> 16) & 255));
const treeOf = (seeds: readonly number[]): MemoryTree => {
  const tree = new MemoryTree();
  for (const seed of seeds) tree.append(entry(seed));
  return tree;
};
const noteOf = (tree: MemoryTree, size: number): string =>
  signCheckpoint({ origin, size, root: rootAt(tree.read, size) }, logKey);
const heldOf = (tree: MemoryTree, size: number, atMs = 0): HeldHead => ({
  size,
  root: rootAt(tree.read, size),
  note: noteOf(tree, size),
  atMs,
});
/** What an honest log sends: its head of this size, proven from what the witness holds. */
const honest = (tree: MemoryTree, oldSize: number, size: number) => ({
  oldSize,
  note: noteOf(tree, size),
  proof: oldSize === 0 ? [] : consistencyProof(tree.read, oldSize, size),
});
const tree = treeOf(Array.from({ length: 200 }, (_, at) => at));
const later = 60_000;

test('a witness signs the first head it is shown, then each that grew out of the last', () => {
  const first = decideAsk(korea, null, null, honest(tree, 0, 16), later);
  assert.equal(first.do, 'sign');
  const grown = decideAsk(korea, heldOf(tree, 16), null, honest(tree, 16, 48), later);
  assert.ok(grown.do === 'sign' && grown.isNew);
  const again = decideAsk(korea, heldOf(tree, 48), heldOf(tree, 48), honest(tree, 48, 48), later);
  assert.ok(again.do === 'sign' && !again.isNew, 'an answer that was lost is given again');
});

test('a witness asked from another size says what it holds and signs nothing', () => {
  for (const ask of [honest(tree, 16, 48), honest(tree, 0, 48), honest(tree, 16, 16)]) {
    const decided = decideAsk(korea, heldOf(tree, 32), null, ask, later);
    assert.ok(decided.do === 'tell' && decided.held?.size === 32);
  }
  assert.deepEqual(decideAsk(korea, null, null, honest(tree, 16, 48), later), { do: 'tell', held: null });
});

test('a head that is not signed by that log, or comes faster than any beat, is passed over', () => {
  const stranger = logKeyFromSeed(new Uint8Array(32).fill(4));
  const forged = { ...honest(tree, 0, 16), note: signCheckpoint({ origin, size: 16, root: tree.root() }, stranger) };
  assert.deepEqual(decideAsk(korea, null, null, forged, later), { do: 'nothing', why: 'signature_invalid' });
  const elsewhere = {
    ...honest(tree, 0, 16),
    note: signCheckpoint({ origin: 'tripoint/x', size: 1, root: tree.root() }, logKey),
  };
  assert.equal(decideAsk(korea, null, null, elsewhere, later).do, 'nothing');
  const soon = decideAsk(korea, heldOf(tree, 16, later), null, honest(tree, 16, 32), later + 10);
  assert.deepEqual(soon, { do: 'nothing', why: 'too_soon' });
});

/**
 * 2,500 seeded mutations: a log that a witness has seen is changed somewhere below what it signed (an entry exchanged,
 * left out, doubled; cut back and grown otherwise) and then goes on. However it asks, it is not signed; and whoever
 * shows such a head at a size the witness knows, or with a proof from what it holds, has signed the evidence.
 */
const MUTATIONS = 2_500;
const mutations = fc.record({
  seed: fc.nat(0xff_ffff),
  held: fc.integer({ min: 1, max: 20 }),
  grown: fc.integer({ min: 0, max: 12 }),
  how: fc.constantFrom('exchange', 'leave-out', 'double', 'cut-and-grow'),
});

const seenSizes = new Map<number, HeldHead>();
/** The honest log as the witness saw it; its entries are those of the tree above. */
function seenAt(size: number): HeldHead {
  const seen = seenSizes.get(size) ?? heldOf(tree, size);
  seenSizes.set(size, seen);
  return seen;
}

function mutated(seeds: readonly number[], at: number, how: string, fresh: number): number[] {
  if (how === 'exchange') return seeds.with(at, fresh);
  if (how === 'leave-out') return [...seeds.slice(0, at), ...seeds.slice(at + 1), fresh];
  if (how === 'double') return [...seeds.slice(0, at + 1), seeds[at] as number, ...seeds.slice(at + 1, -1)];
  return [...seeds.slice(0, at), ...Array.from({ length: seeds.length - at }, (_, i) => fresh + i)];
}

test(`a forked log is found in every one of ${MUTATIONS} seeded mutations, with evidence that verifies`, () => {
  let found = 0;
  fc.assert(
    fc.property(mutations, ({ seed, held, grown, how }) => {
      const size = held + grown;
      const honestSeeds = Array.from({ length: size }, (_, at) => at);
      const other = treeOf(mutated(honestSeeds, seed % held, how, 1_000 + (seed % 60_000)));
      const seen = seenAt(held);
      if (sameBytes(seen.root, rootAt(other.read, held))) return; // doubled the last: no change below
      // The proof that leads there is the forked log's own, the best it has.
      const ask = honest(other, held, size);
      const decided = decideAsk(korea, seen, size === held ? seen : null, ask, later);
      assert.equal(decided.do, 'accuse');
      const fork = decodeFork(decided.do === 'accuse' ? decided.evidence : new Uint8Array(0));
      assert.ok(fork !== null && fork.kind === (grown === 0 ? 'same-size' : 'unproven'));
      assert.ok(verifyFork(fork, origin, korea.logKeys).ok);
      // And at first contact, when a hello shows the head of a size the witness has signed.
      const shown = judgeShown(korea, seen, seen, noteOf(other, held));
      assert.equal(shown.shows, 'fork');
      found += 1;
    }),
    { numRuns: MUTATIONS, seed: 20_261_124 },
  );
  assert.ok(found > MUTATIONS * 0.9, `${found} of ${MUTATIONS} mutations changed what was signed`);
});

test('evidence says nothing when it is bent, of another log, or about heads that fit', () => {
  const other = treeOf(Array.from({ length: 32 }, (_, at) => at + 500));
  const shown = judgeShown(korea, heldOf(tree, 32), heldOf(tree, 32), noteOf(other, 32));
  assert.ok(shown.shows === 'fork');
  const fork = decodeFork(shown.evidence);
  assert.ok(fork !== null);
  assert.ok(verifyFork(fork, origin, korea.logKeys).ok);
  assert.deepEqual(verifyFork(fork, 'tripoint/another', korea.logKeys), { ok: false, why: 'signature_invalid' });
  assert.deepEqual(verifyFork({ ...fork, notes: [fork.notes[0], fork.notes[0]] }, origin, korea.logKeys), {
    ok: false,
    why: 'no_contradiction',
  });
  const fits = { ...fork, kind: 'unproven' as const, notes: [noteOf(tree, 16), noteOf(tree, 32)] as const };
  assert.ok(verifyFork(fits, origin, korea.logKeys).ok, 'without a proof it stands until it is answered');
  const answered = { ...fits, proof: consistencyProof(tree.read, 16, 32) };
  assert.deepEqual(verifyFork(answered, origin, korea.logKeys), { ok: false, why: 'no_contradiction' });
});

test('a bureau that shows an earlier head than before is behind; what it admits is evidence', () => {
  assert.equal(judgeShown(korea, heldOf(tree, 64), null, noteOf(tree, 32)).shows, 'behind');
  assert.equal(judgeShown(korea, heldOf(tree, 64), null, noteOf(tree, 96)).shows, 'nothing');
  const evidence = admitted(korea, heldOf(tree, 64), noteOf(tree, 32));
  const fork = decodeFork(evidence ?? new Uint8Array(0));
  assert.ok(fork !== null && verifyFork(fork, origin, korea.logKeys).ok);
  assert.equal(admitted(korea, heldOf(tree, 64), noteOf(tree, 64)), null);
});

test('every frame is read as it was written, and other bytes are none', () => {
  const hash = sha256(Uint8Array.of(1));
  const frames: LogFrame[] = [
    { kind: 'ask', oldSize: 16, note: 'n', proof: [hash, hash] },
    { kind: 'cosigned', size: 32, lines: 'two lines' },
    { kind: 'held', size: 0, note: '' },
    { kind: 'admit', note: 'n' },
    { kind: 'fork', evidence: hash },
    { kind: 'where', entry: hash },
    { kind: 'there', entry: hash, index: 3, path: [hash], note: 'n' },
  ];
  for (const frame of frames) assert.deepEqual(decodeLogFrame(encodeLogFrame(frame)), frame);
  fc.assert(
    fc.property(fc.constantFrom(...frames), fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, at, by) => {
      const bytes = encodeLogFrame(frame);
      bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ by;
      decodeLogFrame(bytes); // another frame, or none: it never throws
    }),
    { numRuns: 500 },
  );
  assert.equal(decodeLogFrame(new Uint8Array(0)), null);
});

test('a note is kept with the pairs that hold and nothing else, so that nobody can spoil evidence by adding to it', () => {
  const nowSec = 1_800_000_000;
  const checkpoint = { origin, size: 32, root: rootAt(tree.read, 32) };
  const bare = signCheckpoint(checkpoint, logKey);
  const of = (seed: number) => {
    const key = witnessKeyFromSeed(new Uint8Array(64).fill(seed));
    const name = witnessName(`tripoint/${seed}`);
    const lines = (timeSec: number) => cosignCheckpoint(checkpoint, name, key, timeSec);
    return { name, witnessKeys: [key.publicBytes], lines };
  };
  const [thai, lao, hasty] = [of(1), of(2), of(3)];
  const half = `${lao.lines(nowSec).split('\n')[0]}\n`;
  const given = `${bare}${thai.lines(nowSec)}${half}${hasty.lines(nowSec + 7_200)}— somebody.example AAAAAAAA\n`;
  assert.equal(soundNote(korea, given, [thai, lao, hasty], nowSec), bare + linesOf(given, thai.name));
  assert.equal(soundNote(korea, given, [], nowSec), bare);
  assert.equal(soundNote({ origin, logKeys: [] }, given, [thai], nowSec), null);
});

const linesOf = (note: string, name: string): string =>
  note
    .split('\n')
    .filter((line) => line.includes(` ${name} `))
    .map((line) => `${line}\n`)
    .join('');
