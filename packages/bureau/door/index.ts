/** What a desk is handed with each call, and how it refuses. Knows no HTTP. */
import type { AnswerOf, AnyRefusal, BodyOf, ParamsOf, QueryOf, Route } from '@tripoint/model/contract';
import type { Viewer } from '@tripoint/model/policy';

/** One call, parsed strictly by its contract. On a public route `viewer` is null. */
export interface Asked<R extends Route> {
  viewer: R['public'] extends true ? null : Viewer;
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  /** Present exactly on routes that are `idempotent`. */
  idempotencyKey: string | null;
}

export interface Bound {
  route: Route;
  answer(asked: unknown): Promise<unknown>;
}

export function bind<R extends Route>(route: R, answer: (asked: Asked<R>) => Promise<AnswerOf<R>>): Bound {
  return { route, answer: answer as Bound['answer'] };
}

/** A refusal of the contract. Thrown by a use case, turned into an answer in one place: the api. */
export class Refused extends Error {
  readonly refusals: readonly AnyRefusal[];
  constructor(...refusals: [AnyRefusal, ...AnyRefusal[]]) {
    super(refusals[0].code);
    this.name = 'Refused';
    this.refusals = refusals;
  }
}

/** Hidden and missing are the same answer. */
export function notFound(): Refused {
  return new Refused({ code: 'not-found' });
}
