/** Every size a report may have, with its unit and its reason. */

export const titleLengthMax = 200;
/** About forty printed pages; longer texts are attachments. */
export const textLengthMax = 100_000;
export const valueLengthMax = 4_000;
export const entityLabelLengthMax = 64;
/** The coalition has room for 64 recipient stanzas in an envelope (wire.md §3). */
export const recipientsMax = 64;
export const statementsMax = 5_000;
/** One envelope holds exactly 1 MiB; the difference is the inner frame around the body (wire.md §3). */
export const reportSizeBytesMax = 1_000_000;
/** A wrong import is told its first faults, not five thousand of them. */
export const refusalsMax = 50;
export const sourceRefLengthMax = 200;
export const offenceLengthMax = 64;
/** Schema and property names, also those of a newer version. */
export const wordLengthMax = 64;
/** A salt shorter than this could be found by trying. */
export const saltSizeBytesMin = 16;
/** Amendments count from 1; a bureau keeps the number in four bytes. */
export const versionMax = 2_147_483_647;
