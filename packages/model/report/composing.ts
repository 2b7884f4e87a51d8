import type { Nation } from '@tripoint/model/marking';
import type { Hash } from './statement-id.ts';

/** What the draft does not say: ports and facts of the bureau that releases it. */
export interface Composing {
  /** uuid of the item, lower case. */
  id: string;
  /** From 1; an amendment passes the next number. */
  version?: number;
  /** The item's secret salt, at least 16 random bytes, kept at home. */
  salt: Uint8Array;
  says: Nation;
  /** UTC instant of release. */
  at: string;
  hash: Hash;
  /** Country of the desk, for telephone numbers in national form; the saying nation when absent. */
  country?: string;
}
