/** What this machine says of processes: CPU time and memory, read from /proc (Linux only; elsewhere null). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** /proc counts CPU time in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

interface ProcessSeen {
  pid: number;
  parent: number;
  cpuMs: number;
}

function seen(pid: number): ProcessSeen | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime, stime and those of reaped children (cutime, cstime): fields 14 to 17 of proc(5).
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
  } catch {
    return null;
  }
}

/** A process and everything below it. */
export function tree(root: number): ProcessSeen[] {
  if (!existsSync('/proc/self/stat')) return [];
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => seen(Number(name)))
    .filter((one) => one !== null);
  const found = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const one of all) {
      if (!found.has(one.pid) && found.has(one.parent)) {
        found.add(one.pid);
        grown = true;
      }
    }
  }
  return all.filter(({ pid }) => found.has(pid));
}

export const cpuMsOf = (pid: number): number => seen(pid)?.cpuMs ?? 0;
export const cpuMsOfTree = (root: number): number => tree(root).reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** Proportional set size in MiB: shared pages counted once among those who share them. */
export function memoryMib(root: number): number {
  const kib = tree(root).map(({ pid }) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return Math.round(kib.reduce((sum, one) => sum + one, 0) / 1024);
}

export const load = () => ({ cores: cpus().length, loadavg: loadavg().map((value) => Math.round(value * 100) / 100) });
