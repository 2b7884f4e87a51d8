/** How much an import may hold, each with its unit and reason. */

/** One file. The largest public list is 4 MB; a quarter of a gibibyte still fits in memory while it is read. */
export const fileSizeBytesMax = 256 * 1024 ** 2;

/** Rows of one CSV file; a guard against a file made to exhaust us, a hundred times the largest list. */
export const rowsMax = 1_000_000;

/** One CSV field; the longest remark known has 1,500 characters. */
export const fieldCharactersMax = 100_000;

/** Nesting of JSON; a MISP event needs 8, a STIX bundle 6. */
export const jsonDepthMax = 32;

/** Values (objects, lists, texts, numbers) in one JSON file, so that a small file cannot become a large memory. */
export const jsonValuesMax = 5_000_000;

/**
 * Statements and kept pieces one import makes: ten times the whole sanctions list. Cutting more into reports would take
 * several gibibytes of memory, and a command that dies of it says nothing.
 */
export const importPiecesMax = 1_000_000;

/** Statements one report takes on import; the report itself allows 5,000, but a reader does not. */
export const reportStatementsMax = 1_000;

/** An entity larger than `reportStatementsMax` still travels whole, up to what a report allows. */
export const entityStatementsMax = 5_000;

/** Canonical bytes of one report, below the envelope's size classes. */
export const reportSizeBytesMax = 700_000;
