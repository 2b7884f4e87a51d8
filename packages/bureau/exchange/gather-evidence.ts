/** Puts together what a court needs of one item: its envelopes, the receipts that speak of them, and where all of it stands in logs. */
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import { charterHash, decodeSignedCharter } from '@tripoint/envelope/charter';
import {
  checkEvidence,
  type EnvelopeForm,
  type EvidenceForm,
  encodeEvidence,
  encodeForkFile,
  type PlaceForm,
  type ReceiptForm,
} from '@tripoint/envelope/evidence';
import { bareNote, decodeReceipt, parseNote, type Receipt, receiptLeaf } from '@tripoint/envelope/proof';
import { readInner } from '@tripoint/envelope/seal';
import { sql } from 'kysely';
import { elsewhere, type Head, newestBeat, newestWitnessed, proveUnder } from '../log/index.ts';
import type { Reader } from '../store/index.ts';
import { readBody } from './item-of-report.ts';
import {
  EVIDENCE_BESIDE,
  EvidenceDamaged,
  evidenceOf,
  type KeptEvidence,
  type SaidAndSigned,
  unpack,
} from './kept-evidence.ts';

/** What the gathering asks of the nation's keyring, its charter and its directory. */
export interface EvidenceKeys {
  readonly memberId: Uint8Array;
  /** Every charter version from the first on, as signed. */
  charters(): Promise<readonly Uint8Array[]>;
  /** Identity, log and witness entries of a member, as signed, identities first; past ones too. */
  papersOf(memberId: Uint8Array): readonly Uint8Array[];
  /** Whose log an origin names; null: no member's. */
  ownerOf(origin: string): Uint8Array | null;
}

/** A note of this many signatures carries a witness's pair beside the log's own line. */
const WITNESSED_LINES_MIN = 3;

/**
 * Envelopes of others whose place in their author's log is not known here under a cosigned head: to be asked of their
 * authors before gathering. Empty for an item that is hidden or unknown.
 */
export async function unplaced(reader: Reader, own: Uint8Array, item: string): Promise<KeptEvidence[]> {
  if (!(await reader.may('read', item))) return [];
  const all = (await evidenceOf(reader.db, item)).filter(({ author }) => !sameBytes(author, own));
  const placed = await Promise.all(
    all.map(async ({ leaf }) => {
      const place = await elsewhere({ db: reader.db }, leaf);
      return (parseNote(place?.note ?? '')?.signatures.length ?? 0) >= WITNESSED_LINES_MIN;
    }),
  );
  return all.filter((_, at) => !placed[at]);
}

/** The file; null when the item is hidden or unknown, or nothing of it was ever sealed here or taken in. */
export async function gatherEvidence(
  reader: Reader,
  keys: EvidenceKeys,
  charters: readonly Uint8Array[],
  item: string,
): Promise<Uint8Array | null> {
  const gathering = new Gathering(reader, keys);
  const envelopes: EnvelopeForm[] = [];
  for (const kept of await evidenceOf(reader.db, item)) {
    const stored = await reader.item(item, kept.version);
    const shut = stored && (await reader.beside(item, kept.version, EVIDENCE_BESIDE, kept.shut));
    if (stored === null || shut === null) continue;
    const said = unpack(kept.open, shut, readBody(stored.body).payload);
    envelopes.push(await gathering.envelope(kept, said));
  }
  if (envelopes.length === 0) return null;
  const entries = gathering.signers().flatMap((memberId) => keys.papersOf(memberId));
  return sound({ charters, entries, heads: gathering.heads, envelopes });
}

/**
 * Checked as a court will check it before anybody is handed it. A head whose witnesses do not hold is shown with its
 * log's own line alone: who spoils a cosignature must not spoil the rest. Anything else is our own mistake.
 */
function sound(form: EvidenceForm): Uint8Array {
  const first = decodeSignedCharter(form.charters[0] ?? new Uint8Array(0));
  const file = encodeEvidence(form);
  const verdict = first && checkEvidence(file, charterHash(first.bytes));
  if (verdict?.ok) return file;
  const spoilt = /^heads\.(\d+)$/.exec(verdict?.claim === 'witness' || verdict?.claim === 'head' ? verdict.at : '');
  const note = form.heads[Number(spoilt?.[1])];
  const bare = note === undefined ? null : alone(note);
  if (bare === null || bare === note) throw new EvidenceDamaged(`evidence that does not hold: ${verdict?.claim}`);
  return sound({ ...form, heads: form.heads.map((one) => (one === note ? bare : one)) });
}

/** The origin, by which a note begins, is the name of the log's own key. */
function alone(note: string): string | null {
  const parsed = parseNote(note);
  return parsed && bareNote(parsed, note.slice(0, note.indexOf('\n')));
}

/** What lets anybody check that a log does not hold together: the evidence itself, and whose log it is. */
export const gatherFork = (
  keys: EvidenceKeys,
  charters: readonly Uint8Array[],
  { memberId, evidence }: { readonly memberId: Uint8Array; readonly evidence: Uint8Array },
): Uint8Array => encodeForkFile({ charters, entries: keys.papersOf(memberId), fork: evidence });

class Gathering {
  readonly heads: string[] = [];
  readonly #reader: Reader;
  readonly #keys: EvidenceKeys;
  readonly #signers = new Map<string, Uint8Array>();
  #own: Promise<readonly Head[]> | null = null;

  constructor(reader: Reader, keys: EvidenceKeys) {
    this.#reader = reader;
    this.#keys = keys;
  }

  /** Everybody whose keys the file needs. */
  signers(): Uint8Array[] {
    return [...this.#signers.values()];
  }

  async envelope(kept: KeptEvidence, said: SaidAndSigned): Promise<EnvelopeForm> {
    this.#signers.set(toHex(kept.author), kept.author);
    const isOwn = sameBytes(kept.author, this.#keys.memberId);
    return {
      ...said,
      log: isOwn ? await this.#placeHere(kept.leaf) : await this.#placeThere(kept.leaf),
      receipts: await this.#receipts(kept.leaf, isOwn, audienceOf(said)),
    };
  }

  /** Own log: under the newest cosigned head, or, when the entry is younger, under the newest that may leave at all. */
  async #placeHere(entry: Uint8Array): Promise<PlaceForm | null> {
    this.#own ??= ownHeads(this.#reader);
    for (const head of await this.#own) {
      const proof = await proveUnder({ db: this.#reader.db }, { entry }, head);
      if (proof !== null && proof !== 'pending')
        return { head: this.#headPlace(head.note), index: proof.index, path: proof.path };
    }
    return null;
  }

  async #placeThere(entry: Uint8Array): Promise<PlaceForm | null> {
    const proof = await elsewhere({ db: this.#reader.db }, entry);
    return proof === null ? null : { head: this.#headPlace(proof.note), index: proof.index, path: proof.path };
  }

  /** A head stands once, however much it proves; whoever signed it is one whose keys are needed. */
  #headPlace(note: string): number {
    const known = this.heads.indexOf(note);
    if (known >= 0) return known;
    for (const { name } of parseNote(note)?.signatures ?? []) {
      const owner = this.#keys.ownerOf(name.replace(/\/witness$/, ''));
      if (owner !== null) this.#signers.set(toHex(owner), owner);
    }
    return this.heads.push(note) - 1;
  }

  async #receipts(leaf: Uint8Array, isOwn: boolean, audience: readonly Uint8Array[]): Promise<ReceiptForm[]> {
    const rows = isOwn ? await receiptsAbout(this.#reader, leaf) : await receiptsByUs(this.#reader, leaf);
    const forms: ReceiptForm[] = [];
    for (const { signer, bytes } of rows) {
      const memberId = signer ?? this.#keys.memberId;
      const decoded = decodeReceipt(bytes);
      const isHeard = audience.some((id) => sameBytes(id, memberId));
      if (!decoded.ok || !isHeard || !speaksOf(decoded.signed.receipt, leaf)) continue;
      this.#signers.set(toHex(memberId), memberId);
      forms.push({ signed: bytes, log: await this.#placeHere(receiptLeaf(decoded.signed.receiptBytes)) });
    }
    return forms;
  }
}

const audienceOf = ({ inner }: SaidAndSigned): readonly Uint8Array[] => readInner(inner)?.audience ?? [];

/** A receipt proves something to a third party of the envelope it ends at, and of those it makes an exception of. */
const speaksOf = ({ leafAtToSeq, exceptions }: Receipt, leaf: Uint8Array): boolean =>
  sameBytes(leafAtToSeq, leaf) || exceptions.some((one) => sameBytes(one.leaf, leaf));

async function ownHeads(reader: Reader): Promise<readonly Head[]> {
  const heads = [await newestWitnessed({ db: reader.db }), await newestBeat({ db: reader.db })];
  const known = heads.filter((head) => head !== null);
  return known.filter(({ size }, at) => at === 0 || size !== known[0]?.size);
}

/** A receipt that makes an exception of an envelope ends at most so far behind it: the longest list of exceptions. */
const RANGE_MAX = 4_096;

type Row = { peer: Buffer | null; bytes: Buffer };
type ReceiptOf = { /** null: this bureau. */ signer: Uint8Array | null; bytes: Uint8Array };

const receiptOf = ({ peer, bytes }: Row): ReceiptOf => ({
  signer: peer === null ? null : Uint8Array.from(peer),
  bytes: Uint8Array.from(bytes),
});

async function receiptsAbout(reader: Reader, leaf: Uint8Array): Promise<ReceiptOf[]> {
  const { rows } = await sql<Row>`SELECT receipt_in.peer, receipt_in.bytes FROM outbox
    JOIN receipt_in ON receipt_in.peer = outbox.peer AND receipt_in.lane = outbox.lane
      AND receipt_in.to_seq BETWEEN outbox.seq AND outbox.seq + ${RANGE_MAX} AND receipt_in.from_seq <= outbox.seq
    WHERE outbox.leaf = ${leaf} AND outbox.item = (SELECT item FROM envelope_evidence WHERE leaf = ${leaf})
    ORDER BY receipt_in.id`.execute(reader.db);
  return rows.map(receiptOf);
}

async function receiptsByUs(reader: Reader, leaf: Uint8Array): Promise<ReceiptOf[]> {
  const { rows } = await sql<Row>`SELECT NULL::bytea AS peer, receipt_out.bytes FROM envelope_in
    JOIN receipt_out ON receipt_out.peer = envelope_in.peer AND receipt_out.lane = envelope_in.lane
      AND receipt_out.to_seq BETWEEN envelope_in.seq AND envelope_in.seq + ${RANGE_MAX}
      AND receipt_out.from_seq <= envelope_in.seq
    WHERE envelope_in.leaf = ${leaf} AND envelope_in.item = (SELECT item FROM envelope_evidence WHERE leaf = ${leaf})
    ORDER BY receipt_out.id`.execute(reader.db);
  return rows.map(receiptOf);
}

/** How firmly an item stands in logs, for a screen. */
export interface Standing {
  /** null: nothing of it was sealed or taken in yet. */
  state: 'durable' | 'integrated' | 'witnessed' | null;
  /** Whose log that is: the own one for own items, of which envelopes stand there; for others', the own receipts. */
  witnesses: readonly Uint8Array[];
  witnessedAtMs: number | null;
}

/** The weakest of its entries in the own log: its envelopes, or what this bureau signed for when it came. */
export async function standingOf(reader: Reader, own: Uint8Array, item: string): Promise<Standing> {
  const entries: Uint8Array[] = [];
  for (const { leaf, author } of await evidenceOf(reader.db, item))
    entries.push(...(sameBytes(author, own) ? [leaf] : await ownReceiptLeaves(reader, leaf)));
  if (entries.length === 0) return { state: null, witnesses: [], witnessedAtMs: null };
  const head = await newestWitnessed({ db: reader.db });
  const places = await Promise.all(
    entries.map((entry) => (head === null ? 'pending' : proveUnder({ db: reader.db }, { entry }, head))),
  );
  if (head !== null && places.every((place) => place !== null && place !== 'pending'))
    return { state: 'witnessed', witnesses: head.witnesses, witnessedAtMs: head.witnessedAtMs };
  const { rows } =
    await sql`SELECT FROM log_pending WHERE entry = ANY(${entries.map((one) => Buffer.from(one))}::bytea[])
    LIMIT 1`.execute(reader.db);
  return { state: rows.length > 0 ? 'durable' : 'integrated', witnesses: [], witnessedAtMs: null };
}

async function ownReceiptLeaves(reader: Reader, leaf: Uint8Array): Promise<Uint8Array[]> {
  const receipts = await receiptsByUs(reader, leaf);
  return receipts.flatMap(({ bytes }) => {
    const decoded = decodeReceipt(bytes);
    return decoded.ok ? [receiptLeaf(decoded.signed.receiptBytes)] : [];
  });
}
