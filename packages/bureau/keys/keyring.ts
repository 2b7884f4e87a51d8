import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { joinBytes } from '@tripoint/envelope/cbor';
import {
  domainBytes,
  hmac,
  type LogKey,
  logKeyFromSeed,
  type SigningKey,
  signingKeyFromSeed,
  type WitnessKey,
  witnessKeyFromSeed,
} from '@tripoint/envelope/suite';
import { makeLinkCertificate, spkiHash } from '../transport/index.ts';
import { pairwiseAlias } from './alias.ts';
import type { Clock, Random } from './ports.ts';
import { type Disk, readPrivateFile, replacePrivateFile, writeNewPrivateFile } from './private-file.ts';
import { openUnderPassphrase, sealUnderPassphrase } from './sealed-file.ts';
import { encodeSecrets, parseSecrets, type Secrets } from './secrets.ts';

/** The one file of a bureau that must be kept, and kept secret. */
export const KEYRING_FILE = 'keyring.sealed';

export type LinkCredentials = {
  readonly keyPem: string;
  readonly certPem: string;
  /** The public key as DER SubjectPublicKeyInfo: what the directory lists. */
  readonly publicBytes: Uint8Array;
  /** SHA-256 of it, 32 bytes: what peers pin. */
  readonly pin: Uint8Array;
};

/** A nation's secrets, open in memory. Nothing here leaves the process; `identity` signs, the others key HMACs and seals. */
export type Keyring = {
  readonly memberId: Uint8Array;
  readonly nation: string;
  readonly identity: SigningKey;
  /** Signs checkpoints of the own log, and nothing else. */
  readonly logKey: LogKey;
  /** Cosigns checkpoints of other nations' logs, and nothing else. */
  readonly witnessKey: WitnessKey;
  readonly kek: Uint8Array;
  readonly indexKey: Uint8Array;
  readonly link: LinkCredentials;
  /** Key (32) of the deterministic envelope ids (wire.md §3). */
  readonly envelopeSecret: Uint8Array;
  /** Key (32) that seals the cursors of lists. */
  readonly cursorKey: Uint8Array;
  /** Key (32) of the hash an officer confirms before sending. */
  readonly previewSecret: Uint8Array;
  /** HMAC-SHA-256 (32 bytes) under the local secret, apart for every label. Same input, same answer, on this bureau only. */
  readonly hmac: (label: string, ...parts: readonly Uint8Array[]) => Uint8Array;
  /** Salt (16 bytes) that belongs to these bytes. */
  readonly saltFor: (bytes: Uint8Array) => Uint8Array;
  /** The agency's pseudonym towards a nation, 1 to 2^32 − 1. */
  readonly aliasFor: (agencyId: string, nation: string) => number;
};

type Place = { readonly dir: string; readonly passphrase: string; readonly disk?: Disk };

export type NewKeyring = Place & {
  readonly clock: Clock;
  readonly random: Random;
  readonly memberId: Uint8Array;
  readonly nation: string;
};

/** Draws every secret of a new bureau and seals them in `dir`. Throws `exists` or `passphrase-short`. */
export async function createKeyring(options: NewKeyring): Promise<Keyring> {
  const { random, clock } = options;
  const link = makeLinkCertificate({ nowMs: clock.nowMs(), random });
  const secrets: Secrets = {
    memberId: options.memberId,
    nation: options.nation,
    identitySeed: random(64),
    logSeed: random(32),
    kek: random(32),
    indexKey: random(32),
    localSecret: random(32),
    aliasSecret: random(32),
    linkKeyPem: link.keyPem,
    linkCertPem: link.certPem,
  };
  const sealed = await sealUnderPassphrase(options.passphrase, encodeSecrets(secrets), random);
  await writeNewPrivateFile(join(options.dir, KEYRING_FILE), sealed, options.disk);
  return keyringOf(secrets);
}

/** Throws `missing`, `permissions`, `damaged` or `passphrase`. */
export async function openKeyring(options: Place): Promise<Keyring> {
  return keyringOf(await readSecrets(options));
}

/** Seals the same secrets under another passphrase. Copies of the old file still open with the old one. */
export async function changePassphrase(options: Place & { newPassphrase: string; random: Random }): Promise<void> {
  const secrets = await readSecrets(options);
  const sealed = await sealUnderPassphrase(options.newPassphrase, encodeSecrets(secrets), options.random);
  await replacePrivateFile(join(options.dir, KEYRING_FILE), sealed, options.disk);
}

/** A new link key and certificate, for example before the old one ends; peers must learn its pin from the directory. */
export async function renewLink(options: Place & { clock: Clock; random: Random }): Promise<Keyring> {
  const link = makeLinkCertificate({ nowMs: options.clock.nowMs(), random: options.random });
  const secrets = { ...(await readSecrets(options)), linkKeyPem: link.keyPem, linkCertPem: link.certPem };
  const sealed = await sealUnderPassphrase(options.passphrase, encodeSecrets(secrets), options.random);
  await replacePrivateFile(join(options.dir, KEYRING_FILE), sealed, options.disk);
  return keyringOf(secrets);
}

async function readSecrets({ dir, passphrase, disk }: Place): Promise<Secrets> {
  return parseSecrets(await openUnderPassphrase(passphrase, await readPrivateFile(join(dir, KEYRING_FILE), disk)));
}

function keyringOf(secrets: Secrets): Keyring {
  const local = (label: string, ...parts: readonly Uint8Array[]): Uint8Array =>
    hmac('sha256', secrets.localSecret, domainBytes('local', label, ...parts));
  return {
    memberId: secrets.memberId,
    nation: secrets.nation,
    identity: signingKeyFromSeed(secrets.identitySeed),
    logKey: logKeyFromSeed(secrets.logSeed),
    // Drawn from the local secret under a label of its own, so that a keyring written before witnessing still opens.
    witnessKey: witnessKeyFromSeed(joinBytes(local('witness ed25519'), local('witness ml-dsa-44'))),
    kek: secrets.kek,
    indexKey: secrets.indexKey,
    link: linkOf(secrets),
    envelopeSecret: local('envelope'),
    cursorKey: local('cursor'),
    previewSecret: local('preview'),
    hmac: (label, ...parts) => local(`use ${label}`, ...parts),
    saltFor: (bytes) => local('salt', bytes).slice(0, 16),
    aliasFor: (agencyId, nation) => pairwiseAlias(secrets.aliasSecret, agencyId, nation),
  };
}

const linkOf = ({ linkKeyPem, linkCertPem }: Secrets): LinkCredentials => ({
  keyPem: linkKeyPem,
  certPem: linkCertPem,
  publicBytes: Uint8Array.from(createPublicKey(linkKeyPem).export({ type: 'spki', format: 'der' })),
  pin: spkiHash(linkCertPem),
});
