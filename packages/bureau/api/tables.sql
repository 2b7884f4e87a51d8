-- change 1: signed-in officers and answered writes
-- Only a hash of the session id is kept: a stolen table opens no session.
CREATE TABLE session (
  hash       bytea PRIMARY KEY,
  officer    text NOT NULL,
  made_at    timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  ended_at   timestamptz
);
CREATE INDEX session_officer ON session (officer) WHERE ended_at IS NULL;
