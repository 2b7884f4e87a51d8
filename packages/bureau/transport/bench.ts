import { directNetwork } from './direct.ts';
import { type Clock, type Lane, peerIdOf, type Transport } from './door.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { makeLinkCertificate } from './link-certificate.ts';
import { createRehearsalDoor, type RehearsalDoor } from './rehearsal.ts';
import { createTransport } from './transport.ts';

export interface LinkFigures {
  copyBytes: number;
  /** Wake at the sender to `receive` called at the recipient, one copy at a time, ms. */
  oneHopMs: { p50: number; p95: number; p99: number };
  /** Wake at the sender to the peer's answer there, ms. */
  roundTripMs: { p50: number; p95: number; p99: number };
  /** Many copies waiting: from the first wake until all are answered. */
  copiesPerSecond: number;
  mebibytesPerSecond: number;
  /** An urgent copy posted while bulk fills the link: wake to `receive`, ms. */
  urgentUnderBulkMs: { p50: number; p95: number; p99: number };
}

/** No quota: the bench measures the link, not its limits. */
const open: Partial<Limits> = {
  envelopesPerSecond: 1e9,
  envelopeBurst: 1e9,
  bytesPerSecond: 1e12,
  byteBurst: 1e12,
  framesPerSecond: 1e9,
  frameBurst: 1e9,
};

type Watcher = (copies: { lane: Lane; seq: bigint }[]) => void;

interface Side {
  received: Set<Watcher>;
  answered: Set<Watcher>;
  id: string;
  door: RehearsalDoor;
  transport: Transport;
}

/**
 * Two bureaus with pretended doors on loopback, real TLS and sockets; the doors commit at once, so the link alone is measured.
 * @param options.copies how many copies the throughput run sends
 */
export async function measureLink(options: {
  clock: Clock;
  random: (n: number) => Uint8Array;
  copyBytes: number;
  single: number;
  copies: number;
}): Promise<LinkFigures> {
  const { clock, random, copyBytes } = options;
  const [sender, recipient] = await pair(clock, random);
  const copy = random(copyBytes);
  try {
    const oneHop: number[] = [];
    const roundTrip: number[] = [];
    for (let turn = 0; turn < options.single; turn += 1) {
      const { hopMs, backMs } = await sendOne(clock, sender, recipient, 2, copy);
      oneHop.push(hopMs);
      roundTrip.push(backMs);
    }
    const elapsedMs = await sendMany(clock, sender, recipient, 2, copy, options.copies);
    const urgent = await urgentUnderBulk(clock, sender, recipient, copy, options);
    return {
      copyBytes,
      oneHopMs: quantiles(oneHop),
      roundTripMs: quantiles(roundTrip),
      copiesPerSecond: Math.round((options.copies / elapsedMs) * 1_000),
      mebibytesPerSecond: Math.round(((options.copies * copyBytes) / elapsedMs / 1_048_576) * 1_000),
      urgentUnderBulkMs: quantiles(urgent),
    };
  } finally {
    await Promise.all([sender.transport.stop(), recipient.transport.stop()]);
  }
}

/** Resolves with the time when the watched copy has passed. */
function passage(clock: Clock, watchers: Set<Watcher>, lane: Lane, seq: bigint): Promise<number> {
  return new Promise((passed) => {
    const watcher: Watcher = (copies) => {
      if (!copies.some((copy) => copy.lane === lane && copy.seq === seq)) return;
      watchers.delete(watcher);
      passed(clock.monotonicMs());
    };
    watchers.add(watcher);
  });
}

async function sendOne(clock: Clock, sender: Side, recipient: Side, lane: Lane, copy: Uint8Array) {
  const startMs = clock.monotonicMs();
  const seq = sender.door.post(recipient.id, lane, copy);
  const arrived = passage(clock, recipient.received, lane, seq);
  const answered = passage(clock, sender.answered, lane, seq);
  sender.transport.wake(recipient.id, lane);
  return { hopMs: (await arrived) - startMs, backMs: (await answered) - startMs };
}

async function sendMany(clock: Clock, sender: Side, recipient: Side, lane: Lane, copy: Uint8Array, count: number) {
  let last = 0n;
  for (let turn = 0; turn < count; turn += 1) last = sender.door.post(recipient.id, lane, copy);
  const startMs = clock.monotonicMs();
  const answered = passage(clock, sender.answered, lane, last);
  sender.transport.wake(recipient.id, lane);
  return (await answered) - startMs;
}

async function urgentUnderBulk(
  clock: Clock,
  sender: Side,
  recipient: Side,
  copy: Uint8Array,
  options: { copies: number; single: number },
): Promise<number[]> {
  let busy = true;
  const bulk = sendMany(clock, sender, recipient, 3, copy, options.copies).then(() => {
    busy = false;
  });
  const urgent: number[] = [];
  while (busy && urgent.length < options.single) {
    urgent.push((await sendOne(clock, sender, recipient, 1, copy)).hopMs);
  }
  await bulk;
  return urgent;
}

async function pair(clock: Clock, random: (n: number) => Uint8Array): Promise<[Side, Side]> {
  const log = { info() {}, warn() {} };
  const listen = { host: '127.0.0.1', port: 0 };
  const sides = [1, 2].map((digit) => ({
    memberId: new Uint8Array(16).fill(digit),
    certificate: makeLinkCertificate({ nowMs: clock.nowMs(), random }),
    port: 0,
  }));
  const peers = () =>
    sides.map(({ memberId, certificate, port }) => ({ memberId, host: '127.0.0.1', port, pins: [certificate.pin] }));
  const bureaus = sides.map(({ memberId, certificate: tls }) => {
    const door = createRehearsalDoor(memberId);
    const received = new Set<Watcher>();
    const answered = new Set<Watcher>();
    door.receive = async (_peer, copies) => {
      for (const watcher of received) watcher(copies);
      return copies.map(({ lane, seq }) => ({ lane, seq, state: 'durable' }));
    };
    door.acked = (_peer, acks) => {
      for (const watcher of answered) watcher(acks);
    };
    const limits = { ...defaultLimits, ...open };
    const network = directNetwork({ tls, listen, peers, clock, log, limits });
    const transport = createTransport({
      self: { memberId, tls },
      peers,
      listen,
      door,
      clock,
      random,
      log,
      limits,
      network,
    });
    return { id: peerIdOf(memberId), door, transport, received, answered };
  }) as [Side, Side];
  const up = Promise.withResolvers<void>();
  bureaus[0].door.linkChanged = (_peer, state) => {
    if (state === 'up') up.resolve();
  };
  for (const [at, { transport }] of bureaus.entries()) sides[at]!.port = (await transport.start()).port;
  for (const { transport } of bureaus) transport.refresh();
  await up.promise;
  return bureaus;
}

function quantiles(values: number[]): { p50: number; p95: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000) / 1_000;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
