-- Whether a vendor is suspended: then nothing is paid out to it, and its balance waits. Who was suspended before counts as
-- not suspended until its store changes.
ALTER TABLE vendors ADD COLUMN suspended BIGINT NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1));
