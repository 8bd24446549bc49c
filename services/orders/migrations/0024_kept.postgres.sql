-- Money goes back for what the buyer keeps, or for the delivery alone.
ALTER TABLE returns DROP CONSTRAINT returns_items_check;
ALTER TABLE returns DROP CONSTRAINT returns_kind_check;
ALTER TABLE returns ADD CONSTRAINT returns_kind_check CHECK (kind IN ('return', 'withdrawal', 'kept'));
ALTER TABLE returns ADD CONSTRAINT returns_items_check CHECK (items > 0 OR (items = 0 AND kind = 'kept'));
