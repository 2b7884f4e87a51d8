/** The console as files: built when it is missing or older than its sources. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const web = join(import.meta.dirname, '..', '..', 'web');

/** Where the built files stand. */
export const consoleFiles = join(web, 'dist');

export async function builtConsole(say: (sentence: string) => void, signal?: AbortSignal): Promise<string> {
  if (!existsSync(join(consoleFiles, 'index.html'))) say('Building the console, once …');
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [join(web, 'build.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      ...(signal && { signal }),
    });
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error('the console could not be built; see the message above.');
  return consoleFiles;
}
