/** ISO 4217 minor-unit exponents other than 2, and the places of the coins most met. */
const places: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  BTC: 8,
  BCH: 8,
  LTC: 8,
  DOGE: 8,
  DASH: 8,
  ZEC: 8,
  ETH: 18,
  BNB: 18,
  DAI: 18,
  USDT: 6,
  USDC: 6,
  TRX: 6,
  XRP: 6,
  XMR: 12,
  SOL: 9,
  TON: 9,
};
const twoPlaces = new Set(
  (
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
    'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
    'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR ' +
    'NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT ' +
    'TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG'
  ).split(' '),
);

/** Signs and words that mean one currency wherever they are written. `$` does not. */
const words: readonly (readonly [string, string])[] = [
  ['฿', 'THB'],
  ['บาท', 'THB'],
  ['baht', 'THB'],
  ['밧', 'THB'],
  ['바트', 'THB'],
  ['₩', 'KRW'],
  ['원', 'KRW'],
  ['won', 'KRW'],
  ['₫', 'VND'],
  ['đồng', 'VND'],
  ['đ', 'VND'],
  ['dong', 'VND'],
  ['₱', 'PHP'],
  ['piso', 'PHP'],
  ['៛', 'KHR'],
  ['riel', 'KHR'],
  ['រៀល', 'KHR'],
  ['₭', 'LAK'],
  ['kip', 'LAK'],
  ['ກີບ', 'LAK'],
  ['ကျပ်', 'MMK'],
  ['kyat', 'MMK'],
  ['kyats', 'MMK'],
  ['us$', 'USD'],
  ['us dollar', 'USD'],
  ['us dollars', 'USD'],
  ['€', 'EUR'],
  ['euro', 'EUR'],
  ['euros', 'EUR'],
  ['£', 'GBP'],
  ['人民币', 'CNY'],
  ['위안', 'CNY'],
  ['엔', 'JPY'],
  ['bitcoin', 'BTC'],
  ['₿', 'BTC'],
  ['tether', 'USDT'],
  ['monero', 'XMR'],
  ['ether', 'ETH'],
];
export const currencyByWord = new Map(words.map(([word, code]) => [word.normalize('NFC'), code]));
/** Signs and words that several currencies share. */
export const signsAlone: ReadonlySet<string> = new Set(['$', '¥', 'dollar', 'dollars', 'peso', 'pesos']);

/** Decimal places of a currency, or undefined for text that names none. */
export function placesOf(currency: string): number | undefined {
  return Object.hasOwn(places, currency) ? places[currency] : twoPlaces.has(currency) ? 2 : undefined;
}
