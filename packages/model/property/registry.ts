import { accountType, ibanType } from './account.ts';
import { codeType, entityType, substanceType } from './code.ts';
import { countryType } from './country.ts';
import { dateType } from './date.ts';
import { imeiType, imsiType } from './device.ts';
import { identityDocumentType, registrationType } from './document-number.ts';
import { hashType, pgpType, txidType } from './fingerprint.ts';
import { handleType } from './handle.ts';
import { languageType } from './language.ts';
import { moneyType } from './money.ts';
import { nameType, placeType, textType } from './name.ts';
import { domainType, emailType, ipType, urlType } from './network-address.ts';
import { onionType } from './onion.ts';
import { phoneType } from './phone.ts';
import { plateType } from './plate.ts';
import { pointType } from './point.ts';
import type { PropertyType, PropertyTypeName } from './property-type.ts';
import { purityType } from './purity.ts';
import { quantityType } from './quantity.ts';
import { callSignType, containerType, imoType, mmsiType, parcelType } from './transport.ts';
import { walletType } from './wallet.ts';

/** One object per property type; the entity table names them. */
export const propertyTypes: Readonly<Record<PropertyTypeName, PropertyType>> = {
  name: nameType,
  text: textType,
  date: dateType,
  country: countryType,
  language: languageType,
  phone: phoneType,
  email: emailType,
  domain: domainType,
  url: urlType,
  ip: ipType,
  onion: onionType,
  handle: handleType,
  wallet: walletType,
  txid: txidType,
  account: accountType,
  iban: ibanType,
  imei: imeiType,
  imsi: imsiType,
  plate: plateType,
  identityDocument: identityDocumentType,
  registration: registrationType,
  imo: imoType,
  mmsi: mmsiType,
  callSign: callSignType,
  container: containerType,
  parcel: parcelType,
  pgp: pgpType,
  hash: hashType,
  place: placeType,
  point: pointType,
  quantity: quantityType,
  purity: purityType,
  money: moneyType,
  substance: substanceType,
  code: codeType,
  entity: entityType,
};

/** The type of that name, or undefined for a name of a newer version. */
export function propertyType(name: string): PropertyType | undefined {
  return Object.hasOwn(propertyTypes, name) ? propertyTypes[name as PropertyTypeName] : undefined;
}
