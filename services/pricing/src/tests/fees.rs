//! What the way to pay costs: part of the shipping of those who send, taxed with it, explained.

use contracts::pricing::{PaymentFee, Quote};
use testkit::on_both_databases;

use super::*;

fn fee() -> PaymentFee {
    let (method, label) = ("cash_on_delivery".to_owned(), "Cash on delivery".to_owned());
    PaymentFee { method, label, amount: eur(301) }
}

fn with_fee() -> Vec<ServiceDef> {
    vec![crate::service_with(Currency::EUR, vec![fee()])]
}

async fn ask(app: &TestApp, method: Option<&str>, lines: &[(&str, i64)]) -> Quote {
    let request = QuoteRequest { payment_method: method.map(str::to_owned), ..wants("DE", lines) };
    app.guest().post("/api/v1/quotes", &request).await.expect(200).json()
}

#[tokio::test]
async fn a_fee_is_shared_by_those_who_send_and_taxed_with_their_shipping() {
    on_both_databases(with_fee, |app| async move {
        stock_the_shelves(&app).await;
        let both = [("mug", 1), ("lamp", 1)];
        let free = ask(&app, None, &both).await;
        assert_eq!((free.shipping, free.payment_fee.clone()), (eur(490 + 750), None));
        assert_eq!(ask(&app, Some("card"), &both).await, free);
        let cash = ask(&app, Some("cash_on_delivery"), &both).await;
        assert_eq!(cash.payment_fee, Some(fee()));
        assert_eq!((cash.shipping, cash.subtotal), (eur(490 + 750 + 301), free.subtotal));
        assert_eq!(cash.total, free.total.plus(eur(301)).unwrap());
        assert_ne!(cash.hash, free.hash);
        let shipping = |quote: &Quote| {
            let mut all: Vec<i64> = quote.vendors.iter().map(|of| of.shipping.amount_minor).collect();
            all.sort_unstable();
            all
        };
        // 3.01 in two halves: the first of the quote bears the odd cent.
        let first = shipping(&cash);
        assert!(first == [490 + 151, 750 + 150] || first == [490 + 150, 750 + 151], "{first:?}");
        for vendor in &cash.vendors {
            let before = free.vendors.iter().find(|of| of.vendor_id == vendor.vendor_id).unwrap();
            assert_eq!((vendor.items, vendor.method.clone()), (before.items, before.method.clone()));
            // Contained at 19 %.
            let contained = (vendor.shipping.amount_minor * 19 * 2 + 119) / (119 * 2);
            assert_eq!(vendor.shipping_tax, eur(contained));
            assert_eq!(vendor.total, vendor.items.plus(vendor.shipping).unwrap());
        }
        let reasons: Vec<_> = cash.explanation.iter().filter(|reason| reason.rule == "payment_fee").collect();
        assert_eq!(reasons.len(), 1);
        assert_eq!((reasons[0].text.as_str(), reasons[0].amount), ("Cash on delivery: a fee", eur(301)));
    })
    .await;
}

#[tokio::test]
async fn free_shipping_is_of_the_delivery_alone() {
    on_both_databases(with_fee, |app| async move {
        stock_the_shelves(&app).await;
        // From 50.00 on ada sends for nothing.
        let cash = ask(&app, Some("cash_on_delivery"), &[("mug", 3)]).await;
        assert_eq!((cash.shipping, cash.total), (eur(301), eur(3 * 2490 + 301)));
        assert!(cash.explanation.iter().any(|reason| reason.rule == "free_shipping"));
    })
    .await;
}
