import { codeRow, codes, versionOf } from '@tripoint/model/codes';
import { decimalOf, rounded, times } from './decimal.ts';
import { type DerivedMass, gramInMicrograms, massOf, quantityOf } from './quantity.ts';

/** What is known beside a count or a volume, so that a factor can be found for it. */
export interface MassContext {
  readonly substance?: string;
  readonly form?: string;
  readonly region?: string;
  /** Day for which the factor must be valid, 2026-11-23. */
  readonly day: string;
}

/**
 * Mass of any canonical value: exact for units of mass, by the most specific factor of kg-equivalents.json else
 * (substance and region, then substance alone, then its parent class). null where no usable factor fits: the figure
 * then stays in its own unit and is counted as such.
 */
export function derivedMass(value: string, context: MassContext): DerivedMass | null {
  const exact = massOf(value);
  const quantity = quantityOf(value);
  if (exact || !quantity) return exact;
  const unit = codeRow('units', quantity.unit)!;
  const row = factorRow(baseUnit(unit), context);
  if (!row?.factor_g) return null;
  const scale = decimalOf(unitScale(unit))!;
  const grams = times(times(quantity.amount, scale), decimalOf(row.factor_g)!);
  return {
    micrograms: rounded(times(grams, gramInMicrograms)),
    factor: row.code,
    factorVersion: versionOf('kgEquivalents'),
  };
}

type UnitRow = NonNullable<ReturnType<typeof codeRow<'units'>>>;
type FactorRow = (typeof codes.kgEquivalents.codes)[number];

function baseUnit(unit: UnitRow): string {
  if (unit.kind === 'volume') return 'millilitre';
  return 'base' in unit && unit.base ? unit.base : unit.code;
}

function unitScale(unit: UnitRow): string {
  const scale =
    unit.kind === 'volume' ? 'factor_ml' in unit && unit.factor_ml : 'multiplier' in unit && unit.multiplier;
  return scale || '1';
}

function factorRow(unit: string, context: MassContext): FactorRow | undefined {
  const fits = codes.kgEquivalents.codes.filter((row) => row.unit === unit && isValidOn(row, context.day));
  for (const drug of lineage(context.substance)) {
    const rows = fits.filter((row) => row.drug === drug && (row.drug === null || row.form === context.form));
    const found =
      rows.find((row) => row.region !== null && row.region === context.region) ??
      rows.find((row) => row.region === null);
    if (found) return found;
  }
  return undefined;
}

function isValidOn(row: FactorRow, day: string): boolean {
  const until: string | null = row.valid_to;
  return row.valid_from <= day && (until === null || day <= String(until));
}

/** The substance, its parents, then none: the order in which factors are tried. */
function lineage(substance: string | undefined): (string | null)[] {
  if (substance === undefined) return [null];
  return [substance, ...lineage(codeRow('drugClasses', substance)?.parent ?? undefined)];
}
