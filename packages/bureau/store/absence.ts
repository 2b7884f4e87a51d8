/** What a failed question to the database says of the database, for who has to answer an officer meanwhile. */

/** SQLSTATE classes of a server that is away, starting, ending or out of something (PostgreSQL, appendix A). */
const awayClasses = new Set(['08', '53', '57', '58']);
const DISK_FULL = '53100';
/** The statement took too long or was cancelled: the server is there. */
const QUERY_CANCELED = '57014';
const awaySystemCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);
/** The client library gives these no code of their own. */
const awayWords =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection error/;

/** `full`: there is no room on its disk. `away`: it cannot be asked for now. null: the fault is another. */
export function absenceOf(reason: unknown): 'full' | 'away' | null {
  if (!(reason instanceof Error)) return null;
  const { code, severity, syscall } = reason as { code?: unknown; severity?: unknown; syscall?: unknown };
  if (typeof code === 'string' && typeof severity === 'string') {
    if (code === DISK_FULL) return 'full';
    return awayClasses.has(code.slice(0, 2)) && code !== QUERY_CANCELED ? 'away' : null;
  }
  // A file that is missing has the same code as a socket that is: only what was done tells them apart.
  const onSocket = syscall === 'connect' || syscall === 'read' || syscall === 'write';
  if (typeof code === 'string') return onSocket && awaySystemCodes.has(code) ? 'away' : null;
  return awayWords.test(reason.message) ? 'away' : null;
}
