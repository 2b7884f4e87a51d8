import { joinBytes } from '../cbor/index.ts';
import { domainBytes, domainHash, sha256 } from '../suite/index.ts';

/** ML-DSA context of an envelope's signature. */
export const ENVELOPE_CONTEXT = 'tripoint-env/1';

/** What sender signs: context, the list of stanza hashes, the body. Equal for all recipients. */
export const envelopeTbs = (ctx: Uint8Array, stanzaHashes: readonly Uint8Array[], bodyHash: Uint8Array): Uint8Array =>
  domainBytes('env', 'sign', ctx, sha256(joinBytes(...stanzaHashes)), bodyHash);

/** The envelope's entry in logs and chains (32 bytes). */
export const envelopeLeaf = (tbs: Uint8Array): Uint8Array => domainHash('env', 'leaf', tbs);
