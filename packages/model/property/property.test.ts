import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Hints, type PropertyTypeName, propertyType, propertyTypeNames, propertyTypes } from './index.ts';

/** reported text → canonical text, or `!reason`. Numbers are public examples or invented. */
const cases: Partial<Record<PropertyTypeName, readonly (readonly [string, string, Hints?])[]>> = {
  name: [
    ['  김\u00a0철수 ', '김 철수'],
    ['Zoe\u0308', 'Zoë'],
    ['a\u202eb', '!unsafe-text'],
  ],
  text: [
    ['a\r\nb  c', 'a\nb c'],
    ['', '!empty'],
    ['x'.repeat(4001), '!too-long'],
  ],
  date: [
    ['2026', '2026'],
    ['2026-11', '2026-11'],
    ['2026.11.23', '2026-11-23'],
    ['2026. 11. 3.', '2026-11-03'],
    ['20261123', '2026-11-23'],
    ['23/11/2026', '2026-11-23'],
    ['11/23/2026', '2026-11-23'],
    ['05/06/2026', '!ambiguous'],
    ['05/06/2026', '2026-06-05', { country: 'TH' }],
    ['05/06/69', '!ambiguous'],
    ['23 Nov 2026', '2026-11-23'],
    ['November 23rd, 2026', '2026-11-23'],
    ['2026년 11월 3일', '2026-11-03'],
    ['2026년 11월', '2026-11'],
    ['ngày 3 tháng 11 năm 2026', '2026-11-03'],
    ['23 พ.ย. 2569', '2026-11-23[u-ca=buddhist]'],
    ['๒๓ พฤศจิกายน ๒๕๖๙', '2026-11-23[u-ca=buddhist]'],
    ['วันที่ 23 พฤศจิกายน พ.ศ. 2569', '2026-11-23[u-ca=buddhist]'],
    ['05/06/2569', '2026-06-05[u-ca=buddhist]'],
    ['២៣ វិច្ឆិកា ២០២៦', '2026-11-23'],
    ['2026-02-29', '!range'],
    ['2024-02-29', '2024-02-29'],
    ['2026-11-23T08:31:00Z', '2026-11-23T08:31:00Z'],
    ['2026-01-01T03:15+09:00', '2025-12-31T18:15:00Z'],
    ['2026-11-23T24:00Z', '!range'],
    ['soon', '!form'],
  ],
  country: [
    ['th', 'TH'],
    ['KOR', 'KR'],
    ['Korea, Republic of', 'KR'],
    ['Lao Peoples Democratic Republic', 'LA'],
    ['대한민국', 'KR'],
    ['ประเทศไทย', 'TH'],
    ['Việt Nam', 'VN'],
    ['the Philippines', 'PH'],
    ['Atlantis', '!unknown-code'],
  ],
  language: [
    ['TH-th', 'th'],
    ['khm', 'km'],
    ['Korean', 'ko'],
    ['xx', '!unknown-code'],
  ],
  phone: [
    ['+66 81 234 5678', '+66812345678'],
    ['๐๘๑-๒๓๔-๕๖๗๘', '+66812345678', { country: 'TH' }],
    ['០១២ ៣៤៥ ៦៧៨', '+85512345678', { country: 'KH' }],
    ['໐໒໐ ໕໕໕໑ ໒໓໔໕', '+8562055512345', { country: 'LA' }],
    ['０１０－１２３４－５６７８', '+821012345678', { country: 'KR' }],
    ['0066812345678', '+66812345678'],
    ['tel:+82-2-312-3456;ext=12', '+8223123456;ext=12'],
    ['081-234-5678', '!country-needed'],
    ['12', '!range', { country: 'TH' }],
    ['call me', '!form'],
  ],
  email: [
    ['Some.One@Example.ORG', 'some.one@example.org'],
    ['mailto:a[at]b[.]example', 'a@b.example'],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a..b@example.org', '!form'],
    ['a@localhost', '!form'],
  ],
  domain: [
    ['EXAMPLE[.]org.', 'example.org'],
    ['ตัวอย่าง.example', 'xn--72c1a1bt4awk9o.example'],
    ['1.2.3.4', '!form'],
    ['a b.org', '!form'],
  ],
  url: [
    ['hxxps://Example[.]org:443/A?b#c', 'https://example.org/A?b#c'],
    ['example.org', 'https://example.org/'],
    ['javascript:alert(1)', '!form'],
    ['https://exa mple.org', '!form'],
  ],
  ip: [
    ['192[.]0[.]2[.]1', '192.0.2.1'],
    ['192.0.2.01', '!ambiguous'],
    ['192.0.2.256', '!range'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::g', '!form'],
  ],
  onion: [
    // The example of rend-spec-v3 and two public services.
    [
      'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion',
      'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion',
    ],
    [
      'hxxp://www.SP3K262UWY4R2K3YCR5AWLUARYKDPAG6A7Y33JXOP4CS2LU5UZ5SSEQD.onion/x',
      'sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion',
    ],
    ['pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscrya.onion', '!checksum'],
    ['expyuzz4wqqyqhjn.onion', '!form'],
  ],
  handle: [
    ['@SomeName', 'telegram:somename', { platform: 'Telegram' }],
    ['https://t.me/SomeName', 'telegram:somename'],
    ['t.me/+AbCdEf', 'telegram:+AbCdEf'],
    ['kakao: Some_one', 'kakaotalk:some_one'],
    ['081 234 5678', 'whatsapp:+66812345678', { platform: 'whatsapp', country: 'TH' }],
    ['https://wa.me/66812345678', 'whatsapp:+66812345678'],
    ['SomeName', 'somename'],
    ['two words', '!form'],
  ],
  wallet: [
    // Public examples: Bitcoin genesis, BIP-173, BIP-350, EIP-55, CashAddr and TEP-2 texts.
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', '!checksum'],
    ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', '!checksum'],
    [
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    ],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', '!checksum'],
    [
      'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a',
      'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a',
    ],
    ['qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q', '!checksum'],
    ['bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N', 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N'],
    ['EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2M', '!checksum'],
    ['hello', '!form'],
  ],
  txid: [
    [
      '4A5E1E4BAAB89F3A32518A88C31BC87F618F76673E2CC77AB2127B7AFDEDA33B',
      '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b',
    ],
    ['4a5e', '!form'],
  ],
  account: [
    ['123-456-7890', 'KR:국민은행:1234567890', { country: 'KR', bank: '국민 은행' }],
    ['123-456-7890', '::1234567890'],
    ['abc', '!form'],
  ],
  iban: [
    ['GB82 WEST 1234 5698 7654 32', 'GB82WEST12345698765432'],
    ['GB83 WEST 1234 5698 7654 32', '!checksum'],
    ['GB82 WEST 1234 5698 7654', '!range'],
  ],
  imei: [
    ['49-015420-323751-8', '490154203237518'],
    ['49015420323751', '490154203237518'],
    ['4901542032375101', '490154203237518'],
    ['490154203237519', '!checksum'],
  ],
  imsi: [
    ['520 01 1234567890', '520011234567890'],
    ['120011234567890', '!range'],
  ],
  plate: [
    ['กข ๑๒๓๔ กรุงเทพมหานคร', 'TH:กข1234:กรุงเทพมหานคร'],
    ['12가 3456', 'KR:12가3456'],
    ['51F-123.45', 'VN:51F12345', { country: 'VN' }],
    ['51F-123.45', '!country-needed'],
  ],
  identityDocument: [
    ['Passport No. M12345678', 'KR:passport:M12345678', { country: 'KR' }],
    ['passport THA AA1234567', 'TH:passport:AA1234567'],
    ['M12345678', '!country-needed'],
    // ICAO 9303 part 4, specimen of Utopia with a real issuer put in its place.
    ['L898902C36THA7408122F1204159ZE184226B<<<<<10', 'TH:passport:L898902C3'],
    ['L898902C37THA7408122F1204159ZE184226B<<<<<10', '!checksum'],
    ['1-2345-67890-12-1', 'TH:national-id:1234567890121', { country: 'TH' }],
    ['1-2345-67890-12-2', '!checksum', { country: 'TH' }],
  ],
  registration: [
    ['hs-abc', 'TH:HS-ABC', { country: 'TH' }],
    ['0105536000000', '0105536000000'],
  ],
  imo: [
    ['IMO 9074729', '9074729'],
    ['9074728', '!checksum'],
  ],
  mmsi: [
    ['567 123 456', '567123456'],
    ['123456789', '!range'],
  ],
  callSign: [
    ['hsb-1234', 'HSB1234'],
    ['12', '!form'],
  ],
  container: [
    ['CSQU 305438 3', 'CSQU3054383'],
    ['CSQU3054384', '!checksum'],
    ['CSQX3054383', '!form'],
  ],
  parcel: [
    ['RA 473 124 829 TH', 'RA473124829TH'],
    ['RA473124828TH', '!checksum'],
    ['EE 123 456 785 KR', 'EE123456785KR'],
    ['1Z999AA10123456784', '1Z999AA10123456784'],
  ],
  pgp: [
    ['0x 0123 4567 89ab cdef 0123 4567 89ab cdef 0123 4567', '0123456789ABCDEF0123456789ABCDEF01234567'],
    ['89abcdef01234567', '!form'],
  ],
  hash: [
    [`SHA256: ${'AB'.repeat(32)}`, 'ab'.repeat(32)],
    ['abc', '!form'],
  ],
  place: [[' Mae  Sai ', 'Mae Sai']],
  point: [
    ['13.7563, 100.5018', '13.756300,100.501800'],
    ['13°45\'22.7"N 100°30\'6.5"E', '13.756306,100.501806'],
    ['100.5018E 13.7563N ± 100 m', '13.756300,100.501800;u=100'],
    ['geo:13.7563,100.5018;u=25', '13.756300,100.501800;u=25'],
    ['๑๓.๗๕๖๓, ๑๐๐.๕๐๑๘', '13.756300,100.501800'],
    ['100.5018, 13.7563', '!range'],
    ['13.7563 S 100.5018', '!form'],
  ],
  quantity: [
    ['12.5 kg', '12.5 kilogram'],
    ['1,234.5 kg', '1234.5 kilogram'],
    ['1 234,5 kg', '1234.5 kilogram'],
    ['1,234 เม็ด', '1234 tablet'],
    ['๒๐๐,๐๐๐ เม็ด', '200000 tablet'],
    ['3만 정', '30000 tablet'],
    ['2 ล้านเม็ด', '2000000 tablet'],
    ['1.234 g', '1.2340 gram'],
    ['1.234 kg', '!ambiguous', { lang: 'vi' }],
    ['10 bánh', '10 block-350g'],
    ['5 thousand-tablets', '5 thousand-tablets'],
    ['12', '!unit-needed'],
    ['12 parsecs', '!unknown-code'],
    ['1.2.3 kg', '!form'],
  ],
  purity: [
    ['82.5 %', '8250bp'],
    ['82,5% (GC-MS)', '8250bp:gc-ms'],
    ['0.825', '!unit-needed'],
    ['101%', '!range'],
  ],
  money: [
    ['฿1,500', 'THB 1500.00'],
    ['1,500 บาท', 'THB 1500.00'],
    ['3만원', 'KRW 30000'],
    ['USD 1,234.50 street', 'USD 1234.50 street'],
    ['0.5 BTC', 'BTC 0.50000000'],
    ['1.500 đồng', '!ambiguous', { lang: 'vi' }],
    ['500.000 đồng', '!ambiguous', { lang: 'vi' }],
    ['1.500.000 đồng', 'VND 1500000', { lang: 'vi' }],
    ['$100', '!ambiguous'],
    ['100', '!unit-needed'],
    ['1.5 KRW', '!range'],
  ],
  substance: [
    ['Methamphetamine, crystal', 'methamphetamine-crystal'],
    ['yaba', 'methamphetamine'],
    ['ยาบ้า', 'methamphetamine-tablet'],
    ['필로폰', 'methamphetamine'],
    ['moon dust', '!unknown-code'],
  ],
  code: [
    ['Tablet', 'tablet', { list: 'drugForms' }],
    ['gone', '!unknown-code', { list: 'drugForms' }],
    ['Female', 'female', { values: ['female', 'male'] }],
    ['any-code', 'any-code'],
    ['no code', '!form'],
  ],
  entity: [
    ['12', '12'],
    ['0', '!form'],
    ['-1', '!form'],
  ],
};

test('every property type reads what officers write, or says why it cannot', () => {
  for (const name of propertyTypeNames) {
    const table = cases[name];
    assert.ok(table && table.length > 0, `${name} has cases`);
    for (const [reported, expected, hints] of table) {
      const read = propertyTypes[name].clean(reported, hints);
      assert.equal(read.ok ? read.value : `!${read.reason}`, expected, `${name}: ${reported.slice(0, 80)}`);
    }
  }
});

const anyHints = fc.record(
  {
    country: fc.constantFrom('KR', 'TH', 'VN', 'PH', 'KH', 'LA', 'US', 'ZZ'),
    lang: fc.constantFrom('ko', 'th', 'vi', 'en'),
    platform: fc.constantFrom('telegram', 'whatsapp', 'LINE', 'zalo', 'somewhere else'),
    bank: fc.constantFrom('a bank', '국민은행', 'x:y'),
  },
  { requiredKeys: [] },
);

/** Pieces that officers' texts are made of, so that random texts come near to real ones. */
const pieces = fc.constantFrom(
  '__proto__',
  'constructor',
  '+66',
  '081',
  '-',
  ' ',
  '.',
  ',',
  ':',
  '/',
  '@',
  '0x',
  'a',
  'B',
  'ก',
  '김',
  '๑',
  '៣',
  '12',
  '2026',
  '2569',
  '23',
  'พ.ย.',
  '년',
  '월',
  'kg',
  'เม็ด',
  '만',
  '%',
  '฿',
  '$',
  'N',
  'E',
  '°',
  "'",
  '"',
  ';u=',
  'TH:',
  'passport',
  'line:',
  't.me/',
  'http://',
  'x.org',
  '[u-ca=buddhist]',
  '.onion',
  'bp',
  ':gc',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  'street',
  'THB',
  '(',
  ')',
  '\u00a0',
  '\u200b',
  'é',
  '\u0e31',
  'ß',
  'İ',
  '％',
  '０',
);
const samples = Object.values(cases).flatMap((table) => table.map(([reported]) => reported));
const anyText = fc.oneof(
  fc.constantFrom(...samples),
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom(...samples), pieces).map(([text, piece]) => text + piece),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A type's own samples with some digits and one place changed: most of them are still read. */
function nearTexts(name: PropertyTypeName): fc.Arbitrary<string> {
  const own = cases[name]!.map(([reported]) => reported).filter((text) => text !== '');
  const digits = fc.array(fc.nat(9), { minLength: 4, maxLength: 4 });
  return fc.tuple(fc.constantFrom(...own), digits, fc.nat(), fc.option(pieces)).map(([text, changes, place, piece]) => {
    let seen = 0;
    const changed = text.replace(/\d/g, (digit) => (seen++ % 3 === place % 3 ? String(changes[seen % 4]) : digit));
    const at = place % (text.length + 1);
    return piece === null ? changed : changed.slice(0, at) + piece + changed.slice(at);
  });
}

test('cleaning twice gives what cleaning once gave, with the same hints and with none', () => {
  for (const name of propertyTypeNames) {
    const type = propertyTypes[name];
    fc.assert(
      fc.property(fc.oneof(anyText, nearTexts(name), nearTexts(name)), anyHints, (text, hints) => {
        const once = type.clean(text, hints);
        if (!once.ok) return;
        assert.deepEqual(type.clean(once.value, hints), once);
        assert.deepEqual(type.clean(once.value), once);
        assert.ok(once.value.length > 0 && once.value.length <= type.maxLength);
        assert.equal(once.value, once.value.normalize('NFC'));
        assert.doesNotThrow(() => [type.mask(once.value), type.label(once.value, 'ko'), type.matchKey(once.value)]);
        assert.equal(type.compare(once.value, once.value), 1);
      }),
      { numRuns: 400 },
    );
  }
});

test('no text, however broken, makes a property type throw or take long', () => {
  const hard = [
    '__proto__',
    'constructor',
    '9'.repeat(4000),
    '1,'.repeat(2000),
    `${' '.repeat(3999)}x`,
    '('.repeat(4000),
    'a@'.repeat(2000),
    '\ud800',
    'ก'.repeat(4000),
    '1 '.repeat(2000),
    '-'.repeat(4000),
    '13° '.repeat(900),
  ];
  for (const name of propertyTypeNames) {
    for (const text of hard.flatMap((whole) =>
      [60, 120, 240, 500, 2_000, 4_000].map((length) => whole.slice(0, length)),
    )) {
      const started = process.cpuUsage();
      propertyTypes[name].clean(text, { country: 'TH', lang: 'vi' });
      const spent = process.cpuUsage(started);
      assert.ok(
        (spent.user + spent.system) / 1000 < 100,
        `${name} took ${(spent.user + spent.system) / 1000} ms on ${text.slice(0, 8)}…`,
      );
    }
  }
});

test('two values are as alike from either side', () => {
  for (const name of propertyTypeNames) {
    const type = propertyTypes[name];
    const values = [
      ...new Set(
        (cases[name] ?? []).flatMap(([text, , hints]) => {
          const read = type.clean(text, hints);
          return read.ok ? [read.value] : [];
        }),
      ),
    ];
    for (const a of values) {
      for (const b of values) {
        const likeness = type.compare(a, b);
        assert.equal(likeness, type.compare(b, a), `${name}: ${a} / ${b}`);
        assert.ok(likeness >= 0 && likeness <= 1);
        if (a !== b && type.matchable) assert.ok(likeness < 1);
      }
    }
  }
});

test('a mask shows too little to learn the value', () => {
  for (const name of propertyTypeNames.filter((type) => propertyTypes[type].matchable)) {
    for (const [text, expected, hints] of cases[name] ?? []) {
      if (expected.startsWith('!')) continue;
      const read = propertyTypes[name].clean(text, hints);
      assert.ok(read.ok);
      const masked = propertyTypes[name].mask(read.value);
      assert.match(masked, /•/, name);
      assert.ok(!masked.includes(read.value.slice(1, -1)), `${name}: ${masked}`);
    }
  }
});

test('match keys of two types never meet, and types that may not be matched have none', () => {
  const keys = new Map<string, string>();
  for (const name of propertyTypeNames) {
    for (const [text, , hints] of cases[name] ?? []) {
      const read = propertyTypes[name].clean(text, hints);
      const key = read.ok ? propertyTypes[name].matchKey(read.value) : null;
      if (key === null) continue;
      assert.ok(propertyTypes[name].matchable, name);
      assert.equal(keys.get(key) ?? name, name);
      keys.set(key, name);
    }
  }
  assert.equal(propertyTypes.phone.matchKey('+8223123456;ext=12'), 'phone:+8223123456');
  assert.equal(propertyTypes.handle.matchKey('somename'), null);
  assert.equal(propertyTypes.url.matchKey('https://example.org/#x'), 'url:example.org');
});

test('a container’s letters have the values ISO 6346 gives them', () => {
  const values =
    'A10 B12 C13 D14 E15 F16 G17 H18 I19 J20 K21 L23 M24 N25 O26 P27 Q28 R29 S30 T31 U32 V34 W35 X36 Y37 Z38';
  const valueByLetter = new Map(values.split(' ').map((entry) => [entry[0]!, Number(entry.slice(1))]));
  for (const letter of valueByLetter.keys()) {
    const code = `${letter}AAU000000`;
    const sum = [...code].reduce(
      (total, character, at) => total + (valueByLetter.get(character) ?? Number(character)) * 2 ** at,
      0,
    );
    assert.deepEqual(
      propertyTypes.container.clean(code + ((sum % 11) % 10)),
      { ok: true, value: code + ((sum % 11) % 10) },
      letter,
    );
  }
});

test('a type of a newer version is unknown, not a property of every object', () => {
  assert.equal(propertyType('constructor'), undefined);
  assert.equal(propertyType('phone'), propertyTypes.phone);
});
