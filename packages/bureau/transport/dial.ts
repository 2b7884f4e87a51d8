import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { type DirectOptions, SUBPROTOCOL, socketRules, tlsRules } from './direct-rules.ts';
import { type PeerAddress, peerIdOf } from './door.ts';
import type { Wire } from './network.ts';
import { isPinned, keyHashOf } from './pins.ts';
import { socketWire } from './socket-wire.ts';

/** Rejects when the peer cannot be reached, shows a key that is not its own, or the signal aborts. */
export async function dialPeer(options: DirectOptions, peer: PeerAddress, signal: AbortSignal): Promise<Wire> {
  const { socket, keyHash } = await connectPinned(options, peer, signal);
  const ws = new WebSocket('ws://peer/', SUBPROTOCOL, {
    ...socketRules(options.limits),
    createConnection: () => socket,
    followRedirects: false,
    // TLS already hides the bytes from every box between; masking them again only costs time.
    generateMask: (mask: Buffer) => mask.fill(0),
  });
  const { promise, resolve, reject } = Promise.withResolvers<Wire>();
  const abort = () => ws.terminate();
  signal.addEventListener('abort', abort, { once: true });
  ws.once('error', reject);
  ws.once('close', () => reject(new Error('the peer closed before the hello')));
  ws.once('open', () => {
    signal.removeEventListener('abort', abort);
    resolve(socketWire(ws, socket, { peer: peerIdOf(peer.memberId), keyHash, dialledBy: 'us' }));
  });
  return promise;
}

/** A TLS connection whose other end has proved a key pinned for this very peer. Nothing was written on it yet. */
function connectPinned(
  options: DirectOptions,
  peer: PeerAddress,
  signal: AbortSignal,
): Promise<{ socket: TLSSocket; keyHash: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ socket: TLSSocket; keyHash: string }>();
  const { keyPem: key, certPem: cert } = options.tls;
  // No server name: a host name is nobody's business on the way.
  const socket = connect({ ...tlsRules, host: peer.host, port: peer.port, servername: '', key, cert });
  socket.setNoDelay(true);
  const abort = () => socket.destroy(new Error('dialling was given up'));
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  socket.on('error', reject);
  socket.once('close', () => reject(new Error('the peer closed in the handshake')));
  socket.once('secureConnect', () => {
    signal.removeEventListener('abort', abort);
    const keyHash = keyHashOf(socket);
    if (keyHash !== null && isPinned(peer, keyHash)) {
      resolve({ socket, keyHash });
      return;
    }
    options.log.warn({ peer: peerIdOf(peer.memberId), keyHash }, 'refused a peer whose key is not pinned');
    socket.destroy(new Error('the key is not pinned'));
  });
  return promise;
}
