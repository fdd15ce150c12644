-- Callbacks can be sent again by hand.
ALTER TABLE callbacks
  -- Made before the last resend: the schedule counts from there.
  ADD COLUMN attempts_before integer NOT NULL DEFAULT 0,
  ADD COLUMN resends integer NOT NULL DEFAULT 0,
  ADD COLUMN resent_at timestamptz,
  DROP CONSTRAINT callbacks_attempts,
  ADD CONSTRAINT callbacks_attempts CHECK (attempts_before >= 0 AND attempts - attempts_before BETWEEN 0 AND 120),
  ADD CONSTRAINT callbacks_resends CHECK (resends BETWEEN 0 AND 20 AND (resends = 0) = (resent_at IS NULL));

-- A project's callbacks by their age; those that were given up are few among many.
CREATE INDEX callbacks_by_project ON callbacks (project_id, created_at);
CREATE INDEX callbacks_exhausted ON callbacks (project_id, created_at) WHERE state = 'exhausted';
