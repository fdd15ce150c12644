-- How a project's Payment Page looks and behaves; a project without a row has the defaults.
CREATE TABLE page_settings (
  project_id         bigint      NOT NULL,
  -- Opens encrypted links. Encrypted under the platform's master key, bound to the project id.
  encryption_key_box text,
  -- Origins that may frame the page, as `frame-ancestors` writes them; none: the page opens by itself only.
  framing_origins    text[]      NOT NULL DEFAULT '{}',
  display_name       text,
  accent             text,
  logo               bytea,
  logo_type          text,
  support_email      text,
  support_phone      text,
  support_url        text,
  terms_url          text,
  -- Tries after the first decline, and for how long from then.
  retry_attempts     integer     NOT NULL DEFAULT 5,
  retry_window_ms    bigint      NOT NULL DEFAULT 600000,
  languages          text[]      NOT NULL DEFAULT ARRAY['kk', 'ru', 'en'],
  default_language   text        NOT NULL DEFAULT 'kk',
  success_url        text,
  fail_url           text,
  return_url         text,
  changed_at         timestamptz NOT NULL DEFAULT now(),
  changed_by         text        NOT NULL,
  CONSTRAINT page_settings_pkey PRIMARY KEY (project_id),
  CONSTRAINT page_settings_project FOREIGN KEY (project_id) REFERENCES projects ON DELETE CASCADE,
  CONSTRAINT page_settings_accent CHECK (accent ~ '^#[0-9a-f]{6}$'),
  CONSTRAINT page_settings_logo CHECK ((logo IS NULL) = (logo_type IS NULL)),
  CONSTRAINT page_settings_logo_size CHECK (length(logo) <= 65536),
  CONSTRAINT page_settings_logo_type CHECK (logo_type IN ('image/png', 'image/jpeg', 'image/webp', 'image/svg+xml')),
  CONSTRAINT page_settings_retries CHECK (retry_attempts BETWEEN 0 AND 20 AND retry_window_ms BETWEEN 0 AND 86400000),
  CONSTRAINT page_settings_languages
    CHECK (languages <@ ARRAY['kk', 'ru', 'en'] AND cardinality(languages) > 0 AND default_language = ANY (languages))
);
