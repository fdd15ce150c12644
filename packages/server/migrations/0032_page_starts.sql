-- Codes that the page had sent to numbers, for its limits; forgotten once no limit looks back so far.
CREATE TABLE page_starts (
  start_id    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  at          timestamptz NOT NULL,
  project_id  bigint      NOT NULL,
  -- Keyed hashes: the table tells nobody who paid from where.
  number_hash text        NOT NULL,
  address_hash text       NOT NULL,
  CONSTRAINT page_starts_pkey PRIMARY KEY (start_id)
);

CREATE INDEX page_starts_by_number ON page_starts (number_hash, at);
CREATE INDEX page_starts_by_address ON page_starts (address_hash, at);
CREATE INDEX page_starts_by_project ON page_starts (project_id, at);
CREATE INDEX page_starts_at ON page_starts (at);
