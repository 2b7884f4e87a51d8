import { fromHex, sameBytes, toHex } from '../cbor/index.ts';
import {
  checkId,
  checkSigner,
  checkStanding,
  firstPrev,
  inspectCopy,
  type Lane,
  openCopy,
  type StandingState,
  verifyCopy,
} from '../seal/index.ts';
import { kemKeyFromSeed } from '../suite/index.ts';

/** What a bureau knows when a copy arrives, as the vectors write it: bytes in hexadecimal, times in unix seconds. */
export type ArrivalState = {
  readonly nowSec: number;
  readonly overQuota?: boolean;
  readonly suitesPermitted: readonly number[];
  readonly bucketsPermitted: readonly number[];
  readonly memberId: string;
  readonly kemSeeds: readonly string[];
  readonly destroyedKids: readonly string[];
  readonly signers: readonly {
    readonly kid: string;
    readonly memberId: string;
    readonly publicBytes: string;
    readonly notBeforeSec: number;
    readonly useUntilSec: number;
  }[];
  readonly charterId: string;
  readonly charters: readonly { readonly version: number; readonly hash: string; readonly replacedAtSec?: number }[];
  readonly senderStatus: StandingState['senderStatus'];
  readonly witnessedBeforeChange?: boolean;
  readonly revokedFromIndex?: number;
  readonly witnessedIndex?: number;
  /** Leaf already held under an envelope id. */
  readonly knownLeaves: Readonly<Record<string, string>>;
  /** Head of the sender's chain to us by lane; where absent, the chain has not begun. */
  readonly heads: Readonly<Record<string, { readonly seq: number; readonly leaf: string }>>;
};

/** What comes of it: a refusal, a hold, or the item with everything a second implementation can compare. */
export type ArrivalOutcome =
  | { readonly refused: string }
  | { readonly hold: string }
  | { readonly again: true }
  | {
      readonly opened: {
        readonly id: string;
        readonly leaf: string;
        readonly bodyHash: string;
        readonly lane: number;
        readonly seq: number;
        readonly prev: string;
        readonly alias: number;
        readonly timeSec: number;
        readonly exactTimeSec: number;
        readonly expirySec: number;
        readonly audience: readonly string[];
        readonly type: string;
        readonly handling: string;
        readonly payload: string;
        readonly cs: string;
      };
    };

/** Walks checks 1 to 13 in their order, exactly as a bureau does. */
export function takeIn(bytes: Uint8Array, state: ArrivalState): ArrivalOutcome {
  const keys = state.kemSeeds.map((seed) => kemKeyFromSeed(fromHex(seed)));
  const keyOf = (kid: Uint8Array) => keys.find((key) => sameBytes(key.kid, kid));
  const inspected = inspectCopy(bytes, {
    ...(state.overQuota !== undefined && { overQuota: state.overQuota }),
    suitesPermitted: state.suitesPermitted,
    bucketsPermitted: state.bucketsPermitted,
    kemKeyStatus: (kid) => (keyOf(kid) ? 'ours' : state.destroyedKids.includes(toHex(kid)) ? 'destroyed' : 'unknown'),
  });
  if (!inspected.ok) return { refused: inspected.why };
  const { copy } = inspected;
  const listed = state.signers.find(({ kid }) => kid === toHex(copy.core.signerKid));
  const signer = checkSigner(
    copy.core,
    listed && { ...listed, memberId: fromHex(listed.memberId), publicBytes: fromHex(listed.publicBytes) },
  );
  if (!signer.ok) return { refused: signer.why };
  const verified = verifyCopy(copy, signer.signer.publicBytes);
  if (!verified.ok) return { refused: verified.why };
  const standing = checkStanding(copy.core, {
    ...state,
    charters: state.charters.map((charter) => ({ ...charter, hash: fromHex(charter.hash) })),
  });
  if (!standing.ok) return { refused: standing.why };
  if (standing.hold !== null) return { hold: standing.hold };
  const known = state.knownLeaves[toHex(copy.core.id)];
  const identity = checkId(verified.leaf, known === undefined ? undefined : fromHex(known));
  if (!identity.ok) return { refused: identity.why };
  if (identity.arrival === 'again') return { again: true };
  const key = keyOf(copy.stanza.kid);
  if (key === undefined) throw new Error('a key that was ours a moment ago');
  const [memberId, senderId] = [fromHex(state.memberId), signer.signer.memberId];
  const headOf = (lane: Lane) => {
    const head = state.heads[lane];
    if (head === undefined) return { seq: 0, leaf: firstPrev(fromHex(state.charterId), senderId, memberId, lane) };
    return { seq: head.seq, leaf: fromHex(head.leaf) };
  };
  const result = openCopy(copy, key, { memberId, senderId, headOf });
  if (!result.ok) return { refused: result.why };
  if (result.hold !== null) return { hold: result.hold };
  const { stanza, opened } = result;
  return {
    opened: {
      id: toHex(copy.core.id),
      leaf: toHex(verified.leaf),
      bodyHash: toHex(verified.bodyHash),
      lane: stanza.lane,
      seq: stanza.seq,
      prev: toHex(stanza.prev),
      alias: stanza.alias,
      timeSec: copy.core.timeSec,
      exactTimeSec: opened.inner.exactTimeSec,
      expirySec: copy.core.expirySec,
      audience: opened.inner.audience.map(toHex),
      type: opened.inner.type,
      handling: toHex(opened.inner.handling),
      payload: toHex(opened.inner.payload),
      cs: toHex(opened.cs),
    },
  };
}
