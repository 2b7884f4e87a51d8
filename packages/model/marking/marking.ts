import { type HandlingCode, handlingCodes, type PapCode, papCodes } from '@tripoint/model/codes';
import { textFault } from '@tripoint/model/property';
import { z } from 'zod';
import { type Condition, conditionListMax, isKnownCondition } from './condition.ts';

/** Originator's own terms under H3, in characters. A derived item carries the terms of all its parents. */
export const termsLengthMax = 16_000;
/** There are fifteen conditions; room for those of a newer version, none for a flood. */
export const conditionsMax = 32;

/** How one item or one statement may be handled. Order of handling codes and conditions carries no meaning. */
export interface Marking {
  handling: HandlingCode[];
  conditions: Condition[];
  pap: PapCode;
  /** The originator's own terms; always there with H3, never without. */
  terms?: string;
}

const acknowledge = z.strictObject({ within_ms: z.int().positive(), posts: z.array(z.string()).exactOptional() });
const conditionSchema = z
  .strictObject({
    code: z.string().max(64),
    param: z
      .union([z.string().max(64), z.array(z.string().max(64)).max(conditionListMax), acknowledge])
      .exactOptional(),
  })
  .refine(isKnownCondition, { error: 'marking-unknown', params: { reason: 'condition' } });

export const markingSchema = z
  .strictObject({
    handling: z
      .array(z.enum(handlingCodes, { error: 'marking-unknown' }))
      .min(1)
      .max(3),
    conditions: z.array(conditionSchema).max(conditionsMax).default([]),
    pap: z.enum(papCodes, { error: 'marking-unknown' }),
    terms: z.string().min(1).max(termsLengthMax).exactOptional(),
  })
  .superRefine((marking, context) => {
    const reason = markingFault(marking);
    if (reason) context.addIssue({ code: 'custom', message: 'marking-unknown', params: { reason } });
  })
  .meta({ id: 'Marking', description: 'handling set, structured conditions, PAP' });

export type MarkingFault = 'handling' | 'condition' | 'pap' | 'terms';

/** A marking as it is shown. A received one may carry conditions that a newer version brought: they stand as they came. */
export const shownMarking = z.object({
  handling: z.array(z.enum(handlingCodes)),
  conditions: z.array(
    z.object({
      code: z.string(),
      param: z
        .union([
          z.string(),
          z.array(z.string()),
          z.object({ within_ms: z.int(), posts: z.array(z.string()).exactOptional() }),
        ])
        .exactOptional(),
    }),
  ),
  pap: z.enum(papCodes),
  terms: z.string().exactOptional(),
});

/** The rules that span several fields (handling.json): H0 stands alone, nothing twice, H3 exactly with terms. */
export function markingFault(marking: Marking): MarkingFault | null {
  const handling = new Set<string>(marking.handling);
  if (handling.size === 0 || handling.size !== marking.handling.length) return 'handling';
  if (handling.has('H0') && handling.size > 1) return 'handling';
  if (new Set(marking.conditions.map((condition) => condition.code)).size !== marking.conditions.length)
    return 'condition';
  if (handling.has('H3') !== (marking.terms !== undefined)) return 'terms';
  if (marking.terms !== undefined && textFault(marking.terms, 'many-lines')) return 'terms';
  return null;
}

/** One way to write each marking: sorted handling, conditions and lists; so equal markings have equal bytes. */
export function canonicalMarking(marking: Marking): Marking {
  return {
    conditions: marking.conditions.map(canonicalCondition).sort(byText),
    handling: [...marking.handling].sort(),
    pap: marking.pap,
    ...(marking.terms === undefined ? {} : { terms: marking.terms }),
  };
}

function canonicalCondition({ code, param }: Condition): Condition {
  if (param === undefined) return { code };
  if (Array.isArray(param)) return { code, param: [...param].sort() };
  if (typeof param === 'string') return { code, param };
  const posts = param.posts === undefined ? {} : { posts: [...param.posts].sort() };
  return { code, param: { ...posts, within_ms: param.within_ms } };
}

// By code, then by content: a marking of a newer version may carry one unknown code twice.
function byText(a: Condition, b: Condition): number {
  const left = JSON.stringify(a);
  const right = JSON.stringify(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function sameMarking(a: Marking, b: Marking): boolean {
  return a === b || JSON.stringify(canonicalMarking(a)) === JSON.stringify(canonicalMarking(b));
}

export function hasCondition(marking: Marking, code: string): boolean {
  return marking.conditions.some((condition) => condition.code === code);
}

/** The list a condition carries (nations, purposes, posts), or null when the condition is not set. */
export function conditionList(marking: Marking, code: string): string[] | null {
  const found = marking.conditions.find((condition) => condition.code === code);
  return found && Array.isArray(found.param) ? found.param : null;
}
