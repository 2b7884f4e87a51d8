import { z } from 'zod';

/**
 * A nation as two capitals of ISO 3166-1 alpha-2. Which nations are members stands in the charter, not here.
 */
export const nationSchema = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .meta({ id: 'Nation', description: 'ISO 3166-1 alpha-2' });
export const Nation = nationSchema;
export type Nation = z.infer<typeof nationSchema>;

/** The same check without the parser, for paths that run a thousand times an item. */
export function isNation(value: unknown): value is Nation {
  return typeof value === 'string' && value.length === 2 && isCapital(value, 0) && isCapital(value, 1);
}

function isCapital(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x41 && unit <= 0x5a;
}
