-- Which of its product's pictures shows a variant, and from which address an import wants that one while it is not fetched.
ALTER TABLE variants ADD COLUMN picture_id TEXT;
ALTER TABLE variants ADD COLUMN picture_wanted TEXT;
