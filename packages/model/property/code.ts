import { type CodeListName, codeRow, codes, codesOf, codesOnAxis, isCode, labelOf } from '@tripoint/model/codes';
import { folded } from './likeness.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

const codePattern = /^[a-z0-9][a-z0-9:.+-]{0,63}$/;

/** A code of a list or one of a few words, by code or by English label; without a list, any plain code. */
export const codeType = defineType({
  name: 'code',
  maxLength: 64,
  matchable: false,
  reportedMax: 200,
  clean(text, { list, axis, values }) {
    const code = list ? fromList(list, axis, text) : values ? fromWords(values, text) : plainCode(text);
    return code === undefined ? unparsed(list || values ? 'unknown-code' : 'form') : cleaned(code);
  },
  mask: () => '••',
  label: (value) => value.replaceAll('-', ' '),
});

/** A code of another axis is none here, and a label that several axes have, such as Other, means this one's. */
function fromList(list: CodeListName, axis: string | undefined, text: string): string | undefined {
  const all: readonly string[] = axis === undefined ? codesOf(list) : codesOnAxis(list, axis);
  if (all.includes(text)) return text;
  const wanted = folded(text);
  return all.find((code) => code === wanted.replaceAll(' ', '-') || folded(labelOf(list, code)) === wanted);
}

function fromWords(values: readonly string[], text: string): string | undefined {
  return values.find((value) => value === text.toLowerCase());
}

function plainCode(text: string): string | undefined {
  const code = text.toLowerCase();
  return codePattern.test(code) ? code : undefined;
}

/**
 * Names the trade and the coalition's languages use where they mean one substance whatever the context.
 * Words with a second meaning in daily speech are left to a person.
 */
const tradeNames: readonly (readonly [string, string])[] = [
  ['meth', 'methamphetamine'],
  ['crystal meth', 'methamphetamine-crystal'],
  ['메스암페타민', 'methamphetamine'],
  ['เมทแอมเฟตามีน', 'methamphetamine'],
  ['ยาไอซ์', 'methamphetamine-crystal'],
  ['ma túy đá', 'methamphetamine-crystal'],
  ['ยาบ้า', 'methamphetamine-tablet'],
  ['ຢາບ້າ', 'methamphetamine-tablet'],
  ['ម៉ាទឹកកក', 'methamphetamine-crystal'],
  ['야바', 'methamphetamine-tablet'],
  ['ecstasy', 'mdma'],
  ['엑스터시', 'mdma'],
  ['ยาอี', 'mdma'],
  ['thuốc lắc', 'mdma'],
  ['케타민', 'ketamine'],
  ['เคตามีน', 'ketamine'],
  ['헤로인', 'heroin'],
  ['เฮโรอีน', 'heroin'],
  ['ເຮໂຣອີນ', 'heroin'],
  ['ហេរ៉ូអ៊ីន', 'heroin'],
  ['아편', 'opium'],
  ['ฝิ่น', 'opium'],
  ['ຝິ່ນ', 'opium'],
  ['thuốc phiện', 'opium'],
  ['cocaine', 'cocaine-unspecified'],
  ['코카인', 'cocaine-unspecified'],
  ['โคเคน', 'cocaine-unspecified'],
  ['marijuana', 'cannabis-herb'],
  ['대마', 'cannabis'],
  ['대마초', 'cannabis-herb'],
  ['กัญชา', 'cannabis'],
  ['cần sa', 'cannabis'],
  ['កញ្ឆា', 'cannabis'],
  ['ກັນຊາ', 'cannabis'],
  ['펜타닐', 'fentanyls'],
  ['fentanyl', 'fentanyls'],
];

const substanceByName = new Map<string, string>([
  ...tradeNames.map(([name, code]) => [folded(name), code] as const),
  ...codes.drugClasses.codes.flatMap((row) => {
    const names = [row.code, row.label_en, ...('aliases' in row ? (row.aliases ?? []) : [])];
    return names.map((name) => [folded(name), row.code] as const);
  }),
]);

/** Code of drug-classes.json. Related classes are alike: a parent says less, not something else. */
export const substanceType = defineType({
  name: 'substance',
  maxLength: 64,
  matchable: false,
  reportedMax: 200,
  clean(text) {
    const code = isCode('drugClasses', text) ? text : substanceByName.get(folded(text));
    return code === undefined ? unparsed('unknown-code') : cleaned(code);
  },
  compare(a, b) {
    if (a === b) return 1;
    return ancestors(a).includes(b) || ancestors(b).includes(a) ? 0.7 : 0;
  },
  mask: () => '••',
  label: (value) => labelOf('drugClasses', value),
});

function ancestors(code: string): string[] {
  const parent = codeRow('drugClasses', code)?.parent ?? null;
  return parent === null ? [] : [parent, ...ancestors(parent)];
}

/** Number of another entity of the same item. Its meaning ends at the item's border. */
export const entityType = defineType({
  name: 'entity',
  maxLength: 9,
  matchable: false,
  reportedMax: 64,
  clean: (text) => (/^[1-9]\d{0,8}$/.test(text) ? cleaned(text) : unparsed('form')),
  mask: (value) => value,
});
