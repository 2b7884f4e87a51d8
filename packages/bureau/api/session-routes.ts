/** Sign-in and out. In the demo an invented officer is one click away; elsewhere nobody gets in this way. */
import { policy } from '@tripoint/model/policy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { doorView, readDoor, readSession, type SessionView, signIn, signOut } from '../desks/admin/contract.ts';
import { mayAdminister } from '../desks/admin/index.ts';
import { type Bound, Refused } from '../door/index.ts';
import type { Caller, Doorway } from './api.ts';
import { type Officer, viewerOf } from './officers.ts';
import { SESSION_LIFE_MS } from './sessions.ts';

/** The raw request and answer, which only sign-in may touch: it sets cookies. */
interface Raw {
  caller: Caller | null;
  request: FastifyRequest;
  reply: FastifyReply;
  body: unknown;
}

export function sessionRoutes(doorway: Doorway): Bound[] {
  const raw = (route: Bound['route'], answer: (asked: Raw) => Promise<unknown>): Bound => ({
    route,
    answer: answer as Bound['answer'],
  });
  return [
    raw(readDoor, async () => doorCard(doorway)),
    raw(signIn, (asked) => begin(doorway, asked)),
    raw(readSession, async ({ caller }) => viewOf(doorway, (caller as Caller).officer)),
    raw(signOut, (asked) => end(doorway, asked)),
  ];
}

function doorCard({ options, officers }: Doorway) {
  const shown = options.demo ? officers.all() : [];
  return doorView.parse({ nation: options.nation, demo: options.demo, officers: shown.map(cardOf) });
}

const cardOf = (officer: Officer) => ({ id: officer.id, name: officer.name, role: officer.roles[0] as string });

async function begin(doorway: Doorway, { body, reply }: Raw): Promise<SessionView> {
  const { options, officers, cookieName } = doorway;
  const officer = options.demo ? officers.byId((body as { officer: string }).officer) : null;
  if (!officer) throw new Refused({ code: 'not-found' });
  const id = await options.sessions.begin(officer.id);
  reply.setCookie(cookieName, id, {
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
    maxAge: SESSION_LIFE_MS / 1000,
  });
  return viewOf(doorway, officer);
}

async function end({ options, cookieName }: Doorway, { caller, reply }: Raw): Promise<null> {
  if (caller?.session) await options.sessions.end(caller.session);
  reply.clearCookie(cookieName, { path: '/', httpOnly: true, secure: true, sameSite: 'strict' });
  return null;
}

function viewOf({ options }: Doorway, officer: Officer): SessionView {
  const viewer = viewerOf(options.nation, officer);
  const nowMs = options.clock.nowMs();
  const facts = {
    kind: 'report',
    state: 'released' as const,
    handling: ['H0'],
    conditions: [],
    namedOfficers: [],
    pap: 'PAP:CLEAR',
    expiresDay: null,
  };
  const own = { ...facts, says: options.nation, own: true, agency: officer.agency, recipients: [] };
  const received = { ...facts, says: 'ZZ', own: false, agency: null, recipients: [options.nation] };
  return {
    officer: cardOf(officer),
    nation: options.nation,
    demo: options.demo,
    mayFile: policy.holds(viewer, own, 'file', nowMs).allowed,
    mayReadReports:
      policy.holds(viewer, received, 'list', nowMs).allowed || policy.holds(viewer, own, 'list', nowMs).allowed,
    mayAdminister: mayAdminister(viewer),
  };
}
