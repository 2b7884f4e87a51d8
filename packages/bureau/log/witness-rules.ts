/** What a witness decides (c2sp.org/tlog-witness, wire.md §8), pure: nothing is stored or signed here. */
import { sameBytes } from '@tripoint/envelope/cbor';
import {
  bareNote,
  type Checkpoint,
  encodeFork,
  type Fork,
  parseNote,
  verifyCheckpoint,
  verifyConsistency,
  verifyCosignature,
} from '@tripoint/envelope/proof';

/** A head of a peer's log that this bureau cosigned. */
export type HeldHead = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly atMs: number;
};

/** A peer asks for a cosignature: its newest head, and a proof from the head it believes this bureau holds. */
export type Ask = { readonly oldSize: number; readonly note: string; readonly proof: readonly Uint8Array[] };

/** Whose log it is, under which origin, and the keys its directory names now. */
export type LogOwner = {
  readonly memberId: Uint8Array;
  readonly origin: string;
  readonly logKeys: readonly Uint8Array[];
};

export type WitnessDecision =
  /** It grew out of what is held, or is the very same: keep it, then sign. `isNew` false: kept already. */
  | { readonly do: 'sign'; readonly checkpoint: Checkpoint; readonly note: string; readonly isNew: boolean }
  /** The proof begins elsewhere: say what is held. */
  | { readonly do: 'tell'; readonly held: HeldHead | null }
  | { readonly do: 'accuse'; readonly evidence: Uint8Array }
  /** Not a head of this log; or it comes faster than any beat. */
  | { readonly do: 'nothing'; readonly why: 'malformed' | 'signature_invalid' | 'too_soon' };

/** No charter lets a log leave its bureau more often than once a second; half of it forgives unsteady clocks. */
export const ASK_MS_MIN = 500;

/**
 * `held`: the last head cosigned of this log; null before the first. `sameSize`: a head of the asked size cosigned
 * before, wherever it stands.
 */
export function decideAsk(
  owner: LogOwner,
  held: HeldHead | null,
  sameSize: Pick<HeldHead, 'root' | 'note'> | null,
  ask: Ask,
  nowMs: number,
): WitnessDecision {
  const signed = signedHead(owner, ask.note);
  if (typeof signed === 'string') return { do: 'nothing', why: signed };
  const { checkpoint, note } = signed;
  if (sameSize !== null && !sameBytes(sameSize.root, checkpoint.root)) {
    return { do: 'accuse', evidence: accusation(owner, 'same-size', sameSize.note, note, []) };
  }
  if (ask.oldSize !== (held?.size ?? 0) || checkpoint.size < (held?.size ?? 0)) return { do: 'tell', held };
  if (held === null) return { do: 'sign', checkpoint, note, isNew: true };
  if (checkpoint.size === held.size) return { do: 'sign', checkpoint, note, isNew: false };
  if (!verifyConsistency(held.size, checkpoint.size, held.root, checkpoint.root, ask.proof)) {
    return { do: 'accuse', evidence: accusation(owner, 'unproven', held.note, note, ask.proof) };
  }
  const isTooSoon = nowMs >= held.atMs && nowMs - held.atMs < ASK_MS_MIN;
  return isTooSoon ? { do: 'nothing', why: 'too_soon' } : { do: 'sign', checkpoint, note, isNew: true };
}

/**
 * What a head that was only shown (a hello, or the admission that nothing grows out of what is held) tells.
 * `behind`: its owner has shown a later one before; `fork`: the evidence.
 */
export function judgeShown(
  owner: LogOwner,
  held: HeldHead | null,
  sameSize: Pick<HeldHead, 'root' | 'note'> | null,
  note: string,
): { readonly shows: 'nothing' | 'behind' } | { readonly shows: 'fork'; readonly evidence: Uint8Array } {
  const signed = signedHead(owner, note);
  if (typeof signed === 'string' || held === null) return { shows: 'nothing' };
  if (sameSize !== null && !sameBytes(sameSize.root, signed.checkpoint.root))
    return { shows: 'fork', evidence: accusation(owner, 'same-size', sameSize.note, signed.note, []) };
  return { shows: signed.checkpoint.size < held.size ? 'behind' : 'nothing' };
}

/** The evidence of an admission: its owner shows this head and no way from the one held. Null when it shows a way. */
export function admitted(owner: LogOwner, held: HeldHead, note: string): Uint8Array | null {
  const signed = signedHead(owner, note);
  if (typeof signed === 'string' || signed.checkpoint.size === held.size) return null;
  return accusation(owner, 'unproven', held.note, signed.note, []);
}

function accusation(
  owner: LogOwner,
  kind: Fork['kind'],
  before: string,
  after: string,
  proof: readonly Uint8Array[],
): Uint8Array {
  return encodeFork({ kind, memberId: owner.memberId, notes: [before, after], proof });
}

/** The head of a note under one of the owner's keys, and the note with that line alone. */
export function signedHead(
  { origin, logKeys }: Pick<LogOwner, 'origin' | 'logKeys'>,
  note: string,
): { readonly checkpoint: Checkpoint; readonly note: string } | 'malformed' | 'signature_invalid' {
  for (const key of logKeys) {
    const verdict = verifyCheckpoint(note, origin, key);
    if (verdict.ok) {
      const bare = bareNote(verdict.note, origin);
      return bare === null ? 'malformed' : { checkpoint: verdict.checkpoint, note: bare };
    }
    if (verdict.why === 'malformed') return 'malformed';
  }
  return 'signature_invalid';
}

/** A nation that may cosign, under its name and with the keys its directory lists now. */
export type PossibleWitness = { readonly name: string; readonly witnessKeys: readonly Uint8Array[] };

/** A cosignature says when it was made; nobody's clock is further off than this, or its keys' days could be talked round. */
export const COSIGNED_SKEW_SEC = 3_600;

/** When this nation cosigned the note with a key of now (unix seconds); null: it did not, or with a time that cannot be. */
export function cosignedAt(
  checkpoint: Checkpoint,
  note: string,
  { name, witnessKeys }: PossibleWitness,
  nowSec: number,
): number | null {
  const parsed = parseNote(note);
  if (parsed === null) return null;
  const times = witnessKeys.map((key) => verifyCosignature(checkpoint, parsed, name, key));
  return times.find((timeSec) => timeSec !== null && timeSec <= nowSec + COSIGNED_SKEW_SEC) ?? null;
}

/**
 * The note with the log's own line and the pairs of witnesses that hold: what others put under it beside them would make
 * evidence worthless. Null when the log did not sign it.
 */
export function soundNote(
  owner: Pick<LogOwner, 'origin' | 'logKeys'>,
  note: string,
  witnesses: readonly PossibleWitness[],
  nowSec: number,
): string | null {
  const signed = signedHead(owner, note);
  if (typeof signed === 'string') return null;
  const lines = note.slice(note.lastIndexOf('\n\n') + 2).split('\n');
  const pairs = witnesses.flatMap((witness) => {
    const own = lines.filter((line) => line.startsWith(`— ${witness.name} `));
    const isSound = own.length === 2 && cosignedAt(signed.checkpoint, note, witness, nowSec) !== null;
    return isSound ? own.map((line) => `${line}\n`) : [];
  });
  return signed.note + pairs.join('');
}
