/** The seal of a run: the stub, or the real one without other threads, so that nothing depends on when they are done. */
import { realSeal, type SealPort } from '@tripoint/bureau/exchange';
import { decodeReceipt, encodeReceipt, receiptLeaf, signReceipt, verifyReceipt } from '@tripoint/envelope/proof';
import { sealEnvelope, verifyCopy } from '@tripoint/envelope/seal';
import { type Member, secretsOf } from './members.ts';
import { stubSeal } from './stub-seal.ts';

const realInOneThread: SealPort = {
  ...realSeal,
  sealEnvelope: async (input, random) => sealEnvelope(input, random),
  verifyCopy: async (copy, signer) => verifyCopy(copy, signer),
  signReceipt: async (receipt, signer) => ({
    bytes: signReceipt(receipt, signer),
    leaf: receiptLeaf(encodeReceipt({ ...receipt, signerKid: signer.kid })),
  }),
  decodeReceipt,
  verifyReceipt: async (signed, signer) => verifyReceipt(signed, signer),
};

export const sealOf = (crypto: 'stub' | 'real', members: readonly Member[]): SealPort =>
  crypto === 'stub' ? stubSeal(secretsOf(members)) : realInOneThread;
