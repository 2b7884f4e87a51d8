/** `tripoint import <path>`: options to work, outcome to figures and exit code. */
import { readFile, writeFile } from 'node:fs/promises';
import { text as wholeText } from 'node:stream/consumers';
import type { Imported } from '@tripoint/model/interop';
import { isLanguage } from '@tripoint/model/property';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Bureau, usualPatience } from '../bureau-client.ts';
import type { Lines } from '../console-lines.ts';
import { CommandEnded } from '../exit-codes.ts';
import { type IntentOptions, readIntent } from './intent.ts';
import { type ImportOutcome, runImport } from './run-import.ts';

type Options = IntentOptions & {
  url?: string;
  token?: string;
  tokenFile?: string;
  only?: 'narcotics';
  dated?: string;
  lang?: string;
  unmappedTo?: string;
  concurrency: number;
  giveUpAfter: number;
  dryRun?: true;
  json?: true;
};

export function importCommand(lines: Lines, stdin: NodeJS.ReadableStream): Command {
  return new Command('import')
    .description('file what a list or an exchange file says, as reports of statements')
    .argument(
      '<path>',
      'a folder with sdn.csv, alt.csv, add.csv; or one file: .csv (sanctions list), .json (STIX, MISP), text',
    )
    .option('--url <bureau>', 'address of the own bureau, such as http://127.0.0.1:4001')
    .option('--token <token>', 'token of the officer; others on this machine may see it, so rather:')
    .option('--token-file <path>', 'file that holds the token; "-" reads it from stdin')
    .option('--to <nations>', 'nations the reports go to, such as PH,KH,LA,VN,TH')
    .option('--grade <grade>', 'scheme and two symbols, such as 4x4:A2')
    .option('--marking <codes>', 'handling codes, such as H0 or H1+H2')
    .option('--pap <pap>', 'permissible actions, such as PAP:AMBER')
    .addOption(
      new Option('--condition <code...>', 'condition of the marking, such as no-third-nation or expires=2027-01-01'),
    )
    .option('--terms <text>', 'own terms, needed with H3')
    .option('--purpose <purpose>', 'purpose the reports are shared for, such as detection')
    .option('--offence <text>', 'offence the reports are about')
    .option('--urgency <urgency>', 'routine, urgent or flash', 'routine')
    .addOption(new Option('--only <part>', 'of a sanctions list only this').choices(['narcotics']))
    .option('--dated <date>', 'date of the list, which its files do not say')
    .option('--lang <language>', 'language of a plain text')
    .option('--unmapped-to <path>', 'write what became no statement into a file, one JSON object a line')
    .addOption(
      new Option('--concurrency <number>', 'reports under way at once, 1 to 8').default(2).argParser(readConcurrency),
    )
    .addOption(
      new Option('--give-up-after <seconds>', 'how long a silent or busy bureau is waited for')
        .default(usualPatience.giveUpAfterMs / 1000)
        .argParser(readSeconds),
    )
    .option('--dry-run', 'read and count, file nothing')
    .option('--json', 'print the figures as one JSON object')
    .action((path: string, options: Options) => act(path, options, lines, stdin));
}

async function act(path: string, options: Options, lines: Lines, stdin: NodeJS.ReadableStream): Promise<void> {
  const intent = readIntent(options);
  const bureau = options.dryRun ? undefined : await bureauOf(options, intent.recipients.length > 0, stdin);
  const { only, dated, lang, concurrency } = options;
  const patience = { ...usualPatience, giveUpAfterMs: options.giveUpAfter * 1000 };
  if (lang !== undefined && !isLanguage(lang))
    throw new CommandEnded('usage', `nobody here knows the language "${lang}"`);
  const source = {
    ...(only === undefined ? {} : { only }),
    ...(dated === undefined ? {} : { dated }),
    ...(lang === undefined ? {} : { lang }),
  };
  const work = {
    path,
    source,
    intent,
    concurrency,
    patience,
    ...(bureau === undefined ? {} : { bureau }),
    onRead: (imported: Imported) => writeUnmapped(options.unmappedTo, imported),
  };
  const outcome = await runImport(work, lines);
  lines.data(options.json ? JSON.stringify(outcome.figures) : inWords(outcome, bureau === undefined));
  if (outcome.trouble !== undefined) throw outcome.trouble;
}

async function bureauOf(options: Options, hasRecipients: boolean, stdin: NodeJS.ReadableStream): Promise<Bureau> {
  if (!hasRecipients)
    throw new CommandEnded(
      'usage',
      'a report needs at least one nation to go to: say --to PH,KH,…, or look at the result with --dry-run',
    );
  if (options.url === undefined) throw new CommandEnded('usage', '--url says which bureau files the reports');
  if (!URL.canParse(options.url) || !/^https?:$/.test(new URL(options.url).protocol))
    throw new CommandEnded('usage', '--url takes an address such as http://127.0.0.1:4001');
  const token = await readToken(options, stdin);
  if (token === undefined) throw new CommandEnded('usage', 'a token is needed: --token-file <path>, or "-" for stdin');
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CommandEnded('usage', 'the token is empty or holds characters no token has');
  return { url: options.url, token };
}

async function readToken({ token, tokenFile }: Options, stdin: NodeJS.ReadableStream): Promise<string | undefined> {
  if (tokenFile === undefined) return token;
  if (tokenFile === '-') return (await wholeText(stdin)).trim();
  return readFile(tokenFile, 'utf8').then(
    (content) => content.trim(),
    () => {
      throw new CommandEnded('usage', 'the token file cannot be read');
    },
  );
}

function readConcurrency(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 8) return number;
  throw new InvalidArgumentError('a number from 1 to 8 is expected.');
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('seconds from 0 to 86400 are expected.');
}

/** The whole list stays with the importing officer, also what never leaves in a report. */
async function writeUnmapped(path: string | undefined, { unmapped }: Imported): Promise<void> {
  if (path === undefined) return;
  const lines = unmapped.map((one) => `${JSON.stringify(one)}\n`).join('');
  await writeFile(path, lines, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandEnded('usage', `--unmapped-to ${path} cannot be written (${error.code}); nothing was filed`);
  });
}

function inWords({ figures }: ImportOutcome, isDryRun: boolean): string {
  const { files, rows, reports, statements, unmapped, reportIds } = figures;
  const read = `${counted(rows, 'row')} of ${counted(files, 'file')}`;
  const made = `${counted(reports, 'report')} with ${counted(statements, 'statement')}`;
  const kept = `${counted(unmapped, 'piece')} ${unmapped === 1 ? 'is' : 'are'} kept in the source's words`;
  return [`${read} ${isDryRun ? 'would make' : 'made'} ${made}; ${kept}`, ...reportIds].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
