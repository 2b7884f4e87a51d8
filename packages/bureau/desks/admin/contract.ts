/** The bureau's own desk: who is signed in, who the members are, whether the links stand, what lies in quarantine. */
import { alarmCodes, alarmKinds } from '@tripoint/model/codes';
import { defineRoute, uuidSchema } from '@tripoint/model/contract';
import { nationSchema } from '@tripoint/model/marking';
import { z } from 'zod';

const instant = z.iso.datetime();

export const officerView = z.object({ id: z.string(), name: z.string(), role: z.string() });

export const sessionView = z.object({
  officer: officerView,
  nation: nationSchema,
  /** true while the bureau runs with invented officers that anybody may be. */
  demo: z.boolean(),
  mayFile: z.boolean(),
  mayReadReports: z.boolean(),
  mayAdminister: z.boolean(),
});
export type SessionView = z.infer<typeof sessionView>;

/** Public door card of a bureau: what the sign-in screen needs before anybody is signed in. */
export const doorView = z.object({ nation: nationSchema, demo: z.boolean(), officers: z.array(officerView) });
export type DoorView = z.infer<typeof doorView>;

export const readDoor = defineRoute({
  method: 'GET',
  path: '/api/door',
  summary: 'Which bureau this is and, in the demo only, which invented officers may sign in',
  answers: { 200: doorView },
  refusals: [],
  public: true,
});

export const signIn = defineRoute({
  method: 'POST',
  path: '/api/session',
  summary: 'Sign in as an invented officer (demo only)',
  body: z.strictObject({ officer: z.string().max(64) }),
  answers: { 200: sessionView },
  refusals: ['invalid', 'not-found', 'too-many-attempts'],
  public: true,
});

export const readSession = defineRoute({
  method: 'GET',
  path: '/api/session',
  summary: 'Who is signed in',
  answers: { 200: sessionView },
  refusals: ['signed-out'],
});

export const signOut = defineRoute({
  method: 'DELETE',
  path: '/api/session',
  summary: 'Sign out; open streams of this session end',
  answers: { 204: null },
  refusals: ['signed-out'],
});

export const coalitionView = z.object({
  nation: nationSchema,
  charter: z.object({ id: z.string(), version: z.int(), hash: z.string(), expires: instant }),
  members: z.array(
    z.object({
      nation: nationSchema,
      self: z.boolean(),
      status: z.enum(['active', 'observer', 'suspended']),
      link: z.enum(['up', 'down', 'self']),
      sinceAt: instant.nullable(),
      /** Items that wait for this nation, and since when the oldest waits; null for who does not look after links. */
      queued: z.int().nullable(),
      oldestAt: instant.nullable(),
      fingerprint: z.string(),
    }),
  ),
});
export type CoalitionView = z.infer<typeof coalitionView>;

export const readCoalition = defineRoute({
  method: 'GET',
  path: '/api/coalition',
  summary: 'Members, charter and links as this bureau sees them',
  answers: { 200: coalitionView },
  refusals: [],
});

/** One envelope set aside or one alarm, in codes the console words for an officer; never content. */
export const alarmView = z.object({
  id: z.string(),
  kind: z.enum(alarmKinds),
  code: z.enum(alarmCodes),
  nation: nationSchema.nullable(),
  count: z.int(),
  firstAt: instant,
  lastAt: instant,
  acknowledgedAt: instant.nullable(),
});
export type AlarmView = z.infer<typeof alarmView>;

export const listAlarms = defineRoute({
  method: 'GET',
  path: '/api/alarms',
  summary: 'What did not verify or waits too long, without content',
  answers: { 200: z.object({ items: z.array(alarmView) }) },
  refusals: ['not-allowed'],
});

/** Evidence that a nation's log does not hold together, without any content. */
export const forkView = z.object({
  /** 64 hexadecimal digits. */
  id: z.string(),
  /** null: no member any more. */
  nation: nationSchema.nullable(),
  /** `same-size` proves itself; `unproven` is the word of whoever found it. */
  kind: z.enum(['same-size', 'unproven']),
  /** Who told it; null when this bureau saw it itself. */
  toldBy: nationSchema.nullable(),
  foundAt: instant,
});
export type ForkView = z.infer<typeof forkView>;

export const listForks = defineRoute({
  method: 'GET',
  path: '/api/forks',
  summary: 'Evidence kept of logs that do not hold together, newest first',
  answers: { 200: z.object({ items: z.array(forkView) }) },
  refusals: ['not-allowed'],
});

export const readForkEvidence = defineRoute({
  method: 'GET',
  path: '/api/forks/:id/evidence',
  summary: 'One piece of it as a file that `tripoint verify` checks without this bureau',
  params: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** `tripoint-fork/1` of the wire protocol, in its one form: the answer's bytes are the file. */
  answers: { 200: z.record(z.string(), z.unknown()) },
  refusals: ['not-found'],
});

export const acknowledgeAlarm = defineRoute({
  method: 'POST',
  path: '/api/alarms/:id/acknowledge',
  summary: 'A named officer has read the alarm',
  params: z.object({ id: uuidSchema }),
  answers: { 204: null },
  refusals: ['not-found'],
});
