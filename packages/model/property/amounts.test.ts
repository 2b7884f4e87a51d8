import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes } from '@tripoint/model/codes';
import fc from 'fast-check';
import { dateOfDay, dayNumber } from './calendar.ts';
import { countries, otherCountryNames } from './country-table.ts';
import {
  derivedMass,
  distanceMetres,
  massOf,
  moneyOf,
  pointOf,
  propertyTypes,
  purityOf,
  quantityOf,
  readNumber,
} from './index.ts';
import { folded } from './likeness.ts';

test('mass is exact in micrograms, whatever the amount', () => {
  assert.equal(massOf('12.5 kilogram')?.micrograms, 12_500_000_000n);
  assert.equal(massOf('1 ounce')?.micrograms, 28_349_523n);
  assert.equal(massOf('0.0000005 gram')?.micrograms, 1n, 'half a microgram rounds away from zero');
  assert.equal(massOf('0.0000004 gram')?.micrograms, 0n);
  assert.equal(massOf('9007199254740993 gram')?.micrograms, 9_007_199_254_740_993_000_000n, 'no double in the way');
  assert.deepEqual(massOf('3 viss')?.factor, 'viss');
  for (const unit of ['tablet', 'litre', 'hectare']) assert.equal(massOf(`3 ${unit}`), null);
});

test('kilograms add up to the same whether a sum or its parts are weighed', () => {
  const amount = fc
    .integer({ min: 0, max: 1e9 })
    .map((thousandths) => `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}0`);
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const sum = (Number(a.replace('.', '')) + Number(b.replace('.', ''))) / 10_000;
      assert.equal(
        massOf(`${a} kilogram`)!.micrograms + massOf(`${b} kilogram`)!.micrograms,
        massOf(`${sum} kilogram`)!.micrograms,
      );
    }),
  );
});

test('a count becomes mass only by a factor that fits, and says which', () => {
  const day = '2026-11-23';
  const yaba = derivedMass('1000 tablet', {
    substance: 'methamphetamine',
    form: 'tablet',
    region: 'east-south-east-asia',
    day,
  });
  assert.deepEqual(yaba, {
    micrograms: 90_000_000n,
    factor: 'meth-tablet-esea',
    factorVersion: codes.kgEquivalents.version,
  });
  assert.deepEqual(
    derivedMass('1 thousand-tablets', {
      substance: 'methamphetamine-tablet',
      form: 'tablet',
      region: 'east-south-east-asia',
      day,
    })?.micrograms,
    90_000_000n,
    'by the parent class, in thousands',
  );
  assert.equal(
    derivedMass('1000 tablet', { substance: 'methamphetamine', form: 'tablet', day }),
    null,
    'no region: the class needs a factor of the member',
  );
  assert.equal(derivedMass('1000 tablet', { substance: 'mdma', form: 'tablet', day })?.micrograms, 300_000_000n);
  assert.equal(derivedMass('2 litre', { form: 'liquid', day })?.micrograms, 2_000_000_000n);
  assert.equal(derivedMass('2 litre', { form: 'liquid', day: '2025-12-31' }), null, 'the factor was not valid yet');
  assert.equal(derivedMass('5 hectare', { substance: 'opium', day }), null, 'a field never becomes mass');
  assert.equal(derivedMass('1000 gram', { day })?.micrograms, 1_000_000_000n);
});

test('a thousandfold is never guessed', () => {
  const read = (text: string, lang?: string) => {
    const number = readNumber(text, lang ? { lang } : {});
    return number.ok ? Number(number.number.digits) / 10 ** number.number.scale : number.reason;
  };
  assert.deepEqual(
    [
      read('1.234'),
      read('1.234', 'vi'),
      read('1,234'),
      read('1,234', 'vi'),
      read('1.234.567'),
      read('1,234.5'),
      read('1.234,5'),
      read('12,5'),
      read('0.125', 'vi'),
      read('1 234 567'),
    ],
    [1.234, 'ambiguous', 1234, 'ambiguous', 1_234_567, 1234.5, 1234.5, 12.5, 0.125, 1_234_567],
  );
  for (const wrong of ['', '.', '1.', '1,,2', '1.2.3', '1,23,4', '-1', '1e3', '１'])
    assert.equal(read(wrong), 'form', wrong);
});

test('readers of canonical amounts give back what was written, and null for anything else', () => {
  assert.equal(moneyOf('KRW 30000')?.minor, 30_000n);
  assert.deepEqual(moneyOf('THB 1500.00 street'), { minor: 150_000n, currency: 'THB', basis: 'street' });
  assert.equal(moneyOf('ETH 1.000000000000000001')?.minor, 1_000_000_000_000_000_001n);
  for (const wrong of ['THB 1500', 'KRW 1.00', 'QQQ 1.00', 'THB 1.00 borrowed', 'THB 01.00', ''])
    assert.equal(moneyOf(wrong), null, wrong);
  assert.deepEqual(purityOf('8250bp:gc-ms'), { basisPoints: 8_250, method: 'gc-ms' });
  assert.equal(purityOf('82.5 %'), null);
  assert.equal(quantityOf('12 parsecs'), null);
  assert.equal(pointOf('13.7563,100.5018'), null);
});

test('two points are as far apart as they are on the map', () => {
  const bangkok = pointOf('13.756300,100.501800')!;
  const seoul = pointOf('37.566500,126.978000')!;
  assert.ok(Math.abs(distanceMetres(bangkok, seoul) - 3_717_000) < 20_000);
  assert.equal(distanceMetres(bangkok, bangkok), 0);
  assert.equal(propertyTypes.point.compare('13.756300,100.501800;u=100', '13.757000,100.501800'), 1);
});

test('days are counted as the calendar counts them', () => {
  fc.assert(
    fc.property(fc.integer({ min: -300_000, max: 200_000 }), (number) => {
      const { year, month, day } = dateOfDay(number);
      assert.equal(dayNumber(year, month, day), number);
      const date = new Date(number * 86_400_000);
      assert.deepEqual([year, month, day], [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
    }),
  );
});

test('no name stands for two countries, and every code is written once', () => {
  assert.equal(countries.length, 249);
  assert.equal(new Set(countries.map(({ alpha2 }) => alpha2)).size, 249);
  assert.equal(new Set(countries.map(({ alpha3 }) => alpha3)).size, 249);
  const byName = new Map<string, string>();
  for (const [name, code] of [...countries.map(({ name, alpha2 }) => [name, alpha2] as const), ...otherCountryNames]) {
    assert.equal(byName.get(folded(name)) ?? code, code, name);
    byName.set(folded(name), code);
  }
  for (const { alpha2, name } of countries) {
    assert.match(alpha2, /^[A-Z]{2}$/);
    assert.deepEqual(propertyTypes.country.clean(name), { ok: true, value: alpha2 });
  }
});

test('vowels of Thai, Lao, Khmer and Burmese are part of a name; accents of Latin are nearly so', () => {
  const { compare } = propertyTypes.name;
  assert.ok(compare('กิตติ', 'กุตตุ') < 0.95);
  assert.ok(compare('ຄໍາ', 'ຄຸມ') < 0.95);
  assert.equal(compare('Nguyễn Văn', 'van nguyen'), 0.95);
  assert.equal(compare('김철수', '김철수'), 1);
  assert.ok(compare('Somchai', 'Somchay') > compare('Somchai', 'Prasert'));
});
