/** What the reports desk is handed by main. */
import type { Nation } from '@tripoint/model/marking';
import type { EvidenceKeys, Exchange } from '../../exchange/index.ts';
import type { Store } from '../../store/index.ts';

export interface Counterpart {
  nation: Nation;
  memberId: Uint8Array;
  status: 'active' | 'observer' | 'suspended';
  /** Short form of the key it would be sealed to now, to read aloud; null while there is none. */
  fingerprint: string | null;
}

export interface ReportsDesk {
  store: Store;
  exchange: Pick<Exchange, 'wake' | 'tellOpened'>;
  clock: { nowMs(): number };
  random: (n: number) => Uint8Array;
  nation: Nation;
  charter(): { version: number; hash: Uint8Array };
  counterparts(): readonly Counterpart[];
  /** How an author shows to a nation: `KR-7f3a91c2`, or the bare nation for the bureau itself. */
  authorFor(agency: string | null, nation: Nation): string;
  /** How the author of a received report shows here. */
  authorOf(nation: Nation, alias: number): string;
  /** Salt (16 bytes) that belongs to these bytes on this bureau only. */
  saltFor(bytes: Uint8Array): Uint8Array;
  /** Keyed hash (32 bytes) over what an officer was shown before sending. */
  previewMac(bytes: Uint8Array): Uint8Array;
  hash(bytes: Uint8Array): Uint8Array;
  officerName(id: string): string;
  evidence: {
    keys: EvidenceKeys;
    /** null: no member any more. */
    nationOf(memberId: Uint8Array): Nation | null;
    /** Asks a nation where its envelope stands in its log; the answer is kept, its absence is no fault. */
    locate(author: Uint8Array, leaf: Uint8Array): Promise<boolean>;
  };
}
