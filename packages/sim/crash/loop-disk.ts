/** A disk of its own for one bureau: an ext4 image behind a loop device. Needs root; everything mounted is unmounted again. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOf } from '../constellation/data-folder.ts';
import { programAt } from './needs.ts';

const MIB = 1024 * 1024;
/** Each asks for half as much as the one before. */
const FILL_ATTEMPTS_MAX = 10;
const UNMOUNT_ATTEMPTS_MAX = 100;
const UNMOUNT_PAUSE_MS = 50;
/** The kernel writes back on its own beat; a copy during which it did is no picture of one moment. */
const COPIES_MAX = 50;

export class LoopDisk {
  readonly #image: string;
  readonly #at: string;
  readonly #bound: { folder: string; place: string }[] = [];

  private constructor(image: string, at: string) {
    this.#image = image;
    this.#at = at;
  }

  static make(image: string, at: string, sizeMib: number): LoopDisk {
    writeFileSync(image, '');
    truncateSync(image, sizeMib * MIB);
    run('mkfs.ext4', '-q', '-m', '0', image);
    mkdirSync(at, { recursive: true, mode: 0o711 });
    const disk = new LoopDisk(image, at);
    disk.#mount();
    return disk;
  }

  /** The bureau's folder and its database move onto this disk and are seen where they were. The bureau must be down. */
  settle(dataDir: string, nation: string): void {
    for (const folder of [nation.toLowerCase(), clusterOf(nation)]) {
      const place = join(dataDir, folder);
      run('cp', '-a', place, this.#at);
      this.#bound.push({ folder, place });
    }
    // What was moved by us and not by the bureau must not be what a power cut takes.
    run('sync', '--file-system', this.#at);
    this.#bind();
  }

  /**
   * What would be on the platters if power went now: the image as it stands, without what only memory knows. Who writes
   * must stand still. Returns how many copies it took until none was overtaken by the kernel's own writing.
   */
  picture(to: string): number {
    for (let copies = 1; copies <= COPIES_MAX; copies += 1) {
      const before = this.#written();
      rmSync(to, { force: true });
      run('cp', '--sparse=always', this.#image, to);
      if (this.#written() === before) return copies;
    }
    throw new Error('the kernel never stopped writing to the image');
  }

  /** Whoever used the disk must be gone. From here on it holds what the picture held. */
  async becomes(picture: string): Promise<void> {
    await this.unmount();
    renameSync(picture, this.#image);
    this.#mount();
    this.#bind();
  }

  /** Bytes still free on it. */
  free(): number {
    const { bavail, bsize } = statfsSync(this.#at);
    return bavail * bsize;
  }

  /** A file of nobody's that takes all room but so much. Others write meanwhile, so what is free is asked again. */
  fill(exceptBytes: number): void {
    for (let attempt = 0; attempt < FILL_ATTEMPTS_MAX; attempt += 1) {
      const bytes = Math.floor((this.free() - exceptBytes) / 2 ** attempt);
      if (bytes < MIB) return;
      try {
        run('fallocate', '--offset', String(this.#ballastBytes()), '--length', String(bytes), this.#ballast);
        return;
      } catch (reason) {
        if (!/No space left/.test(String(reason))) throw reason;
      }
    }
  }

  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  async unmount(): Promise<void> {
    for (const { place } of this.#bound) await unmounted(place);
    await unmounted(this.#at);
  }

  get #ballast(): string {
    return join(this.#at, 'ballast');
  }

  #ballastBytes(): number {
    return existsSync(this.#ballast) ? Number(run('stat', '--format=%s', this.#ballast)) : 0;
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.#at);
  }

  #bind(): void {
    for (const { folder, place } of this.#bound) run('mount', '--bind', join(this.#at, folder), place);
  }

  /** Sectors written to the device so far. */
  #written(): string {
    const device = run('findmnt', '--noheadings', '--output', 'SOURCE', this.#at).trim();
    const [, , , , , , sectors] = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
      .trim()
      .split(/\s+/);
    return String(sectors);
  }
}

/** Programs of the system, by their whole path; throws with what they said. */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(programAt(program) ?? program, [...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A process that was killed lets go of its files a moment later. */
async function unmounted(at: string): Promise<void> {
  for (let attempt = 1; isMounted(at); attempt += 1) {
    try {
      run('umount', at);
    } catch (reason) {
      if (attempt === UNMOUNT_ATTEMPTS_MAX) throw reason;
      await sleep(UNMOUNT_PAUSE_MS);
    }
  }
}

const isMounted = (at: string): boolean =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === at);
