/** What a scenario needs of the machine, and the sentence that says why it cannot run without it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Administration programs stand where an ordinary search path does not look. */
const PLACES = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** The whole path of an installed program; null when there is none. */
export function programAt(name: string): string | null {
  const found = PLACES.map((place) => join(place, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

type Need = () => string | null;

export const root: Need = () =>
  process.platform === 'linux' && process.geteuid?.() === 0 ? null : 'it needs root on Linux';

export const program =
  (name: string, debianPackage: string): Need =>
  () =>
    programAt(name) ? null : `it needs ${name}, which the Debian package ${debianPackage} brings`;

/** A loop device can be had: tried, because a container may show the device and refuse it. */
export const loopDevice: Need = () => {
  if (!existsSync('/dev/loop-control')) return 'it needs loop devices, and this machine has none';
  const said = spawnSync(programAt('losetup') ?? 'losetup', ['--find'], { encoding: 'utf8' });
  return said.status === 0 ? null : 'it needs a loop device, and this machine gives none';
};

/** The first need that is not met. */
export const all =
  (...needs: readonly Need[]): Need =>
  () =>
    needs.reduce<string | null>((why, need) => why ?? need(), null);
