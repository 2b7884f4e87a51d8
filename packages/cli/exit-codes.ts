/** What a command's exit says to a script. A stable part of the tool. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;
export type Ending = keyof typeof exitCodes;

/** Ends a command with a sentence for people; carries no payload and no secret. */
export class CommandEnded extends Error {
  readonly ending: Exclude<Ending, 'done'>;

  constructor(ending: Exclude<Ending, 'done'>, sentence: string) {
    super(sentence);
    this.name = 'CommandEnded';
    this.ending = ending;
  }
}
