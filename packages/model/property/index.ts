/** What a value is. Opens codes only; knows no entity, no report and no nation's policy. */

export { countryFromText } from './country.ts';
export { type Country, countries } from './country-table.ts';
export { type Decimal, decimalOf, decimalText, readNumber, rounded, times } from './decimal.ts';
export { derivedMass, type MassContext } from './derived-mass.ts';
export * from './digits.ts';
export { documentKinds } from './document-number.ts';
export { platformOf } from './handle.ts';
export * from './languages.ts';
export { type Money, type MoneyBasis, moneyBases, moneyOf } from './money.ts';
export { refanged } from './network-address.ts';
export { distanceMetres, type Point, pointOf } from './point.ts';
export {
  type Cleaned,
  type Hints,
  type PropertyType,
  type PropertyTypeName,
  propertyTypeNames,
  type UnparsedReason,
} from './property-type.ts';
export { type Purity, purityOf } from './purity.ts';
export { type DerivedMass, massOf, type Quantity, quantityOf } from './quantity.ts';
export * from './registry.ts';
export * from './unsafe-text.ts';
export { describeWallet, type WalletAddress, type WalletForm } from './wallet.ts';
