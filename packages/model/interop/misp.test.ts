import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExchangeJson } from './exchange-json.ts';
import { readMisp } from './misp.ts';

const attribute = (number: number, type: string, value: string, more = {}) => ({
  id: String(number),
  uuid: `00000000-0000-4000-8000-00000000000${number}`,
  type,
  value,
  distribution: '5',
  to_ids: false,
  deleted: false,
  comment: '',
  ...more,
});

/** An invented event with one of everything. */
const event = {
  uuid: '00000000-0000-4000-8000-0000000000ee',
  info: 'Lantern network: phones and wallets',
  date: '2026-03-04',
  distribution: '3',
  Orgc: { name: 'Bureau of Invented Affairs', uuid: 'x' },
  event_creator_email: 'clerk@invented.example',
  Tag: [{ name: 'tlp:amber' }, { name: 'case:lantern' }],
  Galaxy: [{ name: 'Threat Actor', GalaxyCluster: [{ value: 'Green Delta' }] }],
  RelatedEvent: [{ Event: { info: 'another', Orgc: { name: 'Bureau of Invented Affairs' } } }],
  ShadowAttribute: [{ type: 'domain', value: 'proposed.example' }],
  Attribute: [
    attribute(1, 'domain', 'lantern.example', { comment: 'drop site', category: 'Network activity' }),
    attribute(2, 'text', 'Two couriers were seen.'),
    attribute(3, 'phone-number', '+66812345678', { first_seen: '2026-01-02T00:00:00+00:00' }),
    attribute(4, 'phone-number', '0812345678'),
    attribute(5, 'yara', 'rule x {}'),
    attribute(6, 'domain|ip', 'heron.example|198.51.100.9'),
    attribute(7, 'domain', 'gone.example', { deleted: true }),
  ],
  Object: [
    {
      id: '8',
      uuid: '00000000-0000-4000-8000-000000000008',
      name: 'person',
      distribution: '5',
      Attribute: [
        { ...attribute(9, 'first-name', 'Mora'), object_relation: 'first-name' },
        { ...attribute(9, 'last-name', 'Lantern'), object_relation: 'last-name' },
        { ...attribute(9, 'text', 'left-handed'), object_relation: 'handedness' },
      ],
      ObjectReference: [
        { uuid: 'r1', referenced_uuid: '00000000-0000-4000-8000-000000000003', relationship_type: 'uses' },
        { uuid: 'r2', referenced_uuid: 'not-in-the-event', relationship_type: 'knows' },
      ],
    },
    { id: '9', uuid: 'u9', name: 'cooking-recipe', Attribute: [attribute(9, 'text', 'soup')] },
  ],
};

function read(more: Record<string, unknown> = {}) {
  const reading = readMisp(JSON.stringify({ ...event, ...more }));
  assert.ok(reading.ok);
  return reading.value;
}

const said = (more = {}) =>
  read(more).statements.map(({ schema, property, value }) => `${schema} ${property} ${value}`);

test('attributes and objects become things of ours', () => {
  const lines = said();
  for (const line of [
    'Document title Lantern network: phones and wallets',
    'Document note Two couriers were seen.',
    'Domain domain lantern.example',
    'Domain note drop site',
    'Phone phone +66812345678',
    'Domain ip 198.51.100.9',
    'Person name Mora Lantern',
    'Person note last name: Lantern',
    'Contact role uses',
  ])
    assert.ok(lines.includes(line), line);
  const phone = read().statements.find((statement) => statement.value === '+66812345678');
  assert.equal(phone?.observedFrom, '2026-01-02');
  assert.match(phone!.sourceRef!, /^misp\/0000/);
});

test('a member of an object names both by their uuid, so that neither is lost', () => {
  const member = { ...attribute(2, 'domain', 'lantern.example'), object_relation: 'domain' };
  const object = { name: 'domain-ip', uuid: 'aaaaaaaa-0000-4000-8000-000000000001', Attribute: [member] };
  const { statements } = read({ Attribute: [], Object: [object] });
  const domain = statements.find((one) => one.value === 'lantern.example');
  assert.equal(domain?.sourceRef, `misp/${object.uuid}/${member.uuid}`);
});

test('a time of sighting that is none, or runs backwards, is kept and said of nothing', () => {
  for (const more of [
    { first_seen: '2026-13-45' },
    { first_seen: '2026-05-01T00:00:00Z', last_seen: '2026-04-01T00:00:00Z' },
  ]) {
    const { statements, unmapped } = read({ Attribute: [attribute(1, 'domain', 'lantern.example', more)] });
    const domain = statements.find((one) => one.value === 'lantern.example');
    assert.deepEqual([domain?.observedFrom, domain?.observedTo], [undefined, undefined]);
    assert.ok(unmapped.some((one) => one.reported.includes(more.first_seen)));
  }
});

test('a reference to a thing of which nothing is said is kept, not made an edge to nowhere', () => {
  const silent = { uuid: 'u7', name: 'person', Attribute: [] };
  const reference = { uuid: 'r7', referenced_uuid: 'u7', relationship_type: 'knows' };
  const { statements, unmapped } = read({ Object: [silent, { ...event.Object[0], ObjectReference: [reference] }] });
  assert.ok(!statements.some((one) => one.property === 'to'));
  assert.ok(unmapped.some((one) => one.reported.includes('knows')));
});

test('a telephone number without its country is noted, never read as one of ours', () => {
  assert.ok(said().includes('Phone note phone number, country not said: 0812345678'));
  assert.ok(!said().includes('Phone phone 0812345678'));
});

test('attributes, objects, references, tags, galaxies and proposals are all counted and accounted for', () => {
  const { counts, unmapped } = read();
  assert.deepEqual(
    [counts.attributes, counts.objects, counts.references, counts.tags, counts.galaxies, counts.proposals],
    [7, 2, 2, 2, 1, 1],
  );
  const kept = unmapped.map((one) => one.reported).join('\n');
  for (const word of [
    'yara',
    'gone.example',
    'handedness',
    'soup',
    'knows',
    'case:lantern',
    'Green Delta',
    'another',
    'Network activity',
  ])
    assert.ok(kept.includes(word), word);
});

test('a proposal stays a proposal', () => {
  const proposal = read().unmapped.find((one) => one.reported.includes('proposed.example'));
  assert.match(proposal!.reason, /stays one until the owner/);
  assert.ok(!said().some((line) => line.includes('proposed.example')));
});

test('who wrote the event is told at home and never leaves', () => {
  const { unmapped } = read();
  const own = unmapped.filter((one) => one.homeOnly);
  assert.ok(own.some((one) => one.reported.includes('Invented Affairs') && one.reported.includes('clerk@')));
  const leaving = JSON.stringify([read().statements, unmapped.filter((one) => !one.homeOnly)]);
  assert.ok(!leaving.includes('Invented Affairs') && !leaving.includes('clerk@'));
});

test('a missing marking makes nothing open, a tag or a closed distribution only tightens', () => {
  assert.equal(read({ Tag: [] }).sourceMarking, undefined);
  assert.deepEqual(read().sourceMarking?.handling, ['H2']);
  assert.equal(read({ Tag: [{ name: 'PAP:AMBER' }] }).sourceMarking?.pap, 'PAP:AMBER');
  assert.deepEqual(read({ Tag: [{ name: 'tlp:white' }] }).sourceMarking?.handling, ['H0']);
  assert.deepEqual(read({ Tag: [{ name: 'tlp:ex:chr' }] }).sourceMarking?.pap, 'PAP:RED');
  const closed = read({ Tag: [], distribution: '0' }).sourceMarking;
  assert.deepEqual(closed?.conditions, [{ code: 'onward', param: 'never' }]);
});

test('lists that are none and items that are no objects are kept, not dropped', () => {
  const { unmapped } = read({ Tag: ['tlp:red', { name: 'fine' }], Galaxy: 'a text' });
  const kept = unmapped.filter((one) => one.reason === 'not as the format asks');
  assert.deepEqual(kept.map((one) => one.reported).sort(), ['"a text"', '["tlp:red"]']);
  assert.ok(read({ Tag: ['tlp:red'] }).sourceMarking?.conditions.some(({ code }) => code === 'named-officers-only'));
});

test('an event is known with or without its envelope, and nothing else is', () => {
  assert.ok(readExchangeJson(JSON.stringify({ Event: event })).ok);
  assert.equal(readMisp('{"info": "x"}').ok, false);
  assert.equal(readMisp('[]').ok, false);
});

test('the same event gives the same statements', () => {
  assert.deepEqual(read(), read());
});

const second = {
  uuid: '00000000-0000-4000-8000-0000000000ff',
  info: 'Heron network: one more phone',
  date: '2026-03-05',
  Attribute: [attribute(1, 'phone-number', '+66812340000')],
  Object: [
    {
      id: '8',
      uuid: '00000000-0000-4000-8000-000000000018',
      name: 'person',
      Attribute: [{ ...attribute(5, 'full-name', 'Heron Lantern'), object_relation: 'full-name' }],
      ObjectReference: [
        { uuid: 'r3', referenced_uuid: '00000000-0000-4000-8000-000000000003', relationship_type: 'calls' },
      ],
    },
  ],
};

test('what a search of the platform answers is read whole: every event, its own places, and what joins two of them', () => {
  for (const response of [
    [{ Event: event }, { Event: second }],
    [event, second],
  ])
    for (const reader of [readMisp, readExchangeJson]) {
      const reading = reader(JSON.stringify({ response }));
      assert.ok(reading.ok);
      const { title, counts, statements, unmapped, notes, sourceMarking } = reading.value;
      assert.equal(title, '2 MISP events: Lantern network: phones and wallets');
      assert.equal(counts.events, 2);
      const titles = statements.filter(({ schema, property }) => schema === 'Document' && property === 'title');
      assert.deepEqual(
        titles.map(({ entity, value }) => [entity, value]),
        [
          ['event-1', event.info],
          ['event-2', second.info],
        ],
      );
      assert.ok(statements.some(({ property, value }) => property === 'phone' && value === '+66812340000'));
      assert.ok(unmapped.some(({ where }) => where === 'event 1, related event 1'));
      assert.ok(
        statements.some(({ property, value }) => property === 'role' && value === 'calls'),
        'across events',
      );
      assert.deepEqual(notes, ['The file’s event 2 has no marking of its own.']);
      assert.ok(sourceMarking, 'the marked event tightens the whole file');
    }
});

test('an answer of one event reads like the event itself', () => {
  const [alone, answered] = [event, { response: [{ Event: event }] }].map((file) => readMisp(JSON.stringify(file)));
  assert.deepEqual(answered, alone);
});

test('an answer with no event in it, or with something else, is turned away by name', () => {
  for (const [response, code] of [
    [[], 'nothing-said'],
    [[{ Event: event }, { Attribute: [] }], 'not-misp'],
    [{ Attribute: [] }, 'not-misp'],
    ['x', 'not-misp'],
  ] as const) {
    const reading = readMisp(JSON.stringify({ response }));
    assert.equal(reading.ok ? null : reading.refusal.code, code);
  }
});
