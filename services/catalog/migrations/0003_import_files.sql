-- Files to import. They are kept in pieces, so that none is ever held whole; a file that was only checked stays for a
-- while, so that it can be confirmed.
CREATE TABLE import_files (
    num IDENTITY,
    id TEXT NOT NULL UNIQUE,
    vendor_id TEXT NOT NULL,
    -- Bytes that are here. All pieces but the last are of the same size.
    bytes BIGINT NOT NULL CHECK (bytes >= 0),
    used_at BIGINT NOT NULL
);
CREATE INDEX import_files_of_vendor ON import_files (vendor_id, num);
CREATE INDEX import_files_idle ON import_files (used_at);

-- The file of an import; none once it was confirmed, or is worked off.
ALTER TABLE imports ADD COLUMN file_id TEXT;
CREATE INDEX imports_of_file ON imports (file_id) WHERE file_id IS NOT NULL;
