/** Settings go on the command line: there neither a file nor ALTER SYSTEM can weaken them. */
export type Settings = Readonly<Record<string, string>>;

/** What keeps an acknowledged row after a power cut. Not open to change; read back by `assertDurable`. */
export const DURABLE: Settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  data_sync_retry: 'off', // after a failed fsync the pages may be gone: stop and replay, never try again
};

/** No way in but the socket; the OpenSSL inside the npm package is too old to be shown to a network. */
const SOCKET_ONLY: Settings = { listen_addresses: '', ssl: 'off', unix_socket_permissions: '0700' };

/** Several servers share an officer's laptop: little memory each, no processes that mostly wait. */
const SMALL: Settings = {
  shared_buffers: '48MB',
  max_connections: '120',
  max_worker_processes: '4',
  max_parallel_workers_per_gather: '0',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
  wal_compression: 'pglz',
  jit: 'off',
};

/** No message carries payload: statements, parameters and the texts of errors stay out of the server's log. */
const QUIET_LOG: Settings = {
  log_min_messages: 'log', // LOG, FATAL and PANIC; an ERROR quotes the value it stumbled over
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  logging_collector: 'off',
};

const SAME_EVERYWHERE: Settings = { timezone: 'UTC', log_timezone: 'UTC', lc_messages: 'C' };

/** The caller may change sizes; it may not change what keeps rows or who may knock. */
export function settingsOf(wanted: Settings = {}): Settings {
  return { ...SMALL, ...SAME_EVERYWHERE, ...wanted, ...QUIET_LOG, ...SOCKET_ONLY, ...DURABLE };
}
