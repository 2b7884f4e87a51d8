import { sameBytes } from '../cbor/index.ts';
import type { Core } from './core.ts';
import { type Refused, refuse } from './refusal.ts';

/** An envelope may name a charter for this long after a newer one took its place. */
export const OLD_CHARTER_SEC_MAX = 30 * 86_400;

/** What a bureau knows when an envelope arrives. Times are unix seconds. */
export type StandingState = {
  /** Every charter version we adopted, in any order; the current one has no `replacedAtSec`. */
  readonly charters: readonly {
    readonly version: number;
    readonly hash: Uint8Array;
    readonly replacedAtSec?: number;
  }[];
  /** The sender's status in the current charter; `removed` when it is no longer listed. */
  readonly senderStatus: 'active' | 'observer' | 'suspended' | 'removed';
  /** Proof that the leaf stood under a witnessed checkpoint before the sender's status changed. */
  readonly witnessedBeforeChange?: boolean;
  /** Log index from which the signing key is revoked, when it is. */
  readonly revokedFromIndex?: number;
  /** Proven index of the leaf under a witnessed checkpoint, when there is one. */
  readonly witnessedIndex?: number;
  readonly nowSec: number;
};

export type StandingRefusal = 'charter_conflict' | 'charter_stale' | 'signer_not_active' | 'key_revoked' | 'expired';

/** Check 7: the charter it names, the sender's standing, its key, its expiry; or the hold `charter_ahead`. */
export function checkStanding(
  core: Core,
  state: StandingState,
): { readonly ok: true; readonly hold: 'charter_ahead' | null } | Refused<StandingRefusal> {
  const charter = checkCharter(core, state);
  if (charter === 'charter_ahead') return { ok: true, hold: charter };
  if (charter !== null) return refuse(charter);
  if (state.senderStatus !== 'active' && state.witnessedBeforeChange !== true) return refuse('signer_not_active');
  if (isRevoked(state)) return refuse('key_revoked');
  if (state.nowSec > core.expirySec) return refuse('expired');
  return { ok: true, hold: null };
}

function checkCharter(core: Core, state: StandingState): 'charter_conflict' | 'charter_stale' | 'charter_ahead' | null {
  const named = state.charters.find(({ version }) => version === core.charter.version);
  if (named === undefined) {
    const newest = Math.max(0, ...state.charters.map(({ version }) => version));
    return core.charter.version > newest ? 'charter_ahead' : 'charter_stale';
  }
  if (!sameBytes(named.hash, core.charter.hash)) return 'charter_conflict';
  if (named.replacedAtSec === undefined) return null;
  // Someone whose standing changed is judged by the witnessed proof, however old the charter it named.
  if (state.senderStatus !== 'active') return state.witnessedBeforeChange === true ? null : 'charter_stale';
  return state.nowSec <= named.replacedAtSec + OLD_CHARTER_SEC_MAX ? null : 'charter_stale';
}

const isRevoked = ({ revokedFromIndex, witnessedIndex }: StandingState): boolean =>
  revokedFromIndex !== undefined && (witnessedIndex === undefined || witnessedIndex >= revokedFromIndex);
