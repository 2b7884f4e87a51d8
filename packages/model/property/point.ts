import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

export interface Point {
  /** WGS 84, millionths of a degree, north positive: about 11 cm. */
  readonly latitudeMicrodegrees: number;
  readonly longitudeMicrodegrees: number;
  /** How far off it may be; null when nobody says. */
  readonly radiusMetres: number | null;
}

const canonicalPoint = /^(-?\d{1,2}\.\d{6}),(-?\d{1,3}\.\d{6})(?:;u=(\d{1,7}))?$/;
const decimalPair =
  /^([NSEW])?\s*([+-]?\d{1,3}(?:\.\d{1,15})?)\s*°?\s*([NSEW])?\s*[,;\s]\s*([NSEW])?\s*([+-]?\d{1,3}(?:\.\d{1,15})?)\s*°?\s*([NSEW])?$/i;
const sexagesimal =
  /^(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:\.\d{1,9})?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d{1,9})?)\s*(?:["″”]|'')\s*)?([NSEW])[,;\s]*(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:\.\d{1,9})?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d{1,9})?)\s*(?:["″”]|'')\s*)?([NSEW])$/i;
const radius = /\s*(?:;\s*u=|±|\+\/-)\s*(\d{1,7})\s*m?$/i;

/**
 * `13.756300,100.501800` with `;u=100` for a radius in metres (after RFC 5870): latitude first, six places.
 * A first number beyond 90 with a second within it has the axes swapped: out of range, for a person to turn round.
 */
export const pointType = defineType({
  name: 'point',
  maxLength: 40,
  matchable: false,
  reportedMax: 120,
  clean(text) {
    const plain = asciiForms(text).replace(/\s+/g, ' ').replace(/^geo:/i, '');
    const metres = radius.exec(plain)?.[1];
    const axes = readAxes(plain.replace(radius, '').trim());
    if (!axes?.every(Number.isFinite)) return unparsed('form');
    const [latitude, longitude] = axes;
    if (Math.abs(latitude) > 90_000_000 || Math.abs(longitude) > 180_000_000) return unparsed('range');
    return cleaned(`${degrees(latitude)},${degrees(longitude)}${metres === undefined ? '' : `;u=${Number(metres)}`}`);
  },
  compare(a, b) {
    const [left, right] = [pointOf(a), pointOf(b)];
    if (!left || !right) return 0;
    const reach = Math.max(50, (left.radiusMetres ?? 0) + (right.radiusMetres ?? 0));
    return reach / Math.max(reach, distanceMetres(left, right));
  },
  mask: (value) => value.replace(/\.\d+/g, '.••'),
  label: (value) => value.replace(',', ', ').replace(/;u=(\d+)$/, ' ± $1 m'),
});

/** [latitude, longitude] in microdegrees, or null. */
function readAxes(text: string): [number, number] | null {
  const pair = decimalPair.exec(text);
  if (pair)
    return inOrder(
      signed(pair[2]!, pair[1] ?? pair[3]),
      pair[1] ?? pair[3],
      signed(pair[5]!, pair[4] ?? pair[6]),
      pair[4] ?? pair[6],
    );
  const dms = sexagesimal.exec(text);
  if (!dms) return null;
  return inOrder(arc(dms[1]!, dms[2], dms[3], dms[4]!), dms[4], arc(dms[5]!, dms[6], dms[7], dms[8]!), dms[8]);
}

// Letters say which axis is which; two of one axis, or one letter alone, say nothing.
function inOrder(first: number, a: string | undefined, second: number, b: string | undefined): [number, number] | null {
  if (a === undefined && b === undefined) return [first, second];
  const axes = `${axisOf(a)}${axisOf(b)}`;
  return axes === 'yx' ? [first, second] : axes === 'xy' ? [second, first] : null;
}

function axisOf(letter: string | undefined): string {
  return letter === undefined ? '?' : 'NS'.includes(letter.toUpperCase()) ? 'y' : 'x';
}

function signed(text: string, letter: string | undefined): number {
  const value = Math.round(Number(text) * 1_000_000);
  return letter && 'SW'.includes(letter.toUpperCase()) ? -Math.abs(value) : value;
}

function arc(whole: string, minutes = '0', seconds = '0', letter: string): number {
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return Number.NaN;
  return signed(String(Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600), letter);
}

function degrees(microdegrees: number): string {
  const digits = String(Math.abs(microdegrees)).padStart(7, '0');
  return `${microdegrees < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Reads a canonical value, or null for text that is none. */
export function pointOf(value: string): Point | null {
  const [, latitude, longitude, metres] = canonicalPoint.exec(value) ?? [];
  if (latitude === undefined || longitude === undefined) return null;
  return {
    latitudeMicrodegrees: Number(latitude.replace('.', '')),
    longitudeMicrodegrees: Number(longitude.replace('.', '')),
    radiusMetres: metres === undefined ? null : Number(metres),
  };
}

const earthRadiusMetres = 6_371_008.8;

/** Great-circle distance (haversine); within half a per cent of the ellipsoid. */
export function distanceMetres(a: Point, b: Point): number {
  const radians = (microdegrees: number): number => (microdegrees / 1_000_000) * (Math.PI / 180);
  const north = radians(b.latitudeMicrodegrees - a.latitudeMicrodegrees);
  const east = radians(b.longitudeMicrodegrees - a.longitudeMicrodegrees);
  const parallels = Math.cos(radians(a.latitudeMicrodegrees)) * Math.cos(radians(b.latitudeMicrodegrees));
  const chord = Math.sin(north / 2) ** 2 + parallels * Math.sin(east / 2) ** 2;
  return 2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(chord)));
}
