import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merkleVectors, publicVectorsAbsent } from '../vectors/public-vectors.ts';
import { verifyConsistency, verifyInclusion } from './tree-proof.ts';

const options = { skip: publicVectorsAbsent };
const hashes = (list: readonly string[] | null): Uint8Array[] => (list ?? []).map(hash);
const hash = (base64: string | null): Uint8Array => Uint8Array.from(Buffer.from(base64 ?? '', 'base64'));

test('all 98 public inclusion vectors are accepted or refused as they say', options, (t) => {
  type Vector = {
    leafIdx: number;
    treeSize: number;
    root: string;
    leafHash: string;
    proof: string[] | null;
    wantErr: boolean;
  };
  const vectors = merkleVectors<Vector>('inclusion');
  for (const { leafIdx, treeSize, root, leafHash, proof, wantErr, path } of vectors) {
    const holds = verifyInclusion(hash(leafHash), leafIdx, treeSize, hash(root), hashes(proof));
    assert.equal(holds, !wantErr, path);
  }
  assert.equal(vectors.length, 98);
  t.diagnostic(`Merkle inclusion: ${vectors.length}`);
});

test('all 98 public consistency vectors are accepted or refused as they say', options, (t) => {
  type Vector = {
    size1: number;
    size2: number;
    root1: string;
    root2: string;
    proof: string[] | null;
    wantErr: boolean;
  };
  const vectors = merkleVectors<Vector>('consistency');
  for (const { size1, size2, root1, root2, proof, wantErr, path } of vectors) {
    const holds = verifyConsistency(size1, size2, hash(root1), hash(root2), hashes(proof));
    assert.equal(holds, !wantErr, path);
  }
  assert.equal(vectors.length, 98);
  t.diagnostic(`Merkle consistency: ${vectors.length}`);
});
