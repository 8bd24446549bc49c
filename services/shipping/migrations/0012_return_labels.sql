-- Labels for what comes back: of a return, beside those of the parcels in which it had come.
ALTER TABLE labels ADD COLUMN return_id TEXT;
-- When the carrier had what comes back.
ALTER TABLE labels ADD COLUMN left_at BIGINT CHECK (left_at IS NULL OR return_id IS NOT NULL);
DROP INDEX labels_one;
CREATE UNIQUE INDEX labels_one ON labels (shipment_id) WHERE return_id IS NULL AND state IN ('ordered', 'bought', 'voiding');
CREATE UNIQUE INDEX labels_one_of_return ON labels (return_id) WHERE return_id IS NOT NULL AND state IN ('ordered', 'bought', 'voiding');
CREATE INDEX labels_of_return ON labels (return_id, created_at) WHERE return_id IS NOT NULL;
