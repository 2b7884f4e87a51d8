/** An invented coalition's evidence of one report, for tests, figures and frozen vectors. */
import { toHex, utf8 } from '../cbor/index.ts';
import { ceremony, type DirectoryEntry, encodeSignedCharter, signDirectoryEntry } from '../charter/index.ts';
import { type EvidenceForm, encodeEvidence, type ForkForm, type PlaceForm } from '../evidence/index.ts';
import {
  cosignCheckpoint,
  encodeFork,
  inclusionProof,
  logOrigin,
  MemoryTree,
  signCheckpoint,
  signReceiptLater,
  witnessName,
} from '../proof/index.ts';
import { firstPrev, sealEnvelope } from '../seal/index.ts';
import {
  type KeyClass,
  kemKeyFromSeed,
  logKeyFromSeed,
  type Signer,
  signingKeyFromSeed,
  witnessKeyFromSeed,
} from '../suite/index.ts';
import { seededRandom } from './seeded-random.ts';

const DAY_SEC = 86_400;
/** 2027-01-15 00:00:00 UTC. */
const START_SEC = 1_799_971_200;
export const SAID_AT_SEC = START_SEC + 8 * 3_600 + 20;
/** Leaves beside those shown: the log of a quiet morning. */
const OTHER_LEAVES = 96;

export type SampleEvidence = {
  readonly pin: Uint8Array;
  readonly form: EvidenceForm;
  readonly file: Uint8Array;
  readonly fork: ForkForm;
};

type SampleNation = ReturnType<typeof makeNation>;

function makeNation(random: (sizeBytes: number) => Uint8Array, nation: string) {
  return {
    nation,
    memberId: random(16),
    custodians: [1, 2, 3].map(() => signingKeyFromSeed(random(64))),
    identity: signingKeyFromSeed(random(64)),
    logKey: logKeyFromSeed(random(32)),
    witnessKey: witnessKeyFromSeed(random(64)),
    kem: kemKeyFromSeed(random(32)),
  };
}

function entryOf(of: SampleNation, keyClass: KeyClass, publicBytes: Uint8Array, signers: readonly Signer[]) {
  const entry: DirectoryEntry = {
    memberId: of.memberId,
    class: keyClass,
    publicBytes,
    notBefore: START_SEC,
    useUntil: START_SEC + 365 * DAY_SEC,
    destroyAfter: START_SEC + 730 * DAY_SEC,
  };
  return signDirectoryEntry(entry, signers);
}

const entriesOf = (nation: SampleNation): Uint8Array[] => [
  entryOf(nation, 'sig', nation.identity.publicBytes, nation.custodians.slice(0, 2)),
  entryOf(nation, 'log', nation.logKey.publicBytes, [nation.identity]),
  entryOf(nation, 'witness', nation.witnessKey.publicBytes, [nation.identity]),
];

/** The first nation says `payload` to all others; each signs for it; the author's log holds all of it, cosigned. */
export async function sampleEvidence(
  nations: readonly string[],
  payload: Uint8Array,
  name = 'evidence',
): Promise<SampleEvidence> {
  const random = seededRandom(name);
  const all = nations.map((nation) => makeNation(random, nation));
  const [author, ...others] = all as [SampleNation, ...SampleNation[]];
  const founding = ceremony(all, { effectiveSec: START_SEC });
  const charter = { version: 1, hash: founding.hash };
  const sealed = sealEnvelope(
    {
      signer: author.identity,
      senderId: author.memberId,
      charter,
      id: random(16),
      timeSec: SAID_AT_SEC,
      expirySec: SAID_AT_SEC + 30 * DAY_SEC,
      inner: {
        audience: others.map(({ memberId }) => memberId),
        handling: utf8('{}'),
        payload,
        type: 'report.1',
      },
      recipients: others.map(({ memberId, kem }) => ({
        memberId,
        publicKey: kem.publicBytes,
        lane: 2,
        seq: 1,
        prev: firstPrev(founding.hash, author.memberId, memberId, 2),
        alias: 0,
      })),
      bucket: 8,
    },
    random,
  );
  const receipts = await Promise.all(
    others.map(({ identity }, at) =>
      signReceiptLater(
        {
          senderId: author.memberId,
          charter,
          lane: 2,
          fromSeq: 1,
          toSeq: 1,
          leafAtToSeq: sealed.leaf,
          state: 'verified',
          exceptions: [],
          receivedAtMs: SAID_AT_SEC * 1000 + 40 + at,
          stateAtMs: SAID_AT_SEC * 1000 + 45 + at,
        },
        identity,
      ),
    ),
  );
  const tree = new MemoryTree();
  for (let at = 0; at < OTHER_LEAVES; at += 1) tree.append(random(32));
  const shown = [sealed.leaf, ...receipts.map(({ leaf }) => leaf)];
  for (const leaf of shown) tree.append(leaf);
  while (tree.size % 16 !== 0) tree.append(random(32));
  const place = (at: number): PlaceForm => ({
    head: 0,
    index: OTHER_LEAVES + at,
    path: inclusionProof(tree.read, OTHER_LEAVES + at, tree.size),
  });
  const originOf = ({ memberId }: SampleNation) => logOrigin(toHex(founding.hash), toHex(memberId));
  const checkpoint = { origin: originOf(author), size: tree.size, root: tree.root() };
  const note = signCheckpoint(checkpoint, author.logKey);
  const lines = others.map((one, at) =>
    cosignCheckpoint(checkpoint, witnessName(originOf(one)), one.witnessKey, SAID_AT_SEC + 8 + at),
  );
  const vouching = {
    charters: [encodeSignedCharter(founding.bytes, founding.signatures)],
    entries: all.flatMap(entriesOf),
  };
  const { evidence } = sealed;
  const form: EvidenceForm = {
    ...vouching,
    heads: [note + lines.join('')],
    envelopes: [
      {
        core: sealed.core,
        inner: evidence.inner,
        cs: evidence.cs,
        stanzaHashes: evidence.stanzaHashes,
        bodyHash: evidence.bodyHash,
        ed: evidence.signatures.ed,
        ml: evidence.signatures.ml,
        log: place(0),
        receipts: receipts.map(({ bytes }, at) => ({ signed: bytes, log: place(1 + at) })),
      },
    ],
  };
  const other = signCheckpoint({ ...checkpoint, root: random(32) }, author.logKey);
  const fork = encodeFork({ kind: 'same-size', memberId: author.memberId, notes: [note, other], proof: [] });
  return { pin: founding.hash, form, file: encodeEvidence(form), fork: { ...vouching, fork } };
}

/** Bytes of a CBOR value with one of them turned, for tests that bend what is inside a field. */
export const turned = (bytes: Uint8Array, at: number, by = 1): Uint8Array => {
  const bent = Uint8Array.from(bytes);
  bent[at % bent.length] = (bent[at % bent.length] as number) ^ by;
  return bent;
};
