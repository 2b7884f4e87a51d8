/** The processes of a bureau, as the operating system sees them, and an end without a goodbye. */
import { execFileSync } from 'node:child_process';

interface Seen {
  pid: number;
  parent: number;
  name: string;
}

function seen(): Seen[] {
  const told = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  return told.split('\n').flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && parent && name ? [{ pid: Number(pid), parent: Number(parent), name }] : [];
  });
}

function underneath(all: readonly Seen[], pid: number): Seen[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...underneath(all, child.pid)]);
}

const isPostgres = ({ name }: Seen) => /postgres/.test(name);

/** `database`: the postmaster with everything under it; `postmaster`: it alone, and its children find out by themselves. */
export type Doomed = 'node' | 'both' | 'database' | 'postmaster';

/** One bureau's processes: Node and, in a session of its own, the database server it started or found running. */
export class BureauProcesses {
  #postmaster: number | null = null;

  /** Kills Node, the database server, or all of them in one breath. Returns how many died. */
  kill(nodePid: number, doomed: Doomed): number {
    const pids = this.pids(nodePid, doomed);
    for (const pid of pids) signalTo(pid, 'SIGKILL');
    return pids.length;
  }

  /** Nothing of the bureau runs on, as when its machine loses power; what is stopped can only be killed. */
  freeze(nodePid: number): void {
    // Until a look finds none that is new: a process may be born while its siblings are being stopped.
    const stopped = new Set<number>();
    for (let fresh = this.pids(nodePid, 'both'); fresh.length > 0; ) {
      for (const pid of fresh) {
        signalTo(pid, 'SIGSTOP');
        stopped.add(pid);
      }
      fresh = this.pids(nodePid, 'both').filter((pid) => !stopped.has(pid));
    }
  }

  /** The processes of these parts, Node first, the postmaster before its children. */
  pids(nodePid: number, parts: Doomed): number[] {
    const all = seen();
    // A server that outlived an earlier kill is nobody's child any more, so it is remembered by its number.
    const own = all.find((one) => one.parent === nodePid && isPostgres(one));
    const kept = all.find((one) => one.pid === this.#postmaster && isPostgres(one));
    const postmaster = own ?? kept ?? null;
    this.#postmaster = postmaster?.pid ?? null;
    const node = parts === 'node' || parts === 'both' ? [nodePid] : [];
    if (parts === 'node' || !postmaster) return node;
    const children = parts === 'postmaster' ? [] : underneath(all, postmaster.pid).map(({ pid }) => pid);
    return [...node, postmaster.pid, ...children];
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (reason) {
    // It ended by itself between the look and the blow.
    if ((reason as NodeJS.ErrnoException).code !== 'ESRCH') throw reason;
  }
}
