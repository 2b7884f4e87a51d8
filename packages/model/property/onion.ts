import { sha3_256 } from '@noble/hashes/sha3.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base32nopad } from '@scure/base';
import { refanged } from './network-address.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

const onionPattern = /(?:^|\/\/|\.)([a-z2-7]{56})(?:\.onion)?(?:[:/?#].*)?$/;
const checksumWord = utf8ToBytes('.onion checksum');

/** Version 3 onion name with its checksum (rend-spec-v3, "Encoding onion addresses"): 56 characters and `.onion`. */
export const onionType = defineType({
  name: 'onion',
  maxLength: 62,
  matchable: true,
  reportedMax: 2_048,
  clean(text) {
    const name = onionPattern.exec(refanged(text).toLowerCase())?.[1];
    if (!name) return unparsed('form');
    return hasOnionChecksum(name) ? cleaned(`${name}.onion`) : unparsed('checksum');
  },
});

function hasOnionChecksum(name: string): boolean {
  const bytes = base32nopad.decode(name.toUpperCase());
  const version = bytes.subarray(34);
  const checksum = sha3_256(concatBytes(checksumWord, bytes.subarray(0, 32), version));
  return version[0] === 3 && bytes[32] === checksum[0] && bytes[33] === checksum[1];
}
