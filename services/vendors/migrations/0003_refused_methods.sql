-- Ways to pay that are not offered for the store's goods, each between spaces.
ALTER TABLE vendors ADD COLUMN refused_methods TEXT NOT NULL DEFAULT '';
