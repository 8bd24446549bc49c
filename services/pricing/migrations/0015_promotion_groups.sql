-- Keys of the groups of customers that a promotion is for, each between spaces; empty for everybody. The same as in `input`.
ALTER TABLE promotions ADD COLUMN group_keys TEXT NOT NULL DEFAULT '';
