-- That an order is a gift, with the message that comes with it.
ALTER TABLE order_documents ADD COLUMN gift TEXT;
