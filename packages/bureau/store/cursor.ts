/**
 * Where a list goes on: the serial of the last item shown, sealed for one viewer and one list.
 * Sealed rather than signed, because serial numbers tell how much a viewer does not see.
 */
import type { KeyObject } from 'node:crypto';
import { type AnyViewer, isMachine } from '@tripoint/model/policy';
import { AtRestDamaged, open, seal } from './at-rest.ts';
import type { Random } from './ports.ts';

/** Not a cursor this viewer was given for this list. */
export class CursorRefused extends Error {}

const SERIAL_BYTES = 8;

export function writeCursor(key: KeyObject, random: Random, viewer: AnyViewer, list: string, serial: bigint): string {
  const plain = Buffer.alloc(SERIAL_BYTES);
  plain.writeBigInt64BE(serial);
  return seal(key, random, boundTo(viewer, list), plain).toString('base64url');
}

/** Throws `CursorRefused`. */
export function readCursor(key: KeyObject, viewer: AnyViewer, list: string, cursor: string): bigint {
  try {
    return open(key, boundTo(viewer, list), Buffer.from(cursor, 'base64url')).readBigInt64BE();
  } catch (reason) {
    if (reason instanceof AtRestDamaged) throw new CursorRefused('not a cursor of this viewer and list');
    throw reason;
  }
}

function boundTo(viewer: AnyViewer, list: string): Uint8Array {
  const who = isMachine(viewer) ? ['machine', viewer.purpose] : ['officer', viewer.nation, viewer.officer];
  return Buffer.from(JSON.stringify(['tripoint-cursor/1', list, ...who]));
}
