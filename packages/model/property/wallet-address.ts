import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base58, base58xmr, base58xrp, base64, bech32, bech32m } from '@scure/base';
import { readCashAddress } from './cash-address.ts';
import type { UnparsedReason } from './property-type.ts';

export type WalletForm =
  | 'base58check'
  | 'bech32'
  | 'bech32m'
  | 'cashaddr'
  | 'evm'
  | 'monero'
  | 'ripple'
  | 'solana'
  | 'ton';

export interface WalletAddress {
  readonly form: WalletForm;
  /** Canonical text. */
  readonly address: string;
  /** Chains on which an address of this form and prefix can stand; which one it is must be stated. */
  readonly chains: readonly string[];
  /** Equal for two writings of one address (a cash address and its older form). */
  readonly key: string;
}

type Read = (WalletAddress & { readonly ok: true }) | { readonly ok: false; readonly reason: UnparsedReason };

const notAnAddress: Read = { ok: false, reason: 'form' };
const wrongChecksum: Read = { ok: false, reason: 'checksum' };

/** Tries the forms from the most to the least distinctive; a near miss of a distinctive form is a wrong checksum. */
export function readAddress(text: string): Read {
  if (/^0x/i.test(text)) return readEvm(text);
  if (/^(?:bc|ltc|zs)1/i.test(text)) return readSegwit(text);
  if (/^(?:bitcoincash:)?[qp][02-9ac-hj-np-z]{41}$/i.test(text)) return readCash(text);
  if (/^[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?$/.test(text)) return readMonero(text);
  if (/^(?:[-\w+/]{48}|-?\d:[0-9a-f]{64})$/i.test(text)) return readTon(text);
  if (/^[1-9A-HJ-NP-Za-km-z]{25,44}$/.test(text)) return readBase58(text);
  return notAnAddress;
}

// EIP-55: capitals are a checksum. All small or all capital letters carry none and are accepted.
function readEvm(text: string): Read {
  const hex = text.slice(2);
  if (!/^[0-9a-f]{40}$/i.test(hex)) return notAnAddress;
  const address = `0x${withCapitals(hex.toLowerCase())}`;
  const isMixed = hex !== hex.toLowerCase() && hex !== hex.toUpperCase();
  if (isMixed && `0x${hex}` !== address) return wrongChecksum;
  const chains = ['ethereum', 'bsc', 'polygon', 'arbitrum', 'optimism', 'base', 'avalanche', 'ethereum-classic'];
  return { ok: true, form: 'evm', address, chains, key: `evm:${hex.toLowerCase()}` };
}

function withCapitals(hex: string): string {
  const hash = bytesToHex(keccak_256(utf8ToBytes(hex)));
  return [...hex].map((digit, at) => (hash.charCodeAt(at) >= 0x38 ? digit.toUpperCase() : digit)).join('');
}

const chainByPrefix: Readonly<Record<string, string>> = { bc: 'bitcoin', ltc: 'litecoin', zs: 'zcash' };

// BIP-173 and BIP-350: witness version 0 takes bech32, later versions bech32m. Mixed case is refused by both.
function readSegwit(text: string): Read {
  const plain = bech32.decodeUnsafe(text, 90);
  const modified = plain ? undefined : bech32m.decodeUnsafe(text, 90);
  const decoded = plain ?? modified;
  if (!decoded) return wrongChecksum;
  const chain = chainByPrefix[decoded.prefix];
  const address = text.toLowerCase();
  if (!chain || !(chain === 'zcash' ? decoded.words.length === 69 : isWitness(decoded.words, plain !== undefined)))
    return notAnAddress;
  return { ok: true, form: plain ? 'bech32' : 'bech32m', address, chains: [chain], key: `segwit:${address}` };
}

function isWitness(words: readonly number[], isPlain: boolean): boolean {
  const [version = 17, ...program] = words;
  const bytes = bech32.fromWordsUnsafe(program);
  if (!bytes || version > 16 || (version === 0) !== isPlain) return false;
  return version === 0 ? bytes.length === 20 || bytes.length === 32 : bytes.length >= 2 && bytes.length <= 40;
}

function readCash(text: string): Read {
  const cash = readCashAddress(text);
  if (!cash) return wrongChecksum;
  const key = `b58:${cash.type === 0 ? '00' : '05'}${bytesToHex(cash.hash)}`;
  return { ok: true, form: 'cashaddr', address: cash.address, chains: ['bitcoin-cash'], key };
}

/** Network byte of Monero's main net: standard, integrated, sub-address. */
const moneroNetworks: ReadonlySet<number | undefined> = new Set([18, 19, 42]);

function readMonero(text: string): Read {
  const bytes = decoded(base58xmr, text);
  if (!bytes || !moneroNetworks.has(bytes[0])) return notAnAddress;
  const body = bytes.subarray(0, -4);
  const isSigned = bytesToHex(keccak_256(body).subarray(0, 4)) === bytesToHex(bytes.subarray(-4));
  if (!isSigned) return wrongChecksum;
  return { ok: true, form: 'monero', address: text, chains: ['monero'], key: `xmr:${text}` };
}

/** Version bytes in hex → chains. One version may serve several chains. */
const base58Versions: Readonly<Record<string, readonly string[]>> = {
  '00': ['bitcoin', 'bitcoin-cash', 'bitcoin-sv'],
  '05': ['bitcoin', 'bitcoin-cash', 'bitcoin-sv', 'litecoin'],
  '10': ['dash'],
  '16': ['dogecoin'],
  '17': ['bitcoin-gold'],
  '1e': ['dogecoin', 'verge'],
  '21': ['verge'],
  '26': ['bitcoin-gold'],
  '30': ['litecoin'],
  '32': ['litecoin'],
  '41': ['tron'],
  '4c': ['dash'],
  '1cb8': ['zcash'],
  '1cbd': ['zcash'],
};

function readBase58(text: string): Read {
  const ripple = text.startsWith('r') ? checked(base58xrp, text) : null;
  if (ripple?.length === 21 && ripple[0] === 0) {
    return { ok: true, form: 'ripple', address: text, chains: ['xrp-ledger'], key: `xrp:${text}` };
  }
  const body = checked(base58, text);
  if (!body) return readSolana(text);
  const version = bytesToHex(body.subarray(0, body.length - 20));
  const chains = base58Versions[version];
  if (!chains) return notAnAddress;
  return { ok: true, form: 'base58check', address: text, chains, key: `b58:${bytesToHex(body)}` };
}

// A Solana address is a bare public key without checksum: only its length speaks for it.
function readSolana(text: string): Read {
  const bytes = decoded(base58, text);
  if (bytes?.length === 32) return { ok: true, form: 'solana', address: text, chains: ['solana'], key: `sol:${text}` };
  return bytes?.length === 25 || bytes?.length === 26 || text.startsWith('r') ? wrongChecksum : notAnAddress;
}

interface Decoder {
  decode(text: string): Uint8Array;
}

function decoded(form: Decoder, text: string): Uint8Array | null {
  try {
    return form.decode(text);
  } catch {
    return null; // not this alphabet or length: the next form is tried
  }
}

/** Payload before a four-byte double SHA-256, or null. */
function checked(form: Decoder, text: string): Uint8Array | null {
  const bytes = decoded(form, text);
  if (!bytes || bytes.length < 25) return null;
  const body = bytes.subarray(0, -4);
  const sum = sha256(sha256(body));
  return bytes.subarray(-4).every((byte, at) => byte === sum[at]) ? body : null;
}

// TEP-2: tag, workchain, 32-byte account, CRC-16/XMODEM; both base64 alphabets, or raw `workchain:hex`.
function readTon(text: string): Read {
  const raw = /^(-1|0):([0-9a-f]{64})$/i.exec(text);
  if (raw) return tonAddress(Number(raw[1]), hexToBytes(raw[2]!.toLowerCase()), `${raw[1]}:${raw[2]!.toLowerCase()}`);
  const bytes = decoded(base64, text.replaceAll('-', '+').replaceAll('_', '/'));
  if (bytes?.length !== 36 || !(bytes[0] === 0x11 || bytes[0] === 0x51)) return notAnAddress;
  const crc = crc16(bytes.subarray(0, 34));
  if (bytes[34] !== crc >> 8 || bytes[35] !== (crc & 0xff)) return wrongChecksum;
  const address = text.replaceAll('+', '-').replaceAll('/', '_');
  return tonAddress(bytes[1] === 0xff ? -1 : bytes[1]!, bytes.subarray(2, 34), address);
}

function tonAddress(workchain: number, account: Uint8Array, address: string): Read {
  return { ok: true, form: 'ton', address, chains: ['ton'], key: `ton:${workchain}:${bytesToHex(account)}` };
}

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
