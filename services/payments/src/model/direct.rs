//! What a vendor gets of a payment from the provider itself, and what of that goes back. Pure.

use kernel::{Error, Money, Result};

use crate::{ledger::Part, provider::direct::DirectPart};

/// What the platform keeps of a vendor's part, so that the vendor gets what it is owed for it, less what it owes the platform
/// already (labels): of its due at most half is kept for that at a time. None if nothing would be left for the vendor.
pub fn fee(part: &Part, owed: Money) -> Result<Option<Money>> {
    // More than the buyer pays cannot come from the provider: what promotions add comes with the next payout.
    let due = part.net(part.total)?.amount_minor.min(part.total.amount_minor);
    if due <= 0 {
        return Ok(None);
    }
    let gets = due - owed.amount_minor.clamp(0, due / 2);
    part.total.minus(Money::new(gets, part.total.currency)).map(Some)
}

/// What of a refund the vendor's own account gives; the platform gives the rest out of its fee. In proportion, rounded on what
/// has gone back so far; after the last refund each has given back exactly what it had. `gone` has gone back before, or is on
/// its way, and `direct` of that came out of the vendor's account.
pub fn of_refund(part: &DirectPart, gone: Money, direct: Money, amount: Money) -> Result<Money> {
    let given = gone.minus(direct)?;
    let (whole, back) = (i128::from(part.amount.amount_minor), i128::from(gone.plus(amount)?.amount_minor));
    let rounded = (i128::from(part.fee.amount_minor) * back * 2 + whole) / (whole * 2);
    let wanted = i64::try_from(rounded).map_err(Error::internal)? - given.amount_minor;
    // Refunds that failed may have left a cent between what each of the two has left and what is in proportion.
    let least = amount.minus(part.to_vendor()?.minus(direct)?)?.amount_minor.max(0);
    let most = amount.amount_minor.min(part.fee.minus(given)?.amount_minor);
    amount.minus(Money::new(wanted.min(most).max(least), amount.currency))
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, VendorId};
    use proptest::prelude::*;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn part(total: i64, subsidy: i64, commission: i64) -> Part {
        Part {
            vendor_id: VendorId::derived("vendor", &["a"]),
            total: eur(total),
            shipping: eur(0),
            subsidy: eur(subsidy),
            commission: eur(commission),
            refunded: eur(0),
            settled: eur(0),
            disputed: eur(0),
            lost: eur(0),
            digital: false,
        }
    }

    #[test]
    fn the_platform_keeps_its_commission_and_what_it_is_owed() {
        let kept = |part: Part, owed: i64| fee(&part, eur(owed)).unwrap().map(|fee| fee.amount_minor);
        assert_eq!(kept(part(10_000, 0, 1_000), 0), Some(1_000));
        assert_eq!(kept(part(10_000, 0, 1_000), 390), Some(1_390));
        // At most half of what the vendor is due.
        assert_eq!(kept(part(10_000, 0, 1_000), 9_000), Some(5_500));
        // A subsidy makes up for commission; more than the buyer pays the provider cannot send.
        assert_eq!(kept(part(10_000, 400, 1_000), 0), Some(600));
        assert_eq!(kept(part(10_000, 4_000, 1_000), 0), Some(0));
        assert_eq!((kept(part(100, 0, 100), 0), kept(part(100, 0, 120), 0)), (None, None));
        assert_eq!(kept(part(100, 0, 99), 50), Some(99));
    }

    proptest! {
        #[test]
        fn everything_goes_back_where_it_came_from(
            total in 1..20_000i64, of_fee in 0..1_000i64, steps in prop::collection::vec((1..9_000i64, any::<bool>()), 1..12)
        ) {
            let fee = total * of_fee / 1_001;
            let vendor_id = VendorId::derived("vendor", &["a"]);
            let part = DirectPart { vendor_id, account_ref: "A".to_owned(), amount: eur(total), fee: eur(fee) };
            let mut live: Vec<(i64, i64)> = Vec::new();
            let give = |live: &mut Vec<(i64, i64)>, amount: i64| {
                let (gone, direct) = live.iter().fold((0, 0), |(g, d), (amount, of)| (g + amount, d + of));
                let amount = amount.min(total - gone);
                if amount > 0 {
                    let of = of_refund(&part, eur(gone), eur(direct), eur(amount)).unwrap().amount_minor;
                    assert!((0..=amount).contains(&of));
                    assert!(direct + of <= total - fee && gone + amount - direct - of <= fee);
                    live.push((amount, of));
                }
            };
            for (amount, fails) in steps {
                give(&mut live, amount);
                if fails && live.len() > 1 {
                    live.remove(0);
                }
            }
            give(&mut live, total);
            let back = live.iter().fold((0, 0), |(g, d), (amount, of)| (g + amount, d + of));
            prop_assert_eq!(back, (total, total - fee));
        }
    }
}
