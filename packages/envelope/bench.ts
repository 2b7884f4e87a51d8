/** Figures of sealing and opening, in CPU time of this process. Run: `node packages/envelope/bench.ts`. */
import { randomBytes } from 'node:crypto';
import { checkEvidence } from './evidence/index.ts';
import { inclusionProof, leafHash, MemoryTree, verifyInclusion } from './proof/index.ts';
import { firstPrev, inspectCopy, openCopy, sealEnvelope, verifyCopy } from './seal/index.ts';
import { type Random, signingKeyFromSeed, verifyPair, verifyWitnessPair, witnessKeyFromSeed } from './suite/index.ts';
import { sampleCoalition, sampleSealInput } from './vectors/sample-coalition.ts';
import { sampleEvidence } from './vectors/sample-evidence.ts';

export type Figure = {
  readonly what: string;
  /** Operations per CPU-second, user and system. */
  readonly perCpuSec: number;
  readonly runs: number;
  readonly copyBytes: number;
};

const PAYLOAD_BYTES = 3_900;
const WARM_RUNS = 60;
const random: Random = (sizeBytes) => new Uint8Array(randomBytes(sizeBytes));

function cpuSec(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measure(what: string, runs: number, copyBytes: number, act: () => void): Figure {
  for (let i = 0; i < WARM_RUNS; i += 1) act();
  const startSec = cpuSec();
  for (let i = 0; i < runs; i += 1) act();
  return { what, perCpuSec: Math.round(runs / (cpuSec() - startSec)), runs, copyBytes };
}

/** Seals 4 KiB to five members, every time from the beginning. Target: ≥ 350 per CPU-second. */
export function benchSeal(runs = 300): Figure {
  const coalition = sampleCoalition('bench', 5);
  const input = sampleSealInput(coalition, { payload: random(PAYLOAD_BYTES) });
  const copyBytes = sealEnvelope(input, random).copies[0]?.bytes.length ?? 0;
  return measure('seal 4 KiB to 5 members', runs, copyBytes, () => sealEnvelope(input, random));
}

/** Opens one copy through checks 1 to 13. Target: ≥ 1,200 per CPU-second. */
export function benchOpen(runs = 1_000): Figure {
  const coalition = sampleCoalition('bench', 5);
  const { sender, charterId } = coalition;
  const [first] = coalition.recipients;
  const sealed = sealEnvelope(sampleSealInput(coalition, { payload: random(PAYLOAD_BYTES) }), random);
  const bytes = sealed.copies[0]?.bytes;
  if (first === undefined || bytes === undefined) throw new Error('no recipient');
  const open = () => {
    const inspected = inspectCopy(bytes, { kemKeyStatus: () => 'ours' });
    if (!inspected.ok || !verifyCopy(inspected.copy, sender.key.verifying).ok) throw new Error('not verified');
    const opened = openCopy(inspected.copy, first.key, {
      memberId: first.memberId,
      senderId: sender.memberId,
      headOf: (lane) => ({ seq: 0, leaf: firstPrev(charterId, sender.memberId, first.memberId, lane) }),
    });
    if (!opened.ok) throw new Error(`not opened: ${opened.why}`);
  };
  return measure('open 4 KiB, checks 1 to 13', runs, bytes.length, open);
}

export type EvidenceFigures = {
  readonly fileBytes: number;
  /** The whole check of one report's evidence, CPU ms. Target: ≤ 50. */
  readonly checkCpuMs: number;
  /** Its signatures alone, verified one after another, CPU ms. */
  readonly signaturesCpuMs: number;
};

const SIX = ['KR', 'KH', 'LA', 'PH', 'TH', 'VN'];
/** In a file of six: custodians of version 1, entries (two on an identity, one on each other), envelope, receipts. */
const PAIRS = 2 * 6 + 4 * 6 + 1 + 5;
const WITNESSES = 5;

/** Evidence of one 4 KiB report from one nation to five, with all receipts and witnesses. */
export async function benchEvidence(runs = 40): Promise<EvidenceFigures> {
  const { file, pin } = await sampleEvidence(SIX, random(PAYLOAD_BYTES), 'bench');
  const check = measure('check evidence', runs, file.length, () => {
    if (!checkEvidence(file, pin).ok) throw new Error('the evidence is refused');
  });
  const key = signingKeyFromSeed(random(64));
  const witness = witnessKeyFromSeed(random(64));
  const text = random(256);
  const { ed, ml } = key.sign(text, 'bench');
  const [first, second] = [
    { text, signature: witness.signEd(text) },
    { text, signature: witness.signMl(text) },
  ];
  const signatures = measure('the same signatures', runs, file.length, () => {
    for (let i = 0; i < PAIRS; i += 1) verifyPair(key.verifying, text, 'bench', ed, ml);
    for (let i = 0; i < WITNESSES; i += 1) verifyWitnessPair(witness.publicBytes, first, second);
  });
  return {
    fileBytes: file.length,
    checkCpuMs: 1000 / check.perCpuSec,
    signaturesCpuMs: 1000 / signatures.perCpuSec,
  };
}

export type TreeFigures = { readonly leavesPerCpuSec: number; readonly checksPerCpuSec: number };

/** The tree's arithmetic in memory: leaves appended, inclusion proofs checked. */
export function benchTree(leaves = 100_000): TreeFigures {
  const tree = new MemoryTree();
  const entry = random(32);
  const append = measure('append', leaves, 0, () => tree.append(entry));
  const { size } = tree;
  const root = tree.root();
  const proof = inclusionProof(tree.read, Math.floor(size / 3), size);
  const leaf = leafHash(entry);
  const check = measure('check inclusion', 10_000, 0, () => {
    if (!verifyInclusion(leaf, Math.floor(size / 3), size, root, proof)) throw new Error('not proven');
  });
  return { leavesPerCpuSec: append.perCpuSec, checksPerCpuSec: check.perCpuSec };
}

if (import.meta.main) for (const figure of [benchSeal(), benchOpen()]) console.log(JSON.stringify(figure));
