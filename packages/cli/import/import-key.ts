/** The name under which one part of one import is filed: the same import again makes nothing new. */
import { createHash } from 'node:crypto';

/** Everything that changes what is filed; the order of files and nations does not. */
export type ImportIdentity = {
  fileHashes: readonly string[];
  /** Options that change the content: filter, date, language, grade, marking, purpose, urgency, offence. */
  content: Readonly<Record<string, unknown>>;
  recipients: readonly string[];
};

/** Printable ASCII for the Idempotency-Key header; `part` counts from 1. */
export function importKey({ fileHashes, content, recipients }: ImportIdentity, part: number): string {
  const options = Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = JSON.stringify([[...fileHashes].sort(), options, [...recipients].sort()]);
  return `import-${createHash('sha256').update(identity).digest('hex')}-${part}`;
}
