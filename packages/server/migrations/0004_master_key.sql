-- A known text sealed under the master key: tells a start with another key before it answers anybody.
CREATE TABLE master_key_check (
  only_row boolean NOT NULL DEFAULT true,
  sealed   text    NOT NULL,
  CONSTRAINT master_key_check_pkey PRIMARY KEY (only_row),
  CONSTRAINT master_key_check_only_row CHECK (only_row)
);
