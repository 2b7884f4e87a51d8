/** What a bureau's refusal says to an officer: RFC 9457 with our `code` and `facts`, in words. */
import type { RefusalCode } from '@tripoint/model/contract';

/** A problem document is small; what is longer is not one of ours. */
const problemLengthMax = 20_000;
/** Facts told of one refusal; a report with one mistake often has it a thousand times. */
const factsTold = 5;
const factLengthMax = 200;

/** `code` is undefined when whoever answered is no bureau. */
export type Problem = { code?: string; sentence: string };

export function readProblem(status: number, text: string): Problem {
  const { code, detail, facts } = problemIn(jsonOr(text.slice(0, problemLengthMax)));
  if (code === undefined) return { sentence: `the bureau refused the report (${status})` };
  const words = refusalWords.get(code) ?? detail ?? 'the bureau refused the report';
  const told = facts
    .slice(0, factsTold)
    .map(factInWords)
    .filter((fact) => fact !== '');
  return { code, sentence: `${words} (${code})${told.length === 0 ? '' : `: ${told.join('; ')}`}` };
}

function problemIn(json: unknown): { code?: string; detail?: string; facts: unknown[] } {
  if (typeof json !== 'object' || json === null) return { facts: [] };
  const { code, detail, facts } = json as Record<string, unknown>;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    facts: Array.isArray(facts) ? facts : [],
  };
}

/** `{code, nation: 'JP'}` → `nation JP` */
function factInWords(fact: unknown): string {
  if (typeof fact !== 'object' || fact === null) return '';
  const told = Object.entries(fact).filter(([name, value]) => name !== 'code' && value !== '');
  return told
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
    .slice(0, factLengthMax);
}

const refusalWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'signed-out': 'the bureau does not know this token',
    'not-allowed': 'this officer may not file such reports',
    'idempotency-conflict':
      'the same import was filed before with other content; nothing new is made (another version of this tool may have cut it differently)',
    'recipient-unknown': 'a nation in --to is not a member of the charter',
    'recipient-not-active': 'a nation in --to is not active in the charter',
    'recipient-self': 'a nation in --to is the bureau’s own',
    condition: 'a condition of the marking forbids this sending',
    purpose: 'the marking’s purpose limit does not hold the --purpose',
  } satisfies Partial<Record<RefusalCode, string>>),
);

/** undefined for what is no JSON; another server may stand where the bureau should. */
export function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
