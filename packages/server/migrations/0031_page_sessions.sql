-- One opened link: what it asks for, and what its payer chose. The payment itself begins only when a number is given.
CREATE TABLE page_sessions (
  -- SHA-256 of the token in the page's address, hex: who reads this table can open no page.
  token_hash        text        NOT NULL,
  project_id        bigint      NOT NULL,
  payment_key       text        NOT NULL,
  -- Of the link's own text, and of the payment that it begins: tells it from another's under the same id.
  digest            text        NOT NULL,
  -- The link as it was read, without its signature.
  request           jsonb       NOT NULL,
  -- The payer's switch; null: as the link or the browser says.
  language          text,
  method            text,
  -- The sale operation after which the payer wants to give another number.
  number_wanted_after integer,
  opened_at         timestamptz NOT NULL,
  CONSTRAINT page_sessions_pkey PRIMARY KEY (token_hash)
);

CREATE INDEX page_sessions_opened ON page_sessions (opened_at);

-- What a payer agreed to, when, where and for which number; append-only, kept as evidence.
CREATE TABLE page_consents (
  project_id     bigint      NOT NULL,
  payment_key    text        NOT NULL,
  consent_id     uuid        NOT NULL,
  at             timestamptz NOT NULL,
  -- `number`: Pay under the number; `code`: Pay under the code; `again`: another try with the same number.
  step           text        NOT NULL,
  text_version   text        NOT NULL,
  language       text        NOT NULL,
  amount_minor   bigint      NOT NULL,
  currency       text        NOT NULL,
  account_number text        NOT NULL,
  address        text        NOT NULL,
  user_agent     text        NOT NULL,
  CONSTRAINT page_consents_pkey PRIMARY KEY (project_id, payment_key, consent_id),
  CONSTRAINT page_consents_step CHECK (step IN ('number', 'code', 'again'))
);

CREATE TRIGGER page_consents_append_only BEFORE UPDATE ON page_consents
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
