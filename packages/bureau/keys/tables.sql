-- change 1: charter, directory, KEM epochs
-- Every version adopted, as signed; checked again whenever it is read.
CREATE TABLE charter (
  version    int PRIMARY KEY,
  hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  signed     bytea NOT NULL,
  adopted_at timestamptz NOT NULL
);

-- Own and peers' keys, as signed; checked again whenever they are read. leaf names the entry without its signatures.
CREATE TABLE directory_entry (
  leaf          bytea PRIMARY KEY CHECK (octet_length(leaf) = 32),
  member        bytea NOT NULL CHECK (octet_length(member) = 16),
  class         text NOT NULL,
  kid           bytea NOT NULL CHECK (octet_length(kid) = 16),
  destroy_after timestamptz NOT NULL,
  signed        bytea NOT NULL,
  accepted_at   timestamptz NOT NULL
);
CREATE INDEX directory_entry_member ON directory_entry (member);

-- One key a day (days since 1970, UTC). wrapped_seed is NULL once destroyed; a day never gets a second key.
CREATE TABLE kem_epoch (
  kid          bytea PRIMARY KEY CHECK (octet_length(kid) = 16),
  day          int NOT NULL UNIQUE,
  public       bytea NOT NULL,
  wrapped_seed bytea
);
