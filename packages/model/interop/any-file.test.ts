/**
 * Whatever stands in a file, what the readers take of it can be filed: a bureau that refused it would leave the officer
 * with a list and no way to send it. Invented files, in which any word may be replaced by one made to break something.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { composeReport } from '@tripoint/model/report';
import fc from 'fast-check';
import { readExchangeJson } from './exchange-json.ts';
import type { Imported } from './imported.ts';
import { intoReports } from './into-reports.ts';
import { readOfacSdn } from './ofac-sdn.ts';
import { readPlainText } from './plain-text.ts';
import type { Reading } from './refusal.ts';

const breaking = fc.constantFrom(
  ...['', '  ', '\n', '\t', 'a\r\nb', '\u0001', '\u0085', '\u202eback', '\u061c', '\ud800', 'x\udc00', '\u200b'],
  ...['\ufeff', '\u2028', '\uffff', 'e\u0301'.repeat(400), 'long '.repeat(1_000), '🙂', '가나다', '٠١٢'],
  ...['constructor', '__proto__', 'toString', '<script>', '=1+1', '\\', '"', "'", '%s', '-0- ', 'tlp:red', 'tlp:none'],
  ...['2026-13-45', '0', '4', 'true', 'person', 'identity--1', 'identity--2', '+66812345678'],
);

/** The value with any of its words, keys and branches replaced, a few or many of them. */
function broken(value: unknown): fc.Arbitrary<unknown> {
  return fc.constantFrom(10, 50, 200).chain((share) =>
    fc.infiniteStream(fc.tuple(fc.noBias(fc.nat(999)), breaking)).map((choices) => {
      const next = () => choices.next().value as [number, string];
      const walk = (at: unknown): unknown => {
        const [chance, word] = next();
        if (chance < share) return chance < share / 6 ? [word, null, { [word]: 1.5 }] : word;
        if (Array.isArray(at)) return at.map(walk);
        if (typeof at !== 'object' || at === null) return at;
        return Object.fromEntries(
          Object.entries(at).map(([key, member]) => [keyFrom(key, next(), share), walk(member)]),
        );
      };
      return walk(value);
    }),
  );
}

function keyFrom(key: string, [chance, word]: [number, string], share: number): string {
  return chance < share / 4 ? word : key;
}

function composes(reading: Reading<Imported>): void {
  const cut = reading.ok ? intoReports(reading.value) : reading;
  if (!cut.ok) return;
  for (const part of cut.value) {
    const draft = {
      ...part,
      recipients: ['PH'],
      purpose: 'detection',
      grade: { scheme: '4x4', source: 'A', information: '2' },
      marking: { handling: ['H0'], conditions: [], pap: 'PAP:CLEAR' },
    };
    const answer = composeReport(draft, {
      id: '00000000-0000-4000-8000-000000000000',
      salt: new Uint8Array(32),
      says: 'KR',
      at: '2026-11-23T00:00:00Z',
      hash: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
    });
    assert.ok(answer.ok, JSON.stringify(answer));
  }
}

const bundle = {
  type: 'bundle',
  id: 'bundle--1',
  objects: [
    { type: 'report', id: 'report--1', name: 'Lanterns', object_refs: ['identity--1', 'identity--2', 'tool--1'] },
    { type: 'identity', id: 'identity--1', identity_class: 'individual', name: 'Mora Lantern', sectors: ['harbour'] },
    { type: 'identity', id: 'identity--2', identity_class: 'group', name: 'Green Delta', lang: 'en', confidence: 4 },
    { type: 'domain-name', id: 'domain--1', value: 'lantern.example', resolves_to_refs: ['ip--1'] },
    { type: 'ipv4-addr', id: 'ip--1', value: '198.51.100.7' },
    { type: 'location', id: 'location--1', name: 'Pier', latitude: 17.9, longitude: 102.6 },
    { type: 'tool', id: 'tool--1', name: 'Moth', created_by_ref: 'identity--3' },
    {
      type: 'relationship',
      id: 'r--1',
      relationship_type: 'member-of',
      source_ref: 'identity--1',
      target_ref: 'identity--2',
    },
    {
      type: 'relationship',
      id: 'r--2',
      relationship_type: 'located-at',
      source_ref: 'identity--2',
      target_ref: 'location--1',
    },
  ],
};

test('any bundle that is read can be filed, whatever stands in it', () => {
  fc.assert(
    fc.property(broken(bundle), (json) => composes(readExchangeJson(JSON.stringify(json)))),
    { numRuns: 400 },
  );
});

const event = {
  uuid: 'e1',
  info: 'Lanterns',
  date: '2026-03-04',
  Tag: [{ name: 'case:lantern' }],
  Attribute: [
    { uuid: 'a1', type: 'domain', value: 'lantern.example', comment: 'drop site' },
    { uuid: 'a2', type: 'domain|ip', value: 'heron.example|198.51.100.9' },
    { uuid: 'a3', type: 'phone-number', value: '+66812345678', first_seen: '2026-01-02T00:00:00+00:00' },
    { uuid: 'a4', type: 'text', value: 'Two couriers.' },
  ],
  Object: [
    {
      uuid: 'o1',
      name: 'person',
      Attribute: [
        { uuid: 'a5', type: 'first-name', object_relation: 'first-name', value: 'Mora' },
        { uuid: 'a6', type: 'text', object_relation: 'handedness', value: 'left' },
      ],
      ObjectReference: [
        { uuid: 'r1', referenced_uuid: 'a1', relationship_type: 'uses' },
        { uuid: 'r2', referenced_uuid: 'o2', relationship_type: 'knows' },
      ],
    },
    { uuid: 'o2', name: 'person', Attribute: [{ uuid: 'a7', type: 'text', object_relation: 'alias', value: 'Moth' }] },
  ],
};

test('any event that is read can be filed, whatever stands in it', () => {
  fc.assert(
    fc.property(broken(event), (json) => composes(readExchangeJson(JSON.stringify(json)))),
    { numRuns: 400 },
  );
});

const remarks = fc.constantFrom(
  ...['DOB 19 Apr 1947; nationality Laos.', 'Digital Currency Address - XBT 1Boat; Linked To: GREEN DELTA.'],
  ...['Passport A1 (Laos); Linked To: \u202eback.', 'Telephone 85620555; Gender Female; Linked To: constructor.'],
);
const field = fc.oneof({ weight: 3, arbitrary: breaking }, { weight: 1, arbitrary: remarks });
const kind = fc.constantFrom('individual', '-0- ', 'vessel', 'aircraft', 'constructor', 'airship');
const identifier = fc.constantFrom('101', '102', '103');
const row = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
const fields = (length: number) => fc.array(field, { minLength: length, maxLength: length });

test('any list that is read can be filed, whatever stands in it', () => {
  const sdn = fc
    .tuple(identifier, field, kind, fields(9))
    .map(([id, name, type, rest]) => row([id, name, type, ...rest]));
  const other = (length: number) => fc.tuple(identifier, fields(length)).map(([id, rest]) => row([id, ...rest]));
  const rows = (one: fc.Arbitrary<string>) =>
    fc.array(one, { minLength: 1, maxLength: 4 }).map((all) => all.join('\n'));
  const list = fc.record({ sdn: rows(sdn), alt: rows(other(4)), add: rows(other(5)) });
  fc.assert(
    fc.property(list, (files) => composes(readOfacSdn(files))),
    { numRuns: 400 },
  );
});

test('any text that is read can be filed, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.array(breaking, { maxLength: 6 }), (lines) => composes(readPlainText(lines.join('\n')))),
    { numRuns: 200 },
  );
});
