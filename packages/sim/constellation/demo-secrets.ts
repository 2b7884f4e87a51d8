/** What makes the demonstration start by itself: passphrases, tokens and compartment ids in one file. Never in earnest. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DemoSecrets {
  passphrases: Record<string, string>;
  tokenSeed: string;
  agencies: Record<string, { first: string; second: string }>;
}

const text = (bytes: number) => randomBytes(bytes).toString('base64url');

export function demoSecrets(dataDir: string, nations: readonly string[]): DemoSecrets {
  const file = join(dataDir, 'demo-secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets;
  const secrets: DemoSecrets = {
    passphrases: Object.fromEntries(nations.map((nation) => [nation, text(18)])),
    tokenSeed: text(32),
    agencies: Object.fromEntries(nations.map((nation) => [nation, { first: text(9), second: text(9) }])),
  };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
