/** The stub seal's own plain layout: fixed fields one after the other, long ones behind their length. */

export class Writing {
  #bytes = Buffer.allocUnsafe(1_024);
  #at = 0;

  #room(count: number): number {
    if (this.#at + count > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * (this.#at + count));
    this.#at += count;
    return this.#at - count;
  }

  raw(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#room(bytes.length));
    return this;
  }

  u8(value: number): this {
    this.#bytes[this.#room(1)] = value;
    return this;
  }

  /** Up to 2^53 − 1. */
  whole(value: number): this {
    this.#bytes.writeDoubleBE(value, this.#room(8));
    return this;
  }

  long(bytes: Uint8Array): this {
    return this.whole(bytes.length).raw(bytes);
  }

  text(text: string): this {
    return this.long(Buffer.from(text));
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#at));
  }
}

/** Throws RangeError behind the end, and on what is no whole number. */
export class Reading {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  raw(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new RangeError('behind the end');
    const part = new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, count);
    this.#at = end;
    return part;
  }

  u8(): number {
    return this.raw(1)[0] as number;
  }

  whole(): number {
    this.raw(8);
    const value = this.#bytes.readDoubleBE(this.#at - 8);
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('no whole number');
    return value;
  }

  long(): Uint8Array {
    const length = this.whole();
    return this.raw(length);
  }

  text(): string {
    return Buffer.from(this.long()).toString();
  }

  /** What is not read yet; reading goes on where it was. */
  rest(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, this.#bytes.length - this.#at);
  }
}
