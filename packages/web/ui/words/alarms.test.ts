import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { alarmCodes, alarmKinds } from '@tripoint/model/codes';
import { refusals } from '@tripoint/model/contract';
import { languages } from '../languages.ts';
import { alarmKindWords, alarmWords } from './alarms.ts';
import { refusalWords } from './refusals.ts';

const lists = [
  { kind: 'alarm-kind', codes: alarmKinds, words: alarmKindWords },
  { kind: 'alarm', codes: alarmCodes, words: alarmWords },
  { kind: 'refusal', codes: Object.keys(refusals), words: refusalWords },
] as const;

/** Message ids that stand translated in a catalogue. */
function worded(language: string): Set<string> {
  const text = readFileSync(new URL(`../../messages/${language}/messages.po`, import.meta.url), 'utf8');
  return new Set([...text.matchAll(/^msgid "(.+)"\nmsgstr "./gm)].map(([, id]) => id as string));
}

for (const { kind, codes, words } of lists)
  test(`an officer reads every code of the list ${kind} in words, in each of the seven languages`, () => {
    assert.equal(languages.length, 7);
    for (const code of codes) {
      const entry = (words as Readonly<Record<string, { id: string }>>)[code];
      assert.equal(entry?.id, `${kind}.${code}`);
      for (const language of languages) assert.ok(worded(language).has(`${kind}.${code}`), `${code} in ${language}`);
    }
  });
