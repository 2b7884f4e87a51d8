-- change 1: the transparency log
-- Written in the transaction of the object it stands for: durable. kind and ref never leave the bureau.
CREATE TABLE log_pending (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry bytea NOT NULL CHECK (octet_length(entry) = 32),
  kind  text NOT NULL,
  ref   text NOT NULL
);
CREATE INDEX log_pending_entry ON log_pending (entry);
CREATE INDEX log_pending_ref ON log_pending (kind, ref);

-- Integrated: under a signed checkpoint.
CREATE TABLE log_entry (
  index bigint PRIMARY KEY,
  entry bytea NOT NULL,
  kind  text NOT NULL,
  ref   text NOT NULL
);
-- index is in both, or the planner walks the primary key to find the first of equal entries
CREATE INDEX log_entry_entry ON log_entry (entry, index);
CREATE INDEX log_entry_ref ON log_entry (kind, ref, index);

-- Hashes of complete subtrees of 2^4, 2^8, 2^12, … entries; those between are computed from at most 16 of the level below.
CREATE TABLE log_node (
  level smallint NOT NULL CHECK (level > 0 AND level % 4 = 0),
  index bigint NOT NULL,
  hash  bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, index)
);

-- One row. frontier: the hashes of the complete subtrees that make up the tree, largest first, 32 bytes each.
CREATE TABLE log_head (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  size     bigint NOT NULL,
  frontier bytea NOT NULL
);
INSERT INTO log_head (size, frontier) VALUES (0, '');

CREATE TABLE checkpoint (
  size bigint PRIMARY KEY,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  at   timestamptz NOT NULL
);
