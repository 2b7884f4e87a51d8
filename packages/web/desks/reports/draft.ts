/** The report being written: kept in this page's memory only, gone with the tab, never in any storage. */
import type { ReportDraft, StatementDraft } from '@tripoint/model/report';
import { useSyncExternalStore } from 'react';
import type { ConditionCode, GradeScheme, HandlingCode, PapCode } from '../../ui/codes.ts';

export interface GradeForm {
  scheme: GradeScheme | null;
  source: string | null;
  information: string | null;
}

export interface MarkingForm {
  handling: HandlingCode[];
  pap: PapCode | null;
  /** Parameter as typed or chosen; null for conditions that take none. */
  conditions: { code: ConditionCode; param: string | string[] | null }[];
  terms: string;
}

export interface StatementForm {
  key: number;
  entity: string;
  schema: string;
  property: string;
  value: string;
  /** null: as the report. */
  grade: GradeForm | null;
  marking: MarkingForm | null;
}

export interface Form {
  title: string;
  text: string;
  lang: string;
  recipients: string[];
  purpose: string;
  offence: string;
  urgency: 'routine' | 'urgent' | 'flash';
  grade: GradeForm;
  marking: MarkingForm;
  statements: StatementForm[];
}

/** A fault the console can see by itself, at a field, by the same code the bureau would refuse with. */
export interface Fault {
  at: string;
  code: string;
}

export const noGrade: GradeForm = { scheme: null, source: null, information: null };
export const noMarking: MarkingForm = { handling: [], pap: null, conditions: [], terms: '' };

const emptyForm = (lang: string): Form => ({
  title: '',
  text: '',
  lang,
  recipients: [],
  purpose: '',
  offence: '',
  urgency: 'routine',
  grade: noGrade,
  marking: noMarking,
  statements: [],
});

let form: Form | null = null;
let lastKey = 0;
const watchers = new Set<() => void>();

const tell = () => {
  for (const watcher of watchers) watcher();
};

export function changeDraft(change: Partial<Form>): void {
  if (form !== null) form = { ...form, ...change };
  tell();
}

export function forgetDraft(): void {
  form = null;
  tell();
}

export const newStatement = (like?: StatementForm): StatementForm => ({
  key: ++lastKey,
  entity: like?.entity ?? '',
  schema: like?.schema ?? '',
  property: '',
  value: '',
  grade: null,
  marking: null,
});

/** The draft; begun in the console's language when there is none. */
export function useDraft(lang: string): Form {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => {
      form ??= emptyForm(lang);
      return form;
    },
  );
}

const gradeDone = (grade: GradeForm) => grade.scheme !== null && grade.source !== null && grade.information !== null;

function markingFault(marking: MarkingForm): string | null {
  if (marking.handling.length === 0 || marking.pap === null) return 'marking-missing';
  if (marking.handling.includes('H3') !== (marking.terms.trim() !== '')) return 'terms-missing';
  const lacking = marking.conditions.some(({ param }) => param !== null && param.length === 0);
  return lacking ? 'condition-incomplete' : null;
}

function statementFaults(statement: StatementForm, at: string): Fault[] {
  const faults: Fault[] = [];
  for (const field of ['entity', 'schema', 'property', 'value'] as const) {
    if (statement[field].trim() === '') faults.push({ at: `${at}.${field}`, code: 'empty' });
  }
  if (statement.grade !== null && !gradeDone(statement.grade))
    faults.push({ at: `${at}.grade`, code: 'grade-missing' });
  const marking = statement.marking === null ? null : markingFault(statement.marking);
  if (marking !== null) faults.push({ at: `${at}.marking`, code: marking });
  return faults;
}

/** Everything that would be refused and can be seen without asking, in the order of the form. */
export function faultsOf(draft: Form): Fault[] {
  const faults: Fault[] = [];
  if (draft.recipients.length === 0) faults.push({ at: 'recipients', code: 'audience-empty' });
  if (draft.title.trim() === '') faults.push({ at: 'title', code: 'empty' });
  if (draft.text.trim() === '') faults.push({ at: 'text', code: 'empty' });
  if (draft.purpose === '') faults.push({ at: 'purpose', code: 'purpose-unknown' });
  const marking = markingFault(draft.marking);
  if (marking !== null) faults.push({ at: 'marking', code: marking });
  if (!gradeDone(draft.grade)) faults.push({ at: 'grade', code: 'grade-missing' });
  draft.statements.forEach((statement, row) => {
    faults.push(...statementFaults(statement, `statements.${row}`));
  });
  return faults;
}

const gradeOf = (grade: GradeForm): ReportDraft['grade'] => ({
  scheme: grade.scheme ?? '',
  source: grade.source ?? '',
  information: grade.information ?? '',
});

type Param = NonNullable<NonNullable<ReportDraft['marking']['conditions']>[number]['param']>;

function paramOf(code: ConditionCode, param: string | string[]): Param {
  if (code !== 'acknowledge' || typeof param !== 'string') return param;
  return { within_ms: Math.round(Number(param) * 60_000) };
}

function markingOf(marking: MarkingForm): ReportDraft['marking'] {
  return {
    handling: [...marking.handling].sort(),
    pap: marking.pap ?? 'PAP:RED',
    conditions: marking.conditions.map(({ code, param }) =>
      param === null ? { code } : { code, param: paramOf(code, param) },
    ),
    ...(marking.handling.includes('H3') ? { terms: marking.terms } : {}),
  };
}

function statementOf(statement: StatementForm): StatementDraft {
  const { entity, schema, property, value, grade, marking } = statement;
  return {
    entity,
    schema,
    property,
    value,
    ...(grade === null ? {} : { grade: gradeOf(grade) }),
    ...(marking === null ? {} : { marking: markingOf(marking) }),
  };
}

/** The draft in the words of the contract. Call it only when faultsOf is empty. */
export function toReportDraft(draft: Form): ReportDraft {
  const { title, text, lang, recipients, purpose, offence, urgency } = draft;
  return {
    title,
    text,
    lang: lang as ReportDraft['lang'],
    recipients: [...recipients].sort(),
    purpose: purpose as ReportDraft['purpose'],
    ...(offence.trim() === '' ? {} : { offence }),
    urgency,
    grade: gradeOf(draft.grade),
    marking: markingOf(draft.marking),
    statements: draft.statements.map(statementOf),
  };
}
