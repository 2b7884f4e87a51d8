/** The readers on real files, which lie beside the checkout and never in it. Without them each test skips and says so. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { composeReport, encodeReport } from '@tripoint/model/report';
import { readCsv } from './csv.ts';
import type { Imported } from './imported.ts';
import { intoReports } from './into-reports.ts';
import { readMisp } from './misp.ts';
import { readOfacSdn } from './ofac-sdn.ts';
import type { Reading } from './refusal.ts';
import { readStix } from './stix.ts';

const datasets = process.env.TRIPOINT_DATASETS ?? join(import.meta.dirname, '../../../../shared/data');

/** True, and the test skipped in one line, when the set is not there. */
function isAbsent(t: TestContext, set: string): boolean {
  const absent = !existsSync(join(datasets, set));
  if (absent) t.skip(`skipped: ../shared/data/${set} not present`);
  return absent;
}

const read = (path: string) => readFileSync(join(datasets, path), 'utf8');
const list = () => ({ sdn: read('ofac-sdn/sdn.csv'), alt: read('ofac-sdn/alt.csv'), add: read('ofac-sdn/add.csv') });

function taken<T>(reading: Reading<T>): T {
  assert.ok(reading.ok, JSON.stringify(reading));
  return reading.value;
}

test('the narcotics part of the sanctions list has exactly the entries, names and addresses it has', (t) => {
  if (isAbsent(t, 'ofac-sdn')) return;
  const { counts, rows } = taken(readOfacSdn(list(), { only: 'narcotics' }));
  const { entries, individuals, aircraft, vessels, otherNames, addresses } = counts;
  assert.deepEqual(
    { entries, individuals, aircraft, vessels, otherNames, addresses },
    { entries: 1_564, individuals: 839, aircraft: 1, vessels: 0, otherNames: 1_141, addresses: 3_105 },
  );
  assert.equal(rows, 9_044 + 12_409 + 13_625);
});

test('the identifier that stands twice keeps its first owner, and the second row is set aside and said', (t) => {
  if (isAbsent(t, 'ofac-sdn')) return;
  const { notes, unmapped, statements, counts } = taken(readOfacSdn(list()));
  assert.equal(counts.entries, 9_043);
  assert.ok(notes.some((note) => note.includes('row 9044 was set aside: identifier 2677 already stands in row 57')));
  const aside = unmapped.find((one) => one.where === 'sdn.csv row 9044');
  assert.match(aside!.reported, /^2677 \| /);
  const names = statements.filter((one) => one.entity === 'ofac-2677' && one.property === 'name');
  assert.equal(names.length, 1);
});

/** Words of the list's own grammar, which become a property instead of a value. */
const grammar = new Set(
  'alt DOB POB nationality citizen Gender a k f n d b Website Email Address Linked To Digital Currency Aircraft Model Tail Number Telephone Fax Organization Established Date'.split(
    ' ',
  ),
);

function wordsOf(text: string): string[] {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).filter((word) => !grammar.has(word));
}

test('every non-empty field of every row of the narcotics part is in a statement or among what is kept', (t) => {
  if (isAbsent(t, 'ofac-sdn')) return;
  const files = list();
  const { statements, unmapped } = taken(readOfacSdn(files, { only: 'narcotics' }));
  const told = new Map<string, Set<string>>();
  const tell = (record: string, text: string) => {
    const words = told.get(record) ?? new Set();
    for (const word of wordsOf(text)) words.add(word.toLowerCase());
    told.set(record, words);
  };
  const narcotics = [...readCsv(files.sdn)].filter(({ fields }) => /SDNTK|ILLICIT-DRUGS/.test(fields[3]!));
  for (const { sourceRef, value } of statements) tell(sourceRef!.split('/')[1]!, value);
  for (const { reported, entity } of unmapped) tell(entity?.replace('ofac-', '') ?? '', reported);
  const ids = new Set(narcotics.map(({ fields }) => fields[0]!));
  assert.equal(ids.size, 1_564);
  let fieldsSeen = 0;
  const look = (id: string, field: string, where: string) => {
    if (field.trim() === '-0-' || field.trim() === '') return;
    fieldsSeen += 1;
    for (const word of wordsOf(field))
      assert.ok(told.get(id)?.has(word.toLowerCase()), `${where}: "${word}" of ${field}`);
  };
  for (const { row, fields } of narcotics) {
    for (const column of [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]) look(fields[0]!, fields[column]!, `sdn ${row}/${column}`);
    const isPerson = statements.some((one) => one.entity === `ofac-${fields[0]}` && one.schema === 'Person');
    assert.equal(isPerson, fields[2] === 'individual');
  }
  for (const { row, fields } of readCsv(files.alt)) if (ids.has(fields[0]!)) look(fields[0]!, fields[3]!, `alt ${row}`);
  for (const { row, fields } of readCsv(files.add))
    if (ids.has(fields[0]!)) for (const column of [2, 3, 4]) look(fields[0]!, fields[column]!, `add ${row}/${column}`);
  assert.ok(fieldsSeen > 10_000);
});

test('the narcotics part becomes reports that all compose, small enough, and the same each time', (t) => {
  if (isAbsent(t, 'ofac-sdn')) return;
  const imported = taken(readOfacSdn(list(), { only: 'narcotics', dated: '2022-01' }));
  const parts = taken(intoReports(imported));
  assert.deepEqual(parts, taken(intoReports(taken(readOfacSdn(list(), { only: 'narcotics', dated: '2022-01' })))));
  const { statements, unparsed } = composed(t, imported);
  t.diagnostic(
    `${parts.length} reports, ${statements} statements, ${unparsed} as reported, ${imported.unmapped.length} kept`,
  );
  assert.equal(
    parts.reduce((sum, part) => sum + part.statements.length, 0),
    imported.statements.length,
  );
  assert.ok(unparsed / statements < 0.02);
});

test('the threat report of the STIX examples is accounted for, object by object', (t) => {
  if (isAbsent(t, 'interop/stix')) return;
  const imported = taken(readStix(read('interop/stix/apt1.json')));
  accountForStix(imported, read('interop/stix/apt1.json'));
  assert.equal(imported.rows, 76);
  assert.equal(imported.sourceMarking, undefined);
  composed(t, imported);
});

test('the infrastructure of the STIX examples is accounted for, object by object', (t) => {
  if (isAbsent(t, 'interop/stix')) return;
  const imported = taken(readStix(read('interop/stix/infrastructure.json')));
  accountForStix(imported, read('interop/stix/infrastructure.json'));
  assert.equal(imported.rows, 10);
  composed(t, imported);
});

/** Every scalar of every object stands in a statement's value or reference, or among what is kept. */
function accountForStix({ statements, unmapped }: Imported, text: string): void {
  const told = JSON.stringify([
    statements.map((s) => [s.value, s.sourceRef, s.schema]),
    unmapped.map((one) => one.reported),
  ]);
  const kept = told.replaceAll('\\\\', '\\').replaceAll('\\"', '"');
  for (const object of JSON.parse(text).objects)
    for (const [key, value] of Object.entries(object)) {
      if (['type', 'spec_version', 'identity_class', 'source_ref', 'target_ref', 'object_refs'].includes(key)) continue;
      for (const one of scalarsOf(value))
        assert.ok(kept.includes(JSON.stringify(one).slice(1, -1)) || kept.includes(one), `${object.id} ${key}: ${one}`);
    }
}

function scalarsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsOf);
  return [String(value).trim()];
}

test('the MISP example is accounted for: attributes, objects, tags, galaxies, references', (t) => {
  if (isAbsent(t, 'interop/misp')) return;
  const imported = taken(readMisp(read('interop/misp/existing_event.json')));
  const { attributes, objects, references, galaxies } = imported.counts;
  assert.deepEqual(
    { attributes, objects, galaxies, references },
    { attributes: 9, objects: 49, galaxies: 4, references: 20 },
  );
  const event = JSON.parse(read('interop/misp/existing_event.json'));
  const values = new Set(imported.statements.map((one) => one.value));
  const kept = imported.unmapped.map((one) => one.reported);
  const isTold = (value: string) =>
    [...values].some((one) => one.includes(value)) || kept.some((one) => one.includes(value));
  for (const { value } of event.Attribute) assert.ok(isTold(value.trim()), value);
  for (const object of event.Object)
    for (const { value, uuid } of object.Attribute)
      assert.ok(
        imported.statements.some((s) => s.sourceRef === `misp/${object.uuid}/${uuid}` && s.value.includes(value)) ||
          isTold(value),
        value,
      );
  assert.equal(event.Tag.length, 18);
  for (const { name } of event.Tag) assert.ok(kept.includes(name), name);
  for (const { GalaxyCluster } of event.Galaxy) for (const { value } of GalaxyCluster) assert.ok(isTold(value), value);
  assert.deepEqual(imported.sourceMarking?.handling, ['H0'], 'tlp:white of the event; the officer says the rest');
  const leaving = JSON.stringify([imported.statements, imported.unmapped.filter((one) => !one.homeOnly)]);
  assert.ok(!leaving.includes('circl.lu"') && !leaving.includes(event.event_creator_email));
  composed(t, imported);
});

/** Every report an import makes can be composed and stays below its bounds; answers what became of the values. */
function composed(t: TestContext, imported: Imported): { statements: number; unparsed: number } {
  const totals = { statements: 0, unparsed: 0 };
  let sizeBytesMax = 0;
  for (const part of taken(intoReports(imported))) {
    const answer = composeReport(
      {
        ...part,
        recipients: ['LA', 'PH'],
        purpose: 'detection',
        grade: { scheme: '4x4', source: 'A', information: '2' },
        marking: { handling: ['H0'], conditions: [], pap: 'PAP:CLEAR' },
      },
      {
        id: '00000000-0000-4000-8000-000000000000',
        salt: new Uint8Array(32),
        says: 'KR',
        at: '2026-11-23T00:00:00Z',
        hash: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
      },
    );
    assert.ok(answer.ok, JSON.stringify(answer).slice(0, 2_000));
    const sizeBytes = encodeReport(answer.report).length;
    sizeBytesMax = Math.max(sizeBytesMax, sizeBytes);
    assert.ok(sizeBytes <= 700_000);
    assert.ok(part.statements.length <= 1_000);
    totals.statements += answer.report.statements.length;
    totals.unparsed += answer.report.statements.filter((one) => one.unparsed).length;
  }
  t.diagnostic(`largest report ${sizeBytesMax} bytes`);
  return totals;
}
