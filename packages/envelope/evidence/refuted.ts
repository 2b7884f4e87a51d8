/**
 * What evidence claims, in the order it is checked; the first claim that fails is the answer.
 * - `form`: the file is in its one form
 * - `charter`: the coalition is the one whose first charter's hash is known, each version carried by its members
 * - `directory`: each key was vouched for by its nation
 * - `head`: a log's head was signed by its nation
 * - `witness`: the other nations cosigned that head
 * - `author`: the nation signed the envelope, with a key and under a charter it had
 * - `content`: what is shown is what was signed
 * - `audience`: to whom it was said
 * - `log`: the envelope stands in its author's log
 * - `receipt`: a recipient signed for it
 * - `receipt-log`: that receipt stands in a log
 * - `fork`: the two heads contradict each other
 */
export const CLAIMS = [
  'form',
  'charter',
  'directory',
  'head',
  'witness',
  'author',
  'content',
  'audience',
  'log',
  'receipt',
  'receipt-log',
  'fork',
] as const;
export type Claim = (typeof CLAIMS)[number];

/** A claim that does not hold, and where in the file. Caught at the door of this room. */
export class Refuted extends Error {
  override readonly name = 'Refuted';
  readonly claim: Claim;
  readonly at: string;

  constructor(claim: Claim, at: string) {
    super(`${claim} at ${at}`);
    this.claim = claim;
    this.at = at;
  }
}
