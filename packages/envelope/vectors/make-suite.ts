import { type CborValue, decode, encode, fromHex, toHex, u64, utf8 } from '../cbor/index.ts';
import { signDirectoryEntry, signRevocation, verifyDirectoryEntry, verifyRevocation } from '../charter/index.ts';
import { envelopeId, firstPrev, type Lane } from '../seal/index.ts';
import {
  cobblestoneSeal,
  hpkeSeal,
  kemKeyFromSeed,
  kemPublicKey,
  keyId,
  logKeyFromSeed,
  signingKeyFromSeed,
  witnessKeyFromSeed,
} from '../suite/index.ts';
import { plainly } from './make-proofs.ts';
import { seededRandom } from './seeded-random.ts';

export type KeyFile = {
  readonly about: string;
  readonly keys: readonly {
    readonly class: 'sig' | 'kem' | 'log' | 'witness';
    readonly seed: string;
    readonly publicBytes: string;
    readonly kid: string;
  }[];
};

export function keyOfSeed(
  keyClass: KeyFile['keys'][number]['class'],
  seed: Uint8Array,
): { kid: Uint8Array; publicBytes: Uint8Array } {
  const make = { sig: signingKeyFromSeed, kem: kemKeyFromSeed, log: logKeyFromSeed, witness: witnessKeyFromSeed };
  return make[keyClass](seed);
}

export function makeKeys(): KeyFile {
  const random = seededRandom('frozen keys');
  const classes = [
    ['sig', 64],
    ['sig', 64],
    ['kem', 32],
    ['kem', 32],
    ['log', 32],
    ['witness', 64],
  ] as const;
  return {
    about: 'Key sets from their seeds, and the key ids that name them.',
    keys: classes.map(([keyClass, seedBytes]) => {
      const seed = random(seedBytes);
      const { kid, publicBytes } = keyOfSeed(keyClass, seed);
      return { class: keyClass, seed: toHex(seed), publicBytes: toHex(publicBytes), kid: toHex(kid) };
    }),
  };
}

export type SuiteFile = {
  readonly about: string;
  readonly signature: {
    readonly publicBytes: string;
    readonly tbs: string;
    readonly context: string;
    readonly ed: string;
    readonly ml: string;
  };
  readonly hpke: readonly {
    readonly seed: string;
    readonly info: string;
    readonly aad: string;
    readonly plaintext: string;
    readonly enc: string;
    readonly ct: string;
  }[];
  readonly cobblestone: readonly {
    readonly key: string;
    readonly context: string;
    readonly salt: string;
    readonly message: string;
    readonly sealed: string;
  }[];
};

export function makeSuite(): SuiteFile {
  const random = seededRandom('frozen suite');
  const signer = signingKeyFromSeed(random(64));
  const tbs = random(64);
  const { ed, ml } = signer.sign(tbs, 'tripoint-env/1');
  return {
    about: 'Suite 1 alone: a signature pair, HPKE with X-Wing, Cobblestone-256.',
    signature: {
      publicBytes: toHex(signer.publicBytes),
      tbs: toHex(tbs),
      context: 'tripoint-env/1',
      ed: toHex(ed),
      ml: toHex(ml),
    },
    hpke: [0, 77].map((sizeBytes) => {
      const [seed, plaintext, info, aad] = [
        random(32),
        random(sizeBytes),
        utf8('tripoint-env/1\0wrap\0'),
        random(sizeBytes),
      ];
      const { enc, ct } = hpkeSeal(kemPublicKey(kemKeyFromSeed(seed).publicBytes), info, aad, plaintext, random);
      return {
        seed: toHex(seed),
        info: toHex(info),
        aad: toHex(aad),
        plaintext: toHex(plaintext),
        enc: toHex(enc),
        ct: toHex(ct),
      };
    }),
    cobblestone: [0, 1, 1024, 16_384].map((sizeBytes) => {
      const [key, context, message, salt] = [random(32), random(32), random(sizeBytes), random(24)];
      const sealed = cobblestoneSeal(key, context, message, () => salt);
      return {
        key: toHex(key),
        context: toHex(context),
        salt: toHex(salt),
        message: toHex(message),
        sealed: toHex(sealed),
      };
    }),
  };
}

export type CborFile = {
  readonly about: string;
  readonly valid: readonly { readonly bytes: string; readonly value: unknown }[];
  readonly invalid: readonly { readonly why: string; readonly bytes: string }[];
};

const invalidCbor: Readonly<Record<string, string>> = {
  'an integer longer than needed': '1817',
  'a length longer than needed': '580100',
  'an indefinite array': '9f00ff',
  'unsorted map keys': 'a201000000',
  'a duplicate map key': 'a200000001',
  'a text map key': 'a1616100',
  null: 'f6',
  undefined: 'f7',
  'a half float': 'f90000',
  'a tag': 'c000',
  'text that is not UTF-8': '61ff',
  'an array cut short': '8200',
  'bytes after the value': '0000',
  '17 arrays in one another': `${'81'.repeat(17)}00`,
};

export function makeCbor(): CborFile {
  const values: CborValue[] = [
    0,
    23,
    24,
    255,
    256,
    65_536,
    4_294_967_296,
    Number.MAX_SAFE_INTEGER,
    (1n << 64n) - 1n,
    -1,
    -(1n << 64n),
    true,
    false,
    '',
    'Tiếng Việt ភាសាខ្មែរ',
    new Uint8Array(0),
    Uint8Array.of(1, 2, 3),
    [1, [2, []]],
    new Map<number, CborValue>([
      [10, 'ten'],
      [-1, 'minus one'],
      [1, 'one'],
      [100, 'hundred'],
    ]),
  ];
  return {
    about: 'Deterministic CBOR. In value, bytes are hexadecimal text and integers beyond 2^53 − 1 decimal text.',
    valid: values.map((value) => ({ bytes: toHex(encode(value)), value: plainly(value) })),
    invalid: Object.entries(invalidCbor).map(([why, bytes]) => ({ why, bytes })),
  };
}

export type ChainFile = {
  readonly about: string;
  readonly firstPrev: readonly {
    readonly charterId: string;
    readonly sender: string;
    readonly recipient: string;
    readonly lane: Lane;
    readonly prev: string;
  }[];
  readonly envelopeId: readonly {
    readonly localSecret: string;
    readonly row: string;
    readonly sealing: number;
    readonly id: string;
  }[];
};

export function makeChain(): ChainFile {
  const random = seededRandom('frozen chain');
  const [charterId, sender, recipient, localSecret] = [random(32), random(16), random(16), random(32)];
  return {
    about: 'What the first envelope of a chain names as the leaf before it, and the ids of envelopes.',
    firstPrev: ([0, 1, 2, 3] as const).map((lane) => ({
      charterId: toHex(charterId),
      sender: toHex(sender),
      recipient: toHex(recipient),
      lane,
      prev: toHex(firstPrev(charterId, sender, recipient, lane)),
    })),
    envelopeId: [1, 2].map((sealing) => ({
      localSecret: toHex(localSecret),
      row: toHex(u64(77)),
      sealing,
      id: toHex(envelopeId(localSecret, u64(77), sealing)),
    })),
  };
}

export type DirectoryFile = {
  readonly about: string;
  readonly memberId: string;
  readonly custodians: readonly string[];
  readonly identities: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly kind: 'entry' | 'revocation';
    readonly bytes: string;
    readonly outcome: { readonly leaf: string; readonly kid: string } | { readonly refused: string };
  }[];
};

type DirectoryTrustFile = Pick<DirectoryFile, 'memberId' | 'custodians' | 'identities'>;

export function judgeDirectory(
  file: DirectoryTrustFile,
  kind: 'entry' | 'revocation',
  bytes: Uint8Array,
): DirectoryFile['cases'][number]['outcome'] {
  const trustOf = (memberId: Uint8Array) =>
    toHex(memberId) === file.memberId
      ? { custodians: file.custodians.map(fromHex), identities: file.identities.map(fromHex) }
      : { custodians: [], identities: [] };
  if (kind === 'entry') {
    const verdict = verifyDirectoryEntry(bytes, trustOf);
    return verdict.ok ? { leaf: toHex(verdict.leaf), kid: toHex(verdict.kid) } : { refused: verdict.why };
  }
  const verdict = verifyRevocation(bytes, trustOf);
  return verdict.ok ? { leaf: toHex(verdict.leaf), kid: toHex(verdict.revocation.kid) } : { refused: verdict.why };
}

export function makeDirectory(): DirectoryFile {
  const random = seededRandom('frozen directory');
  const memberId = random(16);
  const custodians = [0, 1, 2].map(() => signingKeyFromSeed(random(64)));
  const identity = signingKeyFromSeed(random(64));
  const kem = kemKeyFromSeed(random(32)).publicBytes;
  const days = { notBefore: 1_800_000_000, useUntil: 1_800_086_400, destroyAfter: 1_801_296_000 };
  const identityEntry = { memberId, class: 'sig' as const, publicBytes: identity.publicBytes, ...days };
  const kemEntry = { memberId, class: 'kem' as const, publicBytes: kem, ...days };
  const base = {
    memberId: toHex(memberId),
    custodians: custodians.map(({ publicBytes }) => toHex(publicBytes)),
    identities: [toHex(identity.publicBytes)],
  };
  const kemSigned = signDirectoryEntry(kemEntry, [identity]);
  const [map, signatures] = decode(kemSigned) as [Map<number, CborValue>, CborValue];
  const altered = (...changes: [number, CborValue][]) => encode([new Map([...map, ...changes]), signatures]);
  const noKey = new Uint8Array(1216).fill(0xff);
  const revocation = { memberId, class: 'kem' as const, kid: keyId('kem', kem), logIndex: 41 };
  const cases: readonly [string, 'entry' | 'revocation', Uint8Array][] = [
    ['identity key, by two custodians', 'entry', signDirectoryEntry(identityEntry, custodians.slice(0, 2))],
    ['KEM key, by the identity key', 'entry', kemSigned],
    [
      'signatures_missing: identity key by one custodian',
      'entry',
      signDirectoryEntry(identityEntry, custodians.slice(0, 1)),
    ],
    ['signatures_missing: KEM key by a custodian', 'entry', signDirectoryEntry(kemEntry, custodians.slice(0, 1))],
    ['signature_invalid: used a day longer', 'entry', altered([7, days.useUntil + 86_400])],
    ['malformed: key id of another key', 'entry', altered([4, new Uint8Array(16)])],
    ['malformed: a KEM key outside the lattice modulus', 'entry', altered([4, keyId('kem', noKey)], [5, noKey])],
    ['malformed: destroyed before its last use', 'entry', altered([8, days.notBefore])],
    ['KEM key revoked by the identity key', 'revocation', signRevocation(revocation, [identity])],
    [
      'signatures_missing: an identity key revoking itself',
      'revocation',
      signRevocation({ ...revocation, class: 'sig', kid: identity.kid }, [identity]),
    ],
  ];
  return {
    about:
      'Signed directory entries and revocations, CBOR [map, [[kid, ed, ml]…]], of one member with these custodians and identity keys.',
    ...base,
    cases: cases.map(([name, kind, bytes]) => ({
      name,
      kind,
      bytes: toHex(bytes),
      outcome: judgeDirectory(base, kind, bytes),
    })),
  };
}
