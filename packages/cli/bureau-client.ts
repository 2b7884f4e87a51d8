/** Speaks to one bureau's API. A request is repeated with the same key until it is answered, so nothing is done twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileReport } from '@tripoint/bureau/desks/reports/contract';
import { type BodyInputOf, pathOf } from '@tripoint/model/contract';
import { CommandEnded } from './exit-codes.ts';

export type Bureau = { url: string; token: string };
export type Filing = BodyInputOf<typeof fileReport>;

export type Patience = {
  /** How long a bureau may stay silent or busy before the command gives up. */
  giveUpAfterMs: number;
  firstPauseMs: number;
  /** Called before each pause. */
  onPause?: (reason: string, pauseMs: number) => void;
};

/** Two minutes outlast a restart of a bureau; a script that wants more runs the command again. */
export const usualPatience: Patience = { giveUpAfterMs: 120_000, firstPauseMs: 250 };
const pauseMsMax = 10_000;
/** One request; sealing for five nations takes milliseconds. */
const requestMsMax = 60_000;
/** A problem document is small; what is longer is not one of ours. */
const problemLengthMax = 20_000;

/** Files one report; answers its id. Ends as refused, unreachable or failed. */
export async function file(bureau: Bureau, filing: Filing, key: string, patience: Patience): Promise<string> {
  const startedAtMs = performance.now();
  for (let pauseMs = patience.firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
    const attempt = await tryOnce(bureau, filing, key);
    if ('id' in attempt) return attempt.id;
    const waitMs = Math.min(attempt.retryAfterMs ?? pauseMs, pauseMsMax);
    if (performance.now() - startedAtMs + waitMs > patience.giveUpAfterMs)
      throw new CommandEnded(attempt.isBusy ? 'failed' : 'unreachable', `${attempt.reason}; giving up`);
    patience.onPause?.(attempt.reason, waitMs);
    await pause(waitMs);
  }
}

type Attempt = { id: string } | { reason: string; isBusy: boolean; retryAfterMs?: number };

async function tryOnce(bureau: Bureau, filing: Filing, key: string): Promise<Attempt> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(pathOf(fileReport), bureau.url), {
      method: fileReport.method,
      headers: {
        authorization: `Bearer ${bureau.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(filing),
      // A redirect could carry the token to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(requestMsMax),
    });
    text = await response.text();
  } catch (error) {
    return { reason: `the bureau at ${bureau.url} does not answer (${causeOf(error)})`, isBusy: false };
  }
  if (response.ok) return { id: idIn(text) };
  return busyOrEnded(response, text);
}

function busyOrEnded(response: Response, text: string): Attempt {
  const { code, sentence } = readProblem(response.status, text);
  const retryAfterSec = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retry = Number.isFinite(retryAfterSec) ? { retryAfterMs: retryAfterSec * 1000 } : {};
  if (response.status === 429 || response.status === 503)
    return { reason: `the bureau is busy (${code})`, isBusy: true, ...retry };
  if (response.status >= 500) return { reason: `the bureau failed (${response.status})`, isBusy: true, ...retry };
  throw new CommandEnded('refused', sentence);
}

function idIn(text: string): string {
  const answer = fileReport.answers[201].safeParse(jsonOr(text));
  if (answer.success) return answer.data.id;
  throw new CommandEnded('failed', 'the bureau gave an answer that is not of the reports contract');
}

function readProblem(status: number, text: string): { code: string; sentence: string } {
  const { code, title, facts } = problemIn(jsonOr(text.slice(0, problemLengthMax)));
  if (code === undefined) return { code: String(status), sentence: `the bureau refused the report (${status})` };
  const words = refusalWords[code] ?? title ?? 'the bureau refused the report';
  const detail = facts.length === 0 ? '' : `: ${JSON.stringify(facts.slice(0, 5))}`;
  return { code, sentence: `${words} (${code})${detail}` };
}

/** RFC 9457 with our `code` and `facts`; another server may stand where the bureau should. */
function problemIn(json: unknown): { code?: string; title?: string; facts: unknown[] } {
  if (typeof json !== 'object' || json === null) return { facts: [] };
  const { code, title, facts } = json as Record<string, unknown>;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    facts: Array.isArray(facts) ? facts : [],
  };
}

const refusalWords: Record<string, string> = {
  'signed-out': 'the bureau does not know this token',
  'not-allowed': 'this officer may not file reports',
  'idempotency-conflict':
    'the same import was filed before with other content; nothing new is made (another version of this tool may have cut it differently)',
  'recipient-unknown': 'a nation in --to is not a member of the charter',
  'recipient-not-active': 'a nation in --to is not active in the charter',
  'recipient-self': 'a nation in --to is the bureau’s own',
};

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' ? code : cause instanceof Error ? cause.name : 'unknown';
}
