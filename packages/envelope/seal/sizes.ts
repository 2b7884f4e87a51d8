import { cobblestoneSizeBytes, KEM_ENC_BYTES } from '../suite/index.ts';

const KIB = 1024;

/** A sealed text has one of six sizes, so that its length tells little. */
export const MESSAGE_SIZES_BYTES = [1, 4, 16, 64, 256, 1024].map((sizeKib) => sizeKib * KIB);
/** In front of `inner` inside the message: cs (32) and its length (4). */
export const MESSAGE_HEAD_BYTES = 36;
export const INNER_BYTES_MAX = 1024 * KIB - MESSAGE_HEAD_BYTES;
/** One copy on a link, the largest sealed text with stanza, signatures and list included (§7). */
export const COPY_BYTES_MAX = 1_114_112;

/** Numbers of stanza hashes a charter may ask for: 8 up to nine members, else 16 or 64. */
export const STANZA_BUCKETS = [8, 16, 64] as const;
export type StanzaBucket = (typeof STANZA_BUCKETS)[number];

export const ID_BYTES = 16;
export const KID_BYTES = 16;
export const HASH_BYTES = 32;
/** CEK (32), lane (1), seq (8), prev (32), alias (4). */
export const STANZA_PLAIN_BYTES = 77;
export const STANZA_CT_BYTES = STANZA_PLAIN_BYTES + 16;
export const STANZA_ENC_BYTES = KEM_ENC_BYTES;

/** Transport expiry lies at most this long after sealing. */
export const EXPIRY_SEC_MAX = 45 * 86_400;
export const MINUTE_SEC = 60;

export const floorToMinute = (timeSec: number): number => timeSec - (timeSec % MINUTE_SEC);

/** Size of the message that holds an `inner` of this length, or null when no envelope can (more than 1 MiB). */
export const messageSizeBytes = (innerBytes: number): number | null =>
  MESSAGE_SIZES_BYTES.find((sizeBytes) => innerBytes + MESSAGE_HEAD_BYTES <= sizeBytes) ?? null;

const BODY_SIZES_BYTES = new Set(MESSAGE_SIZES_BYTES.map(cobblestoneSizeBytes));

/** Whether a body of this length can hold a message of one of the six sizes. */
export const isBodySize = (sizeBytes: number): boolean => BODY_SIZES_BYTES.has(sizeBytes);
