/**
 * Words for codes. Every code that can reach the screen has a line `<kind>.<code>` in the catalogues; the English lines
 * stand in ui/words/. A code of a newer bureau, unknown here, is shown as it is: nothing is hidden from the reader.
 */
import { i18n } from '@lingui/core';

export type WordKind =
  | 'alarm'
  | 'alarm-kind'
  | 'condition'
  | 'delivery'
  | 'grade'
  | 'handling'
  | 'handling-meaning'
  | 'method'
  | 'onward'
  | 'pap'
  | 'property'
  | 'purpose'
  | 'refusal'
  | 'removed'
  | 'role'
  | 'schema'
  | 'status'
  | 'urgency'
  | 'warning';

export function word(kind: WordKind, code: string): string {
  const id = `${kind}.${code}`;
  return Object.hasOwn(i18n.messages, id) ? i18n._(id) : code;
}

export const hasWord = (kind: WordKind, code: string): boolean => Object.hasOwn(i18n.messages, `${kind}.${code}`);
