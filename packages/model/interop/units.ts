/**
 * Which statements must travel together. A report is one item, and an entity is known only inside its item, so an
 * entity cut in two would become two entities.
 */
import { isEdge, propertyTypeOf } from '@tripoint/model/entity';
import type { StatementDraft } from '@tripoint/model/report';
import type { Imported, Unmapped } from './imported.ts';

/** Statements that are never parted, with what was kept of the same entities. */
export type Unit = { statements: StatementDraft[]; unmapped: Unmapped[] };

type Label = string;

/**
 * Entities joined by edges make one unit, as long as it fits; a larger one is cut between its things, each with the
 * edges that begin at it, up to `statementsMax`. Order: as the file has it.
 */
export function unitsOf(
  imported: Imported,
  fits: (statements: StatementDraft[]) => boolean,
  statementsMax: number,
): Unit[] {
  const byLabel = Map.groupBy(imported.statements, (statement) => statement.entity);
  const kept = Map.groupBy(imported.unmapped, (unmapped) => unmapped.entity ?? '');
  const unitOf = (labels: Label[]): Unit => ({
    statements: labels.flatMap((label) => byLabel.get(label) ?? []),
    unmapped: labels.flatMap((label) => kept.get(label) ?? []),
  });
  return connected(imported.statements)
    .map((labels) => ({ labels, unit: unitOf(labels) }))
    .flatMap(({ labels, unit }) =>
      fits(unit.statements) ? [unit] : cutBetweenThings(labels, byLabel, statementsMax).map(unitOf),
    );
}

/** Is the value the label of another entity? */
export function isReference({ schema, property }: StatementDraft): boolean {
  return propertyTypeOf(schema, property) === 'entity';
}

/** Labels in groups joined by references, each group and its labels in order of first appearance. */
function connected(statements: readonly StatementDraft[]): Label[][] {
  const leader = new Map<Label, Label>();
  const find = (label: Label): Label => {
    let at = label;
    while (leader.get(at) !== at) {
      const above = leader.get(leader.get(at)!)!;
      leader.set(at, above);
      at = above;
    }
    return at;
  };
  for (const { entity } of statements) if (!leader.has(entity)) leader.set(entity, entity);
  for (const statement of statements)
    if (isReference(statement) && leader.has(statement.value))
      leader.set(find(statement.entity), find(statement.value));
  return [...Map.groupBy(leader.keys(), find).values()];
}

/**
 * Each thing with its edges. An edge goes with the end it begins at, or the other when that one is full, or stands
 * alone; the end it is parted from is named again there, which takes a statement more.
 */
function cutBetweenThings(labels: Label[], byLabel: Map<Label, StatementDraft[]>, statementsMax: number): Label[][] {
  const groups = new Map<Label, Label[]>();
  const sizes = new Map<Label, number>();
  for (const label of labels.filter((one) => !isEdgeLabel(one, byLabel))) {
    groups.set(label, [label]);
    sizes.set(label, byLabel.get(label)!.length);
  }
  for (const edge of labels.filter((label) => isEdgeLabel(label, byLabel))) {
    const ends = byLabel.get(edge)!.filter((statement) => isReference(statement) && sizes.has(statement.value));
    const sizeWithStub = byLabel.get(edge)!.length + 1;
    const home = ends.find((end) => sizes.get(end.value)! + sizeWithStub <= statementsMax)?.value;
    if (home === undefined) groups.set(edge, [edge]);
    else {
      groups.get(home)!.push(edge);
      sizes.set(home, sizes.get(home)! + sizeWithStub);
    }
  }
  return [...groups.values()];
}

function isEdgeLabel(label: Label, byLabel: Map<Label, StatementDraft[]>): boolean {
  return isEdge(byLabel.get(label)![0]!.schema);
}
