-- 1: what the label costs was told, and is taken from what its vendor is paid. Labels that were bought before this cost
-- their vendors nothing.
ALTER TABLE labels ADD COLUMN booked BIGINT NOT NULL DEFAULT 0 CHECK (booked IN (0, 1));
