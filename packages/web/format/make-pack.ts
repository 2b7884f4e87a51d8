/**
 * Writes format/pack/<language>.json from Node's ICU: `node packages/web/format/make-pack.ts`.
 * Chromium has no Khmer and no Lao data for dates, lists and names and silently speaks English instead, so the console
 * asks no browser: month and weekday names, date patterns, list words and names of nations and languages come from here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { languages } from '../ui/languages.ts';
import type { Pack } from './pack.ts';

/** Languages a report may be written in: those of the coalition, its neighbours and the working languages of the trade. */
const reportLanguages = 'en ko fil km lo vi th my zh ms id ja es fr ru ar de pt hi bn ta ne si ur fa tr it nl'.split(
  ' ',
);

/** English here is the English of an international desk: day, month, year. */
const locale = (language: string) => (language === 'en' ? 'en-GB' : language);
const gregorian = (language: string) => `${locale(language)}-u-ca-gregory-nu-latn`;
const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 15)));
/** 2026-11-01 was a Sunday. */
const week = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2026, 10, 1 + day)));

function part(language: string, options: Intl.DateTimeFormatOptions, date: Date, type: string): string {
  const parts = new Intl.DateTimeFormat(gregorian(language), { ...options, timeZone: 'UTC' }).formatToParts(date);
  return parts.find((piece) => piece.type === type)?.value ?? '';
}

/** A pattern such as `{day} {month} {year}`, read off one formatted date; era words are left out. */
function pattern(language: string, options: Intl.DateTimeFormatOptions): string {
  const parts = new Intl.DateTimeFormat(gregorian(language), { ...options, timeZone: 'UTC' }).formatToParts(week[0]);
  const known = new Set(['day', 'month', 'year', 'weekday']);
  let text = '';
  for (const piece of parts) {
    if (known.has(piece.type)) text += `{${piece.type}}`;
    else if (piece.type === 'literal') text += piece.value;
  }
  return text.replace(/\s+(?=\s)/g, '').trim();
}

function listWords(language: string): Pack['list'] {
  const between = (items: string[], style: 'conjunction' | 'unit') => {
    const parts = new Intl.ListFormat(locale(language), { type: style, style: 'long' }).formatToParts(items);
    return parts.filter((piece) => piece.type === 'literal').map((piece) => piece.value);
  };
  const three = between(['a', 'b', 'c'], 'conjunction');
  return { pair: between(['a', 'b'], 'conjunction')[0] ?? ', ', middle: three[0] ?? ', ', last: three[1] ?? ', ' };
}

function names(language: string, type: 'region' | 'language', codes: readonly string[]): Record<string, string> {
  const known = new Intl.DisplayNames(language, { type, fallback: 'none' });
  const entries = codes.map((code) => [code, known.of(code)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** Every region ICU can name by a two-letter code, without its private and grouping codes. */
function regions(): string[] {
  const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const grouping = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA']);
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const current = (code: string) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
  return codes.filter((code) => !grouping.has(code) && current(code) && english.of(code) !== undefined);
}

export function makePack(language: string): Pack {
  const medium = { dateStyle: 'medium' } as const;
  const long = { dateStyle: 'long' } as const;
  return {
    language,
    monthsShort: months.map((date) => part(language, medium, date, 'month')),
    monthsLong: months.map((date) => part(language, long, date, 'month')),
    weekdaysShort: week.map((date) => part(language, { weekday: 'short' }, date, 'weekday')),
    date: pattern(language, medium),
    dateLong: pattern(language, long),
    list: listWords(language),
    nations: names(language, 'region', regions()),
    languages: names(language, 'language', reportLanguages),
  };
}

if (import.meta.main) {
  for (const language of languages) {
    const file = join(import.meta.dirname, 'pack', `${language}.json`);
    writeFileSync(file, `${JSON.stringify(makePack(language), null, 1)}\n`);
  }
  console.log(`wrote ${languages.length} packs from ICU ${process.versions.icu}`);
}
