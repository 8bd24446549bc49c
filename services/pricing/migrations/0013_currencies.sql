-- What the shop sells in beside its main currency. A rate counts from the main currency, in millionths.
CREATE TABLE currencies (
    code TEXT NOT NULL PRIMARY KEY,
    rate_micro BIGINT NOT NULL CHECK (rate_micro > 0),
    -- How prices are rounded: which of two neighbours, how far they are apart, what they end in.
    mode TEXT NOT NULL CHECK (mode IN ('nearest', 'up', 'down')),
    step_minor BIGINT NOT NULL CHECK (step_minor > 0),
    ending_minor BIGINT,
    enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    updated_at BIGINT NOT NULL,
    CHECK (ending_minor >= 0 AND ending_minor < step_minor)
);
