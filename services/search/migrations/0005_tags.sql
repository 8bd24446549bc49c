-- Tags are among what one can narrow by: all products have to be looked at again, as one change.
UPDATE counter SET value = value + 1 WHERE id = 1 AND EXISTS (SELECT 1 FROM documents);
UPDATE documents SET seq = (SELECT value FROM counter WHERE id = 1);
