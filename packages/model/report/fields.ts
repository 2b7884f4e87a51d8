/** Why a body from another nation is not a report this bureau can hold. Closed; it goes to quarantine with `at`. */
export type Unread =
  | 'too-large'
  | 'not-utf8'
  | 'not-json'
  | 'not-canonical'
  | 'unknown-field'
  | 'missing-field'
  | 'wrong-field'
  | 'unsafe-text'
  | 'statement-twice'
  | 'entity-unclear';

/** Leaves the checks at the first fault; caught by parseReport alone and never seen outside. */
export class Unreadable extends Error {
  readonly why: Unread;
  readonly at: string;

  constructor(why: Unread, at: string) {
    super(why);
    this.why = why;
    this.at = at;
  }
}

type Check = (value: unknown, at: string, odd: string[]) => void;

/** An object with exactly these fields, its keys ascending as canonical JSON writes them. */
export function checkFields(
  value: unknown,
  checks: Readonly<Record<string, Check>>,
  required: readonly string[],
  at: string,
  odd: string[],
): asserts value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unreadable('wrong-field', at);
  const path = at === '' ? '' : `${at}.`;
  let before = '';
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(checks, key)) throw new Unreadable('unknown-field', at);
    if (key <= before) throw new Unreadable('not-canonical', at);
    checks[key]!((value as Record<string, unknown>)[key], path + key, odd);
    before = key;
  }
  for (const key of required) if (!Object.hasOwn(value, key)) throw new Unreadable('missing-field', path + key);
}
