/** Every refusal becomes problem+json here and nowhere else (RFC 9457). No payload, no stack. */
import {
  type AnyRefusal,
  isRefusalCode,
  type RefusalCode,
  refusalStatus,
  sentenceOfRefusal,
} from '@tripoint/model/contract';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  /** The first refusal in one English sentence. */
  detail: string;
  code: string;
  /** Every refusal found, so that a form can show all of them at once. */
  facts: readonly object[];
  /** Names this answer in the bureau's own log. */
  reference: string;
}

const FACTS_MAX = 50;

/** Codes that only the door itself gives. */
export type DoorCode = 'cross-site' | 'wrong-host' | 'failed' | 'key-missing';

const doorSentences: Readonly<Record<DoorCode, string>> = {
  'cross-site': 'The request came from a page that is not this bureau’s.',
  'wrong-host': 'This bureau does not answer under the name that was asked for.',
  failed: 'The bureau failed at this by its own fault; its log names the reference.',
  'key-missing': 'The header Idempotency-Key is missing, empty or longer than 200 plain characters.',
};

export function problem(
  code: RefusalCode | DoorCode,
  status: number,
  facts: readonly object[],
  reference: string,
): Problem {
  return {
    type: 'about:blank',
    title: code.replaceAll('-', ' '),
    status,
    detail: isRefusalCode(code) ? sentenceOfRefusal(code) : doorSentences[code],
    code,
    facts: facts.slice(0, FACTS_MAX),
    reference,
  };
}

function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  return reply
    .code(body.status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(body);
}

export function sendRefusals(reply: FastifyReply, refusals: readonly AnyRefusal[]): FastifyReply {
  const first = refusals[0] as AnyRefusal;
  return sendProblem(reply, problem(first.code, refusalStatus(first.code), refusals, reply.request.id));
}

export function sendDoorRefusal(reply: FastifyReply, code: DoorCode | 'not-found'): FastifyReply {
  const status = { 'cross-site': 403, 'wrong-host': 421, failed: 500, 'key-missing': 400, 'not-found': 404 }[code];
  return sendProblem(reply, problem(code, status, [{ code }], reply.request.id));
}

const SHAPE_FACTS_MAX = 20;

/** Where the input does not fit its schema: the path and zod's closed reason, never the value. */
export function shapeRefusals(error: z.ZodError): AnyRefusal[] {
  return error.issues.slice(0, SHAPE_FACTS_MAX).map((issue) => {
    const own = 'params' in issue ? (issue.params as { refusal?: AnyRefusal } | undefined)?.refusal : undefined;
    const at = issue.path.map(String).join('.');
    if (own) return { ...own, at: 'at' in own && own.at ? own.at : at } as AnyRefusal;
    return { code: 'invalid', at, reason: issue.code } as AnyRefusal;
  });
}
