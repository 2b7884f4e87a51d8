import { displayName } from './country.ts';
import { isLanguage } from './languages.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

/** ISO 639-2/3 and English names of the languages that imports carry most. */
const byOtherName: ReadonlyMap<string, string> = new Map(
  (
    'eng:en kor:ko fil:fil khm:km lao:lo vie:vi tha:th mya:my bur:my zho:zh chi:zh cmn:zh msa:ms may:ms ind:id jpn:ja ' +
    'spa:es fra:fr fre:fr rus:ru ara:ar tgl:tl deu:de ger:de ita:it nld:nl por:pt tur:tr fas:fa per:fa hin:hi ben:bn ' +
    'english:en korean:ko filipino:fil tagalog:tl khmer:km vietnamese:vi thai:th burmese:my chinese:zh malay:ms ' +
    'indonesian:id japanese:ja spanish:es french:fr russian:ru arabic:ar german:de'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** BCP 47 primary subtag of the closed list; region and script subtags fall away. */
export const languageType = defineType({
  name: 'language',
  maxLength: 3,
  matchable: false,
  reportedMax: 64,
  clean(text) {
    const plain = text.toLowerCase();
    const subtag = plain.split(/[-_]/, 1)[0]!;
    const code = byOtherName.get(plain) ?? (isLanguage(subtag) ? subtag : byOtherName.get(subtag));
    return code ? cleaned(code) : unparsed('unknown-code');
  },
  mask: () => '••',
  label: (value, lang = 'en') => displayName('language', value, lang) ?? value,
});
