-- A correction is a new entry that names the one it corrects.
CREATE TRIGGER journal_entries_stay BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_entries_remain BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER postings_remain BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
