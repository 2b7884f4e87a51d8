/** The whole tool behind its streams, so that a test runs it as a person would. */
import { Command, CommanderError } from 'commander';
import { consoleLines, type Stream } from './console-lines.ts';
import { CommandEnded, exitCodes } from './exit-codes.ts';
import { importCommand } from './import/command.ts';
import { verifyCommand } from './verify/command.ts';

export type Streams = {
  stdin: NodeJS.ReadableStream;
  stdout: Stream;
  stderr: Stream;
  environment: Record<string, string | undefined>;
};

/** Runs one command line (without the program's own name); answers the exit code. Never throws. */
export async function runCommand(words: readonly string[], streams: Streams): Promise<number> {
  const lines = consoleLines(streams.stdout, streams.stderr, streams.environment);
  const program = new Command('tripoint').description('the operator’s and the scripter’s tool of a bureau');
  for (const command of [program, importCommand(lines, streams.stdin), verifyCommand(lines)]) {
    // Settings are inherited by commands that `command()` makes, not by those that `addCommand` takes.
    command.exitOverride().configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });
    if (command !== program) program.addCommand(command);
  }
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    lines.fail(error instanceof CommandEnded ? error.message : mistakeOf(error));
    return error instanceof CommandEnded ? exitCodes[error.ending] : exitCodes.failed;
  }
}

/** Our own mistake: the stack helps whoever mends it and holds no file's words. */
function mistakeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
