import { writtenLikeness } from './likeness.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';
import { textFault } from './unsafe-text.ts';

/** Longest name kept whole; beyond it a list of names has been pasted. */
const nameLengthMax = 300;
const blanks = /[\s\u00a0\u3000]+/g;

/**
 * A name as written, in its own script and order: NFC, blanks evened out, nothing else.
 * Parts, order and renderings in other scripts are the work of the names room; a name alone is never matched exactly.
 */
export const nameType = defineType({
  name: 'name',
  maxLength: nameLengthMax,
  matchable: false,
  clean(text) {
    const normal = text.normalize('NFC').replace(blanks, ' ').trim();
    return textFault(normal) ? unparsed('unsafe-text') : cleaned(normal);
  },
  compare: writtenLikeness,
  mask: (value) => value.split(' ').map(maskWord).join(' '),
});

function maskWord(word: string): string {
  const [first = '', ...rest] = [...word];
  return first + '•'.repeat(Math.min(rest.length, 6));
}

/** Prose as it was written: line ends kept. Never matched. */
export const textType = defineType({
  name: 'text',
  maxLength: 4_000,
  matchable: false,
  clean(text) {
    const normal = text
      .normalize('NFC')
      .replaceAll('\r\n', '\n')
      .replace(/[ \t\u00a0\u3000]+/g, ' ')
      .trim();
    return textFault(normal, 'many-lines') ? unparsed('unsafe-text') : cleaned(normal);
  },
  compare: writtenLikeness,
  mask: (value) => '•'.repeat(Math.min(8, [...value].length)),
});

/** A place as written, or a gazetteer's id such as `geonames:1609350`. Coordinates are a `point`. */
export const placeType = defineType({
  name: 'place',
  maxLength: nameLengthMax,
  matchable: false,
  clean(text) {
    const normal = text.normalize('NFC').replace(blanks, ' ').trim();
    return textFault(normal) ? unparsed('unsafe-text') : cleaned(normal);
  },
  compare: writtenLikeness,
});
