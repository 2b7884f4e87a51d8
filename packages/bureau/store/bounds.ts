/** Every bound of the store, with its unit and its reason. */

/** A bureau shares one PostgreSQL with others; with the listening connection this makes six. */
export const POOL_CONNECTIONS_MAX = 5;

/** Waiting longer for a connection means transactions inside transactions, or a stuck database: fail and say so. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** No query of an officer may hold a connection longer. */
export const STATEMENT_TIMEOUT_MS = 15_000;

/** A transaction that waits for its own process would hold back every reader of the change feed. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** A change of tables may rewrite them. */
export const MIGRATION_TIMEOUT_MS = 600_000;

/** Prepared statements a process keeps by name: the hot ones come first, the rest is planned each time. */
export const PREPARED_STATEMENTS_MAX = 300;

/** One sealed body: a report of 5,000 statements of 4,000 characters, with room. Above it PostgreSQL's 1 GiB looms. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** What a list shows of an item: title and marking. A marking may carry 16,000 characters of terms and long lists of posts. */
export const HEAD_BYTES_MAX = 1024 * 1024;

/** Statements of one item, as the report allows. */
export const STATEMENTS_MAX = 5_000;

/** Events of one transaction: a group commit of 256 envelopes with a few events each. */
export const EVENTS_PER_TRANSACTION_MAX = 4_096;

/** Items a list gives at once; each costs two decryptions. */
export const PAGE_ITEMS_MAX = 200;

/** Events the feed reads at once. */
export const FEED_PAGE_EVENTS = 500;

/** Recent events kept in memory for all followers; a slower one reads from the table. */
export const FEED_RING_EVENTS = 10_000;

/** The poll is the truth, hints may be lost. */
export const FEED_POLL_MS = 1_000;

/** Committed events wait for an older transaction that still runs: look again soon, then less often. */
export const FEED_HELD_RETRY_MS = 5;
export const FEED_HELD_RETRY_MS_MAX = 100;

/** A screen that was away for this long, such as over a fortnight's leave, finds its place in the feed again. */
export const EVENTS_KEPT_MS = 14 * 86_400_000;

/** Kept longer than they are promised: processes' clocks differ, and a follower that begins must find what comes next. */
export const EVENTS_KEPT_MARGIN_MS = 3_600_000;

/** Events forgotten in one statement: no reader waits long for its locks. */
export const EVENTS_FORGOTTEN_AT_ONCE = 10_000;

/** Other processes of the bureau hear of a commit this much later; the poll is the truth anyway. */
export const HINT_GATHER_MS = 25;

/** How often a process looks whether the bureau has another one to tell. */
export const HINT_OTHERS_MS = 5_000;

/** Between attempts when the database does not answer. */
export const RECONNECT_MS = 1_000;
