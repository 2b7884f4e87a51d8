/**
 * Who may see what: the Cedar text, its tree, `holds` and `toSql`.
 * This room knows facts about items, never their contents; it asks no clock and opens no database.
 */
import { compile } from './compile.ts';
import tree from './policy.json' with { type: 'json' };

export { type CompiledPolicy, compile, type Decision, type ItemColumns } from './compile.ts';
export { dayOf, ITEM_STATES, type ItemFacts, type ItemState, markingFacts } from './facts.ts';
export type { Predicate, SqlValue } from './predicate.ts';
export { ACTIONS, type Action } from './shape.ts';
export { PolicyRefused } from './tree.ts';
export {
  type Admission,
  type AnyViewer,
  admitViewer,
  type Clearances,
  isMachine,
  MACHINE_PURPOSES,
  type MachinePurpose,
  type MachineViewer,
  machineViewer,
  type Viewer,
} from './viewer.ts';

/** The policy this version of Tripoint ships with. */
export const policy = compile(tree);
