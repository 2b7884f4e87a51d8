-- What a bureau holds. Titles, texts and values stand only inside sealed bodies; a plain column is one that the policy
-- or a join needs. Numbered changes: never edit one that was released, append the next.

-- change 1: items, statements, events
CREATE TABLE item (
  id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  -- the highest version we hold; only this one is listed
  latest boolean NOT NULL,
  kind text NOT NULL,
  says text NOT NULL,
  own boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'released', 'held', 'recalled')),
  -- a random compartment id of this bureau, never a name
  agency_tag text,
  handling text[] NOT NULL,
  conditions text[] NOT NULL,
  named_officers text[] NOT NULL,
  pap text NOT NULL,
  recipients text[] NOT NULL,
  expires_day integer,
  purpose text,
  urgency text NOT NULL,
  grade_scheme text,
  grade_source text,
  grade_information text,
  lang text,
  statements_count integer NOT NULL,
  at timestamptz NOT NULL,
  serial bigint GENERATED ALWAYS AS IDENTITY,
  -- sealed under the key of this item and version; the head is what a list shows
  head bytea,
  body bytea NOT NULL,
  -- that key, wrapped under the bureau's key-encryption key; NULL once erased
  key bytea,
  PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX item_latest ON item (id) WHERE latest;
CREATE UNIQUE INDEX item_listed ON item (kind, serial DESC) WHERE latest;
-- Ciphertext does not compress.
ALTER TABLE item ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN head SET STORAGE EXTERNAL;

-- No foreign key: putItem alone writes here, in the item's own transaction, and a check for each of 2,000 rows doubled
-- the time of a large report.
CREATE TABLE statement (
  id uuid NOT NULL,
  item uuid NOT NULL,
  version integer NOT NULL,
  entity integer NOT NULL,
  -- keyed, stable for (item, entity number): the address of an entity inside this bureau
  entity_key uuid NOT NULL,
  schema text NOT NULL,
  property text NOT NULL,
  marking_class text NOT NULL,
  grade text,
  observed_from timestamptz,
  observed_to timestamptz,
  asserted_at timestamptz,
  says text NOT NULL,
  -- HMAC(index key, type and match key); NULL when the property is not matched
  match bytea,
  PRIMARY KEY (item, version, id)
);
CREATE INDEX statement_match ON statement (match) WHERE match IS NOT NULL;

-- txid orders events by what was decided first; it is known only to the cluster that gave it (see feed.ts).
CREATE TABLE event (
  serial bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind text NOT NULL,
  item uuid,
  desk text NOT NULL,
  version integer,
  urgency text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX event_order ON event (txid, serial);
