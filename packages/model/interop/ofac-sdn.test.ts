import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNarcotics, readOfacSdn } from './ofac-sdn.ts';

/** Invented entries in the list's form; `-0- ` is its empty field. */
const sdn = [
  '101,"LANTERN, Mora",individual,SDNTK] [SDGT,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB circa 1962; POB Vientiane, Laos; nationality Laos; Gender Female; Passport A-17 (Laos) issued 02 Nov 2008; C.U.R.P. XAXX010101HDFABC00 (Mexico); Telephone 85620555; Linked To: GREEN DELTA TRADING; Linked To: SOMEBODY UNKNOWN; Digital Currency Address - XBT 1BoatSLRHtKNngkdXEeobR76b53LETtpyT; Occupation: Florist."',
  '102,GREEN DELTA TRADING,-0- ,ILLICIT-DRUGS-EO14059,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,NIT # 8300-1 (Colombia); Organization Established Date 03 May 2001.',
  '103,SLOW HERON,vessel,TCO,-0- ,HSB12,Tug,640,478,Panama,Heron Lines,Vessel Registration Identification IMO 8203608; MMSI 572469210.',
  '104,HS-ZZZ,aircraft,SDNTK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,Aircraft Model C-208; Aircraft Tail Number HS-ZZZ.',
  '102,AN OTHER COMPANY,-0- ,SDNTK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ',
  '',
].join('\r\n');
const alt = '101,1,aka,"LANTERN, Maurits",-0- \n102,2,fka,BLUE DELTA TRADING,-0- \n';
const add = '101,1,-0- ,"Pakse","Laos",-0- \n102,2,"1 Quay Road","Cali","Colombia",-0- \n\u001a';

function read(options = {}, files = { sdn, alt, add }) {
  const reading = readOfacSdn(files, options);
  assert.ok(reading.ok);
  return reading.value;
}

const valuesOf = (entity: string, property: string) =>
  read()
    .statements.filter((statement) => statement.entity === entity && statement.property === property)
    .map((statement) => statement.value);

test('a person is said with names, dates, papers and programmes, each from its own record', () => {
  assert.deepEqual(valuesOf('ofac-101', 'name'), ['LANTERN, Mora']);
  assert.deepEqual(valuesOf('ofac-101', 'alias'), ['LANTERN, Maurits']);
  assert.deepEqual(valuesOf('ofac-101', 'birthDate'), ['1962']);
  assert.deepEqual(valuesOf('ofac-101', 'birthPlace'), ['Vientiane, Laos']);
  assert.deepEqual(valuesOf('ofac-101', 'address'), ['Pakse, Laos']);
  const alias = read().statements.find((statement) => statement.value === 'LANTERN, Maurits');
  assert.equal(alias?.sourceRef, 'ofac-sdn/101/alt/1');
  const notes = valuesOf('ofac-101', 'note');
  for (const note of [
    'Sanctions programme: SDNTK',
    'Sanctions programme: SDGT',
    'DOB circa 1962',
    'Occupation: Florist',
  ])
    assert.ok(notes.includes(note), note);
});

test('papers carry their country, and the source’s words stand beside them', () => {
  const papers = valuesOf('ofac-101', 'identityDocument');
  assert.ok(papers.includes('MX:national-id:XAXX010101HDFABC00'));
  assert.ok(valuesOf('ofac-101', 'note').includes('Passport A-17 (Laos) issued 02 Nov 2008'));
  assert.deepEqual(valuesOf('ofac-102', 'registration'), ['CO:8300-1']);
});

test('a telephone number that does not say its country is never taken for one of ours', () => {
  assert.deepEqual(valuesOf('ofac-101', 'phone'), []);
  assert.ok(valuesOf('ofac-101', 'note').includes('Telephone 85620555'));
});

test('a link names the other party and merges nothing', () => {
  const { statements } = read();
  const named = statements.filter(
    (statement) => statement.value === 'GREEN DELTA TRADING' && statement.property === 'name',
  );
  assert.equal(new Set(named.map((statement) => statement.entity)).size, 2);
  const edge = statements.find((statement) => statement.schema === 'Associate' && statement.property === 'to');
  assert.notEqual(edge?.value, 'ofac-102');
  assert.ok(
    valuesOf('ofac-101', 'note').includes('Linked To: SOMEBODY UNKNOWN'),
    'a name of unknown kind stays a note',
  );
});

test('a wallet is a thing of its own, used by the entry', () => {
  const { statements } = read();
  const wallet = statements.find((statement) => statement.property === 'wallet');
  assert.equal(wallet?.value, '1BoatSLRHtKNngkdXEeobR76b53LETtpyT');
  assert.ok(statements.some((s) => s.entity === wallet?.entity && s.property === 'asset' && s.value === 'XBT'));
  assert.ok(statements.some((s) => s.schema === 'Control' && s.property === 'to' && s.value === wallet?.entity));
});

test('vessels and aircraft keep what their columns say', () => {
  assert.deepEqual(valuesOf('ofac-103', 'imo'), ['8203608']);
  assert.deepEqual(valuesOf('ofac-103', 'callSign'), ['HSB12']);
  assert.deepEqual(valuesOf('ofac-103', 'flag'), ['Panama']);
  assert.ok(valuesOf('ofac-103', 'note').includes('vessel owner: Heron Lines'));
  assert.deepEqual(valuesOf('ofac-104', 'registrationMark'), ['HS-ZZZ']);
});

test('an identifier that stands twice never merges two companies: the second row is set aside and said', () => {
  const imported = read();
  assert.deepEqual(valuesOf('ofac-102', 'name'), ['GREEN DELTA TRADING']);
  const aside = imported.unmapped.find((unmapped) => unmapped.reported.includes('AN OTHER COMPANY'));
  assert.equal(aside?.where, 'sdn.csv row 5');
  assert.match(aside!.reason, /identifier 102 already stands in row 2/);
  assert.ok(imported.notes.some((note) => note.includes('sdn.csv row 5 was set aside')));
});

test('the end-of-file mark of old systems is no row, and a stray row is kept and said', () => {
  assert.equal(read().counts.addresses, 2);
  const stray = read({}, { sdn, alt: '999,1,aka,NOBODY,-0- \n', add: '' });
  assert.deepEqual(stray.unmapped.at(-1), {
    where: 'alt.csv row 1',
    reported: '999 | 1 | aka | NOBODY | -0- ',
    reason: 'no entry of the list has this identifier',
  });
});

test('only narcotics means both programmes, and says what the filter misses', () => {
  const { counts, notes } = read({ only: 'narcotics' });
  assert.deepEqual([counts.entries, counts.individuals, counts.vessels, counts.aircraft], [3, 1, 0, 1]);
  assert.ok(notes.some((note) => note.includes('TCO')));
  assert.ok(isNarcotics(['SDNTK']) && isNarcotics(['TCO', 'ILLICIT-DRUGS-EO14059']));
  assert.ok(!isNarcotics(['SDNT']) && !isNarcotics(['TCO']));
});

test('the same files give the same statements', () => {
  assert.deepEqual(read(), read());
});

test('a broken file is refused with its name, row and line, and nothing of it is taken', () => {
  const refused = (files: Partial<typeof whole>) => {
    const reading = readOfacSdn({ ...whole, ...files });
    assert.ok(!reading.ok);
    return reading.refusal;
  };
  const whole = { sdn, alt, add };
  assert.deepEqual(refused({ alt: '101,1,aka\n' }), {
    code: 'wrong-column-count',
    facts: { file: 'alt.csv', row: 1, line: 1, expected: 5, found: 3 },
  });
  assert.deepEqual(refused({ add: '101,1,"open' }).code, 'quote-not-closed');
  assert.deepEqual(refused({ add: '101,1,"open' }).facts.file, 'add.csv');
  assert.equal(refused({ sdn: sdn.replace('103', 'x103') }).code, 'identifier-missing');
  assert.equal(refused({ sdn: '' }).code, 'empty-file');
});

test('every field of the invented list is in a statement or among what is kept', () => {
  const imported = read();
  const everything = [...imported.statements.map((s) => s.value), ...imported.unmapped.map((u) => u.reported)].join(
    ' ; ',
  );
  const fields = [
    'LANTERN, Mora',
    'Tug',
    '640',
    '478',
    'Heron Lines',
    'C-208',
    '1 Quay Road',
    'BLUE DELTA TRADING',
    '03 May 2001',
  ];
  for (const field of fields) assert.ok(everything.includes(field), field);
});
