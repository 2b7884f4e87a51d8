import { asciiForms } from './digits.ts';
import { phoneType } from './phone.ts';
import { type Cleaned, cleaned, defineType, type Hints, unparsed } from './property-type.ts';

const otherNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tg: 'telegram',
    kakao: 'kakaotalk',
    kakaotalkid: 'kakaotalk',
    fb: 'facebook',
    messenger: 'facebook',
    ig: 'instagram',
    twitter: 'x',
    weixin: 'wechat',
    카카오톡: 'kakaotalk',
    카톡: 'kakaotalk',
    텔레그램: 'telegram',
    라인: 'line',
    ไลน์: 'line',
    เทเลแกรม: 'telegram',
  }),
);

/** Platform by its usual names, in small letters; a name of nobody is only evened out. */
export function platformOf(text: string): string {
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.-]/g, '');
  return otherNames.get(plain) ?? plain;
}

const links: readonly (readonly [RegExp, string])[] = [
  [/^(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.me\/((?:joinchat\/)?\+?[\w-]+)\/?$/i, 'telegram'],
  [/^tg:\/\/resolve\?domain=(\w+)$/i, 'telegram'],
  [/^(?:https?:\/\/)?line\.me\/(?:R\/)?ti\/p\/~?([@\w.-]+)$/i, 'line'],
  [/^(?:https?:\/\/)?open\.kakao\.com\/o\/([\w-]+)$/i, 'kakaotalk'],
  [/^(?:https?:\/\/)?zalo\.me\/([\w.-]+)$/i, 'zalo'],
  [/^(?:https?:\/\/)?wa\.me\/(\d+)$/i, 'whatsapp'],
  [/^(?:https?:\/\/)?(?:www\.)?facebook\.com\/([\w.-]+)\/?$/i, 'facebook'],
  [/^(?:https?:\/\/)?(?:www\.)?instagram\.com\/([\w.-]+)\/?$/i, 'instagram'],
  [/^(?:https?:\/\/)?(?:www\.)?(?:x|twitter)\.com\/(\w+)\/?$/i, 'x'],
  [/^(?:https?:\/\/)?(?:www\.)?tiktok\.com\/@([\w.-]+)\/?$/i, 'tiktok'],
];

/** Platforms on which the account is a telephone number. */
const byNumber: ReadonlySet<string> = new Set(['whatsapp', 'viber', 'signal', 'zalo']);
/** Capitals carry meaning in these: a link's token, not a name. */
const tokenPattern = /^(?:joinchat\/|\+)/;
const namePattern = /^[\p{L}\p{N}_+][\p{L}\p{M}\p{N}._+/@=-]{1,127}$/u;

/**
 * `platform:id` such as `telegram:somename`, or the bare id when nobody says which platform.
 * A numeric id is kept as it is and beats a name, which its owner may change.
 */
export const handleType = defineType({
  name: 'handle',
  maxLength: 180,
  matchable: true,
  reportedMax: 512,
  clean(text, hints) {
    const plain = bareId(asciiForms(text).normalize('NFC'));
    const prefixed = /^([\p{L}\p{M}\p{N}]{1,40}):\s*(.+)$/u.exec(plain);
    const linked = fromLink(plain) ?? (prefixed && fromLink(bareId(prefixed[2]!)));
    if (linked) return join(linked.platform, linked.id, hints);
    if (prefixed) return join(platformOf(prefixed[1]!), prefixed[2]!, hints);
    return join(hints.platform ? platformOf(hints.platform) : '', plain, hints);
  },
  /** Without a platform a handle says too little to link two people. */
  matchKey: (value) => (value.includes(':') ? `handle:${value}` : null),
  label: (value) => value.replace(/^([^:]+):(.*)$/su, '$2 ($1)'),
});

function fromLink(text: string): { platform: string; id: string } | null {
  for (const [pattern, platform] of links) {
    const id = pattern.exec(text)?.[1];
    if (id) return { platform, id };
  }
  return null;
}

function bareId(text: string): string {
  return text.replace(/^[@~\s]+/, '').trim();
}

function join(platform: string, id: string, { country }: Hints): Cleaned {
  const bare = bareId(id);
  if (byNumber.has(platform)) {
    const number = phoneType.clean(
      /^\d{9,15}$/.test(bare) && !bare.startsWith('0') ? `+${bare}` : bare,
      country ? { country } : {},
    );
    if (number.ok) return cleaned(`${platform}:${number.value}`);
  }
  if (!namePattern.test(bare)) return unparsed('form');
  const canonical = tokenPattern.test(bare) ? bare : bare.toLowerCase();
  return cleaned(platform ? `${platform}:${canonical}` : canonical);
}
