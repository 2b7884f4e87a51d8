/** The documents name files; a name that leads nowhere sends a newcomer astray. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });

const sources = globSync(['*', '{packages,tools,docs}/**/*.*'], {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
});
const fileNames = new Set(sources.map((path) => basename(path)));

/** Prefixes under which a document may shorten a path; ARCHITECTURE.md and SECURITY.md say so in their text. */
const bases = ['', 'packages/'];
const namesPath = (text: string): boolean => /^[\w.*-]+(\/[\w.*-]+)+\.(tsx?|mjs|sql|md|json|cedar|css)$/.test(text);
const namesSource = (text: string): boolean => /^[\w.-]+\.(tsx?|mjs|sql|cedar|css)$/.test(text);

function codeIn(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text as string);
}

const leads = (path: string): boolean => bases.some((base) => globSync(`${base}${path}`, { cwd: root }).length > 0);

test('every file that a document names is there', () => {
  const lost = documents.flatMap((document) =>
    codeIn(readFileSync(join(root, document), 'utf8'))
      .filter((text) => (namesPath(text) ? !leads(text) : namesSource(text) && !fileNames.has(text)))
      .map((text) => `${document} names ${text}`),
  );
  assert.deepEqual(lost, []);
});

test('every link inside the documents leads somewhere', () => {
  const lost = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
      .map(([, to]) => to as string)
      .filter((to) => !/^[a-z]+:/.test(to))
      .filter((to) => globSync(join(dirname(document), to), { cwd: root }).length === 0)
      .map((to) => `${document} links to ${to}`),
  );
  assert.deepEqual(lost, []);
});

test('the glossary is in order and explains each word once', () => {
  const rows = readFileSync(join(root, 'GLOSSARY.md'), 'utf8').match(/^\| (?!word|---)[^|]+/gm) ?? [];
  const words = rows.map((row) => row.slice(2).replace('◇', '').trim().toLowerCase());
  assert.ok(words.length > 50);
  assert.deepEqual(words, [...new Set(words)].sort());
});
