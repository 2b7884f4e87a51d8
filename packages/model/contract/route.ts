import type { z } from 'zod';
import { type AnyRefusal, type RefusalCode, refusals } from './refusals.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Answers = { readonly 200?: z.ZodType; readonly 201?: z.ZodType; readonly 204?: null };

/** One entry of a desk's contract: what may be asked, answered and refused, the same for server and client. */
export interface Route {
  readonly method: Method;
  /** Starts with /api/; a segment `:id` is a path parameter and stands in `params`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /**
   * Words the body's faults in the desk's own codes, from the parser's issues and the body as it came.
   * Without it every fault is `invalid`. The answer carries places and limits, never a value.
   */
  readonly refusalsOfBody?: (issues: readonly z.core.$ZodIssue[], body: unknown) => readonly AnyRefusal[];
  readonly answers: Answers;
  /** Refusals beyond those any route may give (refusalsOfEveryRoute). */
  readonly refusals: readonly RefusalCode[];
  /** The Idempotency-Key header is honoured: the same key and body give the same answer. */
  readonly idempotent?: boolean;
  /** Answers somebody who is not signed in. */
  readonly public?: boolean;
  /** 200 is a stream of server-sent events, each of this shape. */
  readonly stream?: boolean;
}

/** What the door itself may say before a desk is asked. */
export const refusalsOfEveryRoute = [
  'invalid',
  'signed-out',
  'body-too-large',
  'media-type',
  'too-many-requests',
  'not-ready',
  'disk-full',
] as const satisfies readonly RefusalCode[];

const pathPattern = /^\/api(?:\/:?[a-z][a-z0-9-]*)+$/i;

/**
 * Checks an entry and returns it with its own types.
 * A wrong entry is our own mistake: it throws while the contract loads, not when somebody asks.
 */
export function defineRoute<const R extends Route>(route: R): R {
  if (!pathPattern.test(route.path))
    throw new TypeError(`a path starts with /api/ and has plain segments: ${route.path}`);
  const named = parameterNames(route.path);
  if (named.length > 0 !== Boolean(route.params)) throw new TypeError(`path and params differ: ${route.path}`);
  if (route.body && route.method === 'GET') throw new TypeError(`a GET carries no body: ${route.path}`);
  if (Object.keys(route.answers).length === 0) throw new TypeError(`a route has an answer: ${route.path}`);
  for (const code of route.refusals) {
    if (!Object.hasOwn(refusals, code)) throw new TypeError(`refusal not in the registry: ${code}`);
  }
  return route;
}

/** `/api/reports/:id` → ['id'] */
export function parameterNames(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => segment.slice(1));
}

/** Puts parameters into a path, percent-encoded; a missing one is our own mistake and throws. */
export function pathOf(route: Pick<Route, 'path'>, params: Readonly<Record<string, string>> = {}): string {
  return route.path
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':')) return segment;
      const value = params[segment.slice(1)];
      if (value === undefined) throw new TypeError(`missing path parameter ${segment} of ${route.path}`);
      return encodeURIComponent(value);
    })
    .join('/');
}

type Input<S> = S extends z.ZodType ? z.input<S> : undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export type ParamsOf<R extends Route> = Output<R['params']>;
export type QueryOf<R extends Route> = Output<R['query']>;
/** What the server works with after parsing. */
export type BodyOf<R extends Route> = Output<R['body']>;
/** What a client may send: defaults may be left out. */
export type BodyInputOf<R extends Route> = Input<R['body']>;
/** The success answer, whichever of 200, 201 and 204 the route has; 204 gives null. */
export type AnswerOf<R extends Route> = R['answers'] extends infer A
  ? { [S in keyof A]: A[S] extends z.ZodType ? z.output<A[S]> : null }[keyof A]
  : never;
export type RefusalOfRoute<R extends Route> = R['refusals'][number] | (typeof refusalsOfEveryRoute)[number];
