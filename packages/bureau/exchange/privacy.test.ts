import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspectCopy, type Opened, openUnwrapped, unwrapCopy } from '@tripoint/envelope/seal';
import type { KemKey } from '@tripoint/envelope/suite';
import type { OutCopy } from '../transport/index.ts';
import { type Founded, found, hex, type TestBureau } from './bureaus-for-tests.ts';
import { connected } from './cable-for-tests.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
});
after(() => founded.close());

async function three() {
  const [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  return { korea, thailand, laos, cables: await connected([korea, thailand, laos]) };
}

/** All that a recipient finds when it opens its copy with its own key. */
function everythingIn(
  copy: OutCopy,
  recipient: TestBureau,
  sender: TestBureau,
): Opened & { id: string; alias: number; hashes: number } {
  const inspected = inspectCopy(copy.bytes, { bucketsPermitted: [8, 16, 64], kemKeyStatus: () => 'ours' });
  assert.ok(inspected.ok);
  const key = recipient.keys.kemKey(inspected.copy.stanza.kid) as KemKey;
  const unwrapped = unwrapCopy(inspected.copy, key);
  assert.ok(unwrapped.ok);
  const { cek, alias } = unwrapped.stanza;
  const parties = { memberId: recipient.memberId, senderId: sender.memberId };
  const opened = openUnwrapped(inspected.copy, cek, parties);
  assert.ok(opened.ok);
  return { ...opened.opened, id: hex(inspected.copy.core.id), alias, hashes: inspected.copy.stanzaHashes.length };
}

const text = new TextDecoder();
const hide = [{ code: 'hide-recipients' }];

test('recipients who must not know of each other get each an envelope of its own, with no sign of the others', async () => {
  const { korea, thailand, laos, cables } = await three();
  const id = await korea.file({ to: [thailand, laos], conditions: hide });
  await korea.sealed();
  const seen = [];
  for (const [nation, other] of [
    [thailand, laos],
    [laos, thailand],
  ] as const) {
    const [copy] = await cables(korea, nation).pullAll(korea, 2);
    const { inner, innerBytes, ...rest } = everythingIn(copy!, nation, korea);
    assert.deepEqual(inner.audience.map(hex), [hex(nation.memberId)]);
    assert.ok(!Buffer.from(innerBytes).includes(Buffer.from(other.memberId)));
    assert.ok(!text.decode(inner.payload).includes(`"${other.nation}"`));
    await cables(korea, nation).give(nation, [copy!]);
    assert.deepEqual((await nation.read(id))?.recipients, [nation.nation]);
    seen.push({ ...rest, sizeBytes: copy!.bytes.length });
  }
  const [inThailand, inLaos] = seen;
  assert.notEqual(inThailand?.id, inLaos?.id);
  assert.equal(inThailand?.sizeBytes, inLaos?.sizeBytes);
  assert.equal(inThailand?.hashes, inLaos?.hashes);
});

test('to one recipient a report looks the same whether or not others got it too', async () => {
  const { korea, thailand, laos, cables } = await three();
  const alone = await korea.file({ to: [thailand], conditions: hide });
  await korea.sealed();
  const [first] = await cables(korea, thailand).pullAll(korea, 2);
  const beside = await korea.file({ to: [thailand, laos], conditions: hide });
  await korea.sealed();
  const [second] = await cables(korea, thailand).pullAll(korea, 2);
  const worlds = [first!, second!].map((copy, at) => {
    const { inner, hashes, alias } = everythingIn(copy, thailand, korea);
    const { id: _, releasedAt: __, statements, ...report } = JSON.parse(text.decode(inner.payload));
    assert.equal(JSON.parse(text.decode(inner.payload)).id, [alone, beside][at]);
    return {
      report,
      statements: statements.length,
      audience: inner.audience.map(hex),
      hashes,
      alias,
      size: copy.bytes.length,
    };
  });
  assert.deepEqual(worlds[0], worlds[1]);
});

test('recipients who may know of each other share one envelope and see each other', async () => {
  const { korea, thailand, laos, cables } = await three();
  await korea.file({ to: [thailand, laos] });
  await korea.sealed();
  const both = [];
  for (const nation of [thailand, laos]) {
    const [copy] = await cables(korea, nation).pullAll(korea, 2);
    both.push(everythingIn(copy!, nation, korea));
  }
  assert.equal(both[0]?.id, both[1]?.id);
  assert.equal(hex(both[0]!.innerBytes), hex(both[1]!.innerBytes));
  assert.deepEqual(JSON.parse(text.decode(both[0]!.inner.payload)).recipients, ['LA', 'TH']);
});

test('an agency travels only as a pseudonym that differs from nation to nation', async () => {
  const { korea, thailand, laos, cables } = await three();
  const agency = 'harbour-desk-of-an-invented-agency';
  await korea.file({ to: [thailand, laos], agency });
  await korea.sealed();
  const aliases = [];
  for (const nation of [thailand, laos]) {
    const [copy] = await cables(korea, nation).pullAll(korea, 2);
    const { innerBytes, alias } = everythingIn(copy!, nation, korea);
    assert.ok(!Buffer.from(innerBytes).includes(agency));
    assert.ok(!Buffer.from(copy!.bytes).includes(agency));
    aliases.push(alias);
  }
  assert.notEqual(aliases[0], 0);
  assert.notEqual(aliases[0], aliases[1]);
});
