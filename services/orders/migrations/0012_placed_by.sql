-- Account of the admin who has made the order for its buyer; none if the buyer has placed it.
ALTER TABLE order_documents ADD COLUMN placed_by TEXT;
