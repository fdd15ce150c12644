-- The row is the job: rendered and signed once, in the commit of the change it tells of.
CREATE TABLE callbacks (
  project_id   bigint      NOT NULL,
  payment_key  text        NOT NULL,
  callback_no  integer     NOT NULL,
  url          text        NOT NULL,
  origin       text        COLLATE "C" NOT NULL,
  body         text        NOT NULL,
  kind         text        NOT NULL,
  final        boolean     NOT NULL,
  operation_id bigint      NOT NULL,
  created_at   timestamptz NOT NULL,
  not_before   timestamptz NOT NULL,
  state        text        NOT NULL,
  attempts     integer     NOT NULL,
  -- The earliest time by which somebody must look at the row again.
  due_at       timestamptz,
  -- Until then an attempt may be on its way.
  lease_until  timestamptz,
  -- A newer one waits for the end of this one: tells the recorder of its last attempt to look for it.
  followed     boolean     NOT NULL DEFAULT false,
  CONSTRAINT callbacks_pkey PRIMARY KEY (project_id, payment_key, callback_no),
  CONSTRAINT callbacks_kind CHECK (kind IN ('clarification', 'result')),
  CONSTRAINT callbacks_state CHECK (state IN ('waiting', 'delivered', 'superseded', 'exhausted')),
  CONSTRAINT callbacks_final_never_superseded CHECK (NOT (final AND state = 'superseded')),
  CONSTRAINT callbacks_due_while_waiting CHECK ((state = 'waiting') = (due_at IS NOT NULL)),
  CONSTRAINT callbacks_attempts CHECK (attempts BETWEEN 0 AND 120)
-- Every row passes through the indexes below once: vacuum has to clear it long before a fifth of a large table has changed.
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 20000);

CREATE INDEX callbacks_due ON callbacks (due_at) WHERE due_at IS NOT NULL;

-- For a claim that finds thousands due at one endpoint: takes a few rows of each of the others without reading past them.
CREATE INDEX callbacks_due_by_origin ON callbacks (origin, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE callback_attempts (
  project_id   bigint      NOT NULL,
  payment_key  text        NOT NULL,
  callback_no  integer     NOT NULL,
  attempt      integer     NOT NULL,
  at           timestamptz NOT NULL,
  -- Null when no HTTP answer came.
  status       integer,
  outcome      text        NOT NULL,
  latency_ms   integer     NOT NULL,
  answer_start text,
  CONSTRAINT callback_attempts_pkey PRIMARY KEY (project_id, payment_key, callback_no, attempt),
  CONSTRAINT callback_attempts_answer_start CHECK (length(answer_start) <= 512)
);
