/** constellation.json: where the six are to be found and who may sign in; whoever reads it finds it whole or not at all. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BureauCard } from './card.ts';

export const CARDS_FILE = 'constellation.json';
export const CARDS_FILE_NEXT = `${CARDS_FILE}.next`;

/** `readyMs`: from the start of the process until all answered. */
export function writeCards(dataDir: string, readyMs: number, bureaus: readonly BureauCard[]): void {
  const text = `${JSON.stringify({ ready_ms: Math.round(readyMs), bureaus }, null, 2)}\n`;
  writeFileSync(join(dataDir, CARDS_FILE_NEXT), text, { mode: 0o600 });
  renameSync(join(dataDir, CARDS_FILE_NEXT), join(dataDir, CARDS_FILE));
}
