/** The nations of a run: who they are, and their keys. Made once for a process, the same in every run. */
import { hash } from 'node:crypto';
import type { ExchangeKeys } from '@tripoint/bureau/exchange';
import { firstPrev } from '@tripoint/envelope/seal';
import { type KemKey, kemKeyFromSeed, type Signer, signingKeyFromSeed } from '@tripoint/envelope/suite';
import { toPeer } from './place-key.ts';
import type { CharterRow, Hex, Standing } from './tables.ts';

export const nationsOfRuns = ['KR', 'TH', 'LA', 'VN', 'KH', 'PH'] as const;

export interface Member {
  nation: string;
  memberId: Uint8Array;
  id: Hex;
  signer: Signer;
  kem: KemKey;
  envelopeSecret: Uint8Array;
}

const made = (name: string, sizeBytes: number): Uint8Array =>
  new Uint8Array(Buffer.concat([hash('sha256', `${name}/1`, 'buffer'), hash('sha256', `${name}/2`, 'buffer')])).slice(
    0,
    sizeBytes,
  );

/** Keys that only the stub seal understands: an id, and nothing behind it. */
function stubMember(nation: string): Member {
  const memberId = made(`${nation} member`, 16);
  const kid = made(`${nation} signs`, 16);
  const kem = made(`${nation} opens`, 16);
  return {
    nation,
    memberId,
    id: toPeer(memberId),
    signer: { kid, publicBytes: kid } as unknown as Signer,
    kem: { kid: kem, publicBytes: kem } as unknown as KemKey,
    envelopeSecret: made(`${nation} numbers`, 32),
  };
}

function realMember(nation: string): Member {
  const signer = signingKeyFromSeed(made(`${nation} signs`, 64));
  const kem = kemKeyFromSeed(made(`${nation} opens`, 32));
  return { ...stubMember(nation), signer, kem };
}

const remembered = new Map<string, Member>();

export function memberOf(nation: string, crypto: 'stub' | 'real'): Member {
  const known = remembered.get(`${crypto}/${nation}`);
  if (known) return known;
  const member = crypto === 'stub' ? stubMember(nation) : realMember(nation);
  remembered.set(`${crypto}/${nation}`, member);
  return member;
}

/** The stub's secrets of signing: one a nation. */
export const secretsOf = (members: readonly Member[]): Map<string, Uint8Array> =>
  new Map(members.map(({ signer, nation }) => [toPeer(signer.kid), made(`${nation} secret`, 32)]));

const CHARTER_ID = made('charter', 32);
export const charterHash = (version: number): Uint8Array => made(`charter ${version}`, 32);

/** `suspended`: a member out of standing from the beginning. */
export function foundingCharter(members: readonly Member[], suspended: number | null): CharterRow {
  const standingAt = (at: number): Standing => (at === suspended ? 'suspended' : 'active');
  const standings = Object.fromEntries(members.map(({ id }, at) => [id, standingAt(at)]));
  return { version: 1, hash: charterHash(1), adoptedAtMs: 0, standings };
}

/** Keys are in force from long before a run to long after it: a clock that jumps meets no end of them. */
const FOR_EVER = { notBeforeSec: 0, useUntilSec: 4_000_000_000 };

/** One process's view of keys and charter. `charters` is asked each time: versions in order, the last in force. */
export function keysOf(own: Member, members: readonly Member[], charters: () => readonly CharterRow[]): ExchangeKeys {
  const byId = new Map(members.map((member) => [member.id, member]));
  const byKid = new Map(members.map((member) => [toPeer(member.signer.kid), member]));
  const inForce = () => charters().at(-1) as CharterRow;
  const standingOf = ({ id, nation }: Member) => {
    const status = inForce().standings[id];
    return status ? { nation, status } : null;
  };
  return {
    memberId: own.memberId,
    nation: own.nation,
    signer: own.signer,
    envelopeSecret: own.envelopeSecret,
    charter: () => ({ id: CHARTER_ID, version: inForce().version, hash: inForce().hash, bucket: 8 }),
    maySeal: () => true,
    chartersKnown() {
      const all = charters();
      return all.map(({ version, hash }, at) => {
        const next = all[at + 1];
        return next ? { version, hash, replacedAtSec: Math.floor(next.adoptedAtMs / 1000) } : { version, hash };
      });
    },
    member(memberId) {
      const member = byId.get(toPeer(memberId));
      return member ? standingOf(member) : null;
    },
    memberOf(nation) {
      const member = members.find((each) => each.nation === nation);
      const standing = member && standingOf(member);
      return member && standing ? { memberId: member.memberId, status: standing.status } : null;
    },
    kemKey: (kid) => (toPeer(kid) === toPeer(own.kem.kid) ? own.kem : null),
    kemFor: (memberId) => byId.get(toPeer(memberId))?.kem.publicBytes ?? null,
    signerEntry(kid) {
      const member = byKid.get(toPeer(kid));
      return member ? { memberId: member.memberId, publicBytes: member.signer.publicBytes, ...FOR_EVER } : null;
    },
    aliasFor: () => 0,
    directoryFor: () => null,
    takeDirectory: async () => {},
  };
}

export const firstLeaf = (from: Member, to: Member, lane: 0 | 1 | 2 | 3): Uint8Array =>
  firstPrev(CHARTER_ID, from.memberId, to.memberId, lane);
