/** A small strict reader of JSON: closed objects, whole numbers, bounded lists and texts. Throws WrongShape inside. */
export class WrongShape extends Error {
  override readonly name = 'WrongShape';
}

export type Shape<Value> = (value: unknown) => Value;

const fail = (what: string): never => {
  throw new WrongShape(what);
};

export const text =
  (pattern: RegExp): Shape<string> =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : fail('text');

export const oneOf =
  <Value extends string>(values: readonly Value[]): Shape<Value> =>
  (value) =>
    values.find((known) => known === value) ?? fail('one of a closed list');

/** A whole number; floats, −0 and what a double cannot hold exactly are refused here or by the JCS comparison. */
export const whole =
  (least = 0, most = Number.MAX_SAFE_INTEGER): Shape<number> =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : fail('whole number');

export const flag: Shape<boolean> = (value) => (typeof value === 'boolean' ? value : fail('true or false'));

export const orNull =
  <Value>(shape: Shape<Value>): Shape<Value | null> =>
  (value) =>
    value === null ? null : shape(value);

export const list =
  <Value>(shape: Shape<Value>, least: number, most: number): Shape<readonly Value[]> =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most
      ? value.map((item) => shape(item))
      : fail('list');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with exactly these keys. */
export const closed =
  <Value extends object>(fields: { readonly [Key in keyof Value]: Shape<Value[Key]> }): Shape<Value> =>
  (value) => {
    if (!isObject(value)) return fail('object');
    const names = Object.keys(fields) as (keyof Value & string)[];
    if (Object.keys(value).length !== names.length) return fail('unknown or missing keys');
    const entries = names.map((name) => [name, fields[name](Object.hasOwn(value, name) ? value[name] : undefined)]);
    return Object.fromEntries(entries) as Value;
  };

/** An object of free names, each with a value of one shape. */
export const named =
  <Value>(pattern: RegExp, shape: Shape<Value>, most: number): Shape<Readonly<Record<string, Value>>> =>
  (value) => {
    if (!isObject(value) || Object.keys(value).length > most) return fail('object');
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [pattern.test(name) ? name : fail('name'), shape(item)]),
    );
  };
