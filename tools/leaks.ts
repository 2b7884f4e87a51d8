/** What must stand in no tracked file: private keys, tokens, paths of somebody's machine, names of registry hosts. */

export interface Leak {
  line: number;
  what: string;
}

// Each needle is put together here, so that this file does not hold what it looks for.
const privateKey = new RegExp(`-----BEGIN ${'[A-Z0-9 ]*'}PRIVATE${' '}KEY`);
const knownToken = new RegExp(
  [
    `\\b${'gh'}[pousr]_[A-Za-z0-9]{30,}`,
    `\\b${'github'}_pat_\\w{40,}`,
    `\\b${'np'}m_[A-Za-z0-9]{30,}`,
    `\\b${'AK'}IA[A-Z0-9]{16}\\b`,
    `\\b${'xo'}x[abprs]-[A-Za-z0-9-]{20,}`,
    `\\b${'ey'}J[\\w-]{15,}\\.${'ey'}J[\\w-]{15,}\\.`,
  ].join('|'),
);
/** 40 characters carry 240 bits of base64; names and sentences are shorter or have no such mix. */
const longToken = /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{40,}={0,2}(?![A-Za-z0-9+/_-])/g;
const homePath = new RegExp(`(?<![\\w.:/~-])/${'(?:ho'}me|${'Us'}ers|ro${'ot)'}/[\\w.-]+`);
const registries = ['npm' + 'js.org', 'yarn' + 'pkg.com', 'npm' + 'mirror.com', 'deb.' + 'debian.org', 'py' + 'pi.org'];
const registryHost = new RegExp(registries.map((host) => host.replaceAll('.', '\\.')).join('|'));

/** Leaks of one text. `checkout` is the folder the tree lies in: it must not be written into the tree. */
export function leaksIn(text: string, checkout: string): Leak[] {
  return text.split('\n').flatMap((content, index) => {
    const what = [
      privateKey.test(content) && 'a private key',
      knownToken.test(content) && 'an access token',
      (content.match(longToken) ?? []).some(looksRandom) && 'a long random text',
      homePath.test(content) && 'a path of somebody’s machine',
      checkout.split('/').length > 2 && content.includes(`${checkout}/`) && 'the path of this checkout',
      registryHost.test(content) && 'a registry’s host name',
    ];
    return what.flatMap((found) => (found ? [{ line: index + 1, what: found }] : []));
  });
}

/** Base64 of random bytes mixes all three kinds of character closely; hexadecimal (a hash) and words do not. */
function looksRandom(token: string): boolean {
  if (/^(?:0x)?[0-9a-f]+$/i.test(token) || token.includes('//')) return false;
  const kinds = [/[A-Z]/g, /[a-z]/g, /[0-9]/g].map((kind) => (token.match(kind) ?? []).length / token.length);
  return kinds.every((share) => share > 0.05) && bitsPerCharacter(token) > 4.3;
}

function bitsPerCharacter(token: string): number {
  const counts = new Map<string, number>();
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (bits, count) => bits - (count / token.length) * Math.log2(count / token.length),
    0,
  );
}
