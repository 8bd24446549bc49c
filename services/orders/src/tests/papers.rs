//! Papers through the router: what they say is what the order says, to the cent, for whom it is.

use contracts::{
    inventory::{FrozenBundle, FrozenPart, StockReserved},
    orders::{OrderView, PlacedOrder},
    payments::PaymentRefunded,
};
use kernel::{Clock, OrderId, RefundId, VendorOrderId};
use serde_json::json;
use testkit::{Answer, TestApp, admin, customer, on_both_databases, pdf, vendor_owner, vendor_staff};

use super::{
    Others, body, captured, defs, eur, paid, payment, place, quote, reserve, two_vendors, variant, vendor, view,
};

pub(super) fn path(placed: &PlacedOrder, name: &str) -> String {
    format!("/api/v1/orders/{}/{name}", placed.order.id)
}

async fn paper(app: &TestApp, placed: &PlacedOrder, name: &str) -> Answer {
    let buyer = app.guest().header("order-token", placed.token.expose()).header("accept-language", "de");
    buyer.get(&path(placed, name)).await
}

pub(super) fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    pdf::text(&answer.body).lines().map(str::to_owned).collect()
}

/// True if the paper has this name, and the amount behind it.
pub(super) fn has(lines: &[String], name: &str, amount: &str) -> bool {
    let amount = amount.replace(' ', "\u{a0}");
    lines.windows(2).any(|pair| pair[0] == name && pair[1] == amount)
}

pub(super) async fn refund(app: &TestApp, placed: &PlacedOrder, name: &str, minor: i64, total: i64) {
    let event = PaymentRefunded {
        payment_id: payment(placed.order.id),
        order_id: placed.order.id,
        refund_id: RefundId::derived("test", &[name]),
        amount: eur(minor),
        refunded_total: eur(total),
        by_vendor: vec![],
        at: app.clock.now(),
    };
    app.deliver("orders", &event).await;
}

#[tokio::test]
async fn a_receipt_has_the_figures_of_the_order() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        paper(&app, &placed, "receipt.pdf").await.expect_problem(409, "not_paid");
        let confirmation = lines(&paper(&app, &placed, "confirmation.pdf").await.expect(200));
        assert!(confirmation.iter().any(|line| line.starts_with("This is not a receipt")), "{confirmation:?}");
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(6040))).await;

        let answer = paper(&app, &placed, "receipt.pdf").await.expect(200);
        let number = &placed.order.number;
        let name = format!("inline; filename=\"receipt-{number}.pdf\"");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
        let receipt = lines(&answer);
        assert!(receipt.contains(&format!("Receipt {number}")) && receipt.contains(&"Paid with: card".to_owned()));
        assert!(
            receipt.contains(&"Eve Buyer".to_owned()) && receipt.contains(&"10115 Berlin".to_owned()),
            "{receipt:?}"
        );
        for (name, amount) in [
            ("Items", "55,50 €"),
            ("Delivery", "4,90 €"),
            ("Total", "60,40 €"),
            ("Delivery: Parcel", "4,90 €"),
            ("Tax, contained", "9,64 €"),
        ] {
            assert!(has(&receipt, name, amount), "{name} {amount} in {receipt:?}");
        }
        let mug = receipt.iter().position(|line| line == "mug").unwrap();
        assert_eq!(receipt[mug + 1..mug + 5], ["2", "10,00\u{a0}€", "20,00\u{a0}€", "Blue · SKU-mug"]);
        assert!(receipt.contains(&format!("Shop bob, {number}-B")));
        let again = paper(&app, &placed, "receipt.pdf").await.expect(200);
        assert_eq!(again.body, answer.body, "the same paper every time");
        let confirmation = lines(&paper(&app, &placed, "confirmation.pdf").await.expect(200));
        assert!(!confirmation.iter().any(|line| line.starts_with("This is not a receipt")));
    })
    .await;
}

#[tokio::test]
async fn papers_go_to_the_address_of_the_invoice_and_goods_to_theirs() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let mut wanted = body(&two_vendors());
        wanted["billing_address"] = json!({"name": " Books of Eve ", "company": "Eve & Co", "line1": "Rue Haute 1",
            "postcode": "1000", "city": "Brussels", "country": "BE"});
        let placed: PlacedOrder = app.guest().key("k").post("/api/v1/orders", &wanted).await.expect(202).json();
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(6040))).await;
        let order = view(&app, &placed).await;
        let billing = order.billing_address.unwrap();
        assert_eq!((billing.name.as_str(), billing.company.as_deref()), ("Books of Eve", Some("Eve & Co")));
        assert_eq!(order.address.name, "Eve Buyer");
        let text = lines(&paper(&app, &placed, "receipt.pdf").await.expect(200));
        for line in ["Books of Eve", "Eve & Co", "Rue Haute 1", "1000 Brussels"] {
            assert!(text.contains(&line.to_owned()), "no {line} in {text:?}");
        }
        assert!(!text.contains(&"High Street 1".to_owned()), "{text:?}");
        // It says where the goods go.
        let text = lines(&paper(&app, &placed, "confirmation.pdf").await.expect(200));
        assert!(text.contains(&"High Street 1".to_owned()) && !text.contains(&"Books of Eve".to_owned()), "{text:?}");
        let part = placed.order.vendor_orders[0].id;
        let slip = format!("/api/v1/vendors/{}/orders/{part}/packing-slip.pdf", vendor("ada"));
        let text = lines(&app.as_user(&vendor_staff(vendor("ada"))).get(&slip).await.expect(200));
        assert!(text.contains(&"Eve Buyer".to_owned()) && !text.contains(&"Books of Eve".to_owned()), "{text:?}");
    })
    .await;
}

#[tokio::test]
async fn each_refund_has_its_credit_note() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        assert!(view(&app, &placed).await.refunds.is_empty());
        refund(&app, &placed, "one", 550, 550).await;
        refund(&app, &placed, "two", 1, 551).await;
        refund(&app, &placed, "two", 1, 551).await;
        let order: OrderView = view(&app, &placed).await;
        let number = &order.number;
        let seen: Vec<_> = order.refunds.iter().map(|refund| (refund.number.clone(), refund.amount)).collect();
        assert_eq!(seen, [(format!("{number}-R1"), eur(550)), (format!("{number}-R2"), eur(1))]);
        assert_eq!(order.refunded, eur(551));
        let note = lines(&paper(&app, &placed, &format!("credit-notes/{number}-R1")).await.expect(200));
        assert!(note.contains(&format!("Credit note {number}-R1")) && note.contains(&format!("Order: {number}")));
        assert!(has(&note, "Credited", "5,50 €") && has(&note, &format!("Refund for the order {number}"), "5,50 €"));
        let note = lines(&paper(&app, &placed, &format!("credit-notes/{number}-R2")).await.expect(200));
        assert!(has(&note, "Credited", "0,01 €"), "{note:?}");
        for missing in ["R1", "R3"].map(|count| format!("credit-notes/{number}-{count}x")) {
            paper(&app, &placed, &missing).await.expect_problem(404, "not_found");
        }
        let receipt = lines(&paper(&app, &placed, "receipt.pdf").await.expect(200));
        assert!(receipt.iter().any(|line| line.starts_with("5,51\u{a0}€ of it went back")), "{receipt:?}");
    })
    .await;
}

#[tokio::test]
async fn money_that_went_back_whole_is_credited_line_by_line() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        refund(&app, &placed, "all", 6040, 6040).await;
        let number = &placed.order.number;
        let note = lines(&paper(&app, &placed, &format!("credit-notes/{number}-R1")).await.expect(200));
        assert!(has(&note, "Credited", "60,40 €") && has(&note, "Items", "55,50 €"), "{note:?}");
        assert!(note.contains(&"lamp".to_owned()) && has(&note, "Tax, contained", "9,64 €"));
    })
    .await;
}

#[tokio::test]
async fn a_long_order_has_a_long_receipt() {
    on_both_databases(defs, |app| async move {
        let titles: Vec<String> = (1..=60).map(|n| format!("thing {n}")).collect();
        let wanted: Vec<(&str, i64, i64)> = titles.iter().map(|title| (title.as_str(), 1, 100)).collect();
        let quote = quote(&[("ada", &wanted, 490)]);
        Others::on(&app).set(quote.clone());
        let placed: PlacedOrder = app.guest().key("k").post("/api/v1/orders", &body(&quote)).await.expect(202).json();
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, quote.total)).await;
        let answer = paper(&app, &placed, "receipt.pdf").await.expect(200);
        assert!(pdf::pages(&answer.body).len() > 1);
        let receipt = lines(&answer);
        assert!(titles.iter().all(|title| receipt.contains(title)) && has(&receipt, "Total", "64,90 €"));
    })
    .await;
}

#[tokio::test]
async fn papers_are_for_whom_the_order_is() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.as_user(&customer("eve")), "a").await;
        refund(&app, &placed, "one", 550, 550).await;
        let names = [
            "receipt.pdf".to_owned(),
            "confirmation.pdf".to_owned(),
            format!("credit-notes/{}-R1", placed.order.number),
        ];
        let none = OrderId::derived("test", &["none"]);
        for name in &names {
            for friend in [app.as_user(&customer("eve")), app.as_user(&admin())] {
                friend.get(&path(&placed, name)).await.expect(200);
            }
            for stranger in [app.guest(), app.as_user(&customer("mallory")), app.as_user(&vendor_owner(vendor("ada")))]
            {
                let theirs = stranger.get(&path(&placed, name)).await.expect(404);
                let missing = stranger.get(&format!("/api/v1/orders/{none}/{name}")).await.expect(404);
                assert_eq!((theirs.body, theirs.headers), (missing.body, missing.headers));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_packing_slip_is_its_vendors_own_and_has_no_prices() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let (ada, bob) = (vendor("ada"), vendor("bob"));
        let unpaid = place(&app.guest(), "unpaid").await;
        let placed = paid(&app, &app.guest(), "a").await;
        let part = &placed.order.vendor_orders[0];
        let slip = |of, id| format!("/api/v1/vendors/{of}/orders/{id}/packing-slip.pdf");
        let staff = app.as_user(&vendor_staff(ada));
        let text = lines(&staff.get(&slip(ada, part.id)).await.expect(200));
        assert!(text.contains(&format!("Packing slip {}", part.number)) && text.contains(&"Eve Buyer".to_owned()));
        let mug = text.iter().position(|line| line == "mug").unwrap();
        assert_eq!(text[mug + 1..mug + 3], ["2", "Blue · SKU-mug"]);
        assert!(text.contains(&"A word of the buyer: Ring twice.".to_owned()), "{text:?}");
        assert!(!text.iter().any(|line| line.contains('€') || line == "lamp"), "{text:?}");

        let none = VendorOrderId::derived("test", &["none"]);
        let other = app.as_user(&vendor_staff(bob));
        let missing = other.get(&slip(bob, none)).await.expect(404);
        for theirs in
            [other.get(&slip(bob, part.id)).await, staff.get(&slip(ada, unpaid.order.vendor_orders[0].id)).await]
        {
            assert_eq!((theirs.status, &theirs.body), (missing.status, &missing.body));
        }
        other.get(&slip(ada, part.id)).await.expect_problem(404, "not_found");

        let any = format!("/api/v1/admin/vendor-orders/{}/packing-slip.pdf", part.id);
        assert_eq!(lines(&app.as_user(&admin()).get(&any).await.expect(200)), text);
        app.guest().get(&any).await.expect_problem(401, "unauthenticated");
        staff.get(&any).await.expect_problem(403, "forbidden");
        let missing = format!("/api/v1/admin/vendor-orders/{none}/packing-slip.pdf");
        app.as_user(&admin()).get(&missing).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_lies_in_a_bundle_stands_under_it_for_good() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "a").await;
        let part = &placed.order.vendor_orders[0];
        let mug = part.lines.iter().find(|line| line.title == "mug").unwrap();
        let held = |title: &str, quantity| FrozenPart {
            variant_id: variant(title),
            title: format!("The {title}"),
            sku: title.to_uppercase(),
            quantity,
        };
        let bundles = vec![FrozenBundle { variant_id: mug.variant_id, parts: vec![held("cup", 2), held("saucer", 1)] }];
        let reserved = StockReserved { order_id: placed.order.id, expires_at: app.clock.now(), bundles };
        app.deliver("orders", &reserved).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(6040))).await;
        let view = view(&app, &placed).await;
        let lines_of = |view: &OrderView| view.vendor_orders.iter().flat_map(|p| p.lines.clone()).collect::<Vec<_>>();
        for line in lines_of(&view) {
            let parts: Vec<_> = line.parts.iter().map(|p| (p.sku.as_str(), p.quantity)).collect();
            let wanted: &[(&str, i64)] = if line.id == mug.id { &[("CUP", 2), ("SAUCER", 1)] } else { &[] };
            assert_eq!(parts, wanted, "{}", line.title);
        }
        let path = format!("/api/v1/vendors/{}/orders/{}/packing-slip.pdf", vendor("ada"), part.id);
        let text = lines(&app.as_user(&vendor_staff(vendor("ada"))).get(&path).await.expect(200));
        let mug = text.iter().position(|line| line == "mug").unwrap();
        let under = ["2", "Blue · SKU-mug", "– The cup", "4", "CUP", "– The saucer", "2", "SAUCER"];
        assert_eq!(text[mug + 1..mug + 9], under, "{text:?}");
    })
    .await;
}
