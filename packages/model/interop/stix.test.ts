import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExchangeJson } from './exchange-json.ts';
import { readStix } from './stix.ts';

const id = (type: string, digit: number) => `${type}--00000000-0000-4000-8000-00000000000${digit}`;
const common = { spec_version: '2.1', created: '2026-01-02T03:04:05.000Z', modified: '2026-01-02T03:04:05.000Z' };

/** An invented bundle: a group, a person, a domain, a malware, and what joins them. */
const objects = [
  {
    type: 'intrusion-set',
    id: id('intrusion-set', 1),
    ...common,
    name: 'Green Delta',
    aliases: ['Blue Delta'],
    first_seen: '2024-05-01T00:00:00Z',
    confidence: 60,
  },
  {
    type: 'identity',
    id: id('identity', 2),
    ...common,
    name: 'Mora Lantern',
    identity_class: 'individual',
    contact_information: 'mora@lantern.example',
  },
  { type: 'domain-name', id: id('domain-name', 3), value: 'lantern.example', resolves_to_refs: [id('ipv4-addr', 4)] },
  { type: 'ipv4-addr', id: id('ipv4-addr', 4), value: '198.51.100.7' },
  { type: 'malware', id: id('malware', 5), ...common, name: 'Moth', is_family: true },
  {
    type: 'relationship',
    id: id('relationship', 6),
    ...common,
    relationship_type: 'member-of',
    source_ref: id('identity', 2),
    target_ref: id('intrusion-set', 1),
    start_time: '2025-01-01T00:00:00Z',
    x_note: 'seen twice',
  },
  {
    type: 'relationship',
    id: id('relationship', 7),
    ...common,
    relationship_type: 'uses',
    source_ref: id('intrusion-set', 1),
    target_ref: id('malware', 5),
  },
];

function read(list: unknown[] = objects, more = {}) {
  const reading = readStix(JSON.stringify({ type: 'bundle', id: id('bundle', 0), objects: list, ...more }));
  assert.ok(reading.ok);
  return reading.value;
}

test('groups, people and addresses become things of ours, with the source’s ids as reference', () => {
  const { statements } = read();
  const group = statements.find((statement) => statement.value === 'Green Delta');
  assert.deepEqual(
    [group?.schema, group?.property, group?.sourceRef],
    ['Organization', 'name', id('intrusion-set', 1)],
  );
  const said = statements.map(({ schema, property, value }) => `${schema} ${property} ${value}`);
  for (const line of [
    'Organization alias Blue Delta',
    'Organization kind group',
    'Person email mora@lantern.example',
    'Domain ip 198.51.100.7',
    'Device ip 198.51.100.7',
    'Membership role member-of',
  ])
    assert.ok(said.includes(line), line);
});

test('what is no thing of ours, and what hangs on it, is kept in its own words', () => {
  const { unmapped } = read();
  const reasons = unmapped.map(({ where, reason }) => `${where}: ${reason}`);
  assert.ok(reasons.includes('object 5 (malware): a STIX malware is no thing of ours'));
  assert.ok(reasons.some((reason) => reason.startsWith('object 7 (relationship): an end of it is kept')));
  assert.ok(unmapped.find((one) => one.where === 'object 6 (relationship)')?.reported.includes('seen twice'));
  assert.match(unmapped.find((one) => one.reported.includes('"confidence": 60'))!.reason, /not turned into a grade/);
});

test('every property of every object is in a statement or among what is kept', () => {
  const { statements, unmapped } = read();
  const told = [...statements.map((s) => `${s.value} ${s.sourceRef}`), ...unmapped.map((u) => u.reported)].join('\n');
  const consumed = new Set(['type', 'spec_version', 'identity_class', 'source_ref', 'target_ref', 'resolves_to_refs']);
  for (const object of objects)
    for (const [key, value] of Object.entries(object))
      if (!consumed.has(key)) for (const one of [value].flat()) assert.ok(told.includes(String(one)), `${key}: ${one}`);
});

test('no marking in the bundle makes nothing more open; a TLP marking can only tighten', () => {
  assert.equal(read().sourceMarking, undefined);
  const amber = { ...objects[1], object_marking_refs: ['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82'] };
  assert.deepEqual(read([amber]).sourceMarking?.handling, ['H2']);
  const red = {
    ...objects[1],
    granular_markings: [
      { marking_ref: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1', selectors: ['name'] },
    ],
  };
  assert.deepEqual(read([red]).sourceMarking?.conditions, [{ code: 'named-officers-only', param: [] }]);
  const unknown = { ...objects[1], object_marking_refs: ['marking-definition--00000000-0000-4000-8000-0000000000ff'] };
  assert.equal(
    read([unknown]).sourceMarking?.pap,
    'PAP:RED',
    'a marking that is not in the bundle asks for everything',
  );
  assert.deepEqual(read([amber, { ...red, id: id('identity', 9) }]).sourceMarking?.handling, ['H1', 'H2']);
});

test('whoever made the bundle is told at home and never leaves', () => {
  const maker = {
    type: 'identity',
    id: id('identity', 8),
    ...common,
    name: 'Bureau of Invented Affairs',
    identity_class: 'organization',
  };
  const made = objects.map((object) => ({ ...object, created_by_ref: maker.id }));
  const { statements, unmapped } = read([...made, maker]);
  assert.ok(unmapped.some((one) => one.homeOnly && one.reported.includes('Invented Affairs')));
  const leaving = JSON.stringify([statements, unmapped.filter((one) => !one.homeOnly)]);
  assert.ok(!leaving.includes('Invented Affairs') && !leaving.includes(maker.id));
  assert.ok(
    statements.some((one) => one.value === 'Mora Lantern'),
    'people the bundle is about are still said',
  );
});

test('of two versions of one object the newest counts and the other is kept', () => {
  const newer = { ...objects[0], name: 'Green Delta Group', modified: '2026-02-01T00:00:00.000Z' };
  for (const list of [
    [objects[0], newer],
    [newer, objects[0]],
  ]) {
    const { statements, unmapped } = read(list);
    assert.deepEqual(
      statements.filter((s) => s.property === 'name').map((s) => s.value),
      ['Green Delta Group'],
    );
    assert.ok(unmapped.some((one) => one.reason.startsWith('an older or repeated version')));
  }
});

test('what its source has revoked is not said again', () => {
  const { statements, unmapped } = read([{ ...objects[0], revoked: true }]);
  assert.equal(statements.length, 0);
  assert.equal(unmapped[0]?.reason, 'revoked by its source');
});

test('another version, another format and a broken file are refused by name', () => {
  const refusal = (text: string) => {
    const reading = readExchangeJson(text);
    return reading.ok ? undefined : reading.refusal.code;
  };
  assert.equal(refusal('{"type":"bundle","spec_version":"2.0","objects":[]}'), 'stix-version');
  assert.equal(refusal('{"some":"thing"}'), 'format-unknown');
  assert.equal(refusal('{"type":"bundle","objects":[{"type":'), 'json-cut-off');
  assert.equal(readStix('{"type":"report"}').ok, false);
});

test('objects without a kind or an id are kept, not dropped', () => {
  const { unmapped } = read([{ name: 'no type' }, 'just text', null]);
  assert.deepEqual(
    unmapped.map((one) => one.reported),
    ['{"name": "no type"}', '"just text"', 'null'],
  );
});

test('the same bundle gives the same statements', () => {
  assert.deepEqual(read(), read());
});
