/** The coalition from outside: only what any officer may ask over HTTP, patient with bureaus that are down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BureauCard, tokenOf } from '../constellation/index.ts';

const ANSWER_MS_MAX = 20_000;
const RETRY_MS = 150;

export interface Line {
  id: string;
  title: string;
  statementCount: number;
  recipients: string[];
}

export interface Whole extends Line {
  text: string;
  statements: { id: string; value: string }[];
}

/** Something that is neither an answer nor a lost connection: the bureau said no where it must not. */
export class Unexpected extends Error {}

/** From here on the bureau says that it cannot for now, and the officer asks again. */
const FOR_NOW = 500;
const NEVER_PATIENT = 600;

/** null when the bureau is down, cut off while answering, or answers with `patientFrom` or above. */
export async function ask(
  card: BureauCard,
  path: string,
  init: RequestInit = {},
  role = 'desk-officer',
  patientFrom = FOR_NOW,
): Promise<Response | null> {
  const headers = { authorization: `Bearer ${tokenOf(card, role)}`, ...init.headers };
  try {
    const response = await fetch(`${card.url}${path}`, {
      ...init,
      headers,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    if (response.status < patientFrom) return response;
    await response.body?.cancel();
    return null;
  } catch {
    return null;
  }
}

/** The body of a 200; null when the bureau is down or the connection broke on the way. */
export async function told<T>(card: BureauCard, path: string, role?: string): Promise<T | null> {
  const response = await ask(card, path, {}, role);
  if (!response) return null;
  if (response.status !== 200)
    throw new Unexpected(`${card.nation} ${path}: ${response.status} ${await response.text()}`);
  return response.json().catch(() => null) as Promise<T | null>;
}

/** Asks until there is an answer. */
export async function surely<T>(card: BureauCard, path: string, role?: string): Promise<T> {
  for (;;) {
    const answer = await told<T>(card, path, role);
    if (answer !== null) return answer;
    await sleep(RETRY_MS);
  }
}

/**
 * Files a report, with one key, until the bureau says 201; `heard` is told every answer, as status and code. Returns the
 * report's id and how often it was asked.
 */
export async function fileUntilAcknowledged(
  card: BureauCard,
  report: object,
  key: string,
  heard: (answer: string) => void = () => {},
): Promise<{ id: string; asked: number }> {
  for (let asked = 1; ; asked += 1) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const init = { method: 'POST', body: JSON.stringify(report), headers };
    const response = await ask(card, '/api/reports', init, undefined, NEVER_PATIENT);
    const body = (await response?.json().catch(() => null)) as { id?: string; code?: string } | null | undefined;
    heard(response ? `${response.status} ${body?.code ?? ''}`.trim() : 'nothing');
    if (response?.status === 201 && body?.id) return { id: body.id, asked };
    if (response && response.status !== 201 && response.status < FOR_NOW)
      throw new Unexpected(`${card.nation} refused: ${response.status} ${JSON.stringify(body)}`);
    await sleep(RETRY_MS);
  }
}

/** Every line of a list, page by page. */
export async function allLines(card: BureauCard, box: 'received' | 'sent'): Promise<Line[]> {
  const lines: Line[] = [];
  let cursor: string | null = null;
  do {
    const at: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page: { items: Line[]; next: string | null } = await surely(card, `/api/reports?limit=200&box=${box}${at}`);
    lines.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return lines;
}
