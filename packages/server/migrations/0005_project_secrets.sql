-- What opens a project's requests, signs our answers and signs its callbacks; two of a kind while a project changes over.
CREATE TABLE project_secrets (
  project_id   bigint      NOT NULL,
  kind         text        NOT NULL,
  -- Counted over the project's life and never given again.
  secret_no    integer     NOT NULL,
  -- Of requests: also signs what we send. Of callbacks: the one that stays until the next retire.
  main         boolean     NOT NULL,
  -- Encrypted under the platform's master key, bound to project, kind and number.
  secret_box   text        NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- Of requests, to the minute.
  last_used_at timestamptz,
  CONSTRAINT project_secrets_pkey PRIMARY KEY (project_id, kind, secret_no),
  CONSTRAINT project_secrets_project FOREIGN KEY (project_id) REFERENCES projects ON DELETE CASCADE,
  CONSTRAINT project_secrets_kind CHECK (kind IN ('request', 'callback')),
  CONSTRAINT project_secrets_number CHECK (secret_no > 0),
  -- One main and at most one beside it; judged at a statement's end, so that the two can change places.
  CONSTRAINT project_secrets_two UNIQUE (project_id, kind, main) DEFERRABLE
);

INSERT INTO project_secrets (project_id, kind, secret_no, main, secret_box, created_at)
  SELECT project_id, 'request', 1, true, secret_box, created_at FROM projects;

ALTER TABLE projects
  DROP COLUMN secret_box,
  -- Numbers given to secrets so far.
  ADD COLUMN request_secrets_made integer NOT NULL DEFAULT 1,
  ADD COLUMN callback_secrets_made integer NOT NULL DEFAULT 0,
  -- Networks (CIDR) that requests may come from; none: from anywhere.
  ADD COLUMN allowed_networks text[] NOT NULL DEFAULT '{}',
  -- Requests need the strict signature beside the one in their body.
  ADD COLUMN strict boolean NOT NULL DEFAULT false,
  ADD COLUMN clarification_form text NOT NULL DEFAULT 'list',
  -- Within it a second refund of an equal sum is refused; 0: never.
  ADD COLUMN refund_repeat_window_ms bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT projects_clarification_form CHECK (clarification_form IN ('list', 'schema')),
  ADD CONSTRAINT projects_refund_repeat_window CHECK (refund_repeat_window_ms BETWEEN 0 AND 86400000);

-- Who changed what of the projects, and when. Never holds a secret.
CREATE TABLE changes (
  change_no  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  at         timestamptz NOT NULL DEFAULT now(),
  by         text        NOT NULL,
  project_id bigint,
  action     text        NOT NULL,
  -- What it is about, where the project alone does not say it.
  subject    text,
  old        jsonb,
  new        jsonb,
  CONSTRAINT changes_pkey PRIMARY KEY (change_no),
  CONSTRAINT changes_by CHECK (length(by) BETWEEN 1 AND 200)
);

CREATE INDEX changes_by_project ON changes (project_id, change_no);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
