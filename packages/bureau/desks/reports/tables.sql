-- change 1: reading and filing
-- Who of this bureau has seen a report, and who took note of it. Never leaves.
CREATE TABLE report_reading (
  item            uuid PRIMARY KEY,
  opened_at       timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text
);
-- One row an answered filing: the same key and body give the same report.
CREATE TABLE report_filing (
  officer   text NOT NULL,
  key_hash  bytea NOT NULL,
  body_hash bytea NOT NULL,
  item      uuid NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (officer, key_hash)
);

-- change 2: keys that are old enough are forgotten
CREATE INDEX report_filing_at ON report_filing (at);
