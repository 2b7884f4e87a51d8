import { dateOfDay, dayNumber, daysInMonth } from './calendar.ts';
import { asciiForms } from './digits.ts';
import { monthByWord } from './month-words.ts';
import { type Cleaned, cleaned, defineType, type Hints, type UnparsedReason, unparsed } from './property-type.ts';

/** A day, a month or a year, and the calendar it was reported in. */
interface PartialDate {
  year: number;
  month?: number;
  day?: number;
}

const buddhistOffsetYears = 543;
/** A year in this span can only be of the Buddhist era; one below it only Gregorian. */
const buddhistYears = { from: 2400, to: 2700 } as const;
const gregorianYears = { from: 1000, to: 2399 } as const;
const buddhistMark = '[u-ca=buddhist]';

const instantPattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;

/** Countries that write the day first, always. */
const dayFirst: ReadonlySet<string> = new Set([
  'TH',
  'VN',
  'KH',
  'LA',
  'MM',
  'MY',
  'SG',
  'ID',
  'GB',
  'FR',
  'DE',
  'ES',
  'IT',
  'AU',
  'IN',
]);
const dayFirstLanguages: ReadonlySet<string> = new Set([
  'th',
  'vi',
  'km',
  'lo',
  'my',
  'ms',
  'id',
  'fr',
  'de',
  'es',
  'it',
]);

/**
 * Gregorian `2026`, `2026-11`, `2026-11-23` or a UTC instant to the second. A date reported in the Buddhist era is
 * the same text with `[u-ca=buddhist]` behind it (RFC 9557), so that the calendar of origin stays.
 * Two small numbers that could be day or month either way are ambiguous unless the country or language settles it;
 * a year of two digits always is.
 */
export const dateType = defineType({
  name: 'date',
  maxLength: 40,
  matchable: false,
  reportedMax: 120,
  clean(text, hints) {
    const plain = asciiForms(text).normalize('NFC').toLowerCase().replace(/\s+/g, ' ');
    const instant = instantPattern.exec(plain);
    if (instant) return cleanInstant(instant);
    const isMarked = plain.endsWith(buddhistMark);
    const date = readDate(isMarked ? plain.slice(0, -buddhistMark.length) : plain, hints);
    return typeof date === 'string' ? unparsed(date) : cleanDate(date, isMarked);
  },
  compare(a, b) {
    const [left, right] = [gregorian(a), gregorian(b)];
    if (left === right) return 1;
    const [short, long] = left.length < right.length ? [left, right] : [right, left];
    return long.startsWith(short) ? (short.length === 4 ? 0.6 : 0.8) : 0;
  },
  mask: (value) => `${value.slice(0, 2)}••`,
  label(value, lang = 'en') {
    const plain = gregorian(value);
    if (!value.endsWith(buddhistMark)) return plain;
    const year = Number(plain.slice(0, 4)) + buddhistOffsetYears;
    return lang === 'th' ? `${plain} (พ.ศ. ${year})` : `${plain} (BE ${year})`;
  },
});

function gregorian(value: string): string {
  return value.replace(buddhistMark, '');
}

function cleanDate(date: PartialDate, isMarked: boolean): Cleaned {
  const isBuddhist = date.year >= buddhistYears.from && date.year <= buddhistYears.to;
  const year = isBuddhist ? date.year - buddhistOffsetYears : date.year;
  const { month, day } = date;
  if (year < gregorianYears.from || year > gregorianYears.to) return unparsed('range');
  if (month !== undefined && (month < 1 || month > 12)) return unparsed('range');
  if (day !== undefined && (day < 1 || day > daysInMonth(year, month!))) return unparsed('range');
  const parts = [String(year), ...[month, day].filter((part) => part !== undefined).map(twoDigits)];
  return cleaned(parts.join('-') + (isBuddhist || isMarked ? buddhistMark : ''));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function readDate(text: string, hints: Hints): PartialDate | UnparsedReason {
  return readNumeric(text, hints) ?? readCharacters(text) ?? readWords(text) ?? 'form';
}

const yearFirst = /^(\d{4})(?:[-/. ]{1,2}(\d{1,2})(?:[-/. ]{1,2}(\d{1,2})\.?)?)?$/;
const yearLast = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/;

function readNumeric(text: string, hints: Hints): PartialDate | UnparsedReason | null {
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  const ordered = compact ?? yearFirst.exec(text);
  if (ordered) return numbers(ordered[1]!, ordered[2], ordered[3]);
  const monthYear = /^(\d{1,2})[-/](\d{4})$/.exec(text);
  if (monthYear) return numbers(monthYear[2]!, monthYear[1]);
  const turned = yearLast.exec(text);
  if (turned) return dayAndMonth(Number(turned[1]), Number(turned[2]), Number(turned[3]), hints);
  return /^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{1,2}$/.test(text) ? 'ambiguous' : null;
}

function numbers(year: string, month?: string, day?: string): PartialDate {
  return {
    year: Number(year),
    ...(month === undefined ? {} : { month: Number(month) }),
    ...(day === undefined ? {} : { day: Number(day) }),
  };
}

function dayAndMonth(
  first: number,
  second: number,
  year: number,
  { country = '', lang = '' }: Hints,
): PartialDate | 'ambiguous' {
  const isBuddhist = year >= buddhistYears.from;
  if (first === second || first > 12 || isBuddhist) return { year, month: second, day: first };
  if (second > 12) return { year, month: first, day: second };
  const settled = dayFirst.has(country) || dayFirstLanguages.has(lang);
  return settled ? { year, month: second, day: first } : 'ambiguous';
}

const korean = /^(\d{4}) ?[년年] ?(?:(\d{1,2}) ?[월月] ?(?:(\d{1,2}) ?[일日号號]?)?)?$/;
const vietnamese = /^(?:ngày )?(?:(\d{1,2}) )?tháng (\d{1,2})(?:,? năm |[ /])(\d{4})$/;
const eraYear = /^(?:พ\.ศ\.|ปี|ค\.ศ\.|be|năm|ឆ្នាំ|ພ\.ສ\.|ປີ) ?(\d{4})$/;

function readCharacters(text: string): PartialDate | null {
  const ko = korean.exec(text);
  if (ko) return numbers(ko[1]!, ko[2], ko[3]);
  const vi = vietnamese.exec(text);
  if (vi) return numbers(vi[3]!, vi[2], vi[1]);
  const era = eraYear.exec(text);
  return era ? numbers(era[1]!) : null;
}

const fillers = /^(?:วันที่|ថ្ងៃទី|ថ្ងៃ|ວັນທີ|ika-|the|of|de|ខែ|ເດືອນ|เดือน|ឆ្នាំ|ປີ|ปี|พ\.ศ\.|ค\.ศ\.|noong|ng)$/;

/** `23 Nov 2026`, `November 23rd, 2026`, `23 พ.ย. 2569`, `Nov 2026`: exactly one month by name, one year, at most one day. */
function readWords(text: string): PartialDate | null {
  const words = text
    .replace(/(\d)(?:st|nd|rd|th)\b/g, '$1')
    .split(/[\s,/-]+/)
    .filter((word) => word && !fillers.test(word));
  const months = words
    .map((word) => monthByWord.get(word) ?? monthByWord.get(word.replace(/\.$/, '')))
    .filter((month) => month !== undefined);
  const years = words.filter((word) => /^\d{4}$/.test(word));
  const days = words.filter((word) => /^\d{1,2}$/.test(word));
  if (months.length !== 1 || years.length !== 1 || days.length > 1 || words.length !== 2 + days.length) return null;
  return { year: Number(years[0]), month: months[0]!, ...(days[0] === undefined ? {} : { day: Number(days[0]) }) };
}

function cleanInstant(match: RegExpExecArray): Cleaned {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (!isDay || hour > 23 || minute > 59 || second > 59 || year < gregorianYears.from) return unparsed('range');
  const minutes = dayNumber(year, month, day) * 1_440 + hour * 60 + minute - offsetMinutes(match[7]!);
  const date = dateOfDay(Math.floor(minutes / 1_440));
  const rest = minutes - Math.floor(minutes / 1_440) * 1_440;
  const clock = [Math.floor(rest / 60), rest % 60, second].map(twoDigits).join(':');
  return date.year > gregorianYears.to
    ? unparsed('range')
    : cleaned(`${date.year}-${twoDigits(date.month)}-${twoDigits(date.day)}T${clock}Z`);
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
