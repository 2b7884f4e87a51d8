import { asciiForms } from './digits.ts';
import { type Cleaned, cleaned, defineType, unparsed } from './property-type.ts';

interface WebAddress {
  protocol: string;
  hostname: string;
  href: string;
  hash: string;
}
// The WHATWG parser is in every runtime, browsers too, but not in the language's own library.
const { URL: WebUrl } = globalThis as unknown as { URL: { parse(text: string): WebAddress | null } };

/** Undoes the ways people write an address so that nobody clicks it: hxxp, [.], (dot), [at], [:]. */
export function refanged(text: string): string {
  return asciiForms(text)
    .replace(/^h(?:xx|\*\*|__)p/i, 'http')
    .replace(/[[({](?:\.|dot)[\])}]/gi, '.')
    .replace(/[[({](?:@|at)[\])}]/gi, '@')
    .replace(/\[(:(?:\/\/)?)\]/g, '$1');
}

const labelPattern = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** A-label form, lower case, or null. Numeric last labels are addresses, not names. */
function domainOf(text: string): string | null {
  const host = WebUrl.parse(`http://${text.replace(/\.$/, '')}/`)?.hostname ?? '';
  const labels = host.split('.');
  const isName = labels.length >= 2 && host.length <= 253 && labels.every((label) => labelPattern.test(label));
  return isName && !/^\d+$/.test(labels.at(-1)!) ? host : null;
}

const hostCharacters = /^[^\s/?#@:\\%[\]<>^|]+$/u;

export const domainType = defineType({
  name: 'domain',
  maxLength: 253,
  matchable: true,
  reportedMax: 512,
  clean(text) {
    const plain = refanged(text)
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/$/, '');
    const domain = hostCharacters.test(plain) ? domainOf(plain) : null;
    return domain && !domain.endsWith('.onion') ? cleaned(domain) : unparsed('form');
  },
});

const localPattern = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** Lower case, domain as A-label: the subset of RFC 5322 that providers accept, without quoted local parts. */
export const emailType = defineType({
  name: 'email',
  maxLength: 254,
  matchable: true,
  reportedMax: 512,
  clean(text) {
    const plain = refanged(text)
      .replace(/^mailto:/i, '')
      .toLowerCase();
    const at = plain.lastIndexOf('@');
    const local = plain.slice(0, at).normalize('NFC');
    const host = plain.slice(at + 1);
    const isAddress = at > 0 && local.length <= 64 && localPattern.test(local) && hostCharacters.test(host);
    const domain = isAddress ? domainOf(host) : null;
    return domain ? cleaned(`${local}@${domain}`) : unparsed('form');
  },
  mask: (value) => value.replace(/^(.)[^@]*@(.).*?(\.[^.]*)$/u, '$1•••@$2•••$3'),
});

const schemes = new Set(['http:', 'https:', 'ftp:']);

/** WHATWG serialisation of an http, https or ftp address; without a scheme, https is read. */
export const urlType = defineType({
  name: 'url',
  maxLength: 2_048,
  matchable: true,
  clean(text) {
    const plain = refanged(text);
    if (/\s/.test(plain)) return unparsed('form');
    const address = WebUrl.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(plain) ? plain : `https://${plain}`);
    const isWeb = address !== null && schemes.has(address.protocol) && /[.:]/.test(address.hostname);
    return isWeb ? cleaned(address.href) : unparsed('form');
  },
  /** The same page under http and https, with and without a fragment or an empty path, is one page. */
  matchKey: (value) =>
    `url:${value
      .replace(/^https?:\/\//, '')
      .split('#', 1)[0]!
      .replace(/\/$/, '')}`,
});

const octet = /^(?:0|[1-9]\d{0,2})$/;

/** Dotted decimal, or RFC 5952 for version 6. A leading zero may be octal: ambiguous. */
export const ipType = defineType({
  name: 'ip',
  maxLength: 45,
  matchable: true,
  reportedMax: 128,
  clean: (text) => {
    const plain = refanged(text).toLowerCase();
    return plain.includes(':') ? cleanVersion6(plain) : cleanVersion4(plain);
  },
});

function cleanVersion4(text: string): Cleaned {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((part) => /^\d{1,4}$/.test(part))) return unparsed('form');
  if (octets.some((part) => !octet.test(part))) return unparsed('ambiguous');
  return octets.every((part) => Number(part) <= 255) ? cleaned(text) : unparsed('range');
}

function cleanVersion6(text: string): Cleaned {
  if (!/^\[?[0-9a-f:.]+\]?$/.test(text)) return unparsed('form');
  const host = WebUrl.parse(`http://[${text.replace(/^\[|\]$/g, '')}]/`)?.hostname;
  return host ? cleaned(host.slice(1, -1)) : unparsed('form');
}
