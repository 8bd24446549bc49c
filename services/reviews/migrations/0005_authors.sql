-- Whose review it was that moderators dealt with, so that its name can go with the account.
ALTER TABLE moderation ADD COLUMN author_id TEXT;
UPDATE moderation SET author_id = (SELECT r.account_id FROM reviews r WHERE r.id = moderation.review_id);
CREATE INDEX moderation_of_author ON moderation (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX reviews_of_account ON reviews (account_id);
CREATE INDEX review_reports_of_account ON review_reports (account_id);
