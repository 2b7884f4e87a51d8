import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as nodeDisk from 'node:fs/promises';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  changePassphrase,
  createKeyring,
  formatAlias,
  KEYRING_FILE,
  type KeyringRefusal,
  KeyringRefused,
  openKeyring,
  renewLink,
} from './index.ts';

const clock = { nowMs: () => Date.UTC(2026, 10, 23) };
const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));
const passphrase = 'gate of three rivers';
const folders: string[] = [];

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'tripoint-keys-'));
  folders.push(made);
  return made;
}
after(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))));

const create = (dir: string, more: object = {}) =>
  createKeyring({ dir, passphrase, clock, random, memberId: random(16), nation: 'KR', ...more });

const refuses = (work: Promise<unknown>, why: KeyringRefusal): Promise<void> =>
  assert.rejects(work, (error) => error instanceof KeyringRefused && error.why === why);

test('a keyring opens with its passphrase and is the same one', async () => {
  const dir = await folder();
  const made = await create(dir);
  const opened = await openKeyring({ dir, passphrase });
  assert.deepEqual(opened.memberId, made.memberId);
  assert.equal(opened.nation, 'KR');
  assert.deepEqual(opened.identity.publicBytes, made.identity.publicBytes);
  assert.deepEqual(opened.logKey.publicBytes, made.logKey.publicBytes);
  assert.deepEqual(opened.kek, made.kek);
  assert.deepEqual(opened.indexKey, made.indexKey);
  assert.deepEqual(opened.link, made.link);
  assert.deepEqual(opened.envelopeSecret, made.envelopeSecret);
  assert.equal(opened.aliasFor('customs', 'TH'), made.aliasFor('customs', 'TH'));
});

test('a keyring opens with no other passphrase', async () => {
  const dir = await folder();
  await create(dir);
  await refuses(openKeyring({ dir, passphrase: 'gate of three river' }), 'passphrase');
  await refuses(openKeyring({ dir, passphrase: `${passphrase} ` }), 'passphrase');
  await refuses(create(await folder(), { passphrase: 'eleven char' }), 'passphrase-short');
});

test('the same passphrase typed in decomposed Hangul opens the keyring', async () => {
  const dir = await folder();
  await create(dir, { passphrase: '세 강이 만나는 문을 연다'.normalize('NFC') });
  await openKeyring({ dir, passphrase: '세 강이 만나는 문을 연다'.normalize('NFD') });
});

test('no secret stands in the file in the clear, and every flipped byte is found', async () => {
  const dir = await folder();
  const made = await create(dir);
  const path = join(dir, KEYRING_FILE);
  const sealed = await readFile(path);
  assert.equal(sealed.includes(made.kek), false);
  assert.equal(sealed.includes('PRIVATE KEY'), false);
  for (const at of [0, 30, 40, 70, sealed.length >> 1, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    await writeFile(path, changed);
    await assert.rejects(openKeyring({ dir, passphrase }), KeyringRefused);
  }
});

test('a keyring that others could read, or whose folder others could write, is refused', async () => {
  const dir = await folder();
  await create(dir);
  const path = join(dir, KEYRING_FILE);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(path, mode);
    await refuses(openKeyring({ dir, passphrase }), 'permissions');
  }
  await chmod(path, 0o600);
  await chmod(dir, 0o770);
  await refuses(openKeyring({ dir, passphrase }), 'permissions');
  await chmod(dir, 0o700);
  await openKeyring({ dir, passphrase });
});

test('a link in place of the keyring is not followed', async () => {
  const [dir, other] = [await folder(), await folder()];
  await create(other);
  await symlink(join(other, KEYRING_FILE), join(dir, KEYRING_FILE));
  await assert.rejects(openKeyring({ dir, passphrase }), { code: 'ELOOP' });
});

test('a keyring is never written over another one, nor made twice at once', async () => {
  const dir = await folder();
  await create(dir);
  const before = await readFile(join(dir, KEYRING_FILE));
  await refuses(create(dir), 'exists');
  assert.deepEqual(await readFile(join(dir, KEYRING_FILE)), before);
  await refuses(openKeyring({ dir: await folder(), passphrase }), 'missing');
  const empty = await folder();
  const both = await Promise.allSettled([create(empty), create(empty)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const winner = both.find((each) => each.status === 'fulfilled');
  assert.deepEqual((await openKeyring({ dir: empty, passphrase })).kek, winner?.value.kek);
});

test('a crash between writing and renaming leaves the old keyring, and the next attempt succeeds', async () => {
  const dir = await folder();
  const made = await create(dir);
  const newPassphrase = 'a bridge of boats at dawn';
  const dies = { ...nodeDisk, rename: () => Promise.reject(new Error('power cut')) };
  await assert.rejects(changePassphrase({ dir, passphrase, newPassphrase, random, disk: dies }), /power cut/);
  assert.deepEqual((await openKeyring({ dir, passphrase })).kek, made.kek);
  await changePassphrase({ dir, passphrase, newPassphrase, random });
  await refuses(openKeyring({ dir, passphrase }), 'passphrase');
  assert.deepEqual((await openKeyring({ dir, passphrase: newPassphrase })).kek, made.kek);
  assert.deepEqual(await readdir(dir), [KEYRING_FILE]);
});

test('a crash while the first keyring is written leaves none, and the next attempt succeeds', async () => {
  const dir = await folder();
  const dies = { ...nodeDisk, link: () => Promise.reject(new Error('power cut')) };
  await assert.rejects(create(dir, { disk: dies }), /power cut/);
  await refuses(openKeyring({ dir, passphrase }), 'missing');
  await create(dir);
  await openKeyring({ dir, passphrase });
  assert.deepEqual(await readdir(dir), [KEYRING_FILE]);
});

test('a new link key leaves every other key as it was', async () => {
  const dir = await folder();
  const made = await create(dir);
  const renewed = await renewLink({ dir, passphrase, clock, random });
  assert.notDeepEqual(renewed.link.pin, made.link.pin);
  const opened = await openKeyring({ dir, passphrase });
  assert.deepEqual(opened.link, renewed.link);
  assert.deepEqual(opened.identity.kid, made.identity.kid);
});

test('an agency has one pseudonym for each nation, stable and never zero', async () => {
  const keyring = await create(await folder());
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('TH', 'KH', 'LA'), (agency, nation) => {
      const alias = keyring.aliasFor(agency, nation);
      assert.equal(alias, keyring.aliasFor(agency, nation));
      assert.ok(Number.isInteger(alias) && alias > 0 && alias < 2 ** 32);
    }),
    { numRuns: 50 },
  );
  const towards = ['TH', 'KH', 'LA', 'VN', 'PH'].map((nation) => keyring.aliasFor('customs', nation));
  assert.equal(new Set(towards).size, 5);
  assert.notEqual(keyring.aliasFor('customs', 'TH'), (await create(await folder())).aliasFor('customs', 'TH'));
});

test('a pseudonym is written behind its nation, the bureau itself as the nation alone', () => {
  assert.equal(formatAlias('KH', 0x7f3a), 'KH-7f3a');
  assert.equal(formatAlias('KH', 0xa), 'KH-000a');
  assert.equal(formatAlias('KH', 0x7f3a91c2), 'KH-7f3a91c2');
  assert.equal(formatAlias('KH', 0), 'KH');
});

test('each use of the local secret has its own key', async () => {
  const { hmac, saltFor, envelopeSecret, cursorKey, previewSecret } = await create(await folder());
  const bytes = Uint8Array.of(1, 2, 3);
  const all = [hmac('a', bytes), hmac('b', bytes), hmac('a', bytes, bytes), envelopeSecret, cursorKey, previewSecret];
  assert.equal(new Set(all.map((value) => value.join())).size, all.length);
  assert.deepEqual(hmac('a', bytes), hmac('a', bytes));
  assert.notDeepEqual(hmac('salt', bytes).slice(0, 16), saltFor(bytes));
  assert.equal(saltFor(bytes).length, 16);
});
