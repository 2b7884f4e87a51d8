/** `tripoint verify <evidence> --charter <hash>`: checks a file of evidence without a bureau, a key or a network. */
import { readFile, stat } from 'node:fs/promises';
import { checkEvidence, EVIDENCE_BYTES_MAX, type EvidenceVerdict } from '@tripoint/envelope/evidence';
import { Command } from 'commander';
import { type Lines, printable } from '../console-lines.ts';
import { CommandEnded } from '../exit-codes.ts';
import { claimWords, findingWords } from './finding-words.ts';

export function verifyCommand(lines: Lines): Command {
  return new Command('verify')
    .description('check evidence that a bureau saved: who said what, to whom, who signed for it, who witnessed it')
    .argument('<evidence>', 'the file')
    .requiredOption(
      '--charter <hash>',
      'hash of the coalition’s first charter, 64 hexadecimal digits; spaces do not matter',
    )
    .option('--json', 'print the findings as one JSON object')
    .action((path: string, options: { charter: string; json?: true }) => act(path, options, lines));
}

async function act(path: string, options: { charter: string; json?: true }, lines: Lines): Promise<void> {
  const pin = pinOf(options.charter);
  const verdict = checkEvidence(await fileAt(path), pin);
  if (options.json) lines.data(JSON.stringify(plain(verdict)));
  else if (verdict.ok) for (const line of findingWords(verdict)) lines.data(printable(line));
  if (!verdict.ok) {
    const where = verdict.at === '' ? '' : ` (${verdict.at})`;
    throw new CommandEnded('refused', `Do not rely on this file. ${claimWords[verdict.claim]}${where}`);
  }
}

function pinOf(given: string): Uint8Array {
  const hex = given.replaceAll(/[\s:-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new CommandEnded('usage', 'the hash of a charter has 64 hexadecimal digits');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

async function fileAt(path: string): Promise<Uint8Array> {
  const facts = await stat(path).catch(() => null);
  if (facts === null || !facts.isFile()) throw new CommandEnded('usage', 'there is no such file');
  if (facts.size > EVIDENCE_BYTES_MAX) throw new CommandEnded('refused', 'No evidence is as large as this file.');
  return new Uint8Array(await readFile(path));
}

/** Bytes as base64, so that what was said can be taken further. */
function plain(verdict: EvidenceVerdict): object {
  if (!verdict.ok || verdict.kind === 'fork') return verdict;
  const envelopes = verdict.envelopes.map(({ payload, handling, ...rest }) => ({
    ...rest,
    payload: Buffer.from(payload).toString('base64'),
    handling: Buffer.from(handling).toString('base64'),
  }));
  return { ...verdict, envelopes };
}
