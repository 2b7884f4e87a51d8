/** Believed directory entries in memory, found by key id and by member. Pure: knows no table and no clock. */
import { toHex } from '@tripoint/envelope/cbor';
import type { KeyClass } from '@tripoint/envelope/suite';
import type { KnownEntry } from './judge-entry.ts';

export class DirectoryIndex {
  readonly #byLeaf = new Map<string, KnownEntry>();
  readonly #byKid = new Map<string, KnownEntry>();
  readonly #byMember = new Map<string, KnownEntry[]>();

  /** Of two entries of one key the one that may be used longer counts. */
  add(entry: KnownEntry): void {
    const leaf = toHex(entry.leaf);
    if (this.#byLeaf.has(leaf)) return;
    this.#byLeaf.set(leaf, entry);
    const kid = toHex(entry.kid);
    const other = this.#byKid.get(kid);
    if (other === undefined || other.useUntil < entry.useUntil) this.#byKid.set(kid, entry);
    const member = toHex(entry.memberId);
    this.#byMember.set(member, [...(this.#byMember.get(member) ?? []), entry]);
  }

  has(leaf: Uint8Array): boolean {
    return this.#byLeaf.has(toHex(leaf));
  }

  /** By its leaf; null when unseen. */
  find(leaf: Uint8Array): KnownEntry | null {
    return this.#byLeaf.get(toHex(leaf)) ?? null;
  }

  byKid(kid: Uint8Array): KnownEntry | null {
    return this.#byKid.get(toHex(kid)) ?? null;
  }

  count(memberId: Uint8Array): number {
    return this.#byMember.get(toHex(memberId))?.length ?? 0;
  }

  /** Entries of one class in use at a time (unix seconds), newest first. */
  inUse(memberId: Uint8Array, keyClass: KeyClass, nowSec: number): KnownEntry[] {
    const all = this.#byMember.get(toHex(memberId)) ?? [];
    return all
      .filter((entry) => entry.class === keyClass && entry.notBefore <= nowSec && nowSec < entry.useUntil)
      .sort((a, b) => b.notBefore - a.notBefore || b.useUntil - a.useUntil);
  }

  /** Everything of one member that is, or will be, of use, identity keys first. */
  current(memberId: Uint8Array, nowSec: number): KnownEntry[] {
    return this.everOf(memberId).filter((entry) => nowSec < entry.useUntil);
  }

  /** Everything of one member that is still kept, identity keys first. */
  everOf(memberId: Uint8Array): KnownEntry[] {
    const order = (entry: KnownEntry) => (entry.class === 'sig' ? 0 : 1);
    return (this.#byMember.get(toHex(memberId)) ?? []).toSorted((a, b) => order(a) - order(b));
  }
}
