import { toHex } from '@tripoint/envelope/cbor';
import { type Bell, createBell } from './bell.ts';
import { type ByeCode, isPenalty } from './bye.ts';
import { directNetwork } from './direct.ts';
import {
  type LinkState,
  type PeerAddress,
  type PeerId,
  peerIdOf,
  type Transport,
  type TransportOptions,
} from './door.ts';
import { createIntake, type Intake } from './intake.ts';
import { failuresAfter, redialDelayMs } from './keepalive.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createLink, type Link, type LinkEnd } from './link.ts';
import type { Wire } from './network.ts';
import { pause, within } from './pause.ts';
import { createRates, type Rates } from './rates.ts';
import { createTurnstile } from './turnstile.ts';

interface Peer {
  id: PeerId;
  links: Set<Link>;
  /** The link that is up. */
  current: Link | null;
  intake: Intake;
  rates: Rates;
  failures: number;
  /** The peer asked us to stay away until then, monotonic ms. */
  stayAwayUntilMs: number;
  /** We take no link from the peer until then, monotonic ms. */
  refusedUntilMs: number;
  bell: Bell;
  gone: AbortController;
  dialling: Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const { door, clock, log } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const self = peerIdOf(options.self.memberId);
  const network =
    options.network ??
    directNetwork({ tls: options.self.tls, listen: options.listen, peers: others, clock, log, limits });
  const turnstile = createTurnstile(limits.commitsAtOnce);
  const known = new Map<PeerId, Peer>();
  let refreshing: Promise<void> = Promise.resolve();
  let listening: { port: number; close(): Promise<void> } | null = null;
  /** Sockets not yet gone, of links that may be long over. */
  const open = new Set<Promise<void>>();
  let stopping = new AbortController();

  function others(): PeerAddress[] {
    return options.peers().filter((peer) => peerIdOf(peer.memberId) !== self);
  }

  function fraction(): number {
    const [a = 0, b = 0, c = 0, d = 0] = options.random(4);
    return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32;
  }

  function addressOf(id: PeerId): PeerAddress | undefined {
    return others().find((peer) => peerIdOf(peer.memberId) === id);
  }

  function meet(id: PeerId): Peer {
    const peer: Peer = {
      id,
      links: new Set(),
      current: null,
      intake: createIntake({ limits, turnstile, receive: (copies) => door.receive(id, copies) }),
      rates: createRates(limits, () => clock.monotonicMs()),
      failures: 0,
      stayAwayUntilMs: 0,
      refusedUntilMs: 0,
      bell: createBell(),
      gone: new AbortController(),
      dialling: Promise.resolve(),
    };
    known.set(id, peer);
    peer.dialling = keepDialled(peer);
    return peer;
  }

  function refresh(): void {
    if (stopping.signal.aborted || listening === null) return;
    const admitted = new Map(others().map((address) => [peerIdOf(address.memberId), address]));
    for (const id of admitted.keys()) if (!known.has(id)) meet(id);
    for (const peer of known.values()) {
      const pins = admitted.get(peer.id)?.pins.map((pin) => toHex(pin)) ?? [];
      for (const link of peer.links) if (!pins.includes(link.keyHash)) link.end('not_admitted');
      if (!admitted.has(peer.id)) part(peer);
      else peer.bell.ring();
    }
  }

  function part(peer: Peer): void {
    known.delete(peer.id);
    peer.gone.abort();
    peer.bell.ring();
  }

  async function keepDialled(peer: Peer): Promise<void> {
    const { signal } = peer.gone;
    if (self > peer.id) await pause(clock, limits.yieldMs, signal);
    let first = true;
    while (!signal.aborted) {
      const rung = peer.bell.rung();
      if (peer.links.size > 0 || (addressOf(peer.id)?.port ?? 0) === 0) {
        await rung;
        continue;
      }
      const jitterMs = first ? 0 : redialDelayMs(peer.failures, limits, fraction());
      first = false;
      await pause(clock, Math.max(jitterMs, peer.stayAwayUntilMs - clock.monotonicMs()), signal);
      if (peer.links.size === 0 && !signal.aborted) await dialOnce(peer);
    }
  }

  async function dialOnce(peer: Peer): Promise<void> {
    const address = addressOf(peer.id);
    if (address === undefined) return;
    try {
      const wire = await dial(address, peer.gone.signal);
      if (peer.gone.signal.aborted) wire.cut();
      else await adopt(peer, wire).finished;
    } catch (error) {
      peer.failures += 1;
      if (!peer.gone.signal.aborted) log.info({ peer: peer.id, error: String(error) }, 'a peer could not be reached');
    }
  }

  async function dial(address: PeerAddress, signal: AbortSignal): Promise<Wire> {
    let dialling: Promise<Wire> | undefined;
    const start = (signal: AbortSignal) => {
      dialling = network.dial(address, signal);
      return dialling;
    };
    const wire = await within(clock, limits.greetingMs, start, signal);
    if (wire !== 'late') return wire;
    dialling?.then(
      (late) => late.cut(),
      () => undefined,
    );
    throw new Error('no answer in time');
  }

  function accept(wire: Wire): void {
    const peer =
      known.get(wire.peer) ?? (addressOf(wire.peer) && !stopping.signal.aborted ? meet(wire.peer) : undefined);
    if (peer === undefined || stopping.signal.aborted || clock.monotonicMs() < peer.refusedUntilMs) wire.cut();
    else adopt(peer, wire);
  }

  function adopt(peer: Peer, wire: Wire): Link {
    const link = createLink({
      wire,
      door,
      clock,
      fraction,
      log,
      limits,
      rates: peer.rates,
      intake: peer.intake,
      claim: (claimant) => claim(peer, claimant),
    });
    peer.links.add(link);
    open.add(link.closed);
    void link.closed.then(() => open.delete(link.closed));
    if (peer.links.size === 1) tell(peer, 'greeting');
    void link.finished.then((end) => closed(peer, link, end));
    return link;
  }

  /** Of two links the one dialled by the lower member id stays. A second one dialled the same way replaces the first. */
  function claim(peer: Peer, link: Link): boolean {
    const lowerDialled = (one: Link) => (one.dialledBy === 'us') === self < peer.id;
    const old = peer.current;
    if (old !== null && lowerDialled(old) && !lowerDialled(link)) {
      // Why would it dial, if the old one were alive? Find out now, not after the silence limit.
      old.probe();
      return false;
    }
    peer.current = link;
    old?.end('duplicate');
    return true;
  }

  function closed(peer: Peer, link: Link, end: LinkEnd): void {
    peer.links.delete(link);
    const nowMs = clock.monotonicMs();
    if (end.by === 'us' && end.code !== null && isPenalty(end.code)) peer.refusedUntilMs = nowMs + end.retryAfterMs;
    if (end.code !== 'duplicate') peer.stayAwayUntilMs = nowMs + end.retryAfterMs;
    if (end.code === 'over_quota' && end.by === 'them')
      for (const bucket of Object.values(peer.rates.outgoing)) bucket.empty();
    peer.failures = failuresAfter(peer.failures, { upMs: end.upMs, isBroken: end.code === null }, limits);
    if (peer.current === link) peer.current = null;
    if (peer.current === null) tell(peer, peer.links.size > 0 ? 'greeting' : 'down', end.code ?? undefined);
    peer.bell.ring();
  }

  function tell(peer: Peer, state: LinkState, why?: ByeCode): void {
    door.linkChanged(peer.id, state, why);
  }

  const stateOf = (peer: Peer): LinkState => {
    if (peer.current !== null) return 'up';
    return peer.links.size > 0 ? 'greeting' : 'down';
  };
  const linkTo = (peer: PeerId): Link | null => known.get(peer)?.current ?? null;

  /** Whoever forgets to call `refresh` after a change of charter or keys is late by this much, not for ever. */
  async function keepRefreshed(): Promise<void> {
    while (!stopping.signal.aborted) {
      refresh();
      await pause(clock, limits.refreshMs, stopping.signal);
    }
  }

  async function start(): Promise<{ port: number }> {
    stopping = new AbortController();
    listening = await network.listen(accept);
    refreshing = keepRefreshed();
    return { port: listening.port };
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const peers = [...known.values()];
    await Promise.all(peers.flatMap((peer) => [...peer.links].map((link) => link.retire())));
    for (const peer of peers) part(peer);
    await Promise.all([...open, ...peers.map((peer) => peer.dialling), refreshing]);
    await listening?.close();
    listening = null;
  }

  return {
    wake: (peer, lane) => linkTo(peer)?.wake(lane),
    sendReceipts: (peer, receipts) => linkTo(peer)?.sendReceipts(receipts) ?? false,
    need: (peer, lane, from, to) => linkTo(peer)?.need(lane, from, to) ?? false,
    control: (peer, kind, payload) => linkTo(peer)?.control(kind, payload) ?? false,
    links: () => new Map([...known.values()].map((peer) => [peer.id, stateOf(peer)])),
    refresh,
    dismiss(peer, code, retryAfterMs) {
      for (const link of known.get(peer)?.links ?? []) link.end(code, retryAfterMs);
    },
    start,
    stop,
  };
}
