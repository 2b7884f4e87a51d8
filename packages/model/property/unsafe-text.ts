/**
 * Text whose reading differs from its characters is refused at every door: control characters, bidirectional
 * controls (CVE-2021-42574, "Trojan Source"), halves of surrogate pairs, tag characters and noncharacters.
 * Zero-width space, joiner and non-joiner stay: Khmer, Lao, Thai and Burmese are written with them.
 * Markup is just text.
 */
export type TextFault = 'control' | 'bidi' | 'lone-surrogate';

/** Line feed and tab are part of a text of several lines; in a title, a label or a code they are not. */
export type Lines = 'one-line' | 'many-lines';

const suspect = {
  'one-line':
    /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u2028\u2029\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u,
  'many-lines':
    /[[\p{Cc}--[\n\t]]\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u2028\u2029\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/v,
};
const bidi = /\p{Bidi_Control}/u;
const surrogate = /\p{Cs}/u;

/** The first fault of a text, or null when it may be stored and shown. Linear in its length. */
export function textFault(text: string, lines: Lines = 'one-line'): TextFault | null {
  const found = suspect[lines].exec(text)?.[0];
  if (found === undefined) return null;
  if (surrogate.test(found)) return 'lone-surrogate';
  return bidi.test(found) ? 'bidi' : 'control';
}

/** Nothing to see: empty, or only space and characters without a shape, such as the zero-width space. Linear. */
export function isBlank(text: string): boolean {
  return !/[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}]/u.test(text);
}
