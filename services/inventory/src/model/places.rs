//! What of a variant lies at which location, and from which of them goods are taken.

use kernel::LocationId;

use super::Stock;

/// What lies at one location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub location_id: LocationId,
    pub on_hand: i64,
    pub reserved: i64,
}

impl Place {
    /// Not promised to anybody.
    pub fn free(&self) -> i64 {
        self.on_hand - self.reserved
    }
}

/// All places of one variant, in the order in which goods are taken from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places(pub Vec<Place>);

impl Places {
    /// Of a variant that was never anywhere but at the default location.
    pub fn whole(stock: &Stock) -> Self {
        let location_id = stock.default_location();
        Self(vec![Place { location_id, on_hand: stock.on_hand, reserved: stock.reserved }])
    }
    /// The place at a location; an empty one if nothing has been there.
    pub fn at(&self, location_id: LocationId) -> Place {
        let found = self.0.iter().find(|place| place.location_id == location_id);
        found.copied().unwrap_or(Place { location_id, on_hand: 0, reserved: 0 })
    }
    /// How many of `quantity` come from which place, the first ones first, by what is free there.
    pub fn share_out(&self, quantity: i64) -> Vec<(Place, i64)> {
        let mut wanted = quantity;
        let mut shares = Vec::new();
        for place in &self.0 {
            let share = place.free().min(wanted);
            if share > 0 {
                shares.push((*place, share));
                wanted -= share;
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Places> {
        prop::collection::vec((0_i64..20, 0_i64..20), 1..6).prop_map(|numbers| {
            let place = |(i, (on_hand, reserved)): (usize, (i64, i64))| Place {
                location_id: LocationId::derived("test", &[&i.to_string()]),
                on_hand,
                reserved: reserved.min(on_hand),
            };
            Places(numbers.into_iter().enumerate().map(place).collect())
        })
    }

    proptest! {
        #[test]
        fn what_is_there_is_found_and_the_first_places_are_emptied_first(places in places(), quantity in 0_i64..100) {
            let free: i64 = places.0.iter().map(Place::free).sum();
            let shares = places.share_out(quantity);
            prop_assert_eq!(shares.iter().map(|(_, share)| share).sum::<i64>(), quantity.min(free));
            for (place, share) in &shares {
                prop_assert!((1..=place.free()).contains(share));
            }
            // All but the last are taken whole, and none before it was passed over.
            let with_something: Vec<_> = places.0.iter().filter(|place| place.free() > 0).collect();
            for (i, (place, share)) in shares.iter().enumerate() {
                prop_assert_eq!(place, with_something[i]);
                prop_assert!(i + 1 == shares.len() || *share == place.free());
            }
        }
    }
}
