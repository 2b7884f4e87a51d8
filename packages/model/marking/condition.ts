import { codeRow, type HandlingConditionCode, isCode, onwardRules } from '@tripoint/model/codes';
import { isNation } from './nation.ts';

/** What the `acknowledge` condition asks: notice within `within_ms`, by any acting post or by those named. */
export interface AcknowledgeParam {
  within_ms: number;
  posts?: string[];
}

export type ConditionParam = string | string[] | AcknowledgeParam;

/** One structured condition beside the handling codes; the shape of `param` is named in handling-conditions.json. */
export interface Condition {
  code: string;
  param?: ConditionParam;
}

/** Longest list a condition may carry; more addressees than this is a mistake, not a marking. */
export const conditionListMax = 256;
const postLengthMax = 64;
/** 90 days: an acknowledgement asked later than that asks nothing. */
const withinMsMax = 7_776_000_000;

const postPattern = /^[A-Za-z0-9][A-Za-z0-9 ._:/-]*$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Does the parameter have the shape its code asks for? Codes of nobody have none. */
export function isKnownCondition(condition: Condition): boolean {
  if (!isCode('handlingConditions', condition.code)) return false;
  return paramFits(condition.code, condition.param);
}

function paramFits(code: HandlingConditionCode, param: ConditionParam | undefined): boolean {
  switch (codeRow('handlingConditions', code)!.param) {
    case 'none':
      return param === undefined;
    case 'list<nation>':
      return isListOf(param, isNation);
    case 'list<purpose>':
      return isListOf(param, (value) => isCode('purposes', value));
    case 'list<post>':
      return isListOf(param, isPost);
    case 'rule':
      return (onwardRules as readonly unknown[]).includes(param);
    case 'date':
      return typeof param === 'string' && isDay(param);
    default:
      return isAcknowledge(param);
  }
}

function isListOf(param: unknown, fits: (value: string) => boolean): param is string[] {
  return (
    Array.isArray(param) &&
    param.length <= conditionListMax &&
    param.every((value) => typeof value === 'string' && fits(value)) &&
    new Set(param).size === param.length
  );
}

function isPost(value: string): boolean {
  return value.length <= postLengthMax && postPattern.test(value);
}

function isAcknowledge(param: unknown): param is AcknowledgeParam {
  if (typeof param !== 'object' || param === null || Array.isArray(param)) return false;
  const { within_ms, posts, ...rest } = param as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return false;
  const inTime = Number.isSafeInteger(within_ms) && (within_ms as number) > 0 && (within_ms as number) <= withinMsMax;
  return inTime && (posts === undefined || isListOf(posts, isPost));
}

/** A day that exists in the Gregorian calendar. */
export function isDay(text: string): boolean {
  if (!dayPattern.test(text)) return false;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
