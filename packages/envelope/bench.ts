/** Figures of sealing and opening, in CPU time of this process. Run: `node packages/envelope/bench.ts`. */
import { randomBytes } from 'node:crypto';
import { firstPrev, inspectCopy, openCopy, sealEnvelope, verifyCopy } from './seal/index.ts';
import type { Random } from './suite/index.ts';
import { sampleCoalition, sampleSealInput } from './vectors/sample-coalition.ts';

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

if (import.meta.main) for (const figure of [benchSeal(), benchOpen()]) console.log(JSON.stringify(figure));
