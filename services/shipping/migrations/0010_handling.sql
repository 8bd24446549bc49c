-- When a parcel leaves: `{"days": 2, "cutoff_hour": 14, "utc_offset_min": 60}`; nothing in it: on the working day of the order.
ALTER TABLE methods ADD COLUMN handling TEXT NOT NULL DEFAULT '{}';
