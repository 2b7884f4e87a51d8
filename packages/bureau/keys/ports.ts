/** Wall time in milliseconds since 1970; the only notion of time this room has. */
export type Clock = { readonly nowMs: () => number };

/** A source of random bytes, given by whoever puts the bureau together. */
export type Random = (sizeBytes: number) => Uint8Array;
