CREATE TABLE projects (
  project_id      bigint      NOT NULL,
  name            text        NOT NULL,
  -- Encrypted under the platform's master key, bound to the project id.
  secret_box      text        NOT NULL,
  -- Made by a sandbox start, with a secret everybody knows: does not exist for a production start.
  sandbox         boolean     NOT NULL DEFAULT false,
  callback_url    text,
  currencies      text[]      NOT NULL DEFAULT ARRAY['KZT'],
  refunds_enabled boolean     NOT NULL DEFAULT true,
  created_at      timestamptz NOT NULL DEFAULT now(),
  created_by      text        NOT NULL,
  CONSTRAINT projects_pkey PRIMARY KEY (project_id),
  CONSTRAINT projects_id_is_uint32 CHECK (project_id BETWEEN 1 AND 4294967295),
  CONSTRAINT projects_callback_url_length CHECK (length(callback_url) <= 2048)
);

CREATE SEQUENCE operation_ids AS bigint INCREMENT BY 1000 START WITH 1000;

CREATE TABLE operators (
  operator_id     text    NOT NULL,
  name            text    NOT NULL,
  country         text    NOT NULL DEFAULT 'KZ',
  sales_enabled   boolean NOT NULL DEFAULT true,
  refunds_enabled boolean NOT NULL DEFAULT true,
  CONSTRAINT operators_pkey PRIMARY KEY (operator_id)
);

INSERT INTO operators (operator_id, name) VALUES
  ('ACTIV', 'Activ'), ('ALTEL', 'Altel'), ('BEELINE', 'Beeline'), ('KCELL', 'Kcell'), ('TELE2', 'Tele2');

-- Digits after the country code; the longest prefix wins. Several rows for one prefix: the operators share the range.
CREATE TABLE operator_prefixes (
  prefix      text NOT NULL,
  operator_id text NOT NULL,
  CONSTRAINT operator_prefixes_pkey PRIMARY KEY (prefix, operator_id),
  CONSTRAINT operator_prefixes_digits CHECK (prefix ~ '^[0-9]{1,6}$'),
  CONSTRAINT operator_prefixes_operator FOREIGN KEY (operator_id) REFERENCES operators
);

INSERT INTO operator_prefixes (prefix, operator_id) VALUES
  ('700', 'ALTEL'), ('708', 'ALTEL'),
  ('701', 'KCELL'), ('701', 'ACTIV'), ('702', 'KCELL'), ('702', 'ACTIV'),
  ('775', 'KCELL'), ('775', 'ACTIV'), ('778', 'KCELL'), ('778', 'ACTIV'),
  ('705', 'BEELINE'), ('706', 'BEELINE'), ('771', 'BEELINE'), ('776', 'BEELINE'), ('777', 'BEELINE'),
  ('707', 'TELE2'), ('747', 'TELE2');

CREATE TABLE ported_numbers (
  number      text NOT NULL,
  operator_id text NOT NULL,
  CONSTRAINT ported_numbers_pkey PRIMARY KEY (number),
  CONSTRAINT ported_numbers_digits CHECK (number ~ '^7[0-9]{10}$'),
  CONSTRAINT ported_numbers_operator FOREIGN KEY (operator_id) REFERENCES operators
);
