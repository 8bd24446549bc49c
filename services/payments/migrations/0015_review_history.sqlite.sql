-- What was done about a thing to be looked at is only ever added to.
CREATE TRIGGER review_actions_stay BEFORE UPDATE ON review_actions
BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER review_actions_remain BEFORE DELETE ON review_actions
BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
