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

export type Doomed = 'node' | 'both' | 'database';

/** One bureau's processes: Node and, in a session of its own, the database server it started or found running. */
export class BureauProcesses {
  #postmaster: number | null = null;

  /** Kills Node, the database server with everything under it, or all of them in one breath. Returns how many died. */
  kill(nodePid: number, doomedParts: Doomed): number {
    const all = seen();
    // A server that outlived an earlier kill is nobody's child any more, so it is remembered by its number.
    const own = all.find((one) => one.parent === nodePid && isPostgres(one));
    const kept = all.find((one) => one.pid === this.#postmaster && isPostgres(one));
    const postmaster = own ?? kept ?? null;
    this.#postmaster = postmaster?.pid ?? null;
    const doomed = doomedParts === 'database' ? [] : [nodePid];
    if (doomedParts !== 'node' && postmaster)
      doomed.push(postmaster.pid, ...underneath(all, postmaster.pid).map(({ pid }) => pid));
    for (const pid of doomed) killNow(pid);
    return doomed.length;
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (reason) {
    // It ended by itself between the look and the blow.
    if ((reason as NodeJS.ErrnoException).code !== 'ESRCH') throw reason;
  }
}
