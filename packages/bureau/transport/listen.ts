import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { createBucket } from './bucket.ts';
import { type DirectOptions, SUBPROTOCOL, socketRules, tlsRules } from './direct-rules.ts';
import type { PeerId } from './door.ts';
import type { Wire } from './network.ts';
import { pause } from './pause.ts';
import { keyHashOf, pinnedPeer } from './pins.ts';
import { socketWire } from './socket-wire.ts';

/** A WebSocket upgrade needs less, bytes. */
const MAX_HEADER_BYTES = 4_096;

/** Anybody can knock; nobody may fill the disk with log lines by knocking. */
const STRANGER_LINES_PER_SECOND = 1;
const STRANGER_LINES_BURST = 20;

interface Caller {
  peer: PeerId;
  keyHash: string;
}

/**
 * The peers' listener. A caller without certificate, or with a key that is not pinned, is cut after the handshake: nothing it
 * sends is read, nothing is served. Everybody has one greeting time from the first byte to a WebSocket.
 */
export async function listenForPeers(options: DirectOptions, accept: (wire: Wire) => void) {
  const { tls, log, limits } = options;
  const callers = new WeakMap<Duplex, Caller>();
  const connections = new Set<Socket>();
  const upgraded = new WeakSet<Duplex>();
  let links = 0;

  const lines = createBucket(STRANGER_LINES_PER_SECOND, STRANGER_LINES_BURST, () => options.clock.monotonicMs());

  function tellOfStranger(facts: object, text: string): void {
    if (lines.take(1)) log.warn(facts, text);
  }

  const http = upgradeServer(options, callers, (wire, socket) => {
    upgraded.add(socket);
    links += 1;
    socket.once('close', () => {
      links -= 1;
    });
    accept(wire);
  });

  function identify(socket: TLSSocket): void {
    socket.on('error', () => socket.destroy());
    const keyHash = keyHashOf(socket);
    const peer = keyHash === null || socket.isSessionReused() ? null : pinnedPeer(options.peers(), keyHash);
    if (keyHash === null || peer === null) {
      tellOfStranger({ keyHash, address: socket.remoteAddress }, 'refused a caller without a pinned key');
      socket.destroy();
      return;
    }
    callers.set(socket, { peer, keyHash });
    void hangUpUnless(socket);
    http.emit('connection', socket);
  }

  async function hangUpUnless(socket: TLSSocket): Promise<void> {
    const closed = new AbortController();
    socket.once('close', () => closed.abort());
    await pause(options.clock, limits.greetingMs, closed.signal);
    if (!upgraded.has(socket)) socket.destroy();
  }

  const server = createTlsServer(
    {
      ...tlsRules,
      key: tls.keyPem,
      cert: tls.certPem,
      requestCert: true,
      // No tickets, so no resumption: each link proves its key afresh.
      secureOptions: constants.SSL_OP_NO_TICKET,
      noDelay: true,
      handshakeTimeout: limits.greetingMs,
    },
    identify,
  );
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    if (connections.size - links > limits.strangers) socket.destroy();
  });
  server.on('tlsClientError', (error, socket) => {
    tellOfStranger({ address: socket.remoteAddress, error: error.message }, 'a caller failed the handshake');
    socket.destroy();
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.listen.port, options.listen.host, listening);
  });

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

/** Speaks just enough HTTP for a WebSocket of our subprotocol; it never listens by itself. */
function upgradeServer(
  options: DirectOptions,
  callers: WeakMap<Duplex, Caller>,
  accept: (wire: Wire, socket: Duplex) => void,
): HttpServer {
  const sockets = new WebSocketServer({
    ...socketRules(options.limits),
    noServer: true,
    clientTracking: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const http = createHttpServer({ maxHeaderSize: MAX_HEADER_BYTES }, (_request, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  });
  http.on('clientError', (_error, socket) => socket.destroy());
  http.on('upgrade', (request, socket, head) => {
    const caller = callers.get(socket);
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
    if (caller === undefined || !offered.includes(SUBPROTOCOL)) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      accept(socketWire(ws, socket, { ...caller, dialledBy: 'them' }), socket);
    });
  });
  return http;
}
