import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { createBell } from './bell.ts';
import type { ByeCode } from './bye.ts';
import type { Wire, WireEvents } from './network.ts';

/** Close codes the socket itself sends when a frame cannot be read (RFC 6455, §7.4.1). */
const refusals = new Map<number, ByeCode>([
  [1002, 'malformed'],
  [1007, 'malformed'],
  [1009, 'too_large'],
]);

/** A wire over an open WebSocket. Reading is paused until the link resumes it. */
export function socketWire(ws: WebSocket, socket: Duplex, facts: Pick<Wire, 'peer' | 'keyHash' | 'dialledBy'>): Wire {
  const written = createBell();
  let corked = false;
  let events: WireEvents | null = null;
  let closedWhy: ByeCode | null | undefined;
  ws.pause();

  ws.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) events?.frame(data);
    else events?.refused('malformed');
  });
  ws.on('ping', () => events?.heard());
  ws.on('pong', () => events?.heard());
  ws.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') events?.refused('too_large');
    else if (error.code?.startsWith('WS_ERR_')) events?.refused('malformed');
  });
  ws.on('close', (code) => {
    closedWhy = refusals.get(code) ?? null;
    written.ring();
    events?.closed(closedWhy);
  });

  /** Frames of one turn (an ack, its credit, a receipt) leave in one write. */
  function corkThisTurn(): void {
    if (corked) return;
    corked = true;
    socket.cork();
    queueMicrotask(() => {
      corked = false;
      socket.uncork();
    });
  }

  return {
    ...facts,
    attach(given) {
      events = given;
      if (closedWhy !== undefined) given.closed(closedWhy);
    },
    send(bytes) {
      if (ws.readyState !== ws.OPEN) return;
      corkThisTurn();
      ws.send(bytes, () => written.ring());
    },
    waitingBytes: () => (ws.readyState === ws.OPEN ? ws.bufferedAmount : 0),
    drained: () => (ws.readyState === ws.OPEN ? written.rung() : Promise.resolve()),
    ping() {
      if (ws.readyState === ws.OPEN) ws.ping();
    },
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    close: () => ws.close(1000),
    cut: () => ws.terminate(),
  };
}
