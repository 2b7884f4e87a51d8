/** What every part of the exchange works with. Made once, by `createExchange`. */
import type { decodeReceipt, signReceiptLater, verifyReceiptLater } from '@tripoint/envelope/proof';
import type { inspectCopy, openCopy, sealEnvelopeLater, unwrapCopy, verifyCopyLater } from '@tripoint/envelope/seal';
import type { Witnessing } from '../log/index.ts';
import type { Transport } from '../transport/index.ts';
import type { FreshCopies } from './fresh-copies.ts';
import type { Clock, ExchangeKeys, ExchangeStore, Log } from './port.ts';

/** The sealing itself; the simulator brings a cheap one that checks recipient, signer, sequence and tampering alike. */
export interface SealPort {
  sealEnvelope: typeof sealEnvelopeLater;
  inspectCopy: typeof inspectCopy;
  verifyCopy: typeof verifyCopyLater;
  unwrapCopy: typeof unwrapCopy;
  openCopy: typeof openCopy;
  signReceipt: typeof signReceiptLater;
  decodeReceipt: typeof decodeReceipt;
  verifyReceipt: typeof verifyReceiptLater;
}

/** The log's business with peers, frame 9: carried here, decided in the log's own room. */
export type PeerLog = Pick<Witnessing, 'shown' | 'met' | 'linkChanged' | 'take'>;

export interface Exchanging {
  store: ExchangeStore;
  keys: ExchangeKeys;
  seal: SealPort;
  clock: Clock;
  random: (n: number) => Uint8Array;
  log: Log;
  fresh: FreshCopies;
  /** null: this bureau neither shows its log nor witnesses others. */
  peerLog: PeerLog | null;
  /** Set before anything arrives. */
  transport(): Transport;
}
