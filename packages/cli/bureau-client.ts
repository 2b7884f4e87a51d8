/** Speaks to one bureau's API. A request is repeated with the same key until it is answered, so nothing is done twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileReport } from '@tripoint/bureau/desks/reports/contract';
import { type BodyInputOf, pathOf } from '@tripoint/model/contract';
import { CommandEnded } from './exit-codes.ts';
import { jsonOr, readProblem } from './problem-words.ts';
import { silenceOf } from './silence.ts';

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
    response = await fetch(addressOf(bureau.url), {
      method: fileReport.method,
      headers: {
        authorization: `Bearer ${bureau.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(filing),
      // Following one could carry the token to another host.
      redirect: 'manual',
      signal: AbortSignal.timeout(requestMsMax),
    });
    text = await response.text();
  } catch (error) {
    const { words, isFinal } = silenceOf(error);
    const reason = `the bureau at ${bureau.url} does not answer (${words})`;
    if (isFinal) throw new CommandEnded('unreachable', reason);
    return { reason, isBusy: false };
  }
  if (response.ok) return { id: idIn(text) };
  return busyOrEnded(response, text, bureau);
}

function busyOrEnded({ status, headers }: Response, text: string, { url }: Bureau): Attempt {
  const { code, sentence } = readProblem(status, text);
  const retryAfterSec = Number(headers.get('retry-after') ?? Number.NaN);
  const retry = Number.isFinite(retryAfterSec) ? { retryAfterMs: retryAfterSec * 1000 } : {};
  if (status === 429 || status === 503)
    return { reason: `the bureau is busy (${code ?? status})`, isBusy: true, ...retry };
  if (status >= 500) return { reason: `the bureau failed (${status})`, isBusy: true, ...retry };
  if (status < 400 || code === 'not-found' || code === undefined)
    throw new CommandEnded(
      'failed',
      `${url} is not a bureau’s address: what stands there takes no reports (${status})`,
    );
  throw new CommandEnded('refused', sentence);
}

function idIn(text: string): string {
  const answer = fileReport.answers[201].safeParse(jsonOr(text));
  if (answer.success) return answer.data.id;
  throw new CommandEnded('failed', 'the bureau gave an answer that is not of the reports contract');
}

/**
 * A console stands at a name such as kr.localhost, which browsers take for this machine and many systems do not
 * know (RFC 6761 §6.3); the bureau answers to plain localhost as well.
 */
function addressOf(url: string): URL {
  const address = new URL(pathOf(fileReport), url);
  if (address.hostname.endsWith('.localhost')) address.hostname = 'localhost';
  return address;
}
