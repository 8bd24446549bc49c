-- Pieces of a line that have left: some of it may leave before the rest. `shipped` is 1 once all have.
ALTER TABLE reservation_lines ADD COLUMN gone BIGINT NOT NULL DEFAULT 0 CHECK (gone BETWEEN 0 AND quantity);
UPDATE reservation_lines SET gone = quantity WHERE shipped = 1;
