/**
 * Who is reading. No query exists without one of these.
 *
 * A viewer is an officer with the roles and clearances held at the moment of reading, or a machine with one purpose.
 * Both are made only here, frozen, and known by identity: an object that merely looks like a viewer is refused.
 */

declare const viewerBrand: unique symbol;

export type Clearances = {
  /** Compartments (random ids of agencies at home) that the officer is cleared for beside the own one. */
  readonly compartments: readonly string[];
};

/** An officer, as admitted by sign-in. Compartment ids are the bureau's own random ids, never names. */
export type Viewer = {
  readonly [viewerBrand]: 'officer';
  /** ISO 3166 code of the bureau's nation. */
  readonly nation: string;
  /** The officer's id in the own bureau. */
  readonly officer: string;
  /** Own compartment, null for an officer who belongs to no agency. */
  readonly agency: string | null;
  /** Codes of roles.json. */
  readonly roles: readonly string[];
  readonly clearances: Clearances;
  /** Nations that accredited a liaison officer. */
  readonly accreditedNations: readonly string[];
};

/** seal: the outbox opens what it sends. index: the indexes in memory are rebuilt after unlock. */
export const MACHINE_PURPOSES = ['seal', 'index'] as const;
export type MachinePurpose = (typeof MACHINE_PURPOSES)[number];

export type MachineViewer = {
  readonly [viewerBrand]: 'machine';
  readonly purpose: MachinePurpose;
};

export type AnyViewer = Viewer | MachineViewer;

export type Admission = {
  nation: string;
  officer: string;
  agency: string | null;
  roles: readonly string[];
  clearances?: Partial<Clearances>;
  accreditedNations?: readonly string[];
};

/** Roles, compartments and nations an officer can hold at once: far above any bureau, far below what slows a query. */
export const VIEWER_LIST_MAX = 64;

const admitted = new WeakSet<object>();

/**
 * Turns a signed-in officer into a viewer. **Only `bureau/api` and `sim` may call this**: everybody else is handed a
 * viewer. Throws on a malformed admission: that is our mistake, never an officer's.
 */
export function admitViewer(admission: Admission): Viewer {
  if (!/^[A-Z]{2}$/.test(admission.nation)) throw new Error('a viewer needs a nation of two capitals');
  if (admission.officer === '') throw new Error('a viewer needs an officer');
  if (admission.agency === '') throw new Error('an agency is a compartment id or null');
  return remember({
    nation: admission.nation,
    officer: admission.officer,
    agency: admission.agency,
    roles: distinct(admission.roles),
    clearances: Object.freeze({ compartments: distinct(admission.clearances?.compartments ?? []) }),
    accreditedNations: distinct(admission.accreditedNations ?? []),
  } as Viewer);
}

/** The narrow viewer of the bureau's own background work: it may do what the policy grants to this one purpose. */
export function machineViewer(purpose: MachinePurpose): MachineViewer {
  if (!MACHINE_PURPOSES.includes(purpose)) throw new Error('a machine needs one of the listed purposes');
  return remember({ purpose } as MachineViewer);
}

/** True only for objects made by `admitViewer` and `machineViewer` in this process. */
export function isAdmitted(viewer: AnyViewer): boolean {
  return typeof viewer === 'object' && viewer !== null && admitted.has(viewer);
}

export function isMachine(viewer: AnyViewer): viewer is MachineViewer {
  return 'purpose' in viewer;
}

function remember<V extends AnyViewer>(viewer: V): V {
  admitted.add(viewer);
  return Object.freeze(viewer);
}

function distinct(values: readonly string[]): readonly string[] {
  if (values.length > VIEWER_LIST_MAX) throw new Error('a viewer holds too many roles, compartments or nations');
  return Object.freeze([...new Set(values)].sort());
}
