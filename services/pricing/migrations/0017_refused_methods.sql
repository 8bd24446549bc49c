-- Ways to pay that are not offered for the vendor's goods, each between spaces; as `vendors` tells.
ALTER TABLE vendors ADD COLUMN refused_methods TEXT NOT NULL DEFAULT '';
