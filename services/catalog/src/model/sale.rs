//! Times in which a product costs less, as files tell of them: amounts there, a part of the price here.

use contracts::catalog::ProductSale;

/// The parts a discount may take off, in hundredths of a percent.
const PART_MIN: i128 = 1;
const PART_MAX: i128 = 9_500;

/// What a draft says of a time in which the product costs less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SaleDraft {
    /// Nothing.
    AsBefore,
    /// That there is this one, or none.
    Is(Option<ProductSale>),
}

/// The roundest part that takes exactly the wanted amounts off some list prices (`(list, off)`, in minor units), rounded
/// half away from zero as discounts are; none if no part does.
pub(crate) fn part_off(prices: &[(i64, i64)]) -> Option<i64> {
    let (mut least, mut most) = (PART_MIN, PART_MAX);
    for (list, off) in prices.iter().map(|(list, off)| (i128::from(*list), i128::from(*off))) {
        if list <= 0 {
            return None;
        }
        // What rounds to it lies from half a unit below it to less than half a unit above.
        least = least.max(quotient_up((2 * off - 1) * 5_000, list));
        most = most.min(quotient_up((2 * off + 1) * 5_000, list) - 1);
    }
    let round = |step: i128| Some(quotient_up(least, step) * step).filter(|part| *part <= most);
    [500, 100, 50, 10, 5, 1].into_iter().find_map(round).and_then(|part| i64::try_from(part).ok())
}

/// The part that is nearest for the dearest of some list prices, if it misses none of the amounts by more than a hundredth
/// of a percent.
pub(crate) fn near_part(prices: &[(i64, i64)]) -> Option<i64> {
    let wide = |(list, off): &(i64, i64)| (i128::from(*list), i128::from(*off) * 10_000);
    let (list, off) = prices.iter().map(wide).max().filter(|(list, _)| *list > 0)?;
    let part = (off + list / 2).div_euclid(list);
    let is_near = (PART_MIN..=PART_MAX).contains(&part)
        && prices.iter().map(wide).all(|(list, off)| (list * part - off).abs() <= list);
    i64::try_from(part).ok().filter(|_| is_near)
}

fn quotient_up(of: i128, by: i128) -> i128 {
    of.div_euclid(by) + i128::from(of.rem_euclid(by) != 0)
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Money};
    use proptest::prelude::*;

    use super::*;

    fn taken(list: i64, part: i64) -> i64 {
        Money::new(list, Currency::EUR).basis_points(part).unwrap().amount_minor
    }

    #[test]
    fn parts_are_as_round_as_they_can_be() {
        for (prices, part) in [
            (&[(2_490, 500)][..], Some(2_010)),
            (&[(2_500, 500), (1_999, 400)], Some(2_000)),
            (&[(2_490, 2_490)], None),
            (&[(0, 0)], None),
            (&[(2_500, 500), (2_600, 500)], None),
            (&[(249_000, 50_000)], None),
        ] {
            assert_eq!(part_off(prices), part, "{prices:?}");
        }
        assert_eq!((near_part(&[(249_000, 50_000)]), taken(249_000, 2_008)), (Some(2_008), 49_999));
        assert_eq!(near_part(&[(2_500, 500), (2_600, 500)]), None);
        assert_eq!((near_part(&[(100, 100)]), near_part(&[(0, 0)]), near_part(&[])), (None, None, None));
    }

    proptest! {
        #[test]
        fn a_part_takes_off_what_was_wanted(list in 1_i64..1_000_000, part in 1_i64..=9_500) {
            let off = taken(list, part);
            prop_assert_eq!(part_off(&[(list, off)]).map(|found| taken(list, found)), Some(off));
        }
    }
}
