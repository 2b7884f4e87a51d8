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

-- change 2: the beat, and witnessing
-- Heads that left or may leave this bureau: one a beat, its size a whole number of the charter's leaves further on.
CREATE TABLE log_beat (
  size         bigint PRIMARY KEY,
  -- which beat: wall time divided by the charter's cadence
  number       bigint NOT NULL,
  root         bytea NOT NULL CHECK (octet_length(root) = 32),
  note         text NOT NULL,
  at           timestamptz NOT NULL,
  -- when enough other nations had cosigned it; NULL while it is pending
  witnessed_at timestamptz
);
CREATE INDEX log_beat_witnessed ON log_beat (size) WHERE witnessed_at IS NOT NULL;
-- lines: the two signature lines of one witness, to be put under the note
CREATE TABLE log_cosignature (
  size    bigint NOT NULL REFERENCES log_beat ON DELETE CASCADE,
  witness bytea NOT NULL CHECK (octet_length(witness) = 16),
  lines   text NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (size, witness)
);

-- Heads of other nations' logs that this bureau cosigned; the largest is the last one.
CREATE TABLE witnessed_head (
  member bytea NOT NULL CHECK (octet_length(member) = 16),
  size   bigint NOT NULL,
  root   bytea NOT NULL CHECK (octet_length(root) = 32),
  note   text NOT NULL,
  at     timestamptz NOT NULL,
  PRIMARY KEY (member, size)
);
CREATE INDEX witnessed_head_at ON witnessed_head (at);

-- Evidence that a log does not hold together, as it travels. told_by is NULL when this bureau saw it itself.
CREATE TABLE log_fork (
  id       bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  member   bytea NOT NULL,
  kind     text NOT NULL,
  evidence bytea NOT NULL,
  told_by  bytea,
  found_at timestamptz NOT NULL
);
CREATE INDEX log_fork_member ON log_fork (member, kind);

-- Dummies fill a beat and are never looked for.
DROP INDEX log_entry_entry;
DROP INDEX log_entry_ref;
CREATE INDEX log_entry_entry ON log_entry (entry, index) WHERE kind <> 'dummy';
CREATE INDEX log_entry_ref ON log_entry (kind, ref, index) WHERE kind <> 'dummy';

-- Where entries stand in other nations' logs, as they proved it: index, path, and their head with its cosignatures.
CREATE TABLE entry_elsewhere (
  entry  bytea PRIMARY KEY CHECK (octet_length(entry) = 32),
  member bytea NOT NULL,
  index  bigint NOT NULL,
  path   bytea NOT NULL,
  note   text NOT NULL
);
