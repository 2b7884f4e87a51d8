/** Times in the reader's zone, 24 hours, Gregorian always; UTC beside it where operations need it. */
import { currentPack } from './names.ts';

const two = (value: number): string => String(value).padStart(2, '0');

function fill(pattern: string, date: Date, months: readonly string[]): string {
  return pattern
    .replace('{day}', String(date.getDate()))
    .replace('{month}', months[date.getMonth()] ?? '')
    .replace('{year}', String(date.getFullYear()));
}

/** `24 Nov 2026`, in the order and words of the console language. */
export function dateText(instant: string | Date): string {
  const pack = currentPack();
  return fill(pack.date, new Date(instant), pack.monthsShort);
}

/** `14:02` */
export function clockText(instant: string | Date): string {
  const date = new Date(instant);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `14:02:11.204`, for receipts and delivery. */
export function preciseTimeText(instant: string | Date): string {
  const date = new Date(instant);
  return `${clockText(date)}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** The reader's offset at that instant: `+09:00`. */
export function offsetText(instant: string | Date): string {
  const minutesEast = -new Date(instant).getTimezoneOffset();
  const size = Math.abs(minutesEast);
  return `${minutesEast < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `05:02Z` */
export function zuluText(instant: string | Date): string {
  const date = new Date(instant);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}Z`;
}
