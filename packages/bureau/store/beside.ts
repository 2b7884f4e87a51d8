/** What another room keeps beside an item, sealed under the item's own key: it is erased and hidden with the item. */
import type { Session } from './connection.ts';
import type { Keys } from './put-item.ts';

export type Beside = {
  readonly item: string;
  readonly version: number;
  /** What it is, such as `evidence`: one sealed part cannot pass for another. */
  readonly name: string;
  readonly plain: Uint8Array;
};

const KEYS_OF = `SELECT item.id, item.version, item.key FROM item
  JOIN unnest($1::uuid[], $2::int[]) AS given (id, version) ON item.id = given.id AND item.version = given.version
  WHERE item.key IS NOT NULL`;

/** In the order given; null where there is no such item, or its key is destroyed. */
export async function sealBeside(
  session: Session,
  { vault }: Keys,
  parts: readonly Beside[],
): Promise<(Uint8Array | null)[]> {
  if (parts.length === 0) return [];
  const { rows } = await session.query(KEYS_OF, [parts.map(({ item }) => item), parts.map(({ version }) => version)]);
  const keys = new Map(rows.map((row) => [`${row.id}/${row.version}`, row.key as Uint8Array]));
  return parts.map(({ item, version, name, plain }) => {
    const key = keys.get(`${item}/${version}`);
    return key === undefined ? null : vault.sealBeside(item, version, key, name, plain);
  });
}
