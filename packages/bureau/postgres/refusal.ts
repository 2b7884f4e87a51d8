/** Why this room would not go on. The text is one sentence an operator can act on; it never carries stored data. */
export type PostgresRefusalCode =
  | 'already-held' // another process is looking after this data directory
  | 'bad-name' // a database or role name outside the plain form
  | 'did-not-start' // the postmaster never became ready
  | 'initdb-failed'
  | 'no-account' // no operating system account PostgreSQL could run as
  | 'no-postgres' // nothing of a usable major version was found
  | 'not-durable' // a setting that keeps acknowledged rows is off
  | 'not-ours' // the directory holds something we did not make
  | 'not-permitted' // the server behind DATABASE_URL does not let us
  | 'other-hands' // the data directory belongs to another origin, major, ICU or account
  | 'path-too-long'
  | 'unreachable' // the account cannot walk to a directory, or the URL does not answer
  | 'unsafe-directory'; // a directory we rely on can be written by others

export class PostgresRefusal extends Error {
  readonly code: PostgresRefusalCode;
  constructor(code: PostgresRefusalCode, sentence: string) {
    super(sentence);
    this.name = 'PostgresRefusal';
    this.code = code;
  }
}

/** Where this room speaks: one sentence at a time, to whoever started it. */
export type Log = (sentence: string) => void;
