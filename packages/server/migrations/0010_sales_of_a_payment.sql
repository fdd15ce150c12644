-- Each sale operation has a number of its own: a payer who tries again may name another one.
ALTER TABLE sale_operations
  ADD COLUMN account_number  text,
  -- Set while the payer may try again after this operation's decline; part of due_at.
  ADD COLUMN try_again_until timestamptz;

UPDATE sale_operations s SET account_number = p.account_number
FROM payments p WHERE p.project_id = s.project_id AND p.payment_key = s.payment_key;

ALTER TABLE sale_operations
  ALTER COLUMN account_number SET NOT NULL,
  ADD CONSTRAINT sale_operations_try_again CHECK (try_again_until IS NULL OR state = 'declined');

ALTER TABLE payments
  DROP COLUMN account_number,
  -- How often, and how long after the first decline, the payer may try again; null where a decline is the end.
  ADD COLUMN retries_allowed integer,
  ADD COLUMN retry_window_ms integer,
  ADD CONSTRAINT payments_retries CHECK (num_nulls(retries_allowed, retry_window_ms) IN (0, 2));
