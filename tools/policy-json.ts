/** Writes packages/model/policy/policy.json from policy.cedar. Run after every change of the text: `node tools/policy-json.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';

const room = new URL('../packages/model/policy/', import.meta.url);
const parts = policySetTextToParts(readFileSync(new URL('policy.cedar', room), 'utf8'));
if (parts.type === 'failure') throw new Error(parts.errors.map((error) => error.message).join('\n'));

const policies = parts.policies.map((text) => {
  const parsed = policyToJson(text);
  if (parsed.type === 'failure') throw new Error(parsed.errors.map((error) => error.message).join('\n'));
  const id = parsed.json.annotations?.id;
  if (id === undefined) throw new Error(`a policy without @id: ${text}`);
  return [id, parsed.json] as const;
});
policies.sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(new URL('policy.json', room), `${JSON.stringify(Object.fromEntries(policies), null, 2)}\n`);
