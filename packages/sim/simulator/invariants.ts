/** What must hold of a run (trust.md §3), read from the disks when everything has healed. */
import { projectPayload } from '@tripoint/bureau/exchange';
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import { parseReport } from '@tripoint/model/report';
import type { Bureau } from './bureau.ts';
import type { Filed } from './ledger.ts';
import { placeKey, toPeer } from './place-key.ts';
import type { CharterRow, CopyRow, OutboxRow, Tables } from './tables.ts';
import { itemKey } from './way-out.ts';
import type { Breach, World } from './world.ts';

export const invariantNames = ['I1', 'I2', 'I3', 'I4', 'I5', 'I7', 'I8', 'I10', 'I11'] as const;
export type InvariantName = (typeof invariantNames)[number];
export type Exercised = Record<InvariantName, number>;

/** Memory of a bureau of a run: loops, timers and transactions that wait at once, and frames between any two. */
export const SLEEPERS_MAX = 400;
export const FRAMES_IN_FLIGHT_MAX = 5_000;

/** Every invariant over the durable state of a run that is over. */
export function judge(world: World): { breaches: Breach[]; exercised: Exercised } {
  const exercised = Object.fromEntries(invariantNames.map((name) => [name, 0])) as Exercised;
  const breaches: Breach[] = [...world.breaches];
  const tables = world.bureaus.map(({ db }) => db.disk.tables());
  const scene: Scene = {
    world,
    tables,
    filed: new Map(world.ledger.filed.map((filed) => [filed.filing.item, filed])),
    breach: (invariant, says) => void breaches.push({ invariant, says }),
    count: (invariant) => {
      exercised[invariant] += 1;
    },
  };
  for (const [at, bureau] of world.bureaus.entries()) {
    if (!world.isHonest(at)) continue;
    breaches.push(...world.witness.check(bureau, world.ledger.restored.has(at)));
    checkFiled(scene, at);
    checkDeliveries(scene, at);
    checkHoldings(scene, at);
    checkOrder(scene, at);
    checkSealings(scene, at);
    checkLeftovers(scene, at);
    checkOwnFaults(scene, bureau);
    if (world.ledger.restored.get(at)?.wasBehind) checkRollbackSeen(scene, at);
  }
  exercised.I8 += world.witness.compared;
  return { breaches, exercised };
}

interface Scene {
  world: World;
  tables: readonly Tables[];
  filed: ReadonlyMap<string, Filed>;
  breach(invariant: string, says: string): void;
  count(invariant: InvariantName): void;
}

const short = (id: string) => id.slice(0, 8);
const tablesOf = ({ tables }: Scene, at: number): Tables => tables[at] as Tables;
const indexOf = ({ world }: Scene, peer: string): number => world.members.findIndex(({ id }) => id === peer);

/** I1: whatever an officer was told is filed stands in the bureau, with its rows. */
function checkFiled(scene: Scene, at: number): void {
  const { item, outbox } = tablesOf(scene, at);
  if (scene.world.ledger.restored.has(at)) return;
  for (const { by, ackedMs, filing } of scene.world.ledger.filed) {
    if (by !== at || ackedMs === null) continue;
    scene.count('I1');
    const isThere = item.has(itemKey(filing.item, 1)) && filing.to.every(({ row }) => outbox.has(row));
    if (!isThere) scene.breach('I1', `${short(filing.item)} was acknowledged to its officer and is gone`);
  }
}

/** I1: what the sender says of each delivery is so. */
function checkDeliveries(scene: Scene, at: number): void {
  for (const row of tablesOf(scene, at).outbox.values()) checkDelivery(scene, at, indexOf(scene, row.peer), row);
}

function checkDelivery(scene: Scene, at: number, to: number, row: OutboxRow): void {
  if (!scene.world.isClean(at, to)) return;
  const says = `${short(row.item)} for ${row.nation} on lane ${row.lane} at ${row.seq} is ${row.state}`;
  const theirs = tablesOf(scene, to);
  if (row.state === 'refused') {
    const isErased = scene.world.ledger.erased.has(row.item) && row.reason === 'not-sealable';
    if (!isErased) scene.breach('I1', `${says} (${row.reason}) though nothing was wrong with it`);
    return;
  }
  if (row.state !== 'verified' && row.state !== 'opened') return;
  scene.count('I1');
  const own = tablesOf(scene, at).item.get(itemKey(row.item, row.version));
  const there = theirs.item.get(itemKey(row.item, row.version));
  if (!there?.payload) {
    scene.breach('I1', `${says} and is not there`);
    return;
  }
  if (!own?.payload) return;
  const isHidden = own.conditions.includes('hide-recipients');
  const meant = isHidden ? projectPayload(own.payload, row.nation) : own.payload;
  if (!sameBytes(meant, there.payload)) scene.breach('I1', `${says} and reads differently there`);
}

/** I2, I3, I5: what a bureau holds of others was meant for it, came once, and has an author. */
function checkHoldings(scene: Scene, at: number): void {
  const { item, event, envelopeIn } = tablesOf(scene, at);
  const { nation } = scene.world.bureaus[at] as Bureau;
  const told = new Map<string, number>();
  for (const { kind, item: of } of event.values())
    if (kind === 'report.received' && of) told.set(of, (told.get(of) ?? 0) + 1);
  for (const row of item.values()) {
    if (row.own || !row.payload) continue;
    scene.count('I2');
    const parsed = parseReport(row.payload);
    const readers = parsed.ok ? parsed.report.recipients : [];
    if (!readers.includes(nation)) scene.breach('I2', `${nation} holds ${short(row.id)}, which was not for it`);
    if (row.conditions.includes('hide-recipients') && readers.length !== 1)
      scene.breach('I2', `${nation} sees who else got ${short(row.id)}`);
    scene.count('I3');
    if (told.get(row.id) !== 1)
      scene.breach('I3', `${short(row.id)} took effect ${told.get(row.id) ?? 0} times in ${nation}`);
  }
  for (const id of told.keys())
    if (!item.has(itemKey(id, 1))) scene.breach('I3', `${short(id)} took effect in ${nation} and is not there`);
  const places = new Set<string>();
  const items = new Set<string>();
  for (const row of envelopeIn.values()) {
    if (row.state !== 'verified' || !row.item) continue;
    const place = placeKey.place(row.peer, row.lane, row.seq);
    if (places.has(place) || items.has(row.item))
      scene.breach('I3', `${short(row.item)} was taken in twice by ${nation}`);
    places.add(place);
    items.add(row.item);
    const from = indexOf(scene, toPeer(row.peer));
    if (scene.world.isHonest(from) && !scene.world.ledger.restored.has(from))
      checkAuthor(scene, at, from, row.item, row);
  }
}

function checkAuthor(
  scene: Scene,
  at: number,
  from: number,
  item: string,
  { lane, seq, leaf }: { lane: number; seq: number; leaf: Uint8Array },
): void {
  scene.count('I5');
  const { id, nation } = scene.world.bureaus[at] as Bureau;
  const author = tablesOf(scene, from);
  const name = toHex(leaf);
  const says = `${nation} holds ${short(item)} at ${lane}/${seq}`;
  const row = [...author.outbox.values()].find((one) => one.peer === id && one.item === item);
  if (!row || row.lane !== lane || row.seq !== seq || row.leaf !== name)
    scene.breach('I5', `${says}, which its author has no record of`);
  const isLogged = [...author.log.values()].some((entry) => entry.leaf === name);
  if (!isLogged) scene.breach('I5', `${says}, which stands in no log of its author`);
}

/** I4: what an officer filed after the answer to what came before takes effect after it, for each reader and lane. */
function checkOrder(scene: Scene, at: number): void {
  const { event } = tablesOf(scene, at);
  const latestStart = new Map<string, number>();
  for (const { kind, item } of event.values()) {
    const filed = kind === 'report.received' && item ? scene.filed.get(item) : undefined;
    if (!filed || !scene.world.isClean(at, filed.by)) continue;
    const thread = placeKey.chain((scene.world.members[filed.by] as { id: string }).id, filed.filing.lane);
    const before = latestStart.get(thread);
    if (before !== undefined) scene.count('I4');
    if (before !== undefined && filed.ackedMs !== null && filed.ackedMs < before)
      scene.breach('I4', `${short(item as string)} took effect after what was filed later`);
    latestStart.set(thread, Math.max(before ?? 0, filed.startedMs));
  }
}

/**
 * Every sealing, as it was committed. I2: each copy is for a nation that its item names. I7: when its COMMIT was asked
 * for, everybody it was for was a member in good standing.
 */
function checkSealings(scene: Scene, at: number): void {
  const charters = new Map<number, CharterRow>();
  const queued = new Set<string>();
  for (const { changes, askedUnder } of (scene.world.bureaus[at] as Bureau).db.disk.entries) {
    const sealed = new Map<string, OutboxRow>();
    for (const { table, key, row } of changes) {
      if (table === 'charter' && row) charters.set((row as CharterRow).version, row as CharterRow);
      if (table !== 'outbox' || !row) continue;
      const out = row as OutboxRow;
      if (out.state === 'queued') queued.add(key);
      else if (out.envelope !== null && queued.delete(key)) sealed.set(out.envelope, out);
    }
    if (sealed.size === 0) continue;
    const standings = charters.get(askedUnder)?.standings ?? {};
    for (const { table, row } of changes)
      if (table === 'copyOut' && row) checkCopy(scene, at, row as CopyRow, sealed, standings);
  }
}

function checkCopy(
  scene: Scene,
  at: number,
  { envelope, peer }: CopyRow,
  sealed: ReadonlyMap<string, OutboxRow>,
  standings: CharterRow['standings'],
): void {
  const out = sealed.get(envelope);
  const to = scene.world.members[indexOf(scene, peer)]?.nation ?? '';
  const item = out && tablesOf(scene, at).item.get(itemKey(out.item, out.version));
  const says = `${(scene.world.bureaus[at] as Bureau).nation} sealed ${short(out?.item ?? '')} for ${to}`;
  scene.count('I2');
  if (item && !item.recipients.includes(to)) scene.breach('I2', `${says}, which is none of its readers`);
  if (Object.values(standings).includes('suspended')) scene.count('I7');
  if (standings[peer] === 'suspended') scene.breach('I7', `${says}, which is suspended`);
}

/** I10, I11: nothing waits and nothing is kept that nobody needs any more. */
function checkLeftovers(scene: Scene, at: number): void {
  const { world } = scene;
  const { outbox, chainOut, copyOut, envelopeOut, envelopeIn } = tablesOf(scene, at);
  const { nation, sleepers } = world.bureaus[at] as Bureau;
  for (const row of outbox.values()) {
    const to = indexOf(scene, row.peer);
    if (!world.isClean(at, to)) continue;
    scene.count('I10');
    const isGone = row.state === 'queued' && world.ledger.erased.has(row.item);
    if (
      !isGone &&
      row.state !== 'verified' &&
      row.state !== 'opened' &&
      row.state !== 'refused' &&
      row.state !== 'recalled'
    )
      scene.breach('I10', `${short(row.item)} for ${row.nation} is still ${row.state}`);
  }
  for (const { peer, lane, seq, acked } of chainOut.values())
    if (seq > acked && world.isClean(at, indexOf(scene, peer)))
      scene.breach('I10', `${nation} still waits for receipts of ${lane}/${acked + 1} to ${seq}`);
  for (const row of envelopeIn.values())
    if (row.state === 'held' && world.isClean(at, indexOf(scene, toPeer(row.peer))))
      scene.breach('I10', `${nation} still holds back ${row.lane}/${row.seq} (${row.code})`);
  scene.count('I11');
  const used = new Set<string>();
  for (const { peer, envelope, lane, seq } of copyOut.values()) {
    used.add(envelope);
    if (world.isClean(at, indexOf(scene, peer)))
      scene.breach('I11', `${nation} still keeps the copy at ${lane}/${seq}`);
  }
  for (const id of envelopeOut.keys())
    if (!used.has(id)) scene.breach('I11', `${nation} still keeps an envelope of which no copy is left`);
  if (sleepers > SLEEPERS_MAX) scene.breach('I11', `${sleepers} things wait in ${nation}`);
  const flying = Math.max(...world.lines.map(({ inFlight }) => inFlight));
  if (flying > FRAMES_IN_FLIGHT_MAX) scene.breach('I11', `${flying} frames are on one line`);
}

/** Nothing in a run is our own fault. */
function checkOwnFaults(scene: Scene, { said }: Bureau): void {
  for (const { nation, text, facts } of said)
    if (text === 'a batch failed by our own fault' || text === 'an own item cannot be sealed')
      scene.breach('I1', `${nation}: ${text} ${JSON.stringify(facts)}`);
}

/** I8 after an old backup: somebody noticed, at home or at a peer's. */
function checkRollbackSeen(scene: Scene, at: number): void {
  scene.count('I8');
  const { nation, id } = scene.world.bureaus[at] as Bureau;
  if (!isRollbackSeen(tablesOf(scene, at), id, scene.tables))
    scene.breach('I8', `nobody noticed that ${nation} came back from an old backup`);
}

export function isRollbackSeen(own: Tables, id: string, all: readonly Tables[]): boolean {
  const atHome = [...own.alarm.values()].some(({ kind }) => kind === 'fork');
  return atHome || all.some(({ quarantine }) => [...quarantine.values()].some(({ peer }) => peer === id));
}
