/** Bureaus in processes of their own, each with its own database server, in a temporary place: what a test may break. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BureauCard, type Constellation, openConstellation } from '../constellation/index.ts';
import { takePortBlock } from '../scenarios/fixtures/port-block.ts';

const FIRST_PORT = 7600;

export interface CrashPlace extends AsyncDisposable {
  dataDir: string;
  nations: readonly string[];
  constellation: Constellation;
  card(nation: string): BureauCard;
}

export async function openPlace(nations: readonly string[]): Promise<CrashPlace> {
  const block = await takePortBlock(FIRST_PORT);
  const dataDir = temporaryFolder();
  const leave = async () => {
    await block.release();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const options = { dataDir, firstPort: block.firstPort, processes: true, webRoot: null, nations, say: () => {} };
  const constellation = await openConstellation(options).catch(async (reason: unknown) => {
    await leave();
    throw reason;
  });
  return {
    dataDir,
    nations,
    constellation,
    card(nation) {
      const card = constellation.cards.find((one) => one.nation === nation);
      if (!card) throw new Error(`${nation} is not in this place`);
      return card;
    },
    async [Symbol.asyncDispose]() {
      await constellation.stop();
      await leave();
    },
  };
}

/** PostgreSQL runs as an account of its own, which must be able to walk to its data. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tripoint-crash-'));
  chmodSync(folder, 0o711);
  return folder;
}
