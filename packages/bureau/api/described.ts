/** What the OpenAPI text says beside the contracts: how one signs in, which headers count, how a refusal looks. */
import { z } from 'zod';

export const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', description: 'An officer’s token; the console uses a cookie instead.' },
} as const;
export const signedIn = [{ token: [] }];

export const keyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .describe('Chosen by the caller. The same key and body give the same answer; another body is refused.'),
});

export const lastEventHeader = z.object({
  'last-event-id': z
    .string()
    .optional()
    .describe(
      'The id of the last event that was seen: what came after it follows. Without it, what comes from now on.',
    ),
});

const problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('The first refusal in one English sentence.'),
    code: z.string(),
    facts: z.array(z.looseObject({ code: z.string() })).describe('Every refusal found: its code, where, and why.'),
    reference: z.string().describe('Names this answer in the bureau’s own log.'),
  })
  .meta({ id: 'Problem' });

const refused = { description: 'Refused (RFC 9457)', content: { 'application/problem+json': { schema: problem } } };
export const problemAnswers = { '4xx': refused, '5xx': refused };

export const eventStream = {
  description: 'Events as they happen',
  content: { 'text/event-stream': { schema: z.string() } },
};
