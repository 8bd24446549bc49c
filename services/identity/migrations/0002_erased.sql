-- When an account was erased: what else stands in its row says nothing of its person any more.
ALTER TABLE accounts ADD COLUMN erased_at BIGINT;
-- Who owns a store besides the one who wants to go.
CREATE INDEX memberships_of_vendor ON memberships (vendor_id, role);
