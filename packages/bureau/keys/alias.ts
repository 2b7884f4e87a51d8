import { utf8 } from '@tripoint/envelope/cbor';
import { domainBytes, hmac } from '@tripoint/envelope/suite';

/**
 * An agency's pseudonym towards one nation: a number from 1 to 2^32 − 1, the same every time, another one for every
 * nation, so that two nations cannot compare (wire.md §3, alias). 0 stays the bureau's own voice.
 * 32 bits, not 16: with 16, twenty agencies would already share a number towards some nation about once in 300.
 */
export function pairwiseAlias(aliasSecret: Uint8Array, agencyId: string, nation: string): number {
  for (let attempt = 0; ; attempt += 1) {
    const drawn = hmac('sha256', aliasSecret, domainBytes('alias', nation, utf8(agencyId), Uint8Array.of(0, attempt)));
    const alias = new DataView(drawn.buffer, drawn.byteOffset).getUint32(0);
    if (alias !== 0) return alias;
  }
}

/** `KH-7f3a91c2`, at least four hexadecimal digits; the nation alone for 0. */
export const formatAlias = (nation: string, alias: number): string =>
  alias === 0 ? nation : `${nation}-${alias.toString(16).padStart(4, '0')}`;
