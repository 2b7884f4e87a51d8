/** What happened in a run, as one number: two runs of the same seed are the same run when their traces are. */

export class Trace {
  #high = 0x811c9dc5;
  #low = 0x01000193;
  /** Things noted. */
  events = 0;

  note(...words: readonly number[]): void {
    this.events += 1;
    for (const word of words) {
      this.#high = Math.imul(this.#high ^ (word | 0), 0x01000193);
      this.#low = Math.imul(this.#low + (word | 0), 0x85ebca6b) ^ (this.#high >>> 13);
    }
  }

  get hash(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return hex(this.#high) + hex(this.#low);
  }
}
