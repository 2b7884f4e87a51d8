/** Signed papers as a court reads them: what this bureau adopted and believed, from the first day on. */
import type { InTx } from './ports.ts';
import { plainBytes, tablesIn } from './tables.ts';

/** Every charter version adopted here, oldest first, as signed (`decodeSignedCharter`). */
export async function signedCharters(tx: InTx): Promise<Uint8Array[]> {
  const rows = await tablesIn(tx).selectFrom('charter').select('signed').orderBy('version').execute();
  return rows.map(({ signed }) => plainBytes(signed));
}
