use std::time::Duration;

use contracts::{
    arrival::{Arrival, Handling},
    catalog::{ProductStatus, ProductWithdrawn},
    pickup::PickupPlace,
    pricing::{Quote, ShippingChoice},
    shipping::{CarrierRate, MethodsChanged, ValuePrice, WeightPrice},
    vendors::VendorStatus,
};
use kernel::{Clock, Currency, Money};
use serde_json::json;
use testkit::{TestApp, on_both_databases};

use super::*;

async fn ask(app: &TestApp, request: &QuoteRequest) -> Quote {
    app.guest().post("/api/v1/quotes", request).await.expect(200).json()
}

#[tokio::test]
async fn a_cart_across_vendors_is_priced_to_the_cent() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let quote = ask(&app, &wants("DE", &[("lamp", 1), ("mug", 2), ("bowl-l", 1)])).await;

        assert_eq!(quote.subtotal, eur(16_680)); // 99.00 + 2 × 24.90 + 18.00
        assert_eq!(quote.discount, eur(0));
        assert_eq!(quote.shipping, eur(750)); // ada's 67.80 ship for nothing, ben's lamp for 7.50
        assert_eq!(quote.total, eur(17_430));
        assert_eq!(quote.lines.len(), 3);
        let mug = quote.lines.iter().find(|l| l.variant_id == variant("mug")).unwrap();
        assert_eq!((mug.quantity, mug.unit_price, mug.total), (2, eur(2490), eur(4980)));
        assert_eq!((mug.tax_rate_bp, mug.tax), (1900, eur(795))); // 49.80 × 19 / 119 = 7.951…
        assert_eq!((mug.title.as_str(), mug.sku.as_str()), ("The mug", "SKU-mug"));
        let ada = quote.vendors.iter().find(|v| v.vendor_id == vendor("ada")).unwrap();
        assert_eq!((ada.name.as_str(), ada.items, ada.shipping, ada.total), ("ADA", eur(6780), eur(0), eur(6780)));
        assert_eq!(ada.method.as_ref().unwrap().method_id, method("parcel"));
        assert_eq!(ada.methods.iter().map(|m| m.price).collect::<Vec<_>>(), [eur(0), eur(990)]);
        let ben = quote.vendors.iter().find(|v| v.vendor_id == vendor("ben")).unwrap();
        assert_eq!((ben.shipping, ben.shipping_tax, ben.total), (eur(750), eur(120), eur(10_650)));
        assert_eq!(ben.tax, eur(1581 + 120)); // 99.00 × 19 / 119 = 15.806…
        assert_eq!(quote.tax, eur(795 + 287 + 1581 + 120));
        assert_eq!(quote.hash.len(), 64);
        let rules: Vec<&str> = quote.explanation.iter().map(|r| &*r.rule).collect();
        assert_eq!(rules.iter().filter(|r| **r == "free_shipping").count(), 1);
        assert_eq!(rules[rules.len() - 2..], ["tax", "rounding"]);
        assert_eq!(ask(&app, &wants("DE", &[("bowl-l", 1), ("mug", 1), ("lamp", 1), ("mug", 1)])).await, quote);
    })
    .await;
}

#[tokio::test]
async fn the_country_decides_tax_and_methods() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let austria = ask(&app, &wants("AT", &[("mug", 1)])).await;
        assert_eq!((austria.tax, austria.total), (eur(415 + 82), eur(2980))); // 24.90/6 = 4.15, 4.90/6 = 0.8166…
        assert_eq!(austria.vendors[0].methods.len(), 1);

        let france = ask(&app, &wants("FR", &[("mug", 1), ("lamp", 1)])).await;
        let ada = france.vendors.iter().find(|v| v.vendor_id == vendor("ada")).unwrap();
        assert_eq!((ada.method.clone(), ada.shipping, ada.methods.len()), (None, eur(0), 0));
        assert!(france.explanation.iter().any(|r| r.text == "ADA does not ship to FR"));

        // No rate is kept for the United States: nothing is contained.
        let states = ask(&app, &wants("US", &[("lamp", 1)])).await;
        assert_eq!((states.tax, states.total), (eur(0), eur(10_650)));
    })
    .await;
}

#[tokio::test]
async fn heavier_parcels_cost_more_and_some_are_too_heavy() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (id, mut parcel) = ships("by weight", 490, None, &[]);
        let price = |from_g, price_minor| WeightPrice { from_g, price_minor };
        parcel.weight_prices = vec![price(500, 790), price(1_000, 1_290)];
        parcel.max_weight_g = Some(1_250);
        app.deliver(
            "pricing",
            &MethodsChanged { vendor_id: vendor("ada"), methods: vec![(id, parcel)], rates: vec![] },
        )
        .await;
        // A mug and a bowl weigh 250 g each.
        for (mugs, bowls, shipping) in [(1, 0, 490), (1, 1, 790), (3, 0, 790), (2, 2, 1_290), (5, 0, 1_290)] {
            let lines: Vec<_> = [("mug", mugs), ("bowl-s", bowls)].into_iter().filter(|(_, n)| *n > 0).collect();
            let quote = ask(&app, &wants("DE", &lines)).await;
            assert_eq!((quote.shipping, quote.vendors[0].methods[0].price), (eur(shipping), eur(shipping)));
            assert_eq!(quote.total, quote.subtotal.plus(eur(shipping)).unwrap());
        }
        let quote = ask(&app, &wants("DE", &[("mug", 2), ("bowl-s", 1), ("lamp", 9)])).await;
        let reason = quote.explanation.iter().find(|reason| reason.text.starts_with("ADA")).unwrap();
        assert_eq!((reason.text.as_str(), reason.amount), ("ADA, by weight: 0.75 kg, from 0.5 kg on", eur(790)));
        let heavy = ask(&app, &wants("DE", &[("mug", 6)])).await;
        assert_eq!((heavy.vendors[0].method.clone(), heavy.vendors[0].methods.len()), (None, 0));
        assert!(
            heavy.explanation.iter().any(|r| r.text == "ADA does not ship 1.5 kg to DE"),
            "{:?}",
            heavy.explanation
        );
        assert_ne!(
            ask(&app, &wants("DE", &[("mug", 4)])).await.hash,
            ask(&app, &wants("DE", &[("mug", 3)])).await.hash
        );
    })
    .await;
}

#[tokio::test]
async fn a_quote_says_which_ways_to_pay_a_vendor_does_not_have() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let both = wants("DE", &[("mug", 1), ("lamp", 1)]);
        let before = ask(&app, &both).await;
        assert!(before.vendors.len() == 2 && before.refuses("cash_on_delivery").is_none());
        let mut decided = vendor_decided("ada", VendorStatus::Approved);
        decided.vendor.refused_methods = vec!["cash_on_delivery".to_owned(), "paypal".to_owned()];
        app.deliver("pricing", &decided).await;
        let after = ask(&app, &both).await;
        assert_eq!(after.hash, before.hash, "what it costs is the same");
        assert_eq!(after.refuses("cash_on_delivery").map(|of| of.vendor_id), Some(vendor("ada")));
        assert!(after.refuses("paypal").is_some() && after.refuses("card").is_none());
        // A cart without its goods is paid as before.
        assert!(ask(&app, &wants("DE", &[("lamp", 1)])).await.refuses("cash_on_delivery").is_none());
        app.deliver("pricing", &vendor_decided("ada", VendorStatus::Approved)).await;
        assert_eq!(ask(&app, &both).await, before);
    })
    .await;
}

#[tokio::test]
async fn delivery_costs_what_the_value_of_the_goods_says() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (id, mut parcel) = ships("by value", 490, Some(4_800), &[]);
        let price = |from_minor, price_minor| ValuePrice { from_minor, price_minor };
        let tells = |parcel: &MethodInput| MethodsChanged {
            vendor_id: vendor("ada"),
            methods: vec![(id, parcel.clone())],
            rates: vec![],
        };
        let two_bowls = wants("DE", &[("bowl-s", 2), ("lamp", 1)]);
        // Two bowls are worth 24.00: just below, exactly at and just above where a price begins.
        for (from, shipping, told) in
            [(2_401, 690, "from 12.00 € on"), (2_400, 290, "from 24.00 € on"), (2_399, 290, "from 23.99 € on")]
        {
            parcel.value_prices = vec![price(1_200, 690), price(from, 290)];
            app.deliver("pricing", &tells(&parcel)).await;
            let quote = ask(&app, &two_bowls).await;
            let reason = quote.explanation.iter().find(|reason| reason.text.starts_with("ADA")).unwrap();
            assert_eq!(reason.text, format!("ADA, by value: goods of 24.00 €, {told}"));
            assert_eq!((&*reason.rule, reason.amount), ("shipping", eur(shipping)));
            let ada = quote.vendors.iter().find(|part| part.vendor_id == vendor("ada")).unwrap();
            assert_eq!((ada.shipping, ada.methods[0].price), (eur(shipping), eur(shipping)));
            // The lamp is another vendor's: it counts for nothing here.
            assert_eq!((quote.shipping, quote.total), (eur(shipping + 750), eur(2_400 + 9_900 + shipping + 750)));
        }
        parcel.value_prices = vec![price(1_201, 690)];
        app.deliver("pricing", &tells(&parcel)).await;
        for (bowls, shipping, told) in [
            (1, 490, "goods of 12.00 €, below 12.01 €"),
            (3, 690, "goods of 36.00 €, from 12.01 € on"),
            (4, 0, "free from 48.00 € on, paid by the vendor"),
        ] {
            let quote = ask(&app, &wants("DE", &[("bowl-s", bowls)])).await;
            let reason = quote.explanation.iter().find(|reason| reason.text.starts_with("ADA")).unwrap();
            assert_eq!(
                (quote.shipping, reason.text.as_str()),
                (eur(shipping), format!("ADA, by value: {told}").as_str())
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_buyer_chooses_how_it_is_shipped() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mut request = wants("DE", &[("mug", 1)]);
        let cheapest = ask(&app, &request).await;
        assert_eq!(cheapest.shipping, eur(490));
        request.shipping = vec![ShippingChoice { vendor_id: vendor("ada"), method_id: method("parcel") }];
        assert_eq!(ask(&app, &request).await, cheapest, "naming the cheapest is no other agreement");
        request.shipping[0].method_id = method("express");
        let express = ask(&app, &request).await;
        assert_eq!((express.shipping, express.total), (eur(990), eur(3480)));
        assert_ne!(express.hash, cheapest.hash);

        // The country changed after the choice: express does not go to Austria.
        request.country = "AT".parse().unwrap();
        assert_eq!(ask(&app, &request).await.vendors[0].method.as_ref().unwrap().method_id, method("parcel"));

        let ask_with = |vendor_id, method_id| {
            let choice = ShippingChoice { vendor_id, method_id };
            let (app, request) = (app.clone(), QuoteRequest { shipping: vec![choice], ..request.clone() });
            async move { app.guest().post("/api/v1/quotes", &request).await }
        };
        ask_with(vendor("ben"), method("freight")).await.expect_invalid("shipping[0].vendor_id");
        let foreign = ask_with(vendor("ada"), method("freight")).await.expect_invalid("shipping[0].method_id");
        let missing = ask_with(vendor("ada"), method("nothing")).await.expect_invalid("shipping[0].method_id");
        assert_eq!(foreign, missing, "another vendor's method looks like a missing one");
        let twice = ShippingChoice { vendor_id: vendor("ada"), method_id: method("parcel") };
        request.shipping = vec![twice.clone(), twice];
        app.guest().post("/api/v1/quotes", &request).await.expect_invalid("shipping[1].vendor_id");

        // A method that was removed is no choice any more.
        app.deliver(
            "pricing",
            &MethodsChanged {
                vendor_id: vendor("ada"),
                methods: vec![ships("express", 990, None, &[])],
                rates: vec![],
            },
        )
        .await;
        request.shipping.truncate(1);
        app.guest().post("/api/v1/quotes", &request).await.expect_invalid("shipping[0].method_id");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_on_sale_is_named() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let dollars = Money::new(1000, Currency::USD);
        app.deliver("pricing", &published("ben", "import", &[("import", dollars)])).await;
        let request = wants("DE", &[("mug", 1), ("nothing", 1), ("import", 1)]);
        let problem = app.guest().post("/api/v1/quotes", &request).await.expect_invalid("lines[1].variant_id");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
        assert_eq!(problem["errors"][1], json!({"field": "lines[2].variant_id", "reason": "This is sold in USD."}));

        let unknown = app
            .guest()
            .post("/api/v1/quotes", &wants("DE", &[("nothing", 1)]))
            .await
            .expect(422)
            .json::<serde_json::Value>();
        let gone = snapshot("ada", "mug", ProductStatus::Archived, &[("mug", eur(2490))]);
        app.deliver("pricing", &ProductWithdrawn { product_id: product("mug"), product: gone }).await;
        let withdrawn = app.guest().post("/api/v1/quotes", &wants("DE", &[("mug", 1)])).await;
        assert_eq!(withdrawn.expect_invalid("lines[0].variant_id"), unknown);
        app.deliver("pricing", &vendor_decided("ben", VendorStatus::Suspended)).await;
        let closed = app.guest().post("/api/v1/quotes", &wants("DE", &[("lamp", 1)])).await;
        assert_eq!(closed.expect_invalid("lines[0].variant_id"), unknown);
    })
    .await;
}

#[tokio::test]
async fn bad_requests_are_refused_with_the_field() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let guest = app.guest();
        let line = json!({"variant_id": variant("mug"), "quantity": 1});
        let with = |key: &str, value: serde_json::Value| {
            let mut body = json!({"currency": "EUR", "country": "DE", "lines": [line]});
            body[key] = value;
            body
        };
        guest.post("/api/v1/quotes", &with("lines", json!([]))).await.expect_invalid("lines");
        guest.post("/api/v1/quotes", &with("lines", json!(vec![line.clone(); 101]))).await.expect_invalid("lines");
        for quantity in [json!(0), json!(-1), json!(10_001)] {
            let lines = json!([{"variant_id": variant("mug"), "quantity": quantity}]);
            guest.post("/api/v1/quotes", &with("lines", lines)).await.expect_invalid("lines[0].quantity");
        }
        let lines =
            json!([{"variant_id": variant("mug"), "quantity": 9_999}, {"variant_id": variant("mug"), "quantity": 2}]);
        guest.post("/api/v1/quotes", &with("lines", lines)).await.expect_invalid("lines[1].quantity");
        guest.post("/api/v1/quotes", &with("country", json!("de"))).await.expect_invalid("country");
        guest.post("/api/v1/quotes", &with("currency", json!("XXX"))).await.expect_invalid("currency");
        guest.post("/api/v1/quotes", &with("coupon", json!("x"))).await.expect(422);
        let all_of_it = wants("DE", &[("mug", 10_000), ("bowl-s", 10_000), ("bowl-l", 10_000), ("lamp", 10_000)]);
        assert_eq!(ask(&app, &all_of_it).await.subtotal, eur((2490 + 1200 + 1800 + 9900) * 10_000));
    })
    .await;
}

#[tokio::test]
async fn the_carriers_rate_is_what_it_said_last_and_else_an_estimate() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (id, mut parcel) = ships("carrier", 490, Some(20_000), &["DE", "AT"]);
        parcel.carrier_rate = true;
        let rate = |country: &str, up_to_g, minor| CarrierRate {
            country: country.parse().unwrap(),
            up_to_g,
            price: eur(minor),
            at: app.clock.now(),
        };
        let rates = vec![rate("DE", 500, 420), rate("DE", 1_000, 530)];
        let changed = MethodsChanged { vendor_id: vendor("ada"), methods: vec![(id, parcel)], rates };
        app.deliver("pricing", &changed).await;
        let asked = async |country: &str, mugs: i64| {
            let option = ask(&app, &wants(country, &[("mug", mugs)])).await.vendors[0].method.clone().unwrap();
            (option.price, option.estimated)
        };
        // A mug weighs 250 g: the next step that it fits into.
        assert_eq!(asked("DE", 1).await, (eur(420), false));
        assert_eq!(asked("DE", 2).await, (eur(420), false));
        assert_eq!(asked("DE", 3).await, (eur(530), false));
        // Heavier than the carrier was asked about, or elsewhere: the flat price, which is an estimate.
        assert_eq!(asked("DE", 5).await, (eur(490), true));
        assert_eq!(asked("AT", 1).await, (eur(490), true));
        assert_eq!(asked("DE", 9).await, (eur(0), false), "free is free");
        // What was said too long ago is still the best there is.
        app.clock.advance(Duration::from_secs(48 * 3600 + 1));
        assert_eq!(asked("DE", 1).await, (eur(420), true));
    })
    .await;
}

#[tokio::test]
async fn each_way_says_when_it_arrives_if_it_is_ordered_now() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (id, mut made) = ships("made", 490, None, &[]);
        made.handling = Handling { days: 2, cutoff_hour: Some(14), utc_offset_min: 60 };
        let methods = vec![(id, made), ships("express", 990, None, &["DE"])];
        app.deliver("pricing", &MethodsChanged { vendor_id: vendor("ada"), methods, rates: vec![] }).await;
        let asked = async || {
            let quote = ask(&app, &wants("DE", &[("mug", 1)])).await;
            let days = |arrival: Arrival| (arrival.from.date(), arrival.to.date());
            let ways: Vec<_> = quote.vendors[0].methods.iter().map(|way| days(way.arrives.unwrap())).collect();
            assert_eq!(quote.vendors[0].method.as_ref(), quote.vendors[0].methods.first());
            (quote.hash, ways)
        };
        let days = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        // Thursday, 13:00 at the vendor's: it leaves on Monday.
        let (hash, ways) = asked().await;
        assert_eq!(ways, [days("2026-01-21", "2026-01-24"), days("2026-01-17", "2026-01-20")]);
        // From 14:00 on it counts as ordered on Friday; what is agreed to is the same.
        app.clock.advance(Duration::from_secs(3_600));
        let later = vec![days("2026-01-22", "2026-01-25"), days("2026-01-17", "2026-01-20")];
        assert_eq!(asked().await, (hash, later));
    })
    .await;
}

#[tokio::test]
async fn what_is_fetched_is_chosen_by_the_buyer_alone() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let sent = ask(&app, &wants("DE", &[("mug", 1)])).await;
        let place = |city: &str| PickupPlace {
            line1: "Yard 3".to_owned(),
            postcode: String::new(),
            city: city.to_owned(),
            country: "DE".parse().unwrap(),
            hours: String::new(),
        };
        let offer = async |city: &str| {
            let (id, input) = ships("fetch", 0, None, &[]);
            let fetched = (id, MethodInput { pickup: Some(place(city)), ..input });
            let methods = vec![ships("parcel", 490, Some(5000), &["DE", "AT"]), fetched];
            app.deliver("pricing", &MethodsChanged { vendor_id: vendor("ada"), methods, rates: vec![] }).await;
        };
        offer("Berlin").await;
        // It costs nothing, and is the last of the ways all the same.
        let quote = ask(&app, &wants("DE", &[("mug", 1)])).await;
        let ada = &quote.vendors[0];
        assert_eq!(ada.method.as_ref().unwrap().method_id, method("parcel"));
        assert_eq!(ada.methods.iter().map(|m| m.method_id).collect::<Vec<_>>(), [method("parcel"), method("fetch")]);
        assert!(!quote.has_undelivered() && quote.hash == sent.hash);

        let choice = ShippingChoice { vendor_id: vendor("ada"), method_id: method("fetch") };
        let wish = QuoteRequest { shipping: vec![choice], ..wants("DE", &[("mug", 1)]) };
        let fetched = ask(&app, &wish).await;
        assert_eq!((fetched.shipping, fetched.total), (eur(0), eur(2490)));
        assert_eq!(fetched.vendors[0].method.as_ref().unwrap().pickup, Some(place("Berlin")));
        assert!(fetched.has_undelivered());
        // Where it is fetched is part of what the buyer agrees to.
        offer("Hamburg").await;
        assert_ne!(ask(&app, &wish).await.hash, fetched.hash);
    })
    .await;
}
