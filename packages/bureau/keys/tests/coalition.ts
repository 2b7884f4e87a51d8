/** A coalition of three for tests of this room: one ceremony, and bureaus on databases of their own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinBytes, u32 } from '@tripoint/envelope/cbor';
import { type SigningKey, sha256 } from '@tripoint/envelope/suite';
import { appendLeaves } from '../../log/index.ts';
import { testDatabase } from '../../postgres/index.ts';
import { migrate, openStore, type Store } from '../../store/index.ts';
import {
  custodianFile,
  type FoundedBureau,
  type HeldCeremony,
  holdCeremony,
  type Keys,
  openCustodian,
  openKeys,
} from '../index.ts';

const rooms = ['store', 'keys', 'log'].map((room) => ({
  room,
  sql: readFileSync(new URL(`../../${room}/tables.sql`, import.meta.url), 'utf8'),
}));
export const DAY_MS = 86_400_000;
export const DAY_SEC = 86_400;
export const startMs = Date.UTC(2026, 10, 23, 9, 30);
export const startSec = startMs / 1000;
/** Midnight before the start. */
export const daySec = startSec - (startSec % DAY_SEC);
export const passphrase = 'gate of three rivers';

let drawn = 0;
/** Different at every draw, the same in every run. */
export const random = (sizeBytes: number): Uint8Array => {
  drawn += 1;
  const blocks = Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, at) => sha256(u32(drawn), u32(at)));
  return joinBytes(...blocks).slice(0, sizeBytes);
};

export type Bureau = {
  readonly keys: Keys;
  readonly store: Store;
  readonly clock: { at: number; nowMs: () => number };
  /** Another process of the same bureau. */
  readonly again: () => Promise<Keys>;
};

export type Coalition = {
  readonly root: string;
  readonly held: HeldCeremony;
  readonly founded: (nation: string) => FoundedBureau;
  readonly custodiansOf: (nation: string) => Promise<SigningKey[]>;
  /** `isFounded` false: as it stands before its ceremony reaches it. */
  readonly bureau: (nation: string, isFounded?: boolean) => Promise<Bureau>;
  readonly close: () => Promise<void>;
};

export async function coalition(): Promise<Coalition> {
  const root = await mkdtemp(join(tmpdir(), 'tripoint-ceremony-'));
  const nations = ['KR', 'TH', 'LA'].map((nation) => ({
    nation,
    address: `${nation.toLowerCase()}.example:7443`,
    dir: join(root, nation),
    passphrase,
  }));
  const held = await holdCeremony({ nations, clock: { nowMs: () => startMs }, random });
  const closing: (() => Promise<void>)[] = [() => rm(root, { recursive: true })];
  const founded = (nation: string): FoundedBureau => {
    const found = held.bureaus.find((each) => each.nation === nation);
    assert.ok(found !== undefined);
    return found;
  };
  const custodiansOf = (nation: string) =>
    Promise.all(
      ([1, 2, 3] as const).map((each) => openCustodian(custodianFile(founded(nation).dir, each), passphrase)),
    );
  const bureau = async (nation: string, isFounded = true): Promise<Bureau> => {
    const db = await testDatabase('keys', (connection) => migrate(connection, rooms), JSON.stringify(rooms));
    const { keyring } = founded(nation);
    const clock = { at: startMs, nowMs: () => clock.at };
    const store = await openStore({
      connection: db.connection,
      kek: keyring.kek,
      indexKey: keyring.indexKey,
      clock: { now: () => clock.at, sleep: untilAborted },
      random,
    });
    closing.unshift(async () => {
      await store.close();
      await db.drop();
    });
    const again = () =>
      openKeys({ keyring, transact: store.transact, clock, random, appendLeaves, pin: held.charterHash });
    const keys = await again();
    if (isFounded) {
      assert.equal(await keys.adoptFounding(held.founding), null);
      await keys.maintain();
    }
    return { keys, store, clock, again };
  };
  const close = async () => {
    for (const step of closing) await step();
  };
  return { root, held, founded, custodiansOf, bureau, close };
}

const untilAborted = (_ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done) => signal?.addEventListener('abort', () => done()));
