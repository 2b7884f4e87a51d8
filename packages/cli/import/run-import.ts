/** One import from path to filed reports. Progress and trouble are said on the way; the figures are the answer. */
import { basename } from 'node:path';
import { type Imported, intoReports, type ReportPart, wordImportRefusal } from '@tripoint/model/interop';
import { formatMarking, hasCondition, type Marking, sameMarking, strictest } from '@tripoint/model/marking';
import { type Bureau, type Filing, file, type Patience } from '../bureau-client.ts';
import type { Lines } from '../console-lines.ts';
import { CommandEnded } from '../exit-codes.ts';
import { fileParts } from './file-parts.ts';
import { importKey } from './import-key.ts';
import type { Intent } from './intent.ts';
import { readSource, type Source, type SourceOptions } from './read-source.ts';

/** The figures at the end; the keys are a stable part of the tool. */
export type ImportFigures = {
  files: number;
  rows: number;
  reports: number;
  reportIds: string[];
  statements: number;
  unmapped: number;
};

export type ImportWork = {
  path: string;
  source: SourceOptions;
  intent: Intent;
  /** Absent: a dry run, nothing is filed. */
  bureau?: Bureau;
  concurrency: number;
  patience: Patience;
  /** Hears what was read before anything is filed. */
  onRead?: (imported: Imported) => Promise<void>;
};

/** What became of the work: the figures, and what stopped it when it was stopped half-way. */
export type ImportOutcome = {
  figures: ImportFigures;
  parts: readonly ReportPart[];
  imported: Imported;
  trouble?: unknown;
};

export async function runImport(work: ImportWork, lines: Lines): Promise<ImportOutcome> {
  const { intent, bureau } = work;
  if (bureau !== undefined) refuseUnlessShareable(intent);
  const startedAtMs = performance.now();
  const source = await readSource(work.path, work.source);
  const { imported } = source;
  tellRead(source, performance.now() - startedAtMs, lines);
  await work.onRead?.(imported);
  const parts = cutIntoReports(imported);
  const figures = figuresOf(source, parts);
  const marking = markingFor(imported, intent, lines);
  if (bureau === undefined) return { figures, parts, imported };
  refuseWhatTheSourceForbids(marking);
  const filings = parts.map((part, index) => ({ number: index + 1, filing: filingOf(part, intent, marking) }));
  const filingStartedAtMs = performance.now();
  let filed = 0;
  let statements = 0;
  const outcome = await fileParts(
    filings,
    work.concurrency,
    ({ number, filing }) => file(bureau, filing, keyOf(source, work, marking, number), patienceOf(work, lines)),
    ({ filing }) => {
      filed += 1;
      statements += filing.statements.length;
      tellFiled(filed, filings.length, performance.now() - filingStartedAtMs, lines);
    },
  );
  const { reportIds, trouble } = outcome;
  return {
    figures: { ...figures, reports: reportIds.length, reportIds, statements },
    parts,
    imported,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** Nothing is shared that its officer has not graded and marked: without that the strictest holds. */
function refuseUnlessShareable({ missing, recipients }: Intent): void {
  if (recipients.length === 0)
    throw new CommandEnded(
      'usage',
      'a report needs at least one nation to go to: say --to PH,KH,…, or look at the result with --dry-run',
    );
  if (missing.length === 0) return;
  throw new CommandEnded(
    'refused',
    `nothing is shared: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. What is not said reads as the strictest (H1+H2, no onward passing, PAP:RED), and such an item stays where it is; say all four, or use --dry-run`,
  );
}

function cutIntoReports(imported: Imported): ReportPart[] {
  const reading = intoReports(imported);
  if (reading.ok) return reading.value;
  throw new CommandEnded('refused', wordImportRefusal(reading.refusal));
}

/** The officer's marking, tightened by what the source itself asks. */
function markingFor({ sourceMarking }: Imported, { marking }: Intent, lines: Lines): Marking {
  if (marking === undefined) return strictest([]);
  const joined = sourceMarking === undefined ? marking : strictest([marking, sourceMarking]);
  if (!sameMarking(joined, marking))
    lines.warn(`the source asks for more: the reports are marked ${formatMarking(joined)}`);
  return joined;
}

/** TLP:RED is for the persons it was handed to; an import cannot name them. */
function refuseWhatTheSourceForbids(marking: Marking): void {
  if (!hasCondition(marking, 'named-officers-only')) return;
  throw new CommandEnded(
    'refused',
    'the source is marked for named persons only (TLP:RED), so it is not shared by import; ask whoever gave it for a looser marking',
  );
}

function filingOf(part: ReportPart, intent: Intent, marking: Marking): Filing {
  return {
    ...part,
    statements: part.statements.map((statement) => ({ ...statement, method: importMethod })),
    recipients: intent.recipients,
    purpose: intent.purpose!,
    ...(intent.offence === undefined ? {} : { offence: intent.offence }),
    urgency: intent.urgency,
    grade: intent.grade!,
    marking,
  };
}

/** How these statements came to be: read by this tool, in its first version. */
const importMethod = 'import@1';

function keyOf({ files }: Source, { intent, source }: ImportWork, marking: Marking, part: number): string {
  const { grade, purpose, offence, urgency, recipients } = intent;
  const content = { ...source, grade, marking, purpose, offence, urgency };
  return importKey({ fileHashes: files.map((one) => one.sha256), content, recipients }, part);
}

function patienceOf({ patience }: ImportWork, lines: Lines): Patience {
  return {
    ...patience,
    onPause: (reason, pauseMs) => lines.warn(`${reason}; trying again in ${(pauseMs / 1000).toFixed(1)} s`),
  };
}

function figuresOf({ files, imported }: Source, parts: readonly ReportPart[]): ImportFigures {
  return {
    files: files.length,
    rows: imported.rows,
    reports: parts.length,
    reportIds: [],
    statements: parts.reduce((sum, part) => sum + part.statements.length, 0),
    unmapped: imported.unmapped.length,
  };
}

function tellRead({ files, imported }: Source, elapsedMs: number, lines: Lines): void {
  const names = files.map((one) => basename(one.name)).join(', ');
  lines.say(`read ${imported.rows} rows from ${names} in ${(elapsedMs / 1000).toFixed(1)} s`);
  const counts = Object.entries(imported.counts).filter(([, count]) => count > 0);
  lines.say(counts.map(([name, count]) => `${count} ${inWords(name)}`).join(', '));
  for (const note of imported.notes) lines.warn(note);
}

/** `otherNames` → other names */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

function tellFiled(filed: number, of: number, elapsedMs: number, lines: Lines): void {
  const perSecond = filed / Math.max(elapsedMs / 1000, 0.001);
  lines.say(`filed ${filed} of ${of} reports, ${perSecond.toFixed(1)} a second`);
}
