import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';
import { directNetwork } from './direct.ts';
import { type Clock, type Lane, type Log, type PeerAddress, type PeerId, peerIdOf, type Transport } from './door.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { type LinkCertificate, makeLinkCertificate } from './link-certificate.ts';
import type { Network, Wire } from './network.ts';
import { readFrame } from './read-frame.ts';
import { createRehearsalDoor, helloOf, type RehearsalDoor } from './rehearsal.ts';
import { createTransport } from './transport.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
};

export const random = (n: number) => new Uint8Array(randomBytes(n));

/** A bureau on loopback whose door pretends, with a hand on its wires. */
export interface LoopbackBureau {
  id: PeerId;
  memberId: Uint8Array;
  certificate: LinkCertificate;
  door: RehearsalDoor;
  transport: Transport;
  /** Every wire it ever had, and those still open. */
  wires: Wire[];
  openWires(): Wire[];
  lines: { facts: object; text: string }[];
  address: PeerAddress;
  post(to: LoopbackBureau, lane: Lane, bytes?: Uint8Array): bigint;
  /** Sequence numbers that arrived from a peer on a lane, in order of arrival. */
  arrived(from: LoopbackBureau, lane: Lane): bigint[];
}

/** Bureaus with ascending member ids, listening, not yet introduced to each other. They stop after the test. */
export async function bureaus(t: TestContext, count: number, limits: Partial<Limits> = {}): Promise<LoopbackBureau[]> {
  const all: LoopbackBureau[] = [];
  const peers = () => all.map((bureau) => bureau.address);
  for (let at = 0; at < count; at += 1) all.push(oneBureau(at, peers, limits));
  t.after(() => Promise.all(all.map((bureau) => bureau.transport.stop())));
  const ports = await Promise.all(all.map((bureau) => bureau.transport.start()));
  for (const [at, { port }] of ports.entries()) all[at]!.address.port = -port;
  return all;
}

/** Everybody learns everybody's port in the same moment. */
export function introduce(all: LoopbackBureau[]): void {
  for (const bureau of all) bureau.address.port = Math.abs(bureau.address.port);
  for (const bureau of all) bureau.transport.refresh();
}

export async function linked(t: TestContext, count: number, limits: Partial<Limits> = {}): Promise<LoopbackBureau[]> {
  const all = await bureaus(t, count, { yieldMs: 50, ...limits });
  introduce(all);
  await until(() => all.every((bureau) => [...bureau.transport.links().values()].every((state) => state === 'up')));
  return all;
}

function oneBureau(at: number, peers: () => PeerAddress[], limits: Partial<Limits>): LoopbackBureau {
  const memberId = new Uint8Array(16).fill(at + 1);
  const certificate = makeLinkCertificate({ nowMs: systemClock.nowMs() });
  const door = createRehearsalDoor(memberId);
  const wires: Wire[] = [];
  const closed = new Set<Wire>();
  const lines: { facts: object; text: string }[] = [];
  const log: Log = {
    info: (facts, text) => lines.push({ facts, text }),
    warn: (facts, text) => lines.push({ facts, text }),
  };
  const listen = { host: '127.0.0.1', port: 0 };
  // A port below zero: it listens, but is not yet introduced.
  const known = () => peers().map((peer) => ({ ...peer, port: Math.max(0, peer.port) }));
  const direct = directNetwork({
    tls: certificate,
    listen,
    peers: known,
    clock: systemClock,
    log,
    limits: { ...defaultLimits, ...limits },
  });
  const keep = (wire: Wire): Wire => {
    wires.push(wire);
    const attach = wire.attach.bind(wire);
    wire.attach = (events) =>
      attach({
        ...events,
        closed(why) {
          closed.add(wire);
          events.closed(why);
        },
      });
    return wire;
  };
  const network: Network = {
    listen: (accept) => direct.listen((wire) => accept(keep(wire))),
    dial: async (peer, signal) => keep(await direct.dial(peer, signal)),
  };
  const self = { memberId, tls: certificate };
  const transport = createTransport({
    self,
    peers: known,
    listen,
    door,
    clock: systemClock,
    random,
    log,
    limits,
    network,
  });
  return {
    id: peerIdOf(memberId),
    memberId,
    certificate,
    door,
    transport,
    wires,
    openWires: () => wires.filter((wire) => !closed.has(wire)),
    lines,
    address: { memberId, host: '127.0.0.1', port: 0, pins: [certificate.pin] },
    post(to, lane, bytes = random(1_000)) {
      const seq = door.post(to.id, lane, bytes);
      transport.wake(to.id, lane);
      return seq;
    },
    arrived: (from, lane) =>
      door.inbox.filter(({ peer, copy }) => peer === from.id && copy.lane === lane).map(({ copy }) => copy.seq),
  };
}

export async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  const endMs = systemClock.monotonicMs() + ms;
  while (!holds()) {
    if (systemClock.monotonicMs() > endMs) throw new Error(`not within ${ms} ms: ${holds}`);
    await sleep(2);
  }
}

/** A member that speaks the frames by hand, with its own key, as badly as the test wants. */
export interface RawMember {
  ws: WebSocket;
  say(frame: Frame): void;
  /** What it was told. */
  heard: Frame[];
  closeCode(): number | null;
}

export async function rawMember(
  t: TestContext,
  as: LoopbackBureau,
  to: LoopbackBureau,
  greet = true,
): Promise<RawMember> {
  const { keyPem: key, certPem: cert } = as.certificate;
  const port = Math.abs(to.address.port);
  const socket = connect({ host: '127.0.0.1', port, key, cert, rejectUnauthorized: false, servername: '' });
  const ws = new WebSocket('ws://peer/', 'tripoint.1', { createConnection: () => socket, perMessageDeflate: false });
  const heard: Frame[] = [];
  let closeCode: number | null = null;
  ws.on('message', (data: Buffer) => heard.push(readFrame(data, defaultLimits)!));
  ws.on('close', (code) => {
    closeCode = code;
  });
  ws.on('error', () => undefined);
  t.after(() => ws.terminate());
  await until(() => ws.readyState === ws.OPEN || ws.readyState === ws.CLOSED);
  const member: RawMember = { ws, heard, say: (frame) => ws.send(encodeFrame(frame)), closeCode: () => closeCode };
  if (greet) {
    member.say({ kind: 'hello', hello: helloOf(as.memberId, () => 1n) });
    await until(() => heard.some((frame) => frame.kind === 'hello') && to.transport.links().get(as.id) === 'up');
  }
  return member;
}
