//! The parts add up to the quote, or there is no order.

use contracts::{orders::PaymentChoice, pricing::Quote};
use kernel::{Currency, Ids, ManualClock, Money, OrderId, Result, SeededRandom, Timestamp};
use proptest::prelude::*;

use super::{Wanted, eur, quote, two_vendors, vendor};
use crate::model::{
    Order,
    split::{self, Buyer},
};

fn draft(quote: &Quote) -> Result<Order> {
    let ids = Ids::new(std::sync::Arc::new(ManualClock::new(Timestamp(0))), std::sync::Arc::new(SeededRandom::new(1)));
    let payment = PaymentChoice { method: "card".into(), token: None, return_path: None };
    let buyer = Buyer { account_id: None, email: "a@example.com".parse().unwrap(), cart_id: None, payment };
    split::draft(quote, OrderId::new(&ids), buyer, &ids, Timestamp(0))
}

#[test]
fn a_quote_becomes_one_part_per_vendor() {
    let order = draft(&two_vendors()).unwrap();
    assert_eq!(order.total, eur(6040));
    let sums: Vec<_> = order.parts.iter().map(|p| (p.vendor_id, p.items, p.shipping, p.total)).collect();
    assert_eq!(sums, [(vendor("ada"), eur(2550), eur(490), eur(3040)), (vendor("bob"), eur(3000), eur(0), eur(3000))]);
    assert_eq!(order.parts[0].lines.len(), 2);
    assert_eq!(order.items(), 4);
}

#[test]
fn a_quote_that_does_not_add_up_is_refused() {
    let spoils: &[fn(&mut Quote)] = &[
        |q| q.total.amount_minor += 1,
        |q| q.tax.amount_minor -= 1,
        |q| q.shipping.amount_minor += 1,
        |q| q.subtotal.amount_minor += 1,
        |q| q.discount.amount_minor += 1,
        |q| q.lines[0].total.amount_minor += 1,
        |q| q.lines[0].unit_price.amount_minor -= 1,
        |q| q.lines[0].tax.amount_minor += 1,
        |q| q.lines[0].quantity = 0,
        |q| q.lines[0].vendor_id = vendor("nobody"),
        |q| q.lines[0].vendor_id = vendor("bob"),
        |q| q.vendors[0].items.amount_minor += 1,
        |q| q.vendors[0].shipping.amount_minor += 1,
        |q| q.vendors[0].shipping_tax.amount_minor += 1,
        |q| q.vendors[1].total.amount_minor += 1,
        |q| q.vendors[1].vendor_id = vendor("ada"),
        |q| q.total.currency = Currency::USD,
        |q| drop(q.vendors.pop()),
    ];
    for (number, spoil) in spoils.iter().enumerate() {
        let mut quote = two_vendors();
        spoil(&mut quote);
        assert_eq!(draft(&quote).expect_err(&format!("spoil {number}")).kind(), kernel::Kind::Internal);
    }
}

proptest! {
    #[test]
    fn parts_always_partition_the_order(
        wanted in prop::collection::vec((prop::collection::vec((1_i64..20, 0_i64..100_000), 1..6), 0_i64..2_000), 1..8)
    ) {
        let names: Vec<String> = (0..wanted.len()).map(|n| format!("v{n}")).collect();
        let titles: Vec<Vec<String>> = wanted.iter().enumerate()
            .map(|(v, (lines, _))| (0..lines.len()).map(|l| format!("t{v}-{l}")).collect()).collect();
        let lines: Vec<Vec<(&str, i64, i64)>> = wanted.iter().zip(&titles)
            .map(|((lines, _), titles)| lines.iter().zip(titles).map(|((q, p), t)| (t.as_str(), *q, *p)).collect()).collect();
        let vendors: Vec<Wanted<'_>> = names.iter().zip(&lines).zip(&wanted)
            .map(|((name, lines), (_, shipping))| (name.as_str(), lines.as_slice(), *shipping)).collect();
        let quote = quote(&vendors);
        let order = draft(&quote).unwrap();
        let sum = |of: fn(&crate::model::Part) -> Money| Money::sum(Currency::EUR, order.parts.iter().map(of)).unwrap();
        prop_assert_eq!(sum(|p| p.total), quote.total);
        prop_assert_eq!(sum(|p| p.tax), quote.tax);
        prop_assert_eq!(sum(|p| p.shipping), quote.shipping);
        prop_assert_eq!(order.lines().count(), quote.lines.len());
        for line in &quote.lines {
            prop_assert_eq!(order.lines().filter(|l| l.variant_id == line.variant_id).count(), 1);
        }
    }
}
