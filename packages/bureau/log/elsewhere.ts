/** Where entries stand in other nations' logs: asked of them once, kept with what they proved. */
import { leafHash, verifyInclusion } from '@tripoint/envelope/proof';
import { sql } from 'kysely';
import type { InTx } from './ports.ts';
import { type LogOwner, signedHead } from './witness-rules.ts';

/** `note` is the head of that log with the witnesses' lines its owner sent along, once kept only those that hold. */
export type ElsewhereProof = {
  readonly entry: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly note: string;
};

/** Whether the entry stands in that log under a head its owner signed; cosignatures are another question. */
export function isThere(owner: Pick<LogOwner, 'origin' | 'logKeys'>, proof: ElsewhereProof): boolean {
  const signed = signedHead(owner, proof.note);
  if (typeof signed === 'string') return false;
  const { size, root } = signed.checkpoint;
  return verifyInclusion(leafHash(proof.entry), proof.index, size, root, proof.path);
}

const HASH_BYTES = 32;

/** A proof under a later head takes the place of an earlier one: it has the newer witnesses. */
export async function keepElsewhere(tx: InTx, memberId: Uint8Array, proof: ElsewhereProof): Promise<void> {
  const path = Buffer.concat(proof.path);
  await sql`INSERT INTO entry_elsewhere (entry, member, index, path, note)
    VALUES (${proof.entry}, ${memberId}, ${proof.index}, ${path}, ${proof.note})
    ON CONFLICT (entry) DO UPDATE SET index = EXCLUDED.index, path = EXCLUDED.path, note = EXCLUDED.note
    WHERE entry_elsewhere.member = EXCLUDED.member`.execute(tx.db);
}

/** null: not asked yet, or not answered. */
export async function elsewhere(tx: InTx, entry: Uint8Array): Promise<ElsewhereProof | null> {
  const { rows } = await sql<{ index: bigint; path: Uint8Array; note: string }>`SELECT index, path, note
    FROM entry_elsewhere WHERE entry = ${entry}`.execute(tx.db);
  const [row] = rows;
  if (row === undefined) return null;
  const path = Array.from({ length: row.path.length / HASH_BYTES }, (_, at) =>
    Uint8Array.from(row.path.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );
  return { entry, index: Number(row.index), path, note: row.note };
}
