/** Every question to the bureau's own server: JSON in, JSON out, refusals as values of one shape. */

/** application/problem+json as the bureau writes it (RFC 9457). `code` is from the route's closed list. */
export interface Problem {
  status: number;
  code: string;
  reference: string | null;
  facts: Fact[];
}

/** One fact of a refusal; `at` is the path of the field it is about, such as `statements.3.value`. */
export interface Fact {
  at?: string;
  code?: string;
  [detail: string]: unknown;
}

export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** The server could not be reached at all; not a refusal. */
export class Unreachable extends Error {}

export const isRefused = (error: unknown, code?: string): error is Refused =>
  error instanceof Refused && (code === undefined || error.problem.code === code);

interface Question {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

type Watcher = () => void;
let signedOut: Watcher = () => {};

/** The console says here what happens when any answer is `signed-out`. */
export function whenSignedOut(watcher: Watcher): void {
  signedOut = watcher;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { status: response.status, code: 'failed', reference: null, facts: [] };
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return {
      status: response.status,
      code: typeof body.code === 'string' ? body.code : 'failed',
      reference: typeof body.reference === 'string' ? body.reference : null,
      facts: Array.isArray(body.facts) ? (body.facts as Fact[]) : [],
    };
  } catch {
    return fallback;
  }
}

/** Asks; answers the parsed body (undefined for 204). Throws Refused or Unreachable. */
export async function ask<Answer>(path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', body, idempotencyKey, signal } = question;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new Unreachable('unreachable', { cause });
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  const problem = await problemOf(response);
  if (problem.code === 'signed-out') signedOut();
  throw new Refused(problem);
}
