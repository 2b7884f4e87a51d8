import type { TLSSocket } from 'node:tls';
import { toHex } from '@tripoint/envelope/cbor';
import { type PeerAddress, type PeerId, peerIdOf } from './door.ts';
import { spkiHash } from './link-certificate.ts';

/** Hash (hex) of the key the other end has proved in this handshake, or null when it showed none. */
export function keyHashOf(socket: TLSSocket): string | null {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? null : toHex(spkiHash(certificate));
}

export function isPinned(peer: PeerAddress, keyHash: string): boolean {
  return peer.pins.some((pin) => toHex(pin) === keyHash);
}

/** Whose key it is, or null. */
export function pinnedPeer(peers: PeerAddress[], keyHash: string): PeerId | null {
  const peer = peers.find((one) => isPinned(one, keyHash));
  return peer === undefined ? null : peerIdOf(peer.memberId);
}
