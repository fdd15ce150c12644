CREATE TABLE payments (
  project_id           bigint      NOT NULL,
  payment_key          text        NOT NULL,
  payment_id           text        NOT NULL,
  version              integer     NOT NULL,
  request_digest       text        NOT NULL,
  created_at           timestamptz NOT NULL,
  changed_at           timestamptz NOT NULL,
  amount_minor         bigint      NOT NULL,
  currency             text        NOT NULL,
  description          text,
  customer_id          text        NOT NULL,
  account_number       text        NOT NULL,
  best_before_at       timestamptz,
  callback_url         text,
  success_callback_url text,
  decline_callback_url text,
  callback_delay_ms    integer     NOT NULL,
  callbacks_disabled   boolean     NOT NULL,
  refunded_minor       bigint      NOT NULL,
  held_minor           bigint      NOT NULL,
  operation_count      integer     NOT NULL,
  event_count          integer     NOT NULL,
  callback_count       integer     NOT NULL,
  -- The documented objects of the first request that the lifecycle does not use; without signature, never with a code.
  request              jsonb,
  CONSTRAINT payments_pkey PRIMARY KEY (project_id, payment_key),
  CONSTRAINT payments_amount CHECK (amount_minor BETWEEN 1 AND 10000000000000),
  CONSTRAINT payments_never_returns_more_than_paid
    CHECK (refunded_minor >= 0 AND held_minor >= 0 AND refunded_minor + held_minor <= amount_minor)
) WITH (fillfactor = 80);

CREATE TABLE sale_operations (
  project_id            bigint      NOT NULL,
  payment_key           text        NOT NULL,
  operation_no          integer     NOT NULL,
  operation_id          bigint      NOT NULL,
  request_id            text        NOT NULL,
  correlator            text        NOT NULL,
  state                 text        NOT NULL,
  created_at            timestamptz NOT NULL,
  changed_at            timestamptz NOT NULL,
  decline_reason        text,
  candidates            text[]      NOT NULL,
  operator              text,
  provider_payment_id   text,
  authorization_id      text,
  clarification_reason  text,
  code_expires_at       timestamptz,
  resend_allowed_at     timestamptz,
  operator_resends_left integer,
  resends_used          integer     NOT NULL,
  wrong_codes           integer     NOT NULL,
  code_submitted        boolean     NOT NULL,
  code_request_id       text,
  attempt               integer     NOT NULL,
  pending_call          text,
  pending_attempt       integer,
  pending_started_at    timestamptz,
  pending_in_doubt      boolean,
  deadline_at           timestamptz,
  grace_until           timestamptz,
  look_up_at            timestamptz,
  look_ups              integer     NOT NULL,
  retry_at              timestamptz,
  not_sent              integer     NOT NULL,
  not_sent_since        timestamptz,
  open_since            timestamptz,
  incident_raised       boolean     NOT NULL,
  overdue_told          boolean     NOT NULL,
  -- The earliest time by which somebody must look at the row again; follows from the columns above.
  due_at                timestamptz,
  CONSTRAINT sale_operations_pkey PRIMARY KEY (project_id, payment_key, operation_no),
  CONSTRAINT sale_operations_payment FOREIGN KEY (project_id, payment_key) REFERENCES payments,
  CONSTRAINT sale_operations_state
    CHECK (state IN ('preparing', 'awaiting_code', 'validating', 'confirming', 'succeeded', 'declined')),
  CONSTRAINT sale_operations_decline_reason CHECK ((state = 'declined') = (decline_reason IS NOT NULL)),
  CONSTRAINT sale_operations_resends CHECK (resends_used BETWEEN 0 AND 3),
  CONSTRAINT sale_operations_pending_call
    CHECK (num_nulls(pending_call, pending_attempt, pending_started_at, pending_in_doubt) IN (0, 4))
-- Every step of a purchase passes through the index below: vacuum clears it long before a fifth of a large table has changed.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 20000);

CREATE INDEX sale_operations_due ON sale_operations (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE refund_operations (
  project_id          bigint      NOT NULL,
  payment_key         text        NOT NULL,
  operation_no        integer     NOT NULL,
  operation_id        bigint      NOT NULL,
  kind                text        NOT NULL,
  sale_operation_no   integer     NOT NULL,
  request_id          text        NOT NULL,
  correlator          text        NOT NULL,
  state               text        NOT NULL,
  created_at          timestamptz NOT NULL,
  changed_at          timestamptz NOT NULL,
  amount_minor        bigint      NOT NULL,
  currency            text        NOT NULL,
  merchant_refund_id  text,
  request_digest      text        NOT NULL,
  description         text,
  callback_delay_ms   integer     NOT NULL,
  callbacks_disabled  boolean     NOT NULL,
  provider_payment_id text        NOT NULL,
  provider_refund_id  text,
  denied_on_repeat    text,
  decline_reason      text,
  attempt             integer     NOT NULL,
  pending_call        text,
  pending_attempt     integer,
  pending_started_at  timestamptz,
  pending_in_doubt    boolean,
  look_up_at          timestamptz,
  look_ups            integer     NOT NULL,
  retry_at            timestamptz,
  not_sent            integer     NOT NULL,
  not_sent_since      timestamptz,
  open_since          timestamptz,
  incident_raised     boolean     NOT NULL,
  overdue_told        boolean     NOT NULL,
  due_at              timestamptz,
  CONSTRAINT refund_operations_pkey PRIMARY KEY (project_id, payment_key, operation_no),
  CONSTRAINT refund_operations_payment FOREIGN KEY (project_id, payment_key) REFERENCES payments,
  CONSTRAINT refund_operations_kind CHECK (kind IN ('refund', 'reversal')),
  CONSTRAINT refund_operations_state CHECK (state IN ('sending', 'succeeded', 'declined')),
  CONSTRAINT refund_operations_amount CHECK (amount_minor > 0),
  CONSTRAINT refund_operations_pending_call
    CHECK (num_nulls(pending_call, pending_attempt, pending_started_at, pending_in_doubt) IN (0, 4))
);

CREATE INDEX refund_operations_due ON refund_operations (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX refund_operations_merchant_refund_id
  ON refund_operations (project_id, payment_key, merchant_refund_id) WHERE merchant_refund_id IS NOT NULL;
CREATE UNIQUE INDEX refund_operations_one_reversal
  ON refund_operations (project_id, payment_key, sale_operation_no) WHERE kind = 'reversal';

-- The story of a payment, append-only.
CREATE TABLE payment_events (
  project_id   bigint      NOT NULL,
  payment_key  text        NOT NULL,
  event_no     integer     NOT NULL,
  operation_no integer     NOT NULL,
  at           timestamptz NOT NULL,
  name         text        NOT NULL,
  detail       jsonb       NOT NULL,
  CONSTRAINT payment_events_pkey PRIMARY KEY (project_id, payment_key, event_no)
);

-- What a person must see: open too long, or against what the merchant was told.
CREATE TABLE incidents (
  project_id   bigint      NOT NULL,
  payment_key  text        NOT NULL,
  operation_no integer     NOT NULL,
  kind         text        NOT NULL,
  at           timestamptz NOT NULL,
  detail       text        NOT NULL,
  closed_at    timestamptz,
  closed_by    text,
  CONSTRAINT incidents_pkey PRIMARY KEY (project_id, payment_key, operation_no, kind)
);
CREATE INDEX incidents_open ON incidents (at) WHERE closed_at IS NULL;
