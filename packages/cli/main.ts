/** The `tripoint` command. */
import { Command, CommanderError } from 'commander';
import { consoleLines } from './console-lines.ts';
import { CommandEnded, exitCodes } from './exit-codes.ts';
import { importCommand } from './import/command.ts';

const lines = consoleLines(process.stdout, process.stderr, process.env);

// exitOverride is inherited by commands that `command()` makes, but not by those that `addCommand` takes.
const program = new Command('tripoint')
  .description('the operator’s and the scripter’s tool of a bureau')
  .exitOverride()
  .addCommand(importCommand(lines, process.stdin).exitOverride());

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    await program.parseAsync();
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof CommandEnded) {
      lines.fail(error.message);
      return exitCodes[error.ending];
    }
    lines.fail(error instanceof Error ? (error.stack ?? error.message) : 'failed');
    return exitCodes.failed;
  }
}
