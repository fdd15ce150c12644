-- What the person who closed it found, or decided.
ALTER TABLE incidents
  ADD COLUMN closed_note text,
  ADD CONSTRAINT incidents_closed_by CHECK ((closed_at IS NULL) = (closed_by IS NULL)) NOT VALID,
  ADD CONSTRAINT incidents_closed_note CHECK (length(closed_note) <= 2000);
