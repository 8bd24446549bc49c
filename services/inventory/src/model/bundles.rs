//! Bundles: their lines become lines of their parts, and their numbers come from those of their parts.

use std::collections::BTreeMap;

use contracts::{
    catalog::BundlePart,
    inventory::{FrozenBundle, FrozenPart, Shortage},
};
use kernel::{Error, Result, VariantId};

use super::{Need, Stock};

/// What each bundle is made of.
pub(crate) type Compositions = BTreeMap<VariantId, Vec<BundlePart>>;

/// A part of a bundle, with what can be had of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    /// How many of it lie in one bundle.
    pub quantity: i64,
    /// Can be had out of what is there; below zero as far as it is sold beyond that.
    pub available: i64,
    /// Can be ordered.
    pub orderable: i64,
    /// False takes the bundle off sale with it.
    pub on_sale: bool,
}

/// How many bundles the parts suffice for: out of what is there, and with what may be sold beyond it. What lies in it
/// least often enough decides.
pub(crate) fn suffices(parts: &[Counted]) -> (i64, i64) {
    let least = |of: fn(&Counted) -> i64| {
        let counts = parts.iter().map(|part| if part.on_sale { of(part).max(0) / part.quantity.max(1) } else { 0 });
        counts.min().unwrap_or(0)
    };
    (least(|part| part.available), least(|part| part.orderable))
}

/// What is wanted: lines as they were ordered, and what they need of the variants that lie in the stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Pieces of each variant, bundles among them.
    pub lines: Need,
    /// What those bundles are made of.
    pub bundles: Compositions,
    /// Pieces of each variant that has stock of its own.
    pub need: Need,
}

impl Wanted {
    /// Bundles become their parts, and what several lines need of one variant is summed before anything is compared
    /// with it (invariant S5).
    pub fn new(lines: Need, bundles: Compositions) -> Result<Self> {
        let need = expand(&lines, &bundles)?;
        Ok(Self { lines, bundles, need })
    }

    /// Which lines are short if these variants are: those that were ordered, not what they are made of. Each line says
    /// how many of it could be had together with those before it, plain ones first.
    pub fn short_lines(&self, short: &[Shortage]) -> Vec<Shortage> {
        let mut left: BTreeMap<VariantId, i64> =
            short.iter().map(|short| (short.variant_id, short.available.max(0))).collect();
        let (bundles, plain): (Vec<_>, Vec<_>) =
            self.lines.iter().partition(|(variant_id, _)| self.bundles.contains_key(*variant_id));
        let mut lines = Vec::new();
        for (&variant_id, &wanted) in plain.into_iter().chain(bundles) {
            let alone = [BundlePart { variant_id, quantity: 1 }];
            let parts = self.bundles.get(&variant_id).map_or(&alone[..], Vec::as_slice);
            let most =
                parts.iter().filter_map(|part| left.get(&part.variant_id).map(|left| left / part.quantity.max(1)));
            let available = most.min().unwrap_or(wanted).min(wanted);
            for part in parts {
                if let Some(left) = left.get_mut(&part.variant_id) {
                    *left -= available * part.quantity;
                }
            }
            if available < wanted {
                lines.push(Shortage { variant_id, wanted, available });
            }
        }
        lines
    }

    /// What its bundles are made of, with what their parts are called in the rows that were taken.
    pub fn told(&self, taken: &[(Stock, i64)]) -> Vec<FrozenBundle> {
        let part = |part: &BundlePart| {
            let stock = taken.iter().find(|(stock, _)| stock.variant_id == part.variant_id).map(|(stock, _)| stock);
            let (title, sku) = stock.map(|stock| (stock.title.clone(), stock.sku.clone())).unwrap_or_default();
            FrozenPart { variant_id: part.variant_id, title, sku, quantity: part.quantity }
        };
        let bundle = |(variant_id, parts): (&VariantId, &Vec<BundlePart>)| FrozenBundle {
            variant_id: *variant_id,
            parts: parts.iter().map(part).collect(),
        };
        self.bundles.iter().map(bundle).collect()
    }
}

/// Pieces of each variant that has stock of its own.
pub(crate) fn expand(lines: &Need, bundles: &Compositions) -> Result<Need> {
    let mut need = Need::new();
    for (&variant_id, &quantity) in lines {
        let alone = [BundlePart { variant_id, quantity: 1 }];
        for part in bundles.get(&variant_id).map_or(&alone[..], Vec::as_slice) {
            let sum = need.entry(part.variant_id).or_insert(0);
            let before = if kernel::planted!(19) { 0 } else { *sum };
            let wanted = part.quantity.checked_mul(quantity).and_then(|more| before.checked_add(more));
            *sum = wanted.ok_or_else(|| Error::internal(format!("{quantity} of {variant_id} are too many")))?;
        }
    }
    Ok(need)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(name: &str) -> VariantId {
        VariantId::derived("test", &[name])
    }
    fn need(lines: &[(&str, i64)]) -> Need {
        lines.iter().map(|(name, quantity)| (id(name), *quantity)).collect()
    }
    fn made_of(bundles: &[(&str, &[(&str, i64)])]) -> Compositions {
        let part = |(name, quantity): &(&str, i64)| BundlePart { variant_id: id(name), quantity: *quantity };
        bundles.iter().map(|(name, parts)| (id(name), parts.iter().map(part).collect())).collect()
    }
    fn short(name: &str, wanted: i64, available: i64) -> Shortage {
        Shortage { variant_id: id(name), wanted, available }
    }
    fn counted(quantity: i64, available: i64, orderable: i64) -> Counted {
        Counted { quantity, available, orderable, on_sale: true }
    }

    #[test]
    fn the_scarcest_part_decides() {
        assert_eq!(suffices(&[counted(2, 7, 7), counted(1, 9, 9)]), (3, 3));
        assert_eq!(suffices(&[counted(2, -3, 4), counted(1, 9, 9)]), (0, 2));
        assert_eq!(suffices(&[counted(3, 2, 2), counted(1, 9, 9)]), (0, 0));
        assert_eq!(suffices(&[Counted { on_sale: false, ..counted(1, 9, 9) }, counted(1, 9, 9)]), (0, 0));
        assert_eq!(suffices(&[]), (0, 0));
    }

    #[test]
    fn needs_of_one_variant_are_summed_over_all_lines() {
        let bundles = made_of(&[("set", &[("cup", 2), ("jug", 1)]), ("pair", &[("cup", 2)])]);
        let wanted = Wanted::new(need(&[("cup", 3), ("set", 2), ("pair", 1), ("mat", 1)]), bundles).unwrap();
        assert_eq!(wanted.need, need(&[("cup", 9), ("jug", 2), ("mat", 1)]));
        // Seven cups: the plain line has its three, one bundle of two can be had, the rest not.
        let lines = wanted.short_lines(&[short("cup", 9, 7)]);
        let had: i64 = lines.iter().map(|short| short.wanted - short.available).sum();
        assert_eq!((lines.len(), had), (1, 1), "{lines:?}");
        assert!(lines.iter().all(|line| [id("set"), id("pair")].contains(&line.variant_id)));
        assert_eq!(wanted.short_lines(&[short("mat", 1, 0)]), [short("mat", 1, 0)]);
        assert_eq!(wanted.short_lines(&[short("jug", 2, 1)]), [short("set", 2, 1)]);
    }

    #[test]
    fn too_many_are_a_mistake_of_ours() {
        let bundles = made_of(&[("set", &[("cup", 1_000)])]);
        assert!(Wanted::new(need(&[("set", i64::MAX / 10)]), bundles).is_err());
    }

    fn cases() -> impl Strategy<Value = (Need, Compositions, BTreeMap<VariantId, i64>)> {
        let parts = prop::collection::btree_map(0_usize..4, 1_i64..4, 1..4);
        let names = |i: usize| id(&format!("part {i}"));
        let bundles = prop::collection::vec(parts, 0..4).prop_map(move |bundles| {
            let made = |(i, parts): (usize, BTreeMap<usize, i64>)| {
                let part = |(i, quantity)| BundlePart { variant_id: names(i), quantity };
                (id(&format!("bundle {i}")), parts.into_iter().map(part).collect())
            };
            bundles.into_iter().enumerate().map(made).collect::<Compositions>()
        });
        (bundles, prop::collection::vec(0_i64..5, 8), prop::collection::vec(0_i64..12, 4)).prop_map(
            move |(bundles, quantities, stock)| {
                let of_parts = (0..4).map(names).zip(quantities.iter().copied());
                let of_bundles = bundles.keys().copied().zip(quantities[4..].iter().copied());
                let lines = of_parts.chain(of_bundles).filter(|(_, quantity)| *quantity > 0).collect();
                (lines, bundles, (0..4).map(names).zip(stock).collect())
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_told_to_be_short_is_what_has_to_go((lines, bundles, stock) in cases()) {
            let bundles: Compositions = bundles.into_iter().filter(|(id, _)| lines.contains_key(id)).collect();
            let wanted = Wanted::new(lines.clone(), bundles.clone()).unwrap();
            // The sum is that of all lines, one by one.
            let each = lines.iter().flat_map(|(id, quantity)| vec![*id; usize::try_from(*quantity).unwrap()]);
            let mut pieces = Need::new();
            for id in each {
                match bundles.get(&id) {
                    Some(parts) => parts.iter().for_each(|p| *pieces.entry(p.variant_id).or_insert(0) += p.quantity),
                    None => *pieces.entry(id).or_insert(0) += 1,
                }
            }
            prop_assert_eq!(&wanted.need, &pieces);
            let short: Vec<Shortage> = wanted.need.iter().filter(|(id, wanted)| stock[*id] < **wanted)
                .map(|(id, wanted)| Shortage { variant_id: *id, wanted: *wanted, available: stock[id] }).collect();
            let told = wanted.short_lines(&short);
            prop_assert_eq!(told.is_empty(), short.is_empty());
            // With no more of each line than is told, the stock suffices.
            let mut less = lines;
            for line in &told {
                prop_assert!(line.available < line.wanted && line.available >= 0);
                less.insert(line.variant_id, line.available);
            }
            for (id, quantity) in expand(&less, &bundles).unwrap() {
                prop_assert!(quantity <= stock[&id]);
            }
        }

        #[test]
        fn one_bundle_more_would_be_too_many(parts in prop::collection::vec((1_i64..5, -4_i64..30, 0_i64..9), 1..6)) {
            let parts: Vec<Counted> =
                parts.into_iter().map(|(q, there, cap)| counted(q, there, (there + cap).max(0))).collect();
            let (there, with_cap) = suffices(&parts);
            prop_assert!(there <= with_cap);
            let there_of: fn(&Counted) -> i64 = |part| part.available.max(0);
            let order_of: fn(&Counted) -> i64 = |part| part.orderable;
            for (many, of) in [(there, there_of), (with_cap, order_of)] {
                prop_assert!(parts.iter().all(|p| p.quantity * many <= of(p)));
                prop_assert!(parts.iter().any(|p| p.quantity * (many + 1) > of(p)));
            }
        }
    }
}
