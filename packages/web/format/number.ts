/** One number style in every language: `1 234 567.8`, no-break spaces, decimal point. Commas are misread by 1 000 times. */

const noBreakSpace = ' ';

/** Groups of three from 1 000 on; at most `decimals` digits after the point, trailing zeros dropped. */
export function numberText(value: number, decimals = 1): string {
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction = ''] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, noBreakSpace);
  const kept = fraction.replace(/0+$/, '');
  const digits = kept === '' ? grouped : `${grouped}.${kept}`;
  return value < 0 && digits !== '0' ? `−${digits}` : digits;
}

/** A span of time with SI symbols, which all seven languages read: `512 ms`, `2.31 s`, `3 min 5 s`, `4 h 12 min`. */
export function durationText(durationMs: number): string {
  const gap = noBreakSpace;
  const seconds = Math.round(durationMs / 1000);
  if (durationMs < 1000) return `${numberText(durationMs, 0)}${gap}ms`;
  if (durationMs < 60_000) return `${numberText(durationMs / 1000, durationMs < 10_000 ? 2 : 1)}${gap}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${gap}min${gap}${seconds % 60}${gap}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60 * 48) return `${numberText(Math.floor(minutes / 60))}${gap}h${gap}${minutes % 60}${gap}min`;
  return `${numberText(Math.floor(minutes / 1440))}${gap}d`;
}

/** `812 B`, `4.2 kB`, `1.5 MB`: powers of ten, as SI has it. */
export function sizeText(sizeBytes: number): string {
  const gap = noBreakSpace;
  if (sizeBytes < 1000) return `${sizeBytes}${gap}B`;
  if (sizeBytes < 1_000_000) return `${numberText(sizeBytes / 1000)}${gap}kB`;
  return `${numberText(sizeBytes / 1_000_000)}${gap}MB`;
}
