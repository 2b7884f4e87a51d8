/** What changed between two previews of what leaves, field by field. */
export interface Change {
  /** Path inside the payload, such as `statements.2.value`. */
  at: string;
  before: string | null;
  after: string | null;
}

function flatten(value: unknown, at: string, into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    into.set(at, String(value));
    return;
  }
  if (Array.isArray(value) && value.every((inner) => typeof inner !== 'object')) {
    into.set(at, value.join(', '));
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(inner, at === '' ? key : `${at}.${key}`, into);
}

/** Leaves of a JSON text by path; text that is not JSON is one leaf, so that nothing is passed over. */
export function leaves(payload: string): Map<string, string> {
  const found = new Map<string, string>();
  try {
    flatten(JSON.parse(payload), '', found);
  } catch {
    found.set('', payload);
  }
  return found;
}

/** Times and ids are made afresh for every preview: they differ without anybody having changed anything. */
const fresh = /(^|\.)(id|releasedAt|assertedAt)$/;

export function differences(before: string, after: string): Change[] {
  const [old, now] = [leaves(before), leaves(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths
    .filter((at) => !fresh.test(at) && old.get(at) !== now.get(at))
    .map((at) => ({ at, before: old.get(at) ?? null, after: now.get(at) ?? null }));
}
