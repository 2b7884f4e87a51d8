import { cleaned, defineType, unparsed } from './property-type.ts';
import { textFault } from './unsafe-text.ts';

const spaces = /[ \t\u00a0\u3000]+/g;

/** Prose as it was written: NFC, inner runs of blanks kept out, line ends kept. Never matched. */
export const textType = defineType({
  name: 'text',
  maxLength: 4_000,
  matchable: false,
  clean(text) {
    const normal = text.normalize('NFC').replaceAll('\r\n', '\n').replace(spaces, ' ').trim();
    return textFault(normal, 'many-lines') ? unparsed('unsafe-text') : cleaned(normal);
  },
  mask: (value) => '•'.repeat(Math.min(8, [...value].length)),
});
