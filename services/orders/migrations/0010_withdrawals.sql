-- Pieces of a line that were taken out before they were handed over. They count as returned too, for they are paid back
-- like what comes back: `returned - withdrawn` is what of the delivered pieces goes back.
ALTER TABLE order_lines ADD COLUMN withdrawn BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn >= 0 AND shipped + withdrawn <= quantity AND withdrawn <= returned);
-- What is taken out of an order is a return that is settled without a parcel.
ALTER TABLE returns ADD COLUMN kind TEXT NOT NULL DEFAULT 'return' CHECK (kind IN ('return', 'withdrawal'));
ALTER TABLE returns ADD COLUMN asked_by TEXT NOT NULL DEFAULT 'buyer' CHECK (asked_by IN ('buyer', 'vendor', 'admin'));
