/**
 * Starts the Chromium that comes as an npm package, for browser tests and for looking at screens.
 * Its own default arguments are not used: `--single-process` ends the whole browser with the first closed context.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser } from 'playwright-core';

const checkout = join(import.meta.dirname, '..', '..', '..');
/** The package unpacks under a fixed name into the temporary directory: ours, so that nobody else's file is executed. */
const unpackDir = join(checkout, '.cache', 'chromium');

const ownArguments = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export interface LaunchOptions {
  /** Runs without WebGL, as on an old office machine. */
  withoutWebGl?: boolean;
}

/** The browser, or null where no Chromium exists for this machine: then tests say aloud that they skip. */
export async function launchBrowser({ withoutWebGl = false }: LaunchOptions = {}): Promise<Browser | null> {
  const executablePath = await findChromium();
  if (executablePath === null) return null;
  const { chromium } = await import('playwright-core');
  const args = withoutWebGl ? ['--no-sandbox', '--disable-3d-apis', ...ownArguments.slice(4)] : ownArguments;
  return chromium.launch({
    executablePath,
    args,
    headless: true,
    env: { ...process.env, TMPDIR: unpackDir } as Record<string, string>,
  });
}

async function findChromium(): Promise<string | null> {
  const named = process.env.TRIPOINT_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  mkdirSync(unpackDir, { recursive: true });
  process.env.TMPDIR = unpackDir;
  // Makes the package unpack the system libraries it carries; it reads this while it is imported.
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x';
  process.env.FONTCONFIG_PATH = ownFontConfiguration();
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}

/**
 * The package's own fonts.conf names /tmp/fonts, whatever the temporary directory is: elsewhere no letter would be found
 * and the browser would end at the first text. Ours names the unpacked fonts and the system's.
 */
function ownFontConfiguration(): string {
  const directory = join(unpackDir, 'fontconfig');
  mkdirSync(directory, { recursive: true });
  const places = [join(unpackDir, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  const dirs = places.map((place) => `<dir>${place}</dir>`).join('');
  const cache = `<cachedir>${join(unpackDir, 'fonts-cache')}</cachedir>`;
  writeFileSync(join(directory, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${dirs}${cache}</fontconfig>\n`);
  return directory;
}
