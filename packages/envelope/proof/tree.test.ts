import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinBytes, sameBytes, toHex, utf8 } from '../cbor/index.ts';
import { sha256 } from '../suite/index.ts';
import {
  appendEntry,
  consistencyProof,
  EMPTY_FRONTIER,
  frontierRoot,
  inclusionProof,
  leafHash,
  MemoryTree,
  nodeHash,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

const entryAt = (i: number): Uint8Array => sha256(utf8(`entry ${i}`));

function treeOf(size: number): MemoryTree {
  const tree = new MemoryTree();
  for (let i = 0; i < size; i += 1) tree.append(entryAt(i));
  return tree;
}

/** The definition of RFC 6962 §2.1, word for word: the oracle. */
function definedRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array(0));
  if (entries.length === 1) return sha256(Uint8Array.of(0), entries[0] as Uint8Array);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha256(joinBytes(Uint8Array.of(1), definedRoot(entries.slice(0, split)), definedRoot(entries.slice(split))));
}

const tree = treeOf(70);

test('the root is that of the definition at every size, appended step by step or read back', () => {
  let frontier = EMPTY_FRONTIER;
  for (let size = 0; size <= 70; size += 1) {
    const expected = toHex(definedRoot(Array.from({ length: size }, (_, i) => entryAt(i))));
    assert.equal(toHex(frontierRoot(frontier)), expected);
    assert.equal(toHex(rootAt(tree.read, size)), expected);
    frontier = appendEntry(frontier, entryAt(size)).frontier;
  }
  assert.equal(toHex(tree.root()), toHex(rootAt(tree.read, 70)));
});

test('the known root of the seven entries of RFC 6962 tests', () => {
  const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const memory = new MemoryTree();
  for (const hex of known) memory.append(Uint8Array.from(Buffer.from(hex, 'hex')));
  assert.equal(toHex(memory.root()), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('every entry of every size is proven to be in the log, and nowhere else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, pick, other) => {
      const index = pick % size;
      const proof = inclusionProof(tree.read, index, size);
      const root = rootAt(tree.read, size);
      const leaf = leafHash(entryAt(index));
      assert.ok(verifyInclusion(leaf, index, size, root, proof));
      const wrong = other % size;
      if (wrong !== index) assert.ok(!verifyInclusion(leaf, wrong, size, root, proof));
      assert.ok(!verifyInclusion(leafHash(entryAt(99)), index, size, root, proof));
      assert.ok(!verifyInclusion(leaf, index, size, leaf, proof) || size === 1);
      assert.ok(!verifyInclusion(leaf, index, size, root, [...proof, leaf]));
    }),
  );
});

test('every later log is proven to have grown out of every earlier one, and out of no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (size, pick) => {
      const oldSize = (pick % size) + 1;
      const proof = consistencyProof(tree.read, oldSize, size);
      const [oldRoot, root] = [rootAt(tree.read, oldSize), rootAt(tree.read, size)];
      assert.ok(verifyConsistency(oldSize, size, oldRoot, root, proof));
      const forged = definedRoot(Array.from({ length: oldSize }, (_, i) => entryAt(i + 1)));
      assert.ok(!verifyConsistency(oldSize, size, forged, root, proof));
      assert.ok(!verifyConsistency(oldSize, size, oldRoot, forged, proof) || sameBytes(forged, root));
      if (proof.length > 0) assert.ok(!verifyConsistency(oldSize, size, oldRoot, root, proof.slice(1)));
    }),
  );
});

test('a proof longer than the tree is high proves nothing, even to roots made to fit it', () => {
  const extra = entryAt(1_000);
  const proof = [...consistencyProof(tree.read, 4, 8), extra];
  const [oldRoot, root] = [rootAt(tree.read, 4), rootAt(tree.read, 8)];
  for (const fitted of [nodeHash(root, extra), nodeHash(extra, root)])
    for (const older of [oldRoot, nodeHash(oldRoot, extra), nodeHash(extra, oldRoot)])
      assert.ok(!verifyConsistency(4, 8, older, fitted, proof));
  const path = [...inclusionProof(tree.read, 3, 8), extra];
  for (const fitted of [nodeHash(root, extra), nodeHash(extra, root)])
    assert.ok(!verifyInclusion(leafHash(entryAt(3)), 3, 8, fitted, path));
});

test('proofs that cannot be are not made, and sizes that cannot be are refused', () => {
  assert.throws(() => inclusionProof(tree.read, 5, 5), RangeError);
  assert.throws(() => inclusionProof(tree.read, -1, 5), RangeError);
  assert.throws(() => consistencyProof(tree.read, 0, 5), RangeError);
  assert.throws(() => consistencyProof(tree.read, 6, 5), RangeError);
  assert.throws(() => tree.read(0, 70), RangeError);
  const root = tree.root();
  assert.ok(!verifyInclusion(root, 0.5, 70, root, []));
  assert.ok(!verifyInclusion(root, 0, 2 ** 53, root, []));
  assert.ok(!verifyConsistency(2 ** 53, 2 ** 53, root, root, []));
  assert.ok(!verifyConsistency(3, 2 ** 53 - 1, root, root, []));
});
