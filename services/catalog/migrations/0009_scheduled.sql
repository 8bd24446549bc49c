-- When a product goes on sale, and off sale again, by itself. A draft with a moment to go on sale is scheduled.
ALTER TABLE products ADD COLUMN publish_at BIGINT CHECK (publish_at IS NULL OR status = 'draft');
ALTER TABLE products ADD COLUMN unpublish_at BIGINT CHECK (unpublish_at IS NULL OR status <> 'archived');
