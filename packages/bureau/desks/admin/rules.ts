/** Decisions of the admin desk, pure. */
import type { Viewer } from '@tripoint/model/policy';

/** Alarms carry no contents: the shift, its leads and the administrator see them. */
const alarmRoles: readonly string[] = ['administrator', 'duty-lead', 'desk-officer', 'dpo'];

export function maySeeAlarms(viewer: Viewer): boolean {
  return viewer.roles.some((role) => alarmRoles.includes(role));
}

/** How much waits for a nation tells how much goes to it: only who looks after the links sees numbers. */
export function maySeeQueues(viewer: Viewer): boolean {
  return mayAdminister(viewer);
}

export function mayAdminister(viewer: Viewer): boolean {
  return viewer.roles.includes('administrator');
}
