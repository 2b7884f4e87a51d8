/** Fastify put together from the desks' contracts: one parse, one viewer, one place for refusals. */

import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { AnyRefusal, Route } from '@tripoint/model/contract';
import type { Viewer } from '@tripoint/model/policy';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { type Bound, Refused } from '../door/index.ts';
import { absenceOf, type Store } from '../store/index.ts';
import { eventStream, keyHeader, lastEventHeader, problemAnswers, securitySchemes, signedIn } from './described.ts';
import { takeJsonBodies } from './json-body.ts';
import { EventFacts, type LivePorts, STREAMS_MAX, STREAMS_PER_OFFICER_MAX, writeLive } from './live.ts';
import { createOfficers, type Officer, type Officers, viewerOf } from './officers.ts';
import { createPages, type Pages } from './pages.ts';
import { sendDoorRefusal, sendRefusals, shapeRefusals } from './problem.ts';
import { apiHeaders } from './security-headers.ts';
import { sessionRoutes } from './session-routes.ts';
import type { Sessions } from './sessions.ts';
import { answerUnreadable, answerUnroutable } from './unread-request.ts';

/** A report with 5,000 statements fits; ten megabytes of text do not. */
const BODY_BYTES_MAX = 6 * 1024 * 1024;
const KEY_PATTERN = /^[\x21-\x7e][\x20-\x7e]{0,198}[\x21-\x7e]$|^[\x21-\x7e]$/;

export interface ApiLog {
  info(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

export interface ApiOptions {
  nation: string;
  listen: { host: string; port: number };
  /** Host names of the console besides the loopback address, such as kr.localhost. */
  consoleHosts: readonly string[];
  store: Store;
  sessions: Sessions;
  officers: readonly Officer[];
  demo: boolean;
  bound: readonly Bound[];
  /** Folder of the console's built files, or null when only the API is served. */
  webRoot: string | null;
  clock: { nowMs(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  random: (n: number) => Uint8Array;
  /** false when the disk has no room for anything new. */
  hasRoom: () => boolean;
  log: ApiLog;
}

export interface Api {
  port: number;
  stop(): Promise<void>;
}

/** Who asks, as far as the door could tell. */
export interface Caller {
  officer: Officer;
  viewer: Viewer;
  /** The session's id when a cookie brought it. */
  session: string | null;
}

export interface Doorway {
  options: ApiOptions;
  officers: Officers;
  cookieName: string;
  callerOf(request: FastifyRequest): Promise<Caller | null>;
}

export async function createApi(options: ApiOptions): Promise<Api> {
  const officers = createOfficers(options.officers);
  const doorway: Doorway = {
    options,
    officers,
    cookieName: `__Host-tripoint-${options.nation.toLowerCase()}`,
    callerOf: (request) => callerOf(doorway, request),
  };
  const reference = () => Buffer.from(options.random(9)).toString('base64url');
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    genReqId: reference,
    frameworkErrors: (_failure, _request, reply) => answerUnroutable(reply),
    clientErrorHandler: (failure, socket) => answerUnreadable(failure, socket, reference()),
    routerOptions: { maxParamLength: 100, caseSensitive: true },
    forceCloseConnections: true,
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await server.register(cookie);
  // Counted by this process; several processes of one bureau each count for themselves.
  await server.register(rateLimit, { global: false });
  await server.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Tripoint bureau', version: '1' }, components: { securitySchemes } },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  // Fastify brings a parser for plain text; nothing here is said in it.
  server.removeContentTypeParser('text/plain');
  takeJsonBodies(server);
  guard(server, doorway);
  await server.register(async (inside) => {
    for (const bound of [...options.bound, ...sessionRoutes(doorway)]) mount(inside, doorway, bound);
    live(inside, doorway);
  });
  server.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    return reply.headers(apiHeaders).type('application/json').serializer(JSON.stringify).send(server.swagger());
  });
  const pages = options.webRoot ? createPages(options.webRoot, 'index.html', options.random) : null;
  server.setNotFoundHandler((request, reply) => answerPage(pages, request, reply));
  const address = await server.listen(options.listen);
  return { port: Number(new URL(address).port), stop: () => server.close() };
}

/** Before anything else: the host asked for is ours, a write comes from our own page, and every answer has its headers. */
function guard(server: FastifyInstance, { options }: Doorway): void {
  const names = new Set([...options.consoleHosts, '127.0.0.1', 'localhost', '[::1]']);
  server.addHook('onRequest', async (request, reply) => {
    const host = request.headers.host ?? '';
    if (!names.has(host.replace(/:\d+$/, ''))) return sendDoorRefusal(reply, 'wrong-host');
    if (request.method === 'GET' || request.method === 'HEAD') return;
    if (isCrossSite(request)) return sendDoorRefusal(reply, 'cross-site');
    // Nothing will ever look at its body.
    if (request.is404) return sendDoorRefusal(closing(request, reply), 'not-found');
  });
  server.addHook('onSend', async (_request, reply, payload) => {
    if (!reply.hasHeader('content-security-policy')) reply.headers(apiHeaders);
    return payload;
  });
  server.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the path: a path may name what the log must not know.
    const route = request.routeOptions.url ?? 'page';
    options.log.info(
      {
        reference: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
  });
  server.setErrorHandler((error, request, reply) => answerFailure(options, error, request, reply));
}

function isCrossSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return true;
  const origin = request.headers.origin;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host;
}

function answerFailure(
  options: ApiOptions,
  failure: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (failure instanceof Refused) return sendRefusals(reply, failure.refusals);
  const code = (failure as { code?: string } | null)?.code;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return sendRefusals(reply, [{ code: 'body-too-large', limit: BODY_BYTES_MAX }]);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return sendRefusals(reply, [{ code: 'media-type' }]);
  if (code?.startsWith('FST_ERR_CTP') || failure instanceof SyntaxError)
    return sendRefusals(reply, [{ code: 'invalid', at: '', reason: 'json' }]);
  const issues = (failure as { validation?: { instancePath?: string; keyword?: string }[] } | null)?.validation;
  if (issues)
    return sendRefusals(reply, [
      { code: 'invalid', at: pathOfIssue(issues[0]), reason: issues[0]?.keyword ?? 'shape' },
    ]);
  const absence = absenceOf(failure);
  if (absence) {
    options.log.error({ reference: request.id, route: request.routeOptions.url, why: absence }, 'the database is away');
    return sendRefusals(reply, [{ code: absence === 'full' || !options.hasRoom() ? 'disk-full' : 'not-ready' }]);
  }
  options.log.error(
    { reference: request.id, route: request.routeOptions.url, reason: wordOf(failure) },
    'a request failed by our own fault',
  );
  return sendDoorRefusal(reply, 'failed');
}

const pathOfIssue = (issue: { instancePath?: string } | undefined) =>
  (issue?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.');

/** The name and place of a fault, never its message: a message may quote what was asked. */
function wordOf(failure: unknown): string {
  if (!(failure instanceof Error)) return typeof failure;
  const frame = failure.stack?.split('\n').find((line) => line.includes('packages/')) ?? '';
  return `${failure.name}${frame.replace(/^.*packages\//, ' at packages/').replace(/\)$/, '')}`;
}

/** Who is answered with the body unread leaves the rest of it unsent: a body without end must not keep the line. */
function closing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  const isShort = encoding === undefined && Number(length ?? 0) <= BODY_BYTES_MAX;
  return isShort ? reply : reply.header('connection', 'close');
}

async function callerOf({ options, officers, cookieName }: Doorway, request: FastifyRequest): Promise<Caller | null> {
  const bearer = /^Bearer ([\x21-\x7e]{16,200})$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    const officer = officers.byToken(bearer);
    return officer ? { officer, viewer: viewerOf(options.nation, officer), session: null } : null;
  }
  const session = request.cookies[cookieName];
  if (!session) return null;
  const id = await options.sessions.officerOf(session);
  const officer = id === null ? null : officers.byId(id);
  return officer ? { officer, viewer: viewerOf(options.nation, officer), session } : null;
}

/** Attempts at a public door, per address. */
const signInLimit = {
  max: 60,
  timeWindow: 60_000,
  errorResponseBuilder: () => new Refused({ code: 'too-many-attempts' }),
};

function mount(server: FastifyInstance, doorway: Doorway, { route, answer }: Bound): void {
  const responses = Object.fromEntries(
    Object.entries(route.answers).flatMap(([status, schema]) => (schema ? [[status, schema]] : [])),
  );
  const callers = new WeakMap<FastifyRequest, Caller>();
  server.route({
    method: route.method,
    url: route.path,
    // Before the body is read: a stranger learns nothing about shapes from refusals, and nothing of his is parsed.
    onRequest: async (request, reply) => {
      if (route.public) return;
      const caller = await doorway.callerOf(request);
      if (!caller) return sendRefusals(closing(request, reply), [{ code: 'signed-out' }]);
      callers.set(request, caller);
    },
    ...(route.public && route.method === 'POST' ? { config: { rateLimit: signInLimit } } : {}),
    schema: {
      summary: route.summary,
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { querystring: route.query } : {}),
      ...(route.body ? { body: route.body } : {}),
      ...(route.idempotent ? { headers: keyHeader } : {}),
      ...(route.public ? {} : { security: signedIn }),
      response: { ...responses, ...problemAnswers },
    },
    // Checked in the handler, whose refusals are the contract's own.
    validatorCompiler: () => (value) => ({ value }),
    handler: async (request, reply) => {
      const caller = callers.get(request) ?? null;
      // Before the database runs dry: what is filed here is promised to be kept.
      if (route.idempotent && !doorway.options.hasRoom()) return sendRefusals(reply, [{ code: 'disk-full' }]);
      const parsed = parse(route, request);
      if ('refusals' in parsed) return sendRefusals(reply, parsed.refusals);
      const key = keyOf(route, request);
      if (key === 'missing') return sendDoorRefusal(reply, 'key-missing');
      const result = await answer({
        viewer: caller?.viewer ?? null,
        caller,
        request,
        reply,
        ...parsed,
        idempotencyKey: key,
      });
      return sendAnswer(route, reply, result);
    },
  });
}

function keyOf(route: Route, request: FastifyRequest): string | null | 'missing' {
  if (!route.idempotent) return null;
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' && KEY_PATTERN.test(key) ? key : 'missing';
}

type Parsed = { params: unknown; query: unknown; body: unknown } | { refusals: readonly AnyRefusal[] };

function parse(route: Route, request: FastifyRequest): Parsed {
  const parts = {
    params: [route.params, request.params],
    query: [route.query, request.query],
    body: [route.body, request.body],
  } as const;
  const parsed: Record<string, unknown> = {};
  for (const [name, [schema, value]] of Object.entries(parts)) {
    if (!schema) continue;
    const result = (schema as z.ZodType).safeParse(value);
    // An id that cannot be an id is simply not found, like any other id that is not there.
    if (!result.success && name === 'params') return { refusals: [{ code: 'not-found' }] };
    if (!result.success) return { refusals: refusalsOf(route, name, result.error, value) };
    parsed[name] = result.data;
  }
  return parsed as { params: unknown; query: unknown; body: unknown };
}

function refusalsOf(route: Route, part: string, error: z.ZodError, value: unknown): readonly AnyRefusal[] {
  const own = part === 'body' ? route.refusalsOfBody?.(error.issues, value) : undefined;
  return own && own.length > 0 ? own : shapeRefusals(error);
}

function sendAnswer(route: Route, reply: FastifyReply, result: unknown): FastifyReply {
  if ('204' in route.answers) return reply.code(204).send();
  return reply
    .code('201' in route.answers ? 201 : 200)
    .type('application/json')
    .send(result);
}

function live(server: FastifyInstance, { options, callerOf, cookieName }: Doorway): void {
  /** Open streams and whose they are. */
  const open = new Map<AbortController, string>();
  server.addHook('onClose', async () => {
    for (const stream of open.keys()) stream.abort();
  });
  const facts = new EventFacts(options);
  const ports: LivePorts = { store: options.store, facts, clock: options.clock, nation: options.nation };
  server.get(
    '/api/live',
    // Without a HEAD of its own: a stream that is never written would never end.
    {
      schema: {
        summary: 'Live events of this officer (server-sent events)',
        headers: lastEventHeader,
        security: signedIn,
        response: { 200: eventStream, ...problemAnswers },
      },
      validatorCompiler: () => (value) => ({ value }),
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const caller = await callerOf(request);
      if (!caller) return sendRefusals(reply, [{ code: 'signed-out' }]);
      const own = [...open.values()].filter((officer) => officer === caller.officer.id).length;
      if (open.size >= STREAMS_MAX || own >= STREAMS_PER_OFFICER_MAX)
        return sendRefusals(reply, [{ code: 'too-many-requests' }]);
      const last = request.headers['last-event-id'];
      const lastId = typeof last === 'string' && last !== '' ? last : null;
      const ending = new AbortController();
      open.set(ending, caller.officer.id);
      reply.hijack();
      const response = reply.raw;
      const end = () => {
        open.delete(ending);
        ending.abort();
        response.end();
      };
      response.on('close', end);
      response.writeHead(200, { ...apiHeaders, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      void watchSession(options, request.cookies[cookieName], caller, ending.signal).then(end);
      await writeLive(ports, caller.viewer, response, lastId, ending.signal).catch((reason: unknown) =>
        options.log.error({ reference: request.id, reason: wordOf(reason) }, 'a live stream ended by our own fault'),
      );
      end();
    },
  );
}

/**
 * Resolves when the session is over: a revoked officer's stream ends with it. Where nobody can say whether it is, the
 * stream ends as well; the console comes back by itself.
 */
async function watchSession(
  options: ApiOptions,
  session: string | undefined,
  caller: Caller,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await options.clock.sleep(2_000, signal);
    if (session === undefined || caller.session === null || signal.aborted) continue;
    const open = await options.sessions.isOpen(session).catch((reason: unknown) => {
      options.log.error({ reason: wordOf(reason) }, 'a session could not be looked up');
      return false;
    });
    if (!open) return;
  }
}

function answerPage(pages: Pages | null, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = (request.url.split('?')[0] as string) || '/';
  if (path.startsWith('/api/') || (request.method !== 'GET' && request.method !== 'HEAD'))
    return sendDoorRefusal(reply, 'not-found');
  const page = pages?.at(path) ?? null;
  if (!page) return sendDoorRefusal(reply, 'not-found');
  return reply.code(page.status).headers(page.headers).send(page.body);
}
