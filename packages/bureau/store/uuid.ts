/** Uuids of this bureau (RFC 9562), from bytes that are random or its own. */
import type { Random } from './ports.ts';

const UUID_BYTES = 16;

/** Random, version 4: ids of items tell neither order nor time. */
export function newUuid(random: Random): string {
  return uuidFrom(random(UUID_BYTES), 4);
}

/** Sixteen bytes with version and variant set; version 8 is for bytes of our own making. */
export function uuidFrom(given: Uint8Array, version: 4 | 8): string {
  const bytes = Buffer.from(given);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
