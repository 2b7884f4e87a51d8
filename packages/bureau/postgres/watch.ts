import { setTimeout as pause } from 'node:timers/promises';
import { isPostmasterOf, type Launch, lower, type Postmaster, raise } from './postmaster.ts';
import { PostgresRefusal } from './refusal.ts';

const ADOPTED_LOOK_MS = 500; // one that is not our child cannot tell us it died
/** A server that dies this often has a reason a further start will not cure. */
const DEATHS_MAX = 5;
const DEATHS_WITHIN_MS = 600_000;
/** Nothing but room cures a full disk, so it is looked for until there is some; the dead server's data are whole. */
const NO_ROOM = /No space left on device|Disk quota exceeded/i;
const NO_ROOM_PAUSE_MS = 1_000;

export type Watched = { pid(): number; stop(): Promise<void> };

/** Brings the server back when its postmaster dies, until `stop` or until it dies too often. */
export function watch(launch: Launch, first: Postmaster, onLost?: (why: PostgresRefusal) => void): Watched {
  let current = first;
  const stopping = new AbortController();
  let comingBack: Promise<void> | undefined;
  let looking: NodeJS.Timeout | undefined;
  const deaths: number[] = [];

  const attend = (): void => {
    const { child, pid } = current;
    if (child) {
      if (child.exitCode === null && child.signalCode === null) child.once('exit', fell);
      else fell();
      return;
    }
    looking = setInterval(() => !isPostmasterOf(pid, launch.dataDir) && fell(), ADOPTED_LOOK_MS).unref();
  };
  const fell = (): void => {
    clearInterval(looking);
    if (!stopping.signal.aborted) comingBack = comeBack();
  };
  const comeBack = async (): Promise<void> => {
    try {
      if (tooOften(deaths))
        throw new PostgresRefusal(
          'did-not-start',
          `The server of ${launch.label} died ${DEATHS_MAX} times within ten minutes.`,
        );
      launch.log(`The server of ${launch.label} (pid ${current.pid}) died; starting it again.`);
      current = await raiseWithRoom();
      launch.log(`The server of ${launch.label} is back (pid ${current.pid}).`);
      attend();
    } catch (error) {
      if (stopping.signal.aborted) return;
      const why = error instanceof PostgresRefusal ? error : new PostgresRefusal('did-not-start', String(error));
      launch.log(why.message);
      onLost?.(why);
    }
  };
  const raiseWithRoom = async (): Promise<Postmaster> => {
    for (;;) {
      try {
        return await raise(launch, stopping.signal);
      } catch (error) {
        if (!(error instanceof PostgresRefusal && NO_ROOM.test(error.message))) throw error;
        launch.log(`There is no room for the server of ${launch.label}; it is started when there is.`);
        deaths.length = 0;
        await pause(NO_ROOM_PAUSE_MS, undefined, { signal: stopping.signal });
      }
    }
  };
  attend();
  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort();
      clearInterval(looking);
      await comingBack;
      clearInterval(looking);
      await lower(launch.dataDir, current.pid);
    },
  };
}

function tooOften(deaths: number[]): boolean {
  const now = performance.now();
  deaths.push(now);
  return deaths.filter((at) => now - at < DEATHS_WITHIN_MS).length > DEATHS_MAX;
}
