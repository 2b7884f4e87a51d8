import { sameBytes } from '@tripoint/envelope/cbor';
import type { SignerEntry, StanzaBucket } from '@tripoint/envelope/seal';
import type { Acceptance } from './directory.ts';
import type { Keys } from './keys.ts';

/**
 * The keys as the exchange asks for them. `heard` is told what became of a peer's directory: it may free items that
 * waited for a key, or be worth an alarm.
 */
export function keysForExchange(keys: Keys, heard: (peer: Uint8Array, outcome: Acceptance) => void = () => {}) {
  const { keyring, charter, directory, epochs } = keys;
  return {
    memberId: keyring.memberId,
    nation: keyring.nation,
    signer: keyring.identity,
    envelopeSecret: keyring.envelopeSecret,
    charter: () => {
      const { charter: terms, charterId, hash } = charter.current();
      const bucket = terms.bounds.stanzaBucket as StanzaBucket;
      return { id: charterId, version: terms.version, hash, bucket };
    },
    maySeal: (lane: 0 | 1 | 2 | 3) => charter.maySeal(lane),
    chartersKnown: () => charter.known(),
    member: (memberId: Uint8Array) => charter.member(memberId),
    memberOf: (nation: string) => charter.memberOf(nation),
    kemKey: (kid: Uint8Array) => epochs.kemKey(kid),
    kemFor: (memberId: Uint8Array, nowMs: number) =>
      directory.kemFor(memberId, Math.floor(nowMs / 1000))?.key.publicBytes ?? null,
    signerEntry: (kid: Uint8Array): SignerEntry | null => directory.signer(kid),
    aliasFor: (agency: string | null, nation: string) => (agency === null ? 0 : keyring.aliasFor(agency, nation)),
    directoryFor: (peer: Uint8Array) => (sameBytes(peer, keyring.memberId) ? null : keys.directoryBytes()),
    takeDirectory: async (peer: Uint8Array, payload: Uint8Array): Promise<void> => {
      heard(peer, await keys.acceptPayload(peer, payload));
    },
  };
}
