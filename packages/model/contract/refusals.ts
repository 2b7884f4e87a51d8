/**
 * Every refusal a bureau may give at its own door, written once.
 * `status` is the HTTP status; `facts` names the typed facts that travel beside the code.
 * No fact carries payload: a path says where, a reason is a closed code, a limit is a number.
 * Hidden and not found are one answer, so there is no code for "exists, but not for you".
 */
export const refusals = {
  /** The body, query or path does not have the shape the contract names. */
  invalid: { status: 400, facts: { at: 'text', reason: 'text' } },
  'cursor-unknown': { status: 400, facts: {} },
  'signed-out': { status: 401, facts: {} },
  'not-allowed': { status: 403, facts: {} },
  /** Does not exist or may not be seen: the same answer. */
  'not-found': { status: 404, facts: {} },
  'own-report': { status: 409, facts: {} },
  /** What this bureau keeps of it does not open any more; its administrator knows. */
  'report-damaged': { status: 409, facts: {} },
  /** Nothing of it was sealed or taken in yet, or that was before evidence was kept. */
  'evidence-missing': { status: 409, facts: {} },
  /** What leaves has changed since the officer looked at it. */
  'preview-stale': { status: 409, facts: {} },
  /** The same Idempotency-Key came with another body. */
  'idempotency-conflict': { status: 409, facts: {} },
  'body-too-large': { status: 413, facts: { limit: 'number' } },
  'report-too-large': { status: 413, facts: { at: 'text', limit: 'number' } },
  'media-type': { status: 415, facts: {} },
  'grade-missing': { status: 422, facts: { at: 'text' } },
  'grade-unknown': { status: 422, facts: { at: 'text' } },
  'marking-missing': { status: 422, facts: { at: 'text' } },
  'marking-unknown': { status: 422, facts: { at: 'text', reason: 'text' } },
  'language-unknown': { status: 422, facts: { at: 'text' } },
  'purpose-unknown': { status: 422, facts: { at: 'text' } },
  'text-too-long': { status: 422, facts: { at: 'text', limit: 'number' } },
  /** Control or bidirectional characters, or half a surrogate pair: what is read would not be what is there. */
  'control-characters': { status: 422, facts: { at: 'text', reason: 'text' } },
  'audience-empty': { status: 422, facts: { at: 'text' } },
  'recipient-unknown': { status: 422, facts: { nation: 'text' } },
  'recipient-not-active': { status: 422, facts: { nation: 'text' } },
  'recipient-self': { status: 422, facts: { at: 'text', nation: 'text' } },
  /** A structured condition of the marking forbids it; `condition` is its code. */
  condition: { status: 422, facts: { at: 'text', condition: 'text', nation: 'text' } },
  /** A purpose limit in the marking does not hold the stated purpose. */
  purpose: { status: 422, facts: { at: 'text' } },
  /** One entity label stands for two things, or a reference names an entity the report says nothing about. */
  'entity-unclear': { status: 422, facts: { at: 'text', reason: 'text' } },
  /** The same claim is made twice with two grades; grades are never averaged. */
  'claim-twice': { status: 422, facts: { at: 'text' } },
  'too-many-attempts': { status: 429, facts: {} },
  'too-many-requests': { status: 429, facts: {} },
  'queue-full': { status: 503, facts: {} },
  /** The bureau is starting, locked or shutting down, or its database is away for now. */
  'not-ready': { status: 503, facts: {} },
  /** No room to keep anything new; what was acknowledged is kept, and reading goes on. */
  'disk-full': { status: 507, facts: {} },
} as const satisfies Record<string, RefusalEntry>;

export interface RefusalEntry {
  readonly status: number;
  readonly facts: Readonly<Record<string, FactType>>;
}

export type FactType = 'text' | 'number';
export type RefusalCode = keyof typeof refusals;

type FactsOf<C extends RefusalCode> = {
  -readonly [F in keyof (typeof refusals)[C]['facts']]?: (typeof refusals)[C]['facts'][F] extends 'number'
    ? number
    : string;
};

/** A refusal as it travels: the code and its facts side by side. */
export type RefusalOf<C extends RefusalCode> = { [K in C]: { code: K } & FactsOf<K> }[C];
export type AnyRefusal = RefusalOf<RefusalCode>;

export function refusalStatus(code: RefusalCode): number {
  return refusals[code].status;
}

export function isRefusalCode(code: unknown): code is RefusalCode {
  return typeof code === 'string' && Object.hasOwn(refusals, code);
}
