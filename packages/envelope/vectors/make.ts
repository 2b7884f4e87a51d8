/**
 * Writes our own vectors into docs/protocol/vectors. Only files that are not there yet: what is frozen stays as it is,
 * and no test runs this. Run: `node packages/envelope/vectors/make.ts`.
 */
import { writeFrozen } from './frozen.ts';
import { makeCharters, makeMoreCharters } from './make-charters.ts';
import { makeEnvelopes } from './make-envelopes.ts';
import { makeEvidence } from './make-evidence.ts';
import { makeLog, makeReceipts } from './make-proofs.ts';
import { makeCbor, makeChain, makeDirectory, makeKeys, makeSuite } from './make-suite.ts';

const files: Readonly<Record<string, () => object | Promise<object>>> = {
  cbor: makeCbor,
  keys: makeKeys,
  suite: makeSuite,
  chain: makeChain,
  envelopes: makeEnvelopes,
  receipts: makeReceipts,
  charters: makeCharters,
  'charters-2': makeMoreCharters,
  directory: makeDirectory,
  log: makeLog,
  evidence: makeEvidence,
};

for (const [name, make] of Object.entries(files))
  console.log((await writeFrozen(name, make)) ? `wrote ${name}.json` : `${name}.json stays as it is`);
