/** One run put together: bureaus, the lines between them, what goes wrong, and what is seen from outside. */
import { Bureau, type Hand } from './bureau.ts';
import { type Byzantine, byzantine } from './byzantine.ts';
import { Cable } from './cable.ts';
import { type Chance, chanceOf } from './chance.ts';
import { calm } from './database.ts';
import { Kernel } from './kernel.ts';
import { Ledger } from './ledger.ts';
import { type Frame, type Host, Line, type NetWeather } from './line.ts';
import { charterHash, foundingCharter, type Member, memberOf, nationsOfRuns } from './members.ts';
import { healed, type Plan, type RunOptions, type Step } from './plan.ts';
import { sealOf } from './seals.ts';
import { addresseeOf } from './stub-seal.ts';
import type { CharterRow, Standing } from './tables.ts';
import { Trace } from './trace.ts';
import { Witness } from './witness.ts';

export const rightHand: Hand = {
  store: (store) => store,
  seal: (seal) => seal,
  keys: (keys) => keys,
  redialsMax: Number.POSITIVE_INFINITY,
};

export interface Breach {
  invariant: string;
  says: string;
}

export class World {
  readonly kernel = new Kernel();
  readonly trace = new Trace();
  readonly ledger = new Ledger();
  readonly witness = new Witness();
  readonly bureaus: Bureau[];
  readonly lines: (Line | Cable)[] = [];
  readonly members: readonly Member[];
  readonly options: RunOptions;
  readonly plan: Plan;
  /** What was seen while it ran; the rest is found on disk afterwards. */
  readonly breaches: Breach[] = [];
  liar: Byzantine | null = null;
  framesMost = 0;
  #net: NetWeather;
  #isHealed = false;
  readonly #chance: Chance;
  /** Every version of the charter so far. */
  readonly #charters: Omit<CharterRow, 'adoptedAtMs'>[] = [];

  constructor(seed: number, options: RunOptions, plan: Plan, hand: Hand) {
    this.options = options;
    this.plan = plan;
    this.#net = plan.net;
    this.#chance = chanceOf(seed, 'run');
    this.members = nationsOfRuns.slice(0, options.bureaus).map((nation) => memberOf(nation, options.crypto));
    const charter = foundingCharter(this.members, plan.suspended);
    if (plan.suspended !== null) this.ledger.suspended.add(plan.suspended);
    this.#charters.push(charter);
    const seal = sealOf(options.crypto, this.members);
    this.bureaus = this.members.map((member) => {
      const chance = this.#chance.branch(member.nation);
      const { kernel, members } = this;
      const common = { kernel, chance, member, members, charter, seal, weather: plan.database, hand };
      const bureau = new Bureau({ ...common, second: options.second });
      this.witness.follow(bureau, (changes) => this.trace.note(kernel.nowMs * 1_000, this.indexOf(bureau), changes));
      return bureau;
    });
    if (plan.byzantine !== null)
      this.liar = byzantine(
        this.members[plan.byzantine] as Member,
        this.members,
        seal,
        this.#chance.branch('liar'),
        () => ({
          nowMs: (this.bureaus[plan.byzantine as number] as Bureau).nowMs(),
          charterVersion: this.#charters.length,
        }),
      );
    this.#layLines(hand);
  }

  indexOf(bureau: Host): number {
    return this.bureaus.indexOf(bureau as Bureau);
  }

  isHonest(at: number): boolean {
    return at !== this.plan.byzantine;
  }

  /** Between these two nothing may be lost, refused or late: both honest, in good standing, and with all their memory. */
  isClean(a: number, b: number): boolean {
    const { restored, suspended } = this.ledger;
    return [a, b].every((one) => this.isHonest(one) && !restored.has(one) && !suspended.has(one));
  }

  lineOf(a: number, b: number): Line | Cable {
    const [first, second] = [this.bureaus[a] as Bureau, this.bureaus[b] as Bureau];
    return (first.lines.get(second.id) ?? first.cables.get(second.id)) as Line | Cable;
  }

  #layLines(hand: Hand): void {
    for (const [at, a] of this.bureaus.entries())
      for (const b of this.bureaus.slice(at + 1)) {
        if (this.options.links === 'real') {
          const cable = new Cable(a, b, {
            ...{
              kernel: this.kernel,
              chance: this.#chance.branch(`${a.nation}-${b.nation}`),
              weather: () => this.#net,
            },
            leaving: (from, _to, bytes) => this.#leavingBytes(from as Bureau, bytes),
            arriving: (from, to, bytes) => this.#noteArrival(from, to, bytes[1] ?? 0, bytes.length),
          });
          a.cables.set(b.id, cable);
          b.cables.set(a.id, cable);
          this.lines.push(cable);
          continue;
        }
        const line = new Line(a, b, {
          kernel: this.kernel,
          chance: this.#chance.branch(`${a.nation}-${b.nation}`),
          weather: () => this.#net,
          redialsMax: hand.redialsMax,
          leaving: (from, to, frame) => this.#leaving(from as Bureau, to as Bureau, frame),
          arriving: (from, to, frame) => this.#arriving(from as Bureau, to as Bureau, frame),
        });
        a.lines.set(b.id, line);
        b.lines.set(a.id, line);
        this.lines.push(line);
      }
  }

  #leaving(from: Bureau, to: Bureau, frame: Frame): Frame[] {
    if (!this.isHonest(this.indexOf(from)))
      return this.#isHealed ? [frame] : (this.liar as Byzantine).leaving(to.member, frame);
    if (frame.kind === 'env' || frame.kind === 'receipt') this.witness.see(from);
    if (frame.kind === 'env' && this.options.crypto === 'stub')
      for (const { bytes } of frame.copies)
        if (Buffer.compare(addresseeOf(bytes), to.member.kem.kid) !== 0)
          this.breaches.push({ invariant: 'I2', says: `${from.nation} sent ${to.nation} a copy that is not for it` });
    return [frame];
  }

  #arriving(from: Bureau, to: Bureau, frame: Frame): void {
    const count = frame.kind === 'env' ? frame.copies.length : frame.kind === 'receipt' ? frame.receipts.length : 0;
    this.#noteArrival(from, to, frame.kind.charCodeAt(0) * 256 + frame.kind.charCodeAt(1), count);
  }

  #noteArrival(from: Host, to: Host, kind: number, count: number): void {
    this.trace.note(this.kernel.nowMs * 1_000, this.indexOf(from) * 16 + this.indexOf(to), kind, count);
  }

  /** Frame 2 carries copies, frame 4 receipts (wire.md §7). */
  #leavingBytes(from: Bureau, bytes: Uint8Array): void {
    if (bytes[1] === 2 || bytes[1] === 4) this.witness.see(from);
  }

  /** Puts the plan on the clock and everybody to work. */
  begin(): void {
    for (const bureau of this.bureaus) bureau.start();
    for (const step of this.plan.steps) this.kernel.after(step.atMs, () => this.#do(step));
    this.kernel.after(this.options.faultMs, () => this.#heal());
  }

  #heal(): void {
    this.#isHealed = true;
    this.#net = healed(this.options.ordered);
    for (const bureau of this.bureaus) {
      bureau.db.weather = { ...calm };
      bureau.start();
      this.#tell(bureau);
    }
    for (const line of this.lines) {
      line.setCut(false, false);
      // What a lossy line swallowed last is missed by nobody: only a new session brings it back.
      if (line instanceof Line) {
        if (!this.options.ordered) line.reset();
        line.tend();
      }
    }
    if (this.plan.byzantine !== null)
      for (const line of (this.bureaus[this.plan.byzantine] as Bureau).lines.values()) line.reset();
  }

  /** The charter's chain reaches a bureau, version by version. */
  #tell(bureau: Bureau): void {
    const next = this.#charters[bureau.charter.version];
    if (!bureau.isRunning || !next) return;
    bureau.adopt(next).then(
      () => this.#tell(bureau),
      () => this.kernel.after(50, () => this.#tell(bureau)),
    );
  }

  #amend(whom: number, standing: Standing): void {
    this.ledger.suspended.add(whom);
    const version = this.#charters.length + 1;
    const { id } = this.members[whom] as Member;
    const standings = { ...(this.#charters.at(-1)?.standings ?? {}), [id]: standing };
    this.#charters.push({ version, hash: charterHash(version), standings });
    for (const bureau of this.bureaus) this.kernel.after(this.#chance.between(1, 300), () => this.#tell(bureau));
  }

  #do(step: Step): void {
    switch (step.do) {
      case 'file':
        this.#file(step);
        break;
      case 'open':
        this.#open(this.bureaus[step.by] as Bureau);
        break;
      case 'erase':
        this.#erase(step.by);
        break;
      case 'suspend':
        this.#amend(step.whom, 'suspended');
        break;
      case 'reinstate':
        this.#amend(step.whom, 'active');
        break;
      case 'cut':
        this.#cut(step);
        break;
      case 'reset':
        this.lineOf(...step.pair).reset();
        break;
      case 'clock':
        (this.bureaus[step.whom] as Bureau).aheadMs += step.byMs;
        break;
      default:
        this.#bringDown(step);
    }
  }

  #file(step: Step & { do: 'file' }): void {
    const bureau = this.bureaus[step.by] as Bureau;
    if (!bureau.isRunning) return;
    const to = step.to.map((at) => ({ member: this.members[at] as Member, row: this.#chance.uuid() }));
    const filing = { item: this.#chance.uuid(), lane: step.lane, to, condition: step.condition };
    const filed = { by: step.by, filing, startedMs: this.kernel.nowMs, ackedMs: null as number | null };
    this.ledger.filed.push(filed);
    bureau.file(filing).then(
      () => {
        filed.ackedMs = this.kernel.nowMs;
      },
      // The officer sees an error and knows nothing; the report may have left all the same.
      () => undefined,
    );
  }

  #open(bureau: Bureau): void {
    if (!bureau.isRunning) return;
    const received = [...bureau.db.visible.item.values()].filter(({ own }) => !own);
    if (received.length > 0) bureau.open(this.#chance.pick(received).id).catch(() => undefined);
  }

  #erase(by: number): void {
    const bureau = this.bureaus[by] as Bureau;
    const own = [...bureau.db.visible.item.values()].filter((item) => item.own);
    if (!bureau.isRunning || own.length === 0) return;
    const { id } = this.#chance.pick(own);
    this.ledger.erased.add(id);
    bureau.erase(id).catch(() => undefined);
  }

  #cut({ pair, ways, forMs }: Step & { do: 'cut' }): void {
    const line = this.lineOf(...pair);
    line.setCut(...ways);
    this.kernel.after(forMs, () => line.setCut(false, false));
  }

  #bringDown(step: Step & { downMs: number; whom: number }): void {
    const bureau = this.bureaus[step.whom] as Bureau;
    if (!bureau.isRunning) return;
    if (step.do === 'kill') bureau.kill();
    else if (step.do === 'power') bureau.powerCut();
    else if (step.do === 'restore') this.#restore(step.whom, Math.floor(step.share * bureau.db.disk.synced));
    this.breaches.push(...this.witness.check(bureau, this.ledger.restored.has(step.whom)));
    this.kernel.after(step.downMs, () => bureau.start());
  }

  #restore(whom: number, upTo: number): void {
    const bureau = this.bureaus[whom] as Bureau;
    bureau.restore(upTo);
    const wasBehind = this.bureaus.some((peer, at) => {
      if (!this.isHonest(at) || this.ledger.suspended.has(at) || this.ledger.suspended.has(whom)) return false;
      return [...peer.db.visible.chainIn].some(
        ([, { peer: of, lane, seq }]) =>
          of === bureau.id && seq > (bureau.db.visible.chainOut.get(`${peer.id}/${lane}`)?.seq ?? 0),
      );
    });
    this.ledger.restored.set(whom, { wasBehind });
  }
}
