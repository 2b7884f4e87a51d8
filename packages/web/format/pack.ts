/** What the console must know about one language to write dates, lists and names in it; made by make-pack.ts. */
export interface Pack {
  language: string;
  /** Twelve names, January first, in the form that stands inside a date. */
  monthsShort: string[];
  monthsLong: string[];
  /** Seven names, Sunday first. */
  weekdaysShort: string[];
  /** Patterns with {day}, {month}, {year}; Gregorian, Latin digits. */
  date: string;
  dateLong: string;
  /** Joining words: between two, between the earlier ones of three or more, before the last. */
  list: { pair: string; middle: string; last: string };
  /** By ISO 3166 alpha-2. */
  nations: Record<string, string>;
  /** By BCP 47 primary subtag. */
  languages: Record<string, string>;
}
