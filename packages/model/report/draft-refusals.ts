import { isRefusalCode, type RefusalOf } from '@tripoint/model/contract';
import type { z } from 'zod';
import { refusalsMax, wordLengthMax } from './bounds.ts';

/** What composing a report may refuse; each code with its facts stands in the contract's registry. */
export const reportRefusalCodes = [
  'invalid',
  'grade-missing',
  'grade-unknown',
  'marking-missing',
  'marking-unknown',
  'language-unknown',
  'purpose-unknown',
  'text-too-long',
  'control-characters',
  'report-too-large',
  'audience-empty',
  'recipient-self',
  'condition',
  'purpose',
  'entity-unclear',
  'claim-twice',
] as const;
export type ReportRefusalCode = (typeof reportRefusalCodes)[number];
export type ReportRefusal = RefusalOf<ReportRefusalCode>;

type Issue = z.core.$ZodIssue;

/** Turns the parser's issues into closed codes with typed facts; never carries a value. */
export function draftRefusals(issues: readonly Issue[], draft: unknown): ReportRefusal[] {
  const refusals = new Map<string, ReportRefusal>();
  for (const issue of issues) {
    if (refusals.size === refusalsMax) break;
    const refusal = refusalOf(issue, draft);
    refusals.set(JSON.stringify(refusal), refusal);
  }
  return [...refusals.values()];
}

function refusalOf(issue: Issue, draft: unknown): ReportRefusal {
  const path = issue.path.map(String);
  const at = path.join('.');
  const part = partOf(path);
  if (part === 'grade' || part === 'marking') return partRefusal(part, path, issue, draft);
  if (issue.message === 'control-characters') return { code: 'control-characters', at, reason: reasonOf(issue) };
  if (issue.code === 'too_big' && issue.origin === 'string')
    return { code: 'text-too-long', at, limit: Number(issue.maximum) };
  if (issue.code === 'too_big' && at === 'statements')
    return { code: 'report-too-large', at, limit: Number(issue.maximum) };
  if (issue.code === 'too_small' && at === 'recipients') return { code: 'audience-empty', at };
  if (issue.code === 'unrecognized_keys')
    return {
      code: 'invalid',
      at: [...path, issue.keys[0]!.slice(0, wordLengthMax)].join('.'),
      reason: 'unknown-field',
    };
  if (valueAt(draft, path) === undefined) return { code: 'invalid', at, reason: 'missing' };
  if (issue.message === 'language-unknown' || issue.message === 'purpose-unknown') return { code: issue.message, at };
  return { code: 'invalid', at, reason: reasonOf(issue) };
}

/** `grade` and `marking` stand at the top or in a statement; everything inside them is one refusal. */
function partOf(path: readonly string[]): string | undefined {
  return path[0] === 'statements' ? path[2] : path[0];
}

function partRefusal(part: 'grade' | 'marking', path: string[], issue: Issue, draft: unknown): ReportRefusal {
  const depth = path[0] === 'statements' ? 3 : 1;
  const whole = path.slice(0, depth);
  const at = whole.join('.');
  if (valueAt(draft, whole) == null) return { code: `${part}-missing`, at };
  if (part === 'grade') return { code: 'grade-unknown', at };
  return { code: 'marking-unknown', at, reason: path[depth] ?? reasonOf(issue) };
}

const issueReasons: Partial<Record<Issue['code'], string>> = {
  invalid_type: 'type',
  invalid_format: 'form',
  invalid_value: 'unknown-code',
  too_small: 'too-few',
  too_big: 'too-many',
};

function reasonOf(issue: Issue): string {
  const stated = issue.code === 'custom' ? issue.params?.reason : undefined;
  if (typeof stated === 'string') return stated;
  return issueReasons[issue.code] ?? (isRefusalCode(issue.message) ? issue.message : 'form');
}

function valueAt(draft: unknown, path: readonly string[]): unknown {
  let value = draft;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
