/** The coalition as a stranger meets it: `npm start` in a process of its own, spoken to over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BureauCard, tokenOf } from '../constellation/index.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const READY_MS_MAX = 120_000;

export interface Coalition {
  readyMs: number;
  cards: BureauCard[];
  pid: number;
  stop(): Promise<void>;
}

export async function startCoalition(options: {
  port: number;
  dataDir: string;
  processes: boolean;
  fresh: boolean;
}): Promise<Coalition> {
  const file = join(options.dataDir, 'constellation.json');
  rmSync(file, { force: true });
  const flags = [...(options.processes ? ['--processes'] : []), ...(options.fresh ? ['--fresh'] : []), '--no-story'];
  const child = spawn(process.execPath, [join(root, 'launch.mjs'), 'start', ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TRIPOINT_PORT: String(options.port), TRIPOINT_DATA: options.dataDir },
  });
  const untilMs = Date.now() + READY_MS_MAX;
  while (!existsSync(file)) {
    if (child.exitCode !== null || Date.now() > untilMs) throw new Error('the coalition did not start');
    await sleep(20);
  }
  await sleep(100);
  const told = JSON.parse(readFileSync(file, 'utf8')) as { ready_ms: number; bureaus: BureauCard[] };
  return { readyMs: told.ready_ms, cards: told.bureaus, pid: child.pid as number, stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

export function card(coalition: Coalition, nation: string): BureauCard {
  return coalition.cards.find((one) => one.nation === nation) as BureauCard;
}

export async function call(
  to: BureauCard,
  path: string,
  init: RequestInit & { key?: string; role?: string } = {},
): Promise<Response> {
  return fetch(`${to.url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${tokenOf(to, init.role ?? 'desk-officer')}`,
      ...(init.body ? { 'content-type': 'application/json' } : {}),
      ...(init.key ? { 'idempotency-key': init.key } : {}),
    },
  });
}

/** An invented report of so many statements about invented persons. */
export function invented(from: string, statements: number, mark: string): object {
  return {
    title: `Bench ${mark}`,
    text: 'An invented report, written to be measured.',
    lang: 'en',
    recipients: ['KH', 'KR', 'LA', 'PH', 'TH', 'VN'].filter((nation) => nation !== from),
    purpose: 'detection',
    grade: { scheme: '4x4', source: 'B', information: '2' },
    marking: { handling: ['H1'], pap: 'PAP:AMBER' },
    statements: Array.from({ length: statements }, (_, i) => ({
      entity: `e${Math.floor(i / 5)}`,
      schema: 'Person',
      property: i % 5 === 0 ? 'name' : 'note',
      value: i % 5 === 0 ? `Invented Person ${mark} ${i}` : `Seen at place ${i} on an invented day, ${mark}`,
    })),
  };
}

let count = 0;

export async function file(to: BureauCard, report: object): Promise<string> {
  count += 1;
  const response = await call(to, '/api/reports', {
    method: 'POST',
    body: JSON.stringify(report),
    key: `bench-${process.pid}-${count}-${Date.now()}`,
  });
  if (response.status !== 201) throw new Error(`filing failed: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

interface Tick {
  nation: string;
  state: string;
  elapsedMs: number | null;
}

export async function ticks(to: BureauCard, id: string): Promise<Tick[]> {
  return ((await (await call(to, `/api/reports/${id}/delivery`)).json()) as { recipients: Tick[] }).recipients;
}

/** Waits, by the live feed, until every recipient's signed receipt is verified at the sender. */
export class Receipts {
  readonly #card: BureauCard;
  readonly #waiting = new Map<string, () => void>();
  readonly #ending = new AbortController();
  readonly ready: Promise<void>;

  constructor(of: BureauCard) {
    this.#card = of;
    const opened = Promise.withResolvers<void>();
    this.ready = opened.promise;
    void this.#follow(opened.resolve).catch(() => {});
  }

  stop(): void {
    this.#ending.abort();
  }

  async all(id: string): Promise<Tick[]> {
    for (;;) {
      const heard = new Promise<void>((resolve) => this.#waiting.set(id, resolve));
      const now = await ticks(this.#card, id);
      if (now.length > 0 && now.every(({ state }) => state === 'verified')) {
        this.#waiting.delete(id);
        return now;
      }
      await Promise.race([heard, sleep(1_000)]);
    }
  }

  async #follow(opened: () => void): Promise<void> {
    const response = await fetch(`${this.#card.url}/api/live`, {
      headers: { authorization: `Bearer ${tokenOf(this.#card, 'desk-officer')}` },
      signal: this.#ending.signal,
    });
    opened();
    const decoder = new TextDecoder();
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      for (const [, id] of decoder.decode(chunk, { stream: true }).matchAll(/"id":"([0-9a-f-]{36})"/g)) {
        this.#waiting.get(id as string)?.();
      }
    }
  }
}
