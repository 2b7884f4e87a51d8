/**
 * Links between sovereign bureaus. Moves sealed bytes and receipts, and keeps the peers' door; it has no keys to open anything,
 * and nothing here knows what a copy says. Proof of delivery is the recipient's receipt, never an answer of this room.
 */
export { type LinkFigures, measureLink } from './bench.ts';
export { type ByeCode, byeCodes } from './bye.ts';
export {
  type Clock,
  type ControlKind,
  type Hello,
  type ItemAck,
  type Lane,
  type LaneHead,
  type LinkState,
  type Log,
  lanes,
  type OutCopy,
  type PeerAddress,
  type PeerDoor,
  type PeerId,
  peerIdOf,
  type Transport,
  type TransportOptions,
  type Welcome,
} from './door.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type LinkCertificate, makeLinkCertificate, spkiHash } from './link-certificate.ts';
export type { Network, Wire, WireEvents } from './network.ts';
export { createTransport } from './transport.ts';
