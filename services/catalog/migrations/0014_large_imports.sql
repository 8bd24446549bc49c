-- The currency of new products where a file says none, as it was when the import began: most of its vendor's products had it.
ALTER TABLE imports ADD COLUMN usual_currency TEXT;

-- 0 once what the import did to each product is forgotten, so that nobody looks for it again.
ALTER TABLE imports ADD COLUMN told BIGINT NOT NULL DEFAULT 1 CHECK (told IN (0, 1));
CREATE INDEX imports_told ON imports (created_at) WHERE told = 1;

-- Complaints and notes of an import, all of them; of those that are kept are only the first.
ALTER TABLE imports ADD COLUMN errors_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN notes_total BIGINT NOT NULL DEFAULT 0;

-- How an import's pictures fare is counted while somebody looks on: from this alone, without a look at each picture.
CREATE INDEX picture_fetches_counted ON picture_fetches (import_id, vendor_id, state);
