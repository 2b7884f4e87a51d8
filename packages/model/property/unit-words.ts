/**
 * What officers write for the units of units.json, in seven languages and in trade talk; each word has one meaning.
 * Codes and English labels of the list are read as they stand.
 */
const words: Readonly<Record<string, string>> = {
  kilogram:
    'kg kgs kilo kilos kilogramme kilogrammes kilograms กก กก. กิโล กิโลกรัม ก.ก. 킬로 킬로그램 키로 ký kí kilô ກິໂລ ກິໂລກຣາມ ກກ គីឡូ គីឡូក្រាម គក',
  gram: 'g gr gm grams gramme grammes กรัม ก. 그램 그람 ກຣາມ ក្រាម gam gramo',
  milligram: 'mg milligrams มก มก. มิลลิกรัม 밀리그램 ມິນລິກຣາມ មីលីក្រាម',
  microgram: 'ug µg μg mcg micrograms ไมโครกรัม 마이크로그램',
  ton: 't tons tonne tonnes ตัน 톤 tấn ໂຕນ តោន tonelada',
  ounce: 'oz ounces ออนซ์ 온스',
  viss: 'ပိဿာ peittha',
  litre: 'l liter liters litres lít ลิตร 리터 ລິດ លីត្រ litro',
  millilitre: 'ml milliliter milliliters millilitres มล มล. มิลลิลิตร 밀리리터 ມິນລິລິດ',
  tablet: 'tab tabs tablets เม็ด 정 viên ເມັດ គ្រាប់ tableta',
  pill: 'pills 알',
  capsule: 'cap caps capsules แคปซูล 캡슐',
  piece: 'pc pcs pieces ชิ้น 개 cái ອັນ piraso',
  dose: 'doses โดส 회분 liều',
  ampoule: 'ampoules amp หลอด 앰플 ống',
  vial: 'vials 바이알 lọ',
  bottle: 'bottles ขวด 병 chai ແກ້ວ ដប bote',
  plant: 'plants ต้น 주 cây ຕົ້ນ',
  package: 'pkg packages packet packets bag bags ห่อ ถุง ຖົງ 봉지 봉 gói កញ្ចប់ supot pakete',
  joint: 'joints มวน 개비',
  'block-350g': 'bánh แท่ง',
  hectare: 'ha hectares เฮกตาร์ 헥타르',
};

export const unitByWord: ReadonlyMap<string, string> = new Map(
  Object.entries(words).flatMap(([unit, list]) =>
    list.split(' ').map((word) => [word.normalize('NFC'), unit] as const),
  ),
);

/** Counting words between number and unit. */
export const multiplierByWord: ReadonlyMap<string, bigint> = new Map<string, bigint>([
  ['hundred', 100n],
  ['thousand', 1_000n],
  ['million', 1_000_000n],
  ['백', 100n],
  ['천', 1_000n],
  ['만', 10_000n],
  ['백만', 1_000_000n],
  ['억', 100_000_000n],
  ['ร้อย', 100n],
  ['พัน', 1_000n],
  ['หมื่น', 10_000n],
  ['แสน', 100_000n],
  ['ล้าน', 1_000_000n],
  ['ພັນ', 1_000n],
  ['ໝື່ນ', 10_000n],
  ['ແສນ', 100_000n],
  ['ລ້ານ', 1_000_000n],
  ['nghìn', 1_000n],
  ['ngàn', 1_000n],
  ['vạn', 10_000n],
  ['triệu', 1_000_000n],
  ['tỷ', 1_000_000_000n],
  ['ពាន់', 1_000n],
  ['ម៉ឺន', 10_000n],
  ['លាន', 1_000_000n],
  ['libo', 1_000n],
  ['milyon', 1_000_000n],
]);
