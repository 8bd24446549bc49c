//! Tax that was added to prices: it is in every total, and the order remembers that it was added.

use contracts::{
    orders::{OrderPlaced, ReturnRefundDue, ReturnView, VendorOrderDetail},
    pricing::Quote,
    taxes::TaxLine,
};
use kernel::Money;
use testkit::{customer, on_both_databases, vendor_staff};

use super::{
    lifecycle::delivered,
    returns::{act, approve, arrival, asked},
    *,
};

/// The quote with a tenth added to goods and nothing to shipping.
fn added() -> Quote {
    let mut quote = two_vendors();
    let mut taxed = eur(0);
    for line in &mut quote.lines {
        line.tax_rate_bp = 1_000;
        line.tax = line.total.basis_points(1_000).unwrap();
        line.total = line.total.plus(line.tax).unwrap();
        taxed = taxed.plus(line.tax).unwrap();
    }
    for vendor in &mut quote.vendors {
        let own = || quote.lines.iter().filter(|line| line.vendor_id == vendor.vendor_id);
        vendor.items = Money::sum(Currency::EUR, own().map(|line| line.total)).unwrap();
        vendor.shipping_tax = eur(0);
        vendor.tax = Money::sum(Currency::EUR, own().map(|line| line.tax)).unwrap();
        vendor.total = vendor.items.plus(vendor.shipping).unwrap();
    }
    let line = |rate_bp, net, tax| TaxLine { name: "Sales tax".to_owned(), rate_bp, net, tax };
    quote.taxes = vec![line(0, quote.shipping, eur(0)), line(1_000, quote.subtotal, taxed)];
    (quote.tax, quote.tax_added) = (taxed, true);
    quote.total = quote.total.plus(taxed).unwrap();
    quote
}

#[tokio::test]
async fn an_order_has_the_added_tax_in_its_totals() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(added());
        let buyer = app.as_user(&customer("eve"));
        let placed: PlacedOrder = buyer.key("k1").post("/api/v1/orders", &body(&added())).await.expect(202).json();
        let order = &placed.order;
        // 2 × 10.00 and 5.50 with 2.55 and 4.90 for the parcel; 30.00 with 3.00.
        assert_eq!((order.quote.tax, order.quote.total), (eur(555), eur(6040 + 555)));
        assert_eq!(order.quote, added(), "rates and amounts are frozen with the order");
        let sums: Vec<_> = order.vendor_orders.iter().map(|part| (part.items, part.tax, part.total)).collect();
        assert_eq!(sums, [(eur(2805), eur(255), eur(3295)), (eur(3300), eur(300), eur(3300))]);
        assert_eq!(&view(&app, &placed).await, order, "what is read back is what was answered");

        let told = app.published::<OrderPlaced>("orders").await.remove(0).order;
        assert_eq!((told.total, told.tax), (eur(6595), eur(555)));
        let line =
            "SELECT count(*) FROM order_lines WHERE unit_price_minor = 1000 AND total_minor = 2000 AND tax_minor = 200
                    AND tax_added_minor = 200";
        assert_eq!(app.count("orders", line).await, 1);
        reserve(&app, order.id).await;
        app.deliver("orders", &captured(&app, order.id, order.quote.total)).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let path = format!("/api/v1/vendors/{}/orders/{}", vendor("ada"), order.vendor_orders[0].id);
        let detail: VendorOrderDetail = ada.get(&path).await.expect(200).json();
        let seen = &detail.order.lines[0];
        assert_eq!((seen.unit_price, seen.total, seen.tax, seen.tax_added), (eur(1000), eur(2200), eur(200), true));
    })
    .await;
}

#[tokio::test]
async fn the_added_tax_goes_back_with_what_is_returned() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(added());
        let placed: PlacedOrder =
            app.guest().key("k1").post("/api/v1/orders", &body(&added())).await.expect(202).json();
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, placed.order.quote.total)).await;
        for part in [0, 1] {
            app.deliver("orders", &delivered(&app, &placed, part)).await;
        }
        // Two mugs for 20.00 and 2.00 on top: one is worth 11.00, of which 1.00 is tax.
        for form in ["first", "second"] {
            let of = asked(&app, &placed, form, &[("mug", 1)]).await.remove(0);
            approve(&app, &placed, &of, &[("mug", 1)]).await;
            let back: ReturnView =
                act(&app, &of, "receive", &arrival(&placed, &[("mug", 1, 1)])).await.expect(200).json();
            assert_eq!((back.refund, back.lines[0].tax), (eur(1100), eur(100)));
        }
        let due: Vec<ReturnRefundDue> = app.published("orders").await;
        assert_eq!(due.iter().map(|due| due.amount).collect::<Vec<_>>(), [eur(1100), eur(1100)]);
    })
    .await;
}

#[tokio::test]
async fn an_added_tax_that_does_not_add_up_is_refused() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let spoils: [fn(&mut Quote); 3] = [
            |quote| quote.tax_added = false,
            |quote| quote.taxes[1].tax.amount_minor += 1,
            |quote| quote.lines[0].tax.amount_minor -= 1,
        ];
        for (number, spoil) in spoils.iter().enumerate() {
            let mut quote = added();
            spoil(&mut quote);
            others.set(quote.clone());
            let buyer = app.as_user(&customer("eve"));
            buyer.key(&format!("spoil-{number}")).post("/api/v1/orders", &body(&quote)).await.expect(500);
        }
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 0);
    })
    .await;
}
