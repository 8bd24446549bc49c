-- Pieces of a line that were taken out of the order before they left: they are promised to it no longer. `shipped` is 1 once
-- none is left to leave.
ALTER TABLE reservation_lines ADD COLUMN withdrawn BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn >= 0 AND gone + withdrawn <= quantity);
