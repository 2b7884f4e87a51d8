-- change 1: the way out
-- One row per item version and recipient nation. Lives until the recipient's signed receipt, then stays as the record of it.
CREATE TABLE outbox (
  id          uuid PRIMARY KEY,
  item        uuid NOT NULL,
  version     int NOT NULL,
  peer        bytea NOT NULL,
  nation      text NOT NULL,
  lane        smallint NOT NULL CHECK (lane BETWEEN 0 AND 3),
  author      text,
  sealing     int NOT NULL DEFAULT 0,
  state       text NOT NULL,
  envelope    bytea,
  seq         bigint,
  leaf        bytea,
  reason      text,
  queued_at   timestamptz NOT NULL,
  sealed_at   timestamptz,
  sent_at     timestamptz,
  received_at timestamptz,
  verified_at timestamptz,
  opened_at   timestamptz,
  receipted_at timestamptz,
  serial      bigint GENERATED ALWAYS AS IDENTITY
);
CREATE UNIQUE INDEX outbox_place ON outbox (peer, lane, seq) WHERE seq IS NOT NULL;
CREATE INDEX outbox_due ON outbox (serial) WHERE state = 'queued';
CREATE INDEX outbox_item ON outbox (item);
CREATE INDEX outbox_open ON outbox (peer, lane, seq) WHERE state IN ('sealed', 'sent', 'held', 'received');

-- The parts that all copies of one envelope share are kept once; each recipient's own part stands in copy_out.
CREATE TABLE envelope_out (
  id    bytea PRIMARY KEY,
  leaf  bytea NOT NULL,
  front bytea NOT NULL,
  rear  bytea NOT NULL
);
CREATE TABLE copy_out (
  peer     bytea NOT NULL,
  lane     smallint NOT NULL,
  seq      bigint NOT NULL,
  envelope bytea NOT NULL,
  middle   bytea NOT NULL,
  PRIMARY KEY (peer, lane, seq)
);
CREATE INDEX copy_out_envelope ON copy_out (envelope);
CREATE TABLE chain_out (
  peer  bytea NOT NULL,
  lane  smallint NOT NULL,
  seq   bigint NOT NULL,
  head  bytea NOT NULL,
  acked bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (peer, lane)
);

-- change 2: the way in
-- head is NULL after an envelope whose leaf nobody could compute: the next one's word is taken, under alarm.
CREATE TABLE chain_in (
  peer bytea NOT NULL,
  lane smallint NOT NULL,
  seq  bigint NOT NULL,
  head bytea,
  PRIMARY KEY (peer, lane)
);
-- What arrived, whole: verified, or held or refused with its raw bytes.
CREATE TABLE envelope_in (
  peer        bytea NOT NULL,
  id          bytea NOT NULL,
  leaf        bytea NOT NULL,
  lane        smallint NOT NULL,
  seq         bigint NOT NULL,
  state       text NOT NULL CHECK (state IN ('held', 'verified', 'refused')),
  code        text,
  item        uuid,
  alias       bigint NOT NULL DEFAULT 0,
  raw         bytea,
  received_at timestamptz NOT NULL,
  verified_at timestamptz,
  PRIMARY KEY (peer, id)
);
CREATE INDEX envelope_in_place ON envelope_in (peer, lane, seq);
CREATE INDEX envelope_in_item ON envelope_in (item) WHERE item IS NOT NULL;
-- Own signed receipts, sent again when the sender asks by sending again.
CREATE TABLE receipt_out (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  peer     bytea NOT NULL,
  lane     smallint NOT NULL,
  from_seq bigint NOT NULL,
  to_seq   bigint NOT NULL,
  state    text NOT NULL,
  bytes    bytea NOT NULL
);
CREATE INDEX receipt_out_place ON receipt_out (peer, lane, to_seq);
-- Peers' signed receipts, the proof of delivery.
CREATE TABLE receipt_in (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  peer     bytea NOT NULL,
  lane     smallint NOT NULL,
  from_seq bigint NOT NULL,
  to_seq   bigint NOT NULL,
  state    text NOT NULL,
  bytes    bytea NOT NULL,
  leaf     bytea NOT NULL UNIQUE
);

-- change 3: what was set aside
CREATE TABLE quarantine (
  id     uuid PRIMARY KEY,
  peer   bytea NOT NULL,
  lane   smallint NOT NULL,
  seq    bigint NOT NULL,
  code   text NOT NULL,
  leaf   bytea,
  raw    bytea NOT NULL,
  set_aside_at timestamptz NOT NULL
);
CREATE TABLE alarm (
  id              uuid PRIMARY KEY,
  kind            text NOT NULL,
  code            text NOT NULL,
  nation          text,
  count           int NOT NULL DEFAULT 1,
  first_at        timestamptz NOT NULL,
  last_at         timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text
);
CREATE UNIQUE INDEX alarm_open ON alarm (kind, code, COALESCE(nation, '')) WHERE acknowledged_at IS NULL;

-- change 4: the queue in the order it is sealed
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (lane, serial) WHERE state = 'queued';

-- change 5: what is held is looked for with every arrival
CREATE INDEX envelope_in_held ON envelope_in (peer, lane, seq) WHERE state = 'held';

-- change 6: what waits to be sealed counts in a nation's queue, and of what is set aside not everything is kept
CREATE INDEX outbox_queued ON outbox (peer) WHERE state = 'queued';
ALTER TABLE quarantine ALTER COLUMN raw DROP NOT NULL;
CREATE INDEX quarantine_raw ON quarantine (peer) WHERE raw IS NOT NULL;

-- change 7: receipts that are owed to senders who asked to be told that their item was opened
CREATE TABLE opened_owed (
  item      uuid PRIMARY KEY,
  opened_at timestamptz NOT NULL
);

-- change 8: what was opened before the receipt of its delivery was here
CREATE INDEX outbox_unproven ON outbox (peer, lane, seq) WHERE state = 'opened' AND verified_at IS NULL;

-- change 9: what proves an envelope to a court, kept as long as its item
-- open: what its author signed. shut: what opens the commitment, sealed under the item's own key.
CREATE TABLE envelope_evidence (
  leaf    bytea PRIMARY KEY CHECK (octet_length(leaf) = 32),
  item    uuid NOT NULL,
  version int NOT NULL,
  author  bytea NOT NULL,
  open    bytea NOT NULL,
  shut    bytea NOT NULL
);
CREATE INDEX receipt_in_place ON receipt_in (peer, lane, to_seq);
CREATE INDEX envelope_evidence_item ON envelope_evidence (item);
ALTER TABLE envelope_evidence ALTER COLUMN open SET STORAGE EXTERNAL, ALTER COLUMN shut SET STORAGE EXTERNAL;
