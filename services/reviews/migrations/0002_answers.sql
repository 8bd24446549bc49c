-- What came to reviews: the vendor's answer, votes, photos, reports, moderation.
ALTER TABLE reviews ADD COLUMN reply TEXT;
ALTER TABLE reviews ADD COLUMN replied_at BIGINT;
-- Number of rows in `review_votes`.
ALTER TABLE reviews ADD COLUMN helpful BIGINT NOT NULL DEFAULT 0 CHECK (helpful >= 0);
-- A JSON list of photos with what they take up.
ALTER TABLE reviews ADD COLUMN photos TEXT NOT NULL DEFAULT '[]';
-- Number of rows in `review_reports` that nobody has dealt with, and when the first of them came.
ALTER TABLE reviews ADD COLUMN reports BIGINT NOT NULL DEFAULT 0 CHECK (reports >= 0);
ALTER TABLE reviews ADD COLUMN reported_at BIGINT;
-- While set, it is not shown and does not count.
ALTER TABLE reviews ADD COLUMN hidden_at BIGINT;
ALTER TABLE reviews ADD COLUMN hidden_reason TEXT;
CREATE INDEX reviews_helpful ON reviews (product_id, helpful, created_at, id) WHERE hidden_at IS NULL;
CREATE INDEX reviews_of_vendor ON reviews (vendor_id, created_at, id) WHERE hidden_at IS NULL;
CREATE INDEX reviews_unanswered ON reviews (vendor_id, created_at, id) WHERE hidden_at IS NULL AND reply IS NULL;
CREATE INDEX reviews_of_vendor_stars ON reviews (vendor_id, rating, created_at, id) WHERE hidden_at IS NULL;
CREATE INDEX reviews_reported ON reviews (reported_at, id) WHERE reported_at IS NOT NULL;

-- Who finds a review helpful.
CREATE TABLE review_votes (
    review_id TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (review_id, account_id)
);

-- Who reported a review, and why. Kept when a moderator has dealt with it: nobody reports twice.
CREATE TABLE review_reports (
    review_id TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('spam', 'offensive', 'off_topic', 'other')),
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    cleared_at BIGINT,
    PRIMARY KEY (review_id, account_id)
);

-- What moderators did. Stays when the review is gone.
CREATE TABLE moderation (
    id TEXT NOT NULL PRIMARY KEY,
    review_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('kept', 'hidden', 'restored', 'removed')),
    reason TEXT NOT NULL,
    account_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX moderation_recent ON moderation (created_at, id);

-- Bytes of the photos an account keeps here.
CREATE TABLE photo_usage (
    account_id TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL CHECK (bytes >= 0)
);

-- Number of reviews of a vendor's products per number of stars, kept with each write.
CREATE TABLE vendor_ratings (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    stars1 BIGINT NOT NULL CHECK (stars1 >= 0),
    stars2 BIGINT NOT NULL CHECK (stars2 >= 0),
    stars3 BIGINT NOT NULL CHECK (stars3 >= 0),
    stars4 BIGINT NOT NULL CHECK (stars4 >= 0),
    stars5 BIGINT NOT NULL CHECK (stars5 >= 0)
);
INSERT INTO vendor_ratings (vendor_id, stars1, stars2, stars3, stars4, stars5)
    SELECT vendor_id, count(CASE WHEN rating = 1 THEN 1 END), count(CASE WHEN rating = 2 THEN 1 END),
        count(CASE WHEN rating = 3 THEN 1 END), count(CASE WHEN rating = 4 THEN 1 END),
        count(CASE WHEN rating = 5 THEN 1 END)
    FROM reviews GROUP BY vendor_id;

-- When a purchase arrived; nobody is asked how a thing is before they have it.
ALTER TABLE purchases ADD COLUMN delivered_at BIGINT;
-- Orders whose buyers were invited to review what came: once each.
CREATE TABLE invitations (
    order_id TEXT NOT NULL PRIMARY KEY,
    sent_at BIGINT NOT NULL
);
