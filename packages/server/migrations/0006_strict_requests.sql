-- Requests with a strict signature, for as long as their time is valid: each acts once, and its repeat gets its answer.
CREATE TABLE strict_requests (
  project_id  bigint      NOT NULL,
  nonce       text        COLLATE "C" NOT NULL,
  -- SHA-256 of the text that was signed, hex: method, path, body, time and nonce.
  digest      text        COLLATE "C" NOT NULL,
  created_at  timestamptz NOT NULL,
  -- Until then somebody is answering it; after it, without an answer, that somebody is gone.
  lease_until timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  status      integer,
  -- Null beside a status: too large to be kept.
  answer      text,
  CONSTRAINT strict_requests_pkey PRIMARY KEY (project_id, nonce),
  CONSTRAINT strict_requests_answer CHECK (answer IS NULL OR (status IS NOT NULL AND length(answer) <= 16384))
-- Every row is inserted, changed once and deleted within minutes.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 20000);

CREATE INDEX strict_requests_expired ON strict_requests (expires_at);
