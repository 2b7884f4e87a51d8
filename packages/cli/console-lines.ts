/** Progress and trouble go to stderr, data to stdout; colour only on a terminal that wants it (no-color.org). */

export type Lines = {
  say(sentence: string): void;
  warn(sentence: string): void;
  fail(sentence: string): void;
  data(text: string): void;
};

export type Stream = { write(text: string): unknown; isTTY?: boolean };

export function consoleLines(stdout: Stream, stderr: Stream, environment: Record<string, string | undefined>): Lines {
  const hasColour = stderr.isTTY === true && (environment.NO_COLOR ?? '') === '';
  const coloured = (code: number, text: string) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const line = (text: string) => stderr.write(`${printable(text)}\n`);
  return {
    say: line,
    warn: (sentence) => stderr.write(`${coloured(33, 'note:')} ${printable(sentence)}\n`),
    fail: (sentence) => stderr.write(`${coloured(31, 'tripoint:')} ${printable(sentence)}\n`),
    data: (text) => stdout.write(`${text}\n`),
  };
}

/** A file's words may hold escape sequences that would drive the terminal; they are shown, not obeyed. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
