-- Searches by words, by day (days since 1970, UTC).
CREATE TABLE searches_daily (
    day BIGINT NOT NULL PRIMARY KEY,
    searches BIGINT NOT NULL,
    missed BIGINT NOT NULL
);

-- What was not found, by day: words and how often. Nobody knows who has typed them.
CREATE TABLE missed_terms (
    day BIGINT NOT NULL,
    term TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (day, term)
);
