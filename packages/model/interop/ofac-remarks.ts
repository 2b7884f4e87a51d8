/**
 * The remarks field of the sanctions list: the source writes what has no column of its own as one line of text,
 * `DOB 19 Apr 1947; POB Nahia, Egypt; Passport A-17 (Egypt) issued 02 May 2001.` Pure grammar: what each part is.
 * What is not recognised stays a remark in the source's words; nothing is thrown away.
 */
import { propertyTypes } from '@tripoint/model/property';
import { type IdentityKind, identityLabels, registrationLabels } from './ofac-remark-labels.ts';

export type Remark = { source: string; alternative: boolean } & (
  | BirthDate
  | { is: PlainKind; text: string }
  | { is: 'wallet'; asset: string; address: string }
  | { is: 'identity'; document: IdentityKind; paper: Paper }
  | { is: 'registration'; paper: Paper }
  | { is: 'note'; text: string }
);

/** A number with its label and the places in brackets after it; when it was issued stands in the source's words only. */
export type Paper = { label: string; number: string; places: string[] };

const plain = {
  'birth-place': /^POB:? (.+)$/,
  nationality: /^nationality:? (.+)$/i,
  citizenship: /^citizen (.+)$/,
  gender: /^Gender:? (Male|Female)$/,
  alias: /^(?:a\.k\.a|d\.b\.a)\.,? '?(.+?)'?$/,
  'former-name': /^f\.k\.a\.,? '?(.+?)'?$/,
  'new-name': /^n\.k\.a\.,? '?(.+?)'?$/,
  website: /^Website:? (\S+)$/,
  email: /^E-?mail(?: Address)?:? (\S+@\S+)$/i,
  phone: /^(?:Telephone|Phone|PHONE|Tel\.?)(?: Number| No\.)?:? (.*\d.*)$/,
  fax: /^(?:Fax|FAX)(?: No\.| Number)?:? (.*\d.*)$/,
  'linked-to': /^Linked To: (.+)$/i,
  imo: /^Vessel Registration Identification IMO (\d+)$/,
  mmsi: /^MMSI (\d+)$/,
  'call-sign': /^(?:Other )?Vessel Call Sign (\S+)$/,
  'former-flag': /^(?:Former|Other) Vessel Flag (.+)$/,
  'registered-in': /^Nationality of Registration (.+)$/,
  'vessel-type': /^(?:Other )?Vessel Type (.+)$/,
  'tail-number': /^(?:Previous )?Aircraft Tail Number (.+)$/,
  'aircraft-serial':
    /^Aircraft (?:Manufacturer's Serial Number \(MSN\)|Construction Number \([^)]*\)|Serial Identification) (.+)$/,
  'aircraft-model': /^Aircraft Model (.+)$/,
  founded: /^Organization Established Date:? (.+)$/,
  activity: /^Organization Type: (.+)$/,
} as const;
export type PlainKind = keyof typeof plain;

const wallet = /^Digital Currency Address - (\S+) (\S+)$/;

/** Splits a remarks field and reads each part. `-0-` and an empty field give none. */
export function readRemarks(field: string): Remark[] {
  return splitRemarks(field).map(readRemark);
}

/** The parts in the source's words. The full stop at the end belongs to the line, unless it ends an abbreviation. */
export function splitRemarks(field: string): string[] {
  const text = field.trim();
  if (text === '' || text === '-0-') return [];
  const line = /(?:^|[\s.])[A-Za-z]\.$|\b(?:Co|Ltd|Inc|Jr|Sr|Corp|No)\.$/i.test(text) ? text : text.replace(/\.$/, '');
  return line
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Reads one part. Linear: every pattern is anchored and has one open run. */
export function readRemark(source: string): Remark {
  const alternative = /^alt\. /i.test(source);
  const text = source.replace(/^alt\. /i, '');
  const base = { source, alternative };
  const birth = /^DOB:? (.+)$/.exec(text)?.[1];
  if (birth !== undefined) return { ...base, ...readBirthDate(birth) };
  const coin = wallet.exec(text);
  if (coin) return { ...base, is: 'wallet', asset: coin[1]!, address: coin[2]! };
  for (const is of Object.keys(plain) as PlainKind[]) {
    const found = plain[is].exec(text)?.[1];
    if (found !== undefined) return { ...base, is, text: found };
  }
  return { ...base, ...readPaper(text) };
}

/** Dates stay in the source's writing; a text that is no date, or a span with an end that is none, stays a note. */
function readBirthDate(text: string): BirthDate | Note {
  const about = /^circa /i.test(text);
  const when = text.replace(/^circa /i, '');
  const [from, to = ''] = when.split(/ to |(?<=^\d{4})-(?=\d{4}$)/) as [string, string?];
  if (!isDate(from) || (to !== '' && !isDate(to))) return { is: 'note', text: `DOB ${text}` };
  return { is: 'birth-date', about, from, to };
}

type BirthDate = { is: 'birth-date'; about: boolean; from: string; to: string };
type Note = { is: 'note'; text: string };
type Labelled = { is: 'identity'; document: IdentityKind; paper: Paper } | { is: 'registration'; paper: Paper };

function readPaper(text: string): Labelled | Note {
  const label = labels.find((known) => text.startsWith(`${known} `));
  const paper = label === undefined ? undefined : paperOf(label, text.slice(label.length + 1));
  if (paper === undefined) return { is: 'note', text };
  const document = identityLabels[paper.label];
  return document === undefined ? { is: 'registration', paper } : { is: 'identity', document, paper };
}

const labels = [...Object.keys(identityLabels), ...registrationLabels].sort((a, b) => b.length - a.length);

/** A number has a digit; `License pending` has none and stays a remark. */
function paperOf(label: string, text: string): Paper | undefined {
  const [number, places] = placesAtEnd(before(' issued ', before(' expires ', text)));
  return /\d/.test(number) ? { label, number, places } : undefined;
}

function before(word: string, text: string): string {
  const at = text.lastIndexOf(word);
  return at < 0 ? text : text.slice(0, at);
}

/** `43753 (Jalisco) (Mexico)` → 43753 and two places; brackets inside a number, `D48(9)`, are part of it. */
function placesAtEnd(text: string): [number: string, places: string[]] {
  const places: string[] = [];
  let number = text.trim();
  while (number.endsWith(')')) {
    const at = number.lastIndexOf(' (');
    const place = number.slice(at + 2, -1);
    if (at < 0 || !/^[A-Z][^()\d]*$/.test(place)) break;
    places.unshift(place);
    number = number.slice(0, at).trimEnd();
  }
  return [number, places];
}

function isDate(text: string): boolean {
  return propertyTypes.date.clean(text).ok;
}
