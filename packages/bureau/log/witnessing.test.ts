import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import {
  decodeFork,
  encodeFork,
  leafHash,
  MemoryTree,
  parseCheckpoint,
  parseNote,
  rootAt,
  signCheckpoint,
  verifyCosignature,
  verifyInclusion,
  witnessName,
} from '@tripoint/envelope/proof';
import fc from 'fast-check';
import { LEAVES, type Nation, type OnTheWay, World } from './coalition-for-tests.ts';
import { elsewhere, newestBeat, newestWitnessed, proveUnder, type WitnessedHead } from './index.ts';
import { decodeLogFrame, encodeLogFrame } from './witness-frames.ts';

let world: World;

let four: [Nation, Nation, Nation, Nation];
before(async () => {
  world = new World();
  await world.found(['KR', 'TH', 'LA', 'VN']);
  four = world.nations as typeof four;
});
after(() => world.close());

const witnessed = (nation: Nation): Promise<WitnessedHead | null> => nation.store.transact(newestWitnessed);
const sizeOf = async (nation: Nation): Promise<number> => (await nation.store.transact(newestBeat))?.size ?? 0;

/** Everybody who stands under the note, each with both halves. */
function namesUnder(head: WitnessedHead): string[] {
  const note = parseNote(head.note);
  const checkpoint = note === null ? null : parseCheckpoint(note.text);
  assert.ok(note !== null && checkpoint !== null);
  return world.nations
    .filter(({ keys, memberId }) => {
      const name = witnessName(keys.originOf(memberId));
      return verifyCosignature(checkpoint, note, name, keys.witnessKey.publicBytes) !== null;
    })
    .map(({ code }) => code);
}

test('a head that every other nation cosigned is witnessed, and its notes hold for anybody', async () => {
  const [leaf] = await four[0].file(1);
  await world.beat();
  assert.equal(await witnessed(four[0]), null, 'pending till the others have answered');
  await world.flow();
  const head = await witnessed(four[0]);
  assert.ok(head !== null);
  assert.deepEqual(namesUnder(head), ['TH', 'LA', 'VN']);
  const proof = await four[0].store.transact((tx) => proveUnder(tx, { entry: leaf as Uint8Array }, head));
  assert.ok(proof !== null && proof !== 'pending');
  assert.ok(verifyInclusion(leafHash(proof.entry), proof.index, head.size, head.root, proof.path));
});

test('within its rate a log grows by the same number whether or not anything was filed; a burst takes the next multiple', async () => {
  const grownBy = async (count: number): Promise<number> => {
    const size = await sizeOf(four[0]);
    await four[0].file(count);
    await four[0].log.integrate();
    await world.beat();
    return (await sizeOf(four[0])) - size;
  };
  for (const count of [0, 1, 7, LEAVES]) assert.equal(await grownBy(count), LEAVES, `${count} filed`);
  assert.equal(await grownBy(LEAVES + 1), 2 * LEAVES);
  assert.equal(await grownBy(0), LEAVES);
  await world.flow();
});

test('two processes of a bureau make one beat', async () => {
  const size = await sizeOf(four[1]);
  const one = four[1].log;
  four[1].start();
  world.nowMs += 10_000;
  await Promise.all([one.beat(), four[1].log.beat()]);
  await Promise.all([one.beat(), four[1].log.beat()]);
  assert.equal(await sizeOf(four[1]), size + LEAVES);
  await world.connect([four[1]]);
  await world.flow();
});

test('a head is witnessed by the charter’s quorum alone, and pending below it', async () => {
  const [, , la, vn] = four;
  world.cut(four[0], la);
  world.cut(four[0], vn);
  const before = (await witnessed(four[0]))?.size;
  await world.beat();
  await world.flow();
  assert.equal((await witnessed(four[0]))?.size, before, 'one of three others is no quorum');
  await world.link(four[0], la);
  await world.flow();
  const head = await witnessed(four[0]);
  assert.equal(head?.size, await sizeOf(four[0]));
  assert.deepEqual(namesUnder(head as WitnessedHead), ['TH', 'LA']);
  await world.link(four[0], vn);
  await world.flow();
  assert.deepEqual(
    namesUnder((await witnessed(four[0])) as WitnessedHead),
    ['TH', 'LA', 'VN'],
    'the late one is kept too',
  );
});

test('observers and suspended nations neither witness nor are asked', async () => {
  const [kr, th, la] = four;
  th.status = 'observer';
  la.status = 'suspended';
  await world.beat();
  assert.ok(world.onTheWay.every(({ to }) => to !== th && to !== la));
  await world.flow();
  const size = await sizeOf(kr);
  assert.notEqual((await witnessed(kr))?.size, size);
  // Asked all the same, an observer's bureau does not sign; and what it signed would not be kept.
  const note = (await kr.store.transact(newestBeat))?.note as string;
  const held = await th.rows<{ size: bigint }>(`SELECT max(size) AS size FROM witnessed_head
    WHERE member = '\\x${toHex(kr.memberId)}'`);
  const ask = encodeLogFrame({ kind: 'ask', oldSize: Number(held[0]?.size ?? 0), note, proof: [] });
  assert.equal(await th.witnessing.take(kr.memberId, ask), null);
  th.status = 'active';
  la.status = 'active';
  await world.connect();
  await world.flow();
  assert.equal((await witnessed(kr))?.size, size);
});

test('a witness that dies between keeping a head and answering gives the same answer when it is back', async () => {
  const [kr, th] = four;
  await world.beat();
  const isAnswer = ({ from, to }: OnTheWay) => from === th && to === kr;
  // Its answer is lost with it; the head stands in its store.
  for (const one of world.onTheWay.splice(0)) await world.carry(one);
  world.onTheWay = world.onTheWay.filter((one) => !isAnswer(one));
  th.start();
  await world.flow();
  await world.connect([th]);
  await world.flow();
  const head = await witnessed(kr);
  assert.equal(head?.size, await sizeOf(kr));
  assert.ok(namesUnder(head as WitnessedHead).includes('TH'));
  assert.deepEqual(kr.alarms, []);
});

test('in any order, with any loss and doubling of frames and any restart, no honest nation is accused and all is witnessed in the end', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('carry' as const), at: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), at: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('double' as const), at: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('beat' as const), at: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), at: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), at: fc.nat(3) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      for (const { do: what, at } of steps) {
        const nation = four[at % 4] as Nation;
        const other = four[(at + 1) % 4] as Nation;
        const place = world.onTheWay.length === 0 ? -1 : at % world.onTheWay.length;
        if (what === 'beat') {
          await nation.file(at * 3);
          await world.beat();
        } else if (what === 'restart') {
          for (const one of four) if (one !== nation) world.cut(nation, one);
          nation.start();
          await world.connect([nation]);
        } else if (what === 'cut') world.cut(nation, other);
        else if (place >= 0 && what === 'carry') await world.carry(world.onTheWay.splice(place, 1)[0] as OnTheWay);
        else if (place >= 0 && what === 'drop') world.onTheWay.splice(place, 1);
        else if (place >= 0) world.onTheWay.push(world.onTheWay[place] as OnTheWay);
      }
      // Healed: everybody meets again, and a beat later all stands witnessed.
      await world.connect();
      await world.flow();
      await world.beat();
      await world.flow();
      for (const nation of four) {
        assert.deepEqual(nation.alarms, []);
        const head = await witnessed(nation);
        assert.equal(head?.size, await sizeOf(nation), nation.code);
        assert.equal(namesUnder(head as WitnessedHead).length, 3);
      }
    }),
    { numRuns: 12, seed: 20_261_124 },
  );
  // Every head that anybody cosigned is a prefix of its owner's log (trust.md I8).
  for (const owner of four) {
    const tree = new MemoryTree();
    for (const { entry } of await owner.rows<{ entry: Uint8Array }>('SELECT entry FROM log_entry ORDER BY index'))
      tree.append(Uint8Array.from(entry));
    for (const witness of four) {
      const heads = await witness.rows<{ size: bigint; root: Uint8Array }>(
        `SELECT size, root FROM witnessed_head WHERE member = '\\x${toHex(owner.memberId)}'`,
      );
      for (const { size, root } of heads) assert.ok(sameBytes(rootAt(tree.read, Number(size)), Uint8Array.from(root)));
    }
  }
});

test('a nation tells a recipient where an envelope stands in its log, and nobody where anything else stands', async () => {
  const [kr, th] = four;
  const [leaf] = (await kr.file(1)) as [Uint8Array];
  await world.beat();
  await world.flow();
  const asking = th.witnessing.locate(kr.memberId, leaf);
  await world.flow();
  assert.equal(await asking, true);
  const there = await th.store.transact((tx) => elsewhere(tx, leaf));
  const checkpoint = parseCheckpoint(parseNote(there?.note ?? '')?.text ?? '');
  assert.ok(there !== null && checkpoint !== null);
  assert.ok(verifyInclusion(leafHash(leaf), there.index, checkpoint.size, checkpoint.root, there.path));
  const [dummy] = await kr.rows<{ entry: Uint8Array }>(`SELECT entry FROM log_entry WHERE kind = 'dummy' LIMIT 1`);
  const where = encodeLogFrame({ kind: 'where', entry: Uint8Array.from(dummy?.entry ?? []) });
  assert.equal(await kr.witnessing.take(th.memberId, where), null);
});

test('a cosignature under another size, by a stranger, or cut in half is not kept', async () => {
  const [kr, th] = four;
  await world.beat();
  const asks = world.onTheWay.splice(0).filter(({ from, to }) => from === kr && to === th);
  for (const one of asks) await world.carry(one);
  const answer = decodeLogFrame(world.onTheWay.splice(0)[0]?.payload ?? new Uint8Array(0));
  assert.ok(answer?.kind === 'cosigned');
  const kept = () => kr.rows(`SELECT FROM log_cosignature WHERE size = ${answer.size}`);
  const give = (frame: typeof answer, by: Nation = th) => kr.witnessing.take(by.memberId, encodeLogFrame(frame));
  await give({ ...answer, size: answer.size - LEAVES });
  await give(answer, four[2]);
  await give({ ...answer, lines: `${answer.lines.split('\n')[0]}\n` });
  await give({ ...answer, lines: answer.lines + answer.lines });
  assert.equal((await kept()).length, 0);
  await give(answer);
  assert.equal((await kept()).length, 1);
  await world.connect();
  await world.flow();
});

test('two heads of one size are evidence wherever they are shown, told to all, and kept once', async () => {
  const [kr, th, la, vn] = four;
  const head = await kr.store.transact(newestBeat);
  assert.ok(head !== null);
  const origin = kr.keys.originOf(kr.memberId);
  const other = signCheckpoint({ origin, size: head.size, root: new Uint8Array(32).fill(1) }, kr.keys.logKey);
  await th.witnessing.met(kr.memberId, new TextEncoder().encode(other));
  await world.flow();
  for (const nation of [th, la, vn]) assert.deepEqual(nation.alarms, ['log_disputed KR'], nation.code);
  await th.witnessing.met(kr.memberId, new TextEncoder().encode(other));
  await world.flow();
  const kept = await la.rows<{ kind: string; evidence: Uint8Array }>('SELECT kind, evidence FROM log_fork');
  assert.deepEqual(
    kept.map(({ kind }) => kind),
    ['same-size'],
  );
  assert.equal(
    (await la.rows(`SELECT FROM log_pending WHERE kind = 'fork'`)).length,
    1,
    'it goes into the log of whoever keeps it',
  );
  // One who was away learns it when its link comes up.
  await vn.rows('DELETE FROM log_fork');
  await world.connect([vn]);
  await world.flow();
  assert.equal((await vn.rows('SELECT FROM log_fork')).length, 1);
  await clear();
});

test('slander is named as such: what needs an answer is doubted, and what does not verify is nothing', async () => {
  const [kr, th, la] = four;
  const heads = await th.rows<{ note: string }>(
    `SELECT note FROM witnessed_head WHERE member = '\\x${toHex(kr.memberId)}' ORDER BY size LIMIT 2`,
  );
  const [first = '', second = ''] = heads.map(({ note }) => note);
  const slander = encodeFork({ kind: 'unproven', memberId: kr.memberId, notes: [first, second], proof: [] });
  await la.witnessing.take(th.memberId, encodeLogFrame({ kind: 'fork', evidence: slander }));
  assert.deepEqual(la.alarms, ['log_doubted KR']);
  la.alarms = [];
  const bent = encodeFork({ kind: 'same-size', memberId: kr.memberId, notes: [first, second], proof: [] });
  await la.witnessing.take(th.memberId, encodeLogFrame({ kind: 'fork', evidence: bent }));
  assert.deepEqual(la.alarms, []);
  await clear();
});

test('a bureau restored from an old backup is found at first contact, and knows it itself', async () => {
  const [kr, th, la] = four;
  await world.beat();
  await world.flow();
  const restore = await kr.backup();
  await kr.file(3);
  for (let beat = 0; beat < 3; beat += 1) {
    await world.beat();
    await world.flow();
  }
  for (const other of four.slice(1)) world.cut(kr, other as Nation);
  await restore();
  await world.link(kr, th);
  await world.flow();
  await th.witnessing.round();
  await world.flow();
  assert.deepEqual(th.alarms, ['log_unproven KR']);
  assert.ok(kr.alarms.includes('own_log_behind KR'));
  const [kept] = await th.rows<{ evidence: Uint8Array }>('SELECT evidence FROM log_fork');
  assert.equal(decodeFork(Uint8Array.from(kept?.evidence ?? []))?.kind, 'unproven');
  // At its next beat it signs a second head of a size that the others know: now it proves itself.
  await world.link(kr, la);
  await kr.file(1);
  await world.beat();
  await world.flow();
  assert.ok(la.alarms.includes('log_disputed KR') && th.alarms.includes('log_disputed KR'));
  const size = await sizeOf(kr);
  assert.notEqual((await witnessed(kr))?.size, size, 'and nobody cosigns it');
});

async function clear(): Promise<void> {
  world.onTheWay = [];
  for (const nation of four) {
    nation.alarms = [];
    await nation.rows('DELETE FROM log_fork');
  }
}
