/** What makes the demonstration start by itself: passphrases, tokens and compartment ids in one file. Never in earnest. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damaged, readRecord } from './record.ts';

export interface DemoSecrets {
  passphrases: Record<string, string>;
  tokenSeed: string;
  agencies: Record<string, { first: string; second: string }>;
}

/** Fields of `DemoSecrets`. */
const SECRETS = 3;

const text = (bytes: number) => randomBytes(bytes).toString('base64url');

export function demoSecrets(dataDir: string, nations: readonly string[]): DemoSecrets {
  const file = join(dataDir, 'demo-secrets.json');
  if (existsSync(file)) return wholeSecrets(file);
  const secrets: DemoSecrets = {
    passphrases: Object.fromEntries(nations.map((nation) => [nation, text(18)])),
    tokenSeed: text(32),
    agencies: Object.fromEntries(nations.map((nation) => [nation, { first: text(9), second: text(9) }])),
  };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ ...secrets, check: checkOf(secrets) }), { mode: 0o600 });
  return secrets;
}

/** A changed seed would make other tokens, a changed compartment other readers; nothing else would say so. */
function wholeSecrets(file: string): DemoSecrets {
  const { check, ...secrets } = readRecord(file) as unknown as DemoSecrets & { check?: string };
  // Files of an earlier version carry none; a check that lost its name is no earlier version.
  const isWhole = check === undefined ? Object.keys(secrets).length === SECRETS : check === checkOf(secrets);
  if (!isWhole) throw damaged(file);
  return secrets;
}

const checkOf = (secrets: DemoSecrets): string =>
  createHash('sha256').update(JSON.stringify(secrets)).digest('base64url');
