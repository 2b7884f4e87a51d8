/**
 * What proves an envelope to a court (wire.md §3), kept when its copies are long gone: the signed part as it is, the
 * confidential part sealed under the item's own key, so that erasing the item erases it too.
 */
import { bytesOf, decode, eachOf, encode, listOf, mapOf, sameBytes } from '@tripoint/envelope/cbor';
import { commitmentOf, readCore } from '@tripoint/envelope/seal';
import { type Kysely, sql } from 'kysely';
import type { Tx } from '../store/index.ts';

type Db = Kysely<Record<never, never>>;

/** Everything of one envelope that its author signed, and what opens the commitment. */
export interface SaidAndSigned {
  /** Encoded. */
  core: Uint8Array;
  stanzaHashes: readonly Uint8Array[];
  bodyHash: Uint8Array;
  ed: Uint8Array;
  ml: Uint8Array;
  cs: Uint8Array;
  inner: Uint8Array;
}

export interface EvidenceToKeep extends SaidAndSigned {
  item: string;
  version: number;
  /** Member id of whose envelope it is. */
  author: Uint8Array;
  leaf: Uint8Array;
  /** The payload as the item keeps it: not kept a second time where it is what was sealed. */
  payload: Uint8Array;
}

/** What it is called beside its item: `reader.beside(item, version, EVIDENCE_BESIDE, shut)`. */
export const EVIDENCE_BESIDE = 'evidence';
/** The payload's place in `inner` (wire.md §3). */
const PAYLOAD_KEY = 3;

export const packOpen = ({ core, stanzaHashes, bodyHash, ed, ml }: SaidAndSigned): Uint8Array =>
  encode([core, stanzaHashes, bodyHash, ed, ml]);

/** `[cs, inner]`, or `[cs, before, after]` around a payload that stands in the item. */
export function packShut({ cs, inner, payload }: Pick<EvidenceToKeep, 'cs' | 'inner' | 'payload'>): Uint8Array {
  const within = bytesOf(mapOf(decode(inner))?.get(PAYLOAD_KEY));
  if (within === null || !sameBytes(within, payload)) return encode([cs, inner]);
  const at = within.byteOffset - inner.byteOffset;
  return encode([cs, inner.subarray(0, at), inner.subarray(at + within.length)]);
}

/** Throws when the parts are not what was signed: then something in the database was changed. */
export function unpack(open: Uint8Array, shut: Uint8Array, payload: Uint8Array): SaidAndSigned {
  const [core, hashes, bodyHash, ed, ml] = listOf(decode(open), 5) ?? [];
  const said = {
    core: bytesOf(core),
    stanzaHashes: eachOf(hashes, (hash) => bytesOf(hash, 32)),
    bodyHash: bytesOf(bodyHash, 32),
    ed: bytesOf(ed, 64),
    ml: bytesOf(ml),
    ...confidentialOf(shut, payload),
  };
  const map = said.core === null ? null : mapOf(decode(said.core));
  const commitment = map === null ? null : readCore(map)?.commitment;
  if (Object.values(said).includes(null) || !commitment) throw new EvidenceDamaged('evidence of another shape');
  if (!sameBytes(commitmentOf(said.cs, said.inner), commitment)) throw new EvidenceDamaged('evidence does not open');
  return said as SaidAndSigned;
}

/** Never of a peer's making: what is kept was checked when it came. */
export class EvidenceDamaged extends Error {
  override readonly name = 'EvidenceDamaged';
}

function confidentialOf(shut: Uint8Array, payload: Uint8Array): { cs: Uint8Array; inner: Uint8Array } {
  const parts = eachOf(decode(shut), (part) => bytesOf(part)) ?? [];
  const [cs, before, after] = parts;
  if (cs === undefined || before === undefined) throw new EvidenceDamaged('evidence of another shape');
  return { cs, inner: after === undefined ? before : Uint8Array.from(Buffer.concat([before, payload, after])) };
}

/** In the transaction that seals or takes in; an item erased meanwhile leaves nothing. */
export async function keepEvidence(tx: Tx, all: readonly EvidenceToKeep[]): Promise<void> {
  if (all.length === 0) return;
  const shut = await tx.sealBeside(
    all.map((one) => ({ item: one.item, version: one.version, name: EVIDENCE_BESIDE, plain: packShut(one) })),
  );
  const kept = all.flatMap((one, at) => {
    const sealed = shut[at];
    return sealed ? [{ ...one, open: packOpen(one), shut: sealed }] : [];
  });
  const buffers = (of: (one: (typeof kept)[number]) => Uint8Array) => kept.map((one) => Buffer.from(of(one)));
  tx.tell(sql`INSERT INTO envelope_evidence (leaf, item, version, author, open, shut) SELECT * FROM unnest(
      ${buffers(({ leaf }) => leaf)}::bytea[], ${kept.map(({ item }) => item)}::uuid[],
      ${kept.map(({ version }) => version)}::int[], ${buffers(({ author }) => author)}::bytea[],
      ${buffers(({ open }) => open)}::bytea[], ${buffers((one) => one.shut)}::bytea[])
    ON CONFLICT DO NOTHING`);
}

export interface KeptEvidence {
  version: number;
  author: Uint8Array;
  leaf: Uint8Array;
  open: Uint8Array;
  /** Sealed under the item's key. */
  shut: Uint8Array;
}

/** Versions of one item in their order; envelopes of one version in no particular one. */
export async function evidenceOf(db: Db, item: string): Promise<KeptEvidence[]> {
  const { rows } = await sql<Record<keyof KeptEvidence, unknown>>`SELECT version, author, leaf, open, shut
    FROM envelope_evidence WHERE item = ${item}::uuid ORDER BY version, leaf`.execute(db);
  return rows.map((row) => ({
    version: row.version as number,
    author: Uint8Array.from(row.author as Buffer),
    leaf: Uint8Array.from(row.leaf as Buffer),
    open: Uint8Array.from(row.open as Buffer),
    shut: Uint8Array.from(row.shut as Buffer),
  }));
}
