/**
 * What the officer who imports says of all reports: grade, marking, purpose, recipients.
 * What is not said is never made up: then the strictest holds, and nothing is shared.
 */
import { codesOf, isCode } from '@tripoint/model/codes';
import {
  type Condition,
  type Grade,
  isKnownGrade,
  isNation,
  type Marking,
  markingSchema,
  type Nation,
} from '@tripoint/model/marking';
import { type ReportDraft, urgencies } from '@tripoint/model/report';
import { CommandEnded } from '../exit-codes.ts';

/** The options as they were typed. */
export type IntentOptions = {
  to?: string;
  grade?: string;
  marking?: string;
  pap?: string;
  condition?: string[];
  terms?: string;
  purpose?: string;
  offence?: string;
  urgency?: string;
};

export type Intent = {
  recipients: Nation[];
  grade?: Grade;
  /** Present only when both handling and PAP were said. */
  marking?: Marking;
  purpose?: ReportDraft['purpose'];
  offence?: string;
  urgency: NonNullable<ReportDraft['urgency']>;
  /** Options that are missing for sharing, in the order of the manual. */
  missing: string[];
};

/** Ends as usage when an option says something that is not in the code lists. */
export function readIntent(options: IntentOptions): Intent {
  const grade = options.grade === undefined ? undefined : readGrade(options.grade);
  const purpose = options.purpose === undefined ? undefined : readPurpose(options.purpose);
  const marking = readMarking(options);
  const missing = (['grade', 'marking', 'pap', 'purpose'] as const).filter((name) => options[name] === undefined);
  return {
    recipients: options.to === undefined ? [] : readNations(options.to),
    ...(grade === undefined ? {} : { grade }),
    ...(marking === undefined ? {} : { marking }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(options.offence === undefined ? {} : { offence: options.offence }),
    urgency: readUrgency(options.urgency ?? 'routine'),
    missing: missing.map((name) => `--${name}`),
  };
}

function readNations(text: string): Nation[] {
  const nations = text.split(',').map((nation) => nation.trim().toUpperCase());
  for (const nation of nations)
    if (!isNation(nation)) throw usage(`--to takes nations of two letters, such as PH,KH,LA; "${nation}" is none`);
  return [...new Set(nations)].sort();
}

/** `4x4:A2`: scheme, source symbol, information symbol. */
function readGrade(text: string): Grade {
  const [, scheme, source, information] = /^([^:]+):(.)(.)$/.exec(text) ?? [];
  const grade = { scheme: scheme ?? '', source: source ?? '', information: information ?? '' };
  if (!isKnownGrade(grade))
    throw usage(`--grade takes a scheme with its two symbols, such as 4x4:A2; "${text}" is none`);
  return grade;
}

function readPurpose(text: string): ReportDraft['purpose'] {
  if (isCode('purposes', text)) return text as ReportDraft['purpose'];
  throw usage(`--purpose takes one of ${codesOf('purposes').join(', ')}`);
}

function readUrgency(text: string): Intent['urgency'] {
  const urgency = urgencies.find((known) => known === text);
  if (urgency === undefined) throw usage(`--urgency takes one of ${urgencies.join(', ')}`);
  return urgency;
}

function readMarking({ marking, pap, condition, terms }: IntentOptions): Marking | undefined {
  if (marking === undefined || pap === undefined) return undefined;
  const candidate = {
    handling: marking.split(/[+,]/).map((code) => code.trim().toUpperCase()),
    conditions: (condition ?? []).map(readCondition),
    pap: pap.toUpperCase().startsWith('PAP:') ? pap.toUpperCase() : `PAP:${pap.toUpperCase()}`,
    ...(terms === undefined ? {} : { terms }),
  };
  const parsed = markingSchema.safeParse(candidate);
  if (parsed.success) return parsed.data as Marking;
  throw usage(
    '--marking takes H0, or H1, H2, H3 joined by "+" (H3 needs --terms); --pap takes PAP:RED, PAP:AMBER, PAP:GREEN or PAP:CLEAR; --condition takes a code of the list, with =value where it has one',
  );
}

/** `no-third-nation`, `expires=2027-01-01`, `recipients-only=PH,KR`. */
function readCondition(text: string): Condition {
  const [code, value] = text.split('=', 2) as [string, string | undefined];
  if (value === undefined) return { code };
  return { code, param: code === 'expires' || code === 'onward' ? value : value.split(',') };
}

function usage(sentence: string): CommandEnded {
  return new CommandEnded('usage', sentence);
}
