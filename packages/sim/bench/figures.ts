/** Medians and percentiles; one figure is one number with its unit in its name. */
export type Figures = Record<string, number | string>;

export interface Measured {
  figures: Figures;
  /** What the same run's floor or peer took, to read the figures against. */
  floor: Figures;
}

export interface Bench {
  name: string;
  run(): Promise<Measured>;
}

export const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits;

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}
