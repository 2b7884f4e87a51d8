/** What the admin desk is handed by main. It sees codes, counts and keys, never contents. */
import type { EvidenceKeys, Exchange } from '../../exchange/index.ts';
import type { Store } from '../../store/index.ts';

export interface AdminMember {
  nation: string;
  memberIdHex: string;
  self: boolean;
  status: 'active' | 'observer' | 'suspended';
  /** The member's identity key in groups to read aloud. */
  fingerprint: string;
}

export interface AdminDesk {
  store: Store;
  exchange: Pick<Exchange, 'links'>;
  clock: { nowMs(): number };
  nation: string;
  charter(): { id: string; version: number; hash: string; expiresMs: number };
  members(): readonly AdminMember[];
  evidence: {
    keys: EvidenceKeys;
    /** null: no member any more. */
    nationOf(memberId: Uint8Array): string | null;
  };
}
