/** The console's built files. The page carries a nonce of its own each time; everything else never changes its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { assetHeaders, pageHeaders } from './security-headers.ts';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};
const NONCE_BYTES = 16;
const placeholder = '__CSP_NONCE__';

export interface Page {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export interface Pages {
  /** The page or asset at a path, or null when there is none (an unknown path without an ending is the console itself). */
  at(path: string): Page | null;
}

/** Lists the folder once: a request can name only what was listed, so no path can leave it. */
function listed(folder: string, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) for (const [name, file] of listed(folder, path)) found.set(name, file);
    else found.set(path, join(folder, path));
  }
  return found;
}

export function createPages(folder: string, entry: string, random: (n: number) => Uint8Array): Pages {
  const files = listed(folder);
  const page = readFileSync(join(folder, entry), 'utf8');
  const kept = new Map<string, Buffer>();
  return {
    at(path) {
      const file = files.get(path);
      if (file && extname(path) !== '.html') {
        const body = kept.get(path) ?? readFileSync(file);
        kept.set(path, body);
        return {
          status: 200,
          headers: { ...assetHeaders, 'content-type': types[extname(path)] ?? 'application/octet-stream' },
          body,
        };
      }
      if (extname(path) !== '' && extname(path) !== '.html') return null;
      const nonce = Buffer.from(random(NONCE_BYTES)).toString('base64');
      return {
        status: 200,
        headers: { ...pageHeaders(nonce), 'content-type': types['.html'] as string },
        body: page.replaceAll(placeholder, nonce),
      };
    },
  };
}
