import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRemark, readRemarks, splitRemarks } from './ofac-remarks.ts';

test('a birth date is read in every form the list uses, and what is no date stays a remark', () => {
  const read = (text: string) => {
    const remark = readRemark(text);
    return remark.is === 'birth-date' ? [remark.from, remark.to, remark.about] : remark.is;
  };
  assert.deepEqual(read('DOB 19 Apr 1947'), ['19 Apr 1947', '', false]);
  assert.deepEqual(read('alt. DOB Sep 1938'), ['Sep 1938', '', false]);
  assert.deepEqual(read('DOB 1962'), ['1962', '', false]);
  assert.deepEqual(read('DOB circa 1951'), ['1951', '', true]);
  assert.deepEqual(read('DOB circa 1979-1982'), ['1979', '1982', true]);
  assert.deepEqual(read('DOB 1951 to 1953'), ['1951', '1953', false]);
  assert.deepEqual(read('DOB 01 Jan 1961 to 31 Dec 1962'), ['01 Jan 1961', '31 Dec 1962', false]);
  assert.equal(read('DOB 31 Feb 1960'), 'note');
  assert.equal(read('DOB in the fifties'), 'note');
});

test('a paper is read with its number and its country; its dates are not part of the number', () => {
  const remark = readRemark('alt. Passport A-17 (Laos) issued 02 Nov 2008 expires 02 Nov 2018');
  assert.ok(remark.is === 'identity');
  assert.equal(remark.alternative, true);
  assert.equal(remark.document, 'passport');
  assert.deepEqual(remark.paper, {
    label: 'Passport',
    number: 'A-17',
    places: ['Laos'],
  });
});

test('brackets inside a number belong to it, brackets after it are places', () => {
  const paper = (text: string) => {
    const remark = readRemark(text);
    return 'paper' in remark ? [remark.paper.number, ...remark.paper.places] : remark.is;
  };
  assert.deepEqual(paper('National ID No. D48(9) (Hong Kong)'), ['D48(9)', 'Hong Kong']);
  assert.deepEqual(paper('National ID No. 13/Ta (Naing)019 (Burma)'), ['13/Ta (Naing)019', 'Burma']);
  assert.deepEqual(paper('Folio Mercantil No. 437 (Jalisco) (Mexico)'), ['437', 'Jalisco', 'Mexico']);
  assert.equal(paper('License pending'), 'note');
});

test('the longest label wins: a diplomatic passport is not a passport called Diplomatic', () => {
  const remark = readRemark('National Foreign ID Number 350 (Thailand)');
  assert.ok(remark.is === 'identity');
  assert.equal(remark.paper.label, 'National Foreign ID Number');
});

test('the full stop at the end of the line is the line’s, except after an abbreviation', () => {
  assert.deepEqual(splitRemarks('POB Vientiane; Gender Male.'), ['POB Vientiane', 'Gender Male']);
  assert.deepEqual(splitRemarks('Linked To: NORTHERN LANTERN, S.A.'), ['Linked To: NORTHERN LANTERN, S.A.']);
  assert.deepEqual(splitRemarks('Linked To: NORTHERN LANTERN CO., LTD.'), ['Linked To: NORTHERN LANTERN CO., LTD.']);
  assert.deepEqual(splitRemarks('-0- '), []);
});

test('wallets, links, numbers and names behind a.k.a. are told apart', () => {
  const kinds = readRemarks(
    "a.k.a. 'LANTERN'; Digital Currency Address - XBT 1Invented; Linked To: GREEN DELTA; MMSI 572469210; Vessel Registration Identification IMO 8203608; Website lantern.example; Email Address a@lantern.example; Aircraft Tail Number HS-ZZZ.",
  ).map((remark) => remark.is);
  assert.deepEqual(kinds, ['alias', 'wallet', 'linked-to', 'mmsi', 'imo', 'website', 'email', 'tail-number']);
});

test('every remark keeps the source’s words, whatever they are', () => {
  const words = fc.constantFrom(
    'alt. ',
    'DOB ',
    'Passport ',
    'POB ',
    'Linked To: ',
    ' issued ',
    ' expires ',
    ' (',
    ')',
    '12',
    'x',
    '; ',
    '.',
  );
  fc.assert(
    fc.property(fc.string({ unit: words, maxLength: 30 }), (text) => {
      assert.deepEqual(
        readRemarks(text).map((remark) => remark.source),
        splitRemarks(text),
      );
    }),
  );
});

test('a remark made to exhaust the reader does not', () => {
  const startedAtMs = performance.now();
  readRemark(`Passport ${' issued 1'.repeat(10_000)}`);
  readRemark(`Passport 1${' (Laos)'.repeat(10_000)}`);
  readRemark(`a.k.a. '${"'".repeat(90_000)}`);
  assert.ok(performance.now() - startedAtMs < 1_000);
});
