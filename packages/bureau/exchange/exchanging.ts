/** What every part of the exchange works with. Made once, by `createExchange`. */
import type { openCopy, sealEnvelopeLater, unwrapCopy, verifyCopyLater } from '@tripoint/envelope/seal';
import type { Transport } from '../transport/index.ts';
import type { FreshCopies } from './fresh-copies.ts';
import type { Clock, ExchangeKeys, ExchangeStore, Log } from './port.ts';

/** The sealing itself; the simulator brings a cheap one that checks recipient, signer, sequence and tampering alike. */
export interface SealPort {
  sealEnvelope: typeof sealEnvelopeLater;
  verifyCopy: typeof verifyCopyLater;
  unwrapCopy: typeof unwrapCopy;
  openCopy: typeof openCopy;
}

export interface Exchanging {
  store: ExchangeStore;
  keys: ExchangeKeys;
  seal: SealPort;
  clock: Clock;
  random: (n: number) => Uint8Array;
  log: Log;
  fresh: FreshCopies;
  /** Set before anything arrives. */
  transport(): Transport;
}
