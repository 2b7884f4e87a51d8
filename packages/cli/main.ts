/** The `tripoint` command. */
import { runCommand } from './program.ts';

const { stdin, stdout, stderr, env } = process;
process.exitCode = await runCommand(process.argv.slice(2), { stdin, stdout, stderr, environment: env });
