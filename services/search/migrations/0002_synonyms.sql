-- Words that mean the same, as the administration has written them: one document.
CREATE TABLE synonyms (
    id BIGINT NOT NULL PRIMARY KEY,
    list TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
INSERT INTO synonyms (id, list, version, changed_at) VALUES (1, '[]', 1, 0);
