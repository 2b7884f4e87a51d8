/** Officers of this bureau as sign-in knows them. Demo officers are invented and exist only where `demo` says so. */
import { createHash } from 'node:crypto';
import { admitViewer, type Viewer } from '@tripoint/model/policy';

export interface Officer {
  id: string;
  /** Shown at home only. */
  name: string;
  roles: readonly string[];
  /** Home compartment: a random id, never a name; null for an officer of the contact point itself. */
  agency: string | null;
  accreditedNations?: readonly string[];
  /** SHA-256 (hex) of the bearer token, in the demo and for scripts. */
  tokenHash?: string;
}

export interface Officers {
  all(): readonly Officer[];
  byId(id: string): Officer | null;
  byToken(token: string): Officer | null;
}

export const tokenHashOf = (token: string) =>
  createHash('sha256').update('tripoint-token/1\0').update(token).digest('hex');

export function createOfficers(officers: readonly Officer[]): Officers {
  const byId = new Map(officers.map((officer) => [officer.id, officer]));
  const byHash = new Map(
    officers.flatMap((officer) => (officer.tokenHash ? [[officer.tokenHash, officer] as const] : [])),
  );
  return {
    all: () => officers,
    byId: (id) => byId.get(id) ?? null,
    byToken: (token) => byHash.get(tokenHashOf(token)) ?? null,
  };
}

export function viewerOf(nation: string, officer: Officer): Viewer {
  return admitViewer({
    nation,
    officer: officer.id,
    agency: officer.agency,
    roles: officer.roles,
    clearances: { compartments: officer.agency === null ? [] : [officer.agency] },
    accreditedNations: officer.accreditedNations ?? [],
  });
}
