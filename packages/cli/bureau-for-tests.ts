/** A bureau that only knows how to file: checks drafts as the contract says, honours keys, and can be made to fail. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileReport } from '@tripoint/bureau/desks/reports/contract';
import type { ReportDraft } from '@tripoint/model/report';

/** What the next requests meet, one a request, before all is well again. */
export type Mishap =
  | { answer: number; code: string; retryAfterSec?: number; facts?: unknown[] }
  /** The connection breaks before the report is filed, or after, so that the answer is lost. */
  | { breaks: 'before' | 'after' };

export type TestBureau = AsyncDisposable & {
  url: string;
  token: string;
  filed: { id: string; key: string; draft: ReportDraft }[];
  requests: number;
  mishaps: Mishap[];
};

export async function startTestBureau(): Promise<TestBureau> {
  const server = createServer((request, response) => void handle(bureau, request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const bureau: TestBureau = {
    url: `http://127.0.0.1:${port}`,
    token: 'invented-token-of-a-test',
    filed: [],
    requests: 0,
    mishaps: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return bureau;
}

async function handle(bureau: TestBureau, request: IncomingMessage, response: ServerResponse): Promise<void> {
  bureau.requests += 1;
  const body = await text(request);
  const mishap = bureau.mishaps.shift();
  if (mishap !== undefined && 'breaks' in mishap) {
    if (mishap.breaks === 'after') fileOnce(bureau, request, body);
    request.socket.destroy();
    return;
  }
  if (mishap !== undefined) return refuse(response, mishap);
  if (request.headers.authorization !== `Bearer ${bureau.token}`)
    return refuse(response, { answer: 401, code: 'signed-out' });
  if (request.method !== fileReport.method || request.url !== fileReport.path)
    return refuse(response, { answer: 404, code: 'not-found' });
  const answer = fileOnce(bureau, request, body);
  if ('code' in answer) return refuse(response, answer);
  response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function fileOnce(
  bureau: TestBureau,
  request: IncomingMessage,
  body: string,
): { id: string } | { answer: number; code: string } {
  const draft = fileReport.body.safeParse(JSON.parse(body));
  if (!draft.success) return { answer: 422, code: 'invalid' };
  const key = String(request.headers['idempotency-key']);
  const before = bureau.filed.find((one) => one.key === key);
  if (before !== undefined)
    return JSON.stringify(before.draft) === JSON.stringify(draft.data)
      ? { id: before.id }
      : { answer: 409, code: 'idempotency-conflict' };
  const id = randomUUID();
  bureau.filed.push({ id, key, draft: draft.data });
  return { id };
}

function refuse(
  response: ServerResponse,
  mishap: { answer: number; code: string; retryAfterSec?: number; facts?: unknown[] },
): void {
  const { answer, code, retryAfterSec, facts } = mishap;
  const headers = {
    'content-type': 'application/problem+json',
    ...(retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) }),
  };
  const problem = { type: 'about:blank', title: code, status: answer, code, facts, reference: 'r' };
  response.writeHead(answer, headers).end(JSON.stringify(problem));
}
