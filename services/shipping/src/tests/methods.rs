use contracts::arrival::Handling;
use contracts::shipping::{MethodView, MethodsChanged, RateView, ValuePrice, ValueRate, WeightPrice};
use contracts::vendors::{VendorApplied, VendorChanged};
use futures::future::join_all;
use serde_json::json;
use testkit::{admin, customer, on_both_databases, vendor_owner};

use super::*;

fn methods_of(of: &str) -> String {
    format!("/api/v1/vendors/{}/shipping-methods", vendor(of))
}

fn rates_of(of: &str) -> String {
    format!("/api/v1/stores/{}/shipping-rates", vendor(of))
}

#[tokio::test]
async fn a_store_that_opens_has_a_first_way_to_ship() {
    on_both_databases(defs, |app| async move {
        let applied = vendor_decided("ada", VendorStatus::Applied);
        app.deliver("shipping", &VendorApplied { vendor_id: applied.vendor_id, vendor: applied.vendor }).await;
        assert!(app.published::<MethodsChanged>("shipping").await.is_empty());
        app.guest().get(&rates_of("ada")).await.expect_problem(404, "not_found");

        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let told = app.published::<MethodsChanged>("shipping").await;
        assert_eq!((told.len(), told[0].vendor_id, told[0].methods.len()), (1, vendor("ada"), 1));
        let expected = MethodInput {
            name: "Standard parcel".to_owned(),
            currency: Currency::EUR,
            price_minor: 490,
            free_over_minor: Some(5000),
            countries: vec![],
            days_min: 2,
            days_max: 5,
            weight_prices: vec![],
            value_prices: vec![],
            max_weight_g: None,
            carrier_rate: false,
            handling: Handling::default(),
            pickup: None,
        };
        assert_eq!(told[0].methods[0].1, expected);
        let rates: Vec<RateView> = app.guest().get(&rates_of("ada")).await.expect(200).json();
        assert_eq!(rates.len(), 1);
        assert_eq!(
            (rates[0].method_id, rates[0].price, rates[0].free_over),
            (told[0].methods[0].0, eur(490), Some(eur(5000)))
        );

        // Suspended, it shows no rates; reinstated, it has what it had.
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Suspended)).await;
        let closed = app.guest().get(&rates_of("ada")).await.expect_problem(404, "not_found");
        assert_eq!(app.guest().get(&rates_of("nobody")).await.expect_problem(404, "not_found"), closed);
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let changed = vendor_decided("ada", VendorStatus::Approved);
        app.deliver("shipping", &VendorChanged { vendor_id: changed.vendor_id, vendor: changed.vendor }).await;
        assert_eq!(app.guest().get(&rates_of("ada")).await.expect(200).json::<Vec<RateView>>(), rates);
        assert_eq!(app.published::<MethodsChanged>("shipping").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn weights_stand_in_order_and_make_sense() {
    on_both_databases(defs, |app| async move {
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let ada = app.as_user(&vendor_owner(vendor("ada")));
        let price = |from_g, price_minor| WeightPrice { from_g, price_minor };
        let by_weight = |weight_prices, max_weight_g| MethodInput {
            countries: Vec::new(),
            weight_prices,
            max_weight_g,
            ..express()
        };
        let added: MethodView = ada
            .post(&methods_of("ada"), &by_weight(vec![price(5_000, 990), price(2_000, 690)], Some(31_500)))
            .await
            .expect(201)
            .json();
        let tidy = by_weight(vec![price(2_000, 690), price(5_000, 990)], Some(31_500));
        assert_eq!(added.input, tidy);
        let told = app.published::<MethodsChanged>("shipping").await.pop().unwrap();
        assert!(told.methods.contains(&(added.id, tidy)), "{told:?}");
        let rates: Vec<RateView> = app.guest().get(&rates_of("ada")).await.expect(200).json();
        assert!(rates.iter().any(|rate| rate.method_id == added.id && rate.price == eur(990)), "{rates:?}");
        for (prices, most, field) in [
            (vec![price(2_000, 1), price(2_000, 2)], None, "weight_prices"),
            (vec![price(2_000, 1)], Some(1_999), "max_weight_g"),
            (vec![price(0, 1)], None, "weight_prices[0].from_g"),
            (vec![price(1, -1)], None, "weight_prices[0].price_minor"),
            (vec![], Some(0), "max_weight_g"),
        ] {
            ada.post(&methods_of("ada"), &by_weight(prices, most)).await.expect_invalid(field);
        }
        assert_eq!(ada.get(&methods_of("ada")).await.expect(200).json::<Vec<MethodView>>().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn values_stand_in_order_and_not_beside_weights() {
    on_both_databases(defs, |app| async move {
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let ada = app.as_user(&vendor_owner(vendor("ada")));
        let price = |from_minor, price_minor| ValuePrice { from_minor, price_minor };
        let by_value = |value_prices, free_over_minor| MethodInput {
            countries: Vec::new(),
            value_prices,
            free_over_minor,
            ..express()
        };
        app.clock.advance(std::time::Duration::from_secs(1));
        let untidy = by_value(vec![price(5_000, 290), price(2_000, 690)], Some(5_001));
        let added: MethodView = ada.post(&methods_of("ada"), &untidy).await.expect(201).json();
        let tidy = by_value(vec![price(2_000, 690), price(5_000, 290)], Some(5_001));
        assert_eq!(added.input, tidy);
        let one = format!("{}/{}", methods_of("ada"), added.id);
        let cheaper = by_value(vec![price(2_000, 590)], None);
        let saved: MethodView = ada.header("if-match", "\"1\"").put(&one, &cheaper).await.expect(200).json();
        assert_eq!(saved.input, cheaper);
        let told = app.published::<MethodsChanged>("shipping").await;
        let told: Vec<_> = told.iter().skip(1).map(|event| &event.methods[1]).collect();
        assert_eq!(told, [&(added.id, tidy), &(added.id, cheaper.clone())]);
        let rates: Vec<RateView> = app.guest().get(&rates_of("ada")).await.expect(200).json();
        let rate = rates.iter().find(|rate| rate.method_id == added.id).unwrap();
        assert_eq!(rate.value_prices, [ValueRate { from: eur(2_000), price: eur(590) }]);
        for (prices, free, field) in [
            (vec![price(2_000, 1), price(2_000, 2)], None, "value_prices"),
            (vec![price(2_000, 1)], Some(2_000), "free_over_minor"),
            (vec![price(0, 1)], None, "value_prices[0].from_minor"),
            (vec![price(1, 0)], None, "value_prices[0].price_minor"),
            (vec![price(1, 1); 21], None, "value_prices"),
        ] {
            ada.post(&methods_of("ada"), &by_value(prices, free)).await.expect_invalid(field);
        }
        let both = MethodInput { weight_prices: vec![WeightPrice { from_g: 1, price_minor: 1 }], ..cheaper };
        ada.post(&methods_of("ada"), &both).await.expect_invalid("value_prices");
        assert_eq!(app.count("shipping", "SELECT count(*) FROM methods").await, 2);
        assert_eq!(app.published::<MethodsChanged>("shipping").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn each_change_is_told_with_the_whole_list() {
    on_both_databases(defs, |app| async move {
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let ada = app.as_user(&vendor_owner(vendor("ada")));
        let untidy = MethodInput {
            name: "  Express ".to_owned(),
            countries: ["DE", "AT", "DE"].iter().map(|c| c.parse().unwrap()).collect(),
            ..express()
        };
        app.clock.advance(std::time::Duration::from_secs(1));
        let added: MethodView = ada.post(&methods_of("ada"), &untidy).await.expect(201).json();
        let tidy = MethodInput { countries: vec!["AT".parse().unwrap(), "DE".parse().unwrap()], ..express() };
        assert_eq!((&added.input, added.version), (&tidy, 1));
        let listed: Vec<MethodView> = ada.get(&methods_of("ada")).await.expect(200).json();
        assert_eq!(listed[1], added);

        let one = format!("{}/{}", methods_of("ada"), added.id);
        let cheaper = MethodInput { price_minor: 190, ..tidy.clone() };
        let answer = ada.header("if-match", "\"1\"").put(&one, &cheaper).await.expect(200);
        assert_eq!((answer.header("etag"), answer.json::<MethodView>().input), (Some("\"2\""), cheaper.clone()));
        ada.header("if-match", "\"1\"").put(&one, &tidy).await.expect_problem(412, "stale_version");
        ada.header("if-match", "\"1\"").delete(&one).await.expect_problem(412, "stale_version");
        let rates: Vec<RateView> = app.guest().get(&rates_of("ada")).await.expect(200).json();
        assert_eq!(rates.iter().map(|r| r.price).collect::<Vec<_>>(), [eur(190), eur(490)], "cheapest first");
        ada.delete(&format!("{}/{}", methods_of("ada"), listed[0].id)).await.expect(204);
        ada.header("if-match", "\"2\"").delete(&one).await.expect(204);
        ada.delete(&one).await.expect_problem(404, "not_found");
        ada.put(&one, &tidy).await.expect_problem(404, "not_found");
        assert_eq!(app.guest().get(&rates_of("ada")).await.expect(200).json::<Vec<RateView>>(), []);

        let told = app.published::<MethodsChanged>("shipping").await;
        let lists: Vec<Vec<&MethodInput>> = told.iter().map(|e| e.methods.iter().map(|(_, m)| m).collect()).collect();
        let first = &listed[0].input;
        assert_eq!(lists, [vec![first], vec![first, &tidy], vec![first, &cheaper], vec![&cheaper], vec![]]);
    })
    .await;
}

#[tokio::test]
async fn bad_methods_are_refused_and_told_to_nobody() {
    on_both_databases(defs, |app| async move {
        let ada = staff(&app, "ada");
        let good = serde_json::to_value(express()).unwrap();
        for (key, value) in [
            ("name", json!("")),
            ("name", json!("   ")),
            ("name", json!("a\nb")),
            ("name", json!("x".repeat(81))),
            ("currency", json!("EURO")),
            ("price_minor", json!(-1)),
            ("price_minor", json!(4.9)),
            ("price_minor", json!(10_000_001)),
            ("free_over_minor", json!(-1)),
            ("countries[0]", json!(["Germany"])),
            ("days_min", json!(-1)),
            ("days_max", json!(121)),
            ("days_max", json!(0)),
        ] {
            let mut body = good.clone();
            body[key.trim_end_matches("[0]")] = value;
            ada.post(&methods_of("ada"), &body).await.expect_invalid(key);
        }
        assert_eq!(app.count("shipping", "SELECT count(*) FROM methods").await, 0);
        assert!(app.published::<MethodsChanged>("shipping").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_passes_before_a_parcel_leaves_is_kept_and_told() {
    on_both_databases(defs, |app| async move {
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let ada = staff(&app, "ada");
        let handling = Handling { days: 2, cutoff_hour: Some(14), utc_offset_min: 60 };
        // Countries stand by their codes.
        let countries = ["AT", "DE"].map(|country| country.parse().unwrap()).to_vec();
        let slow = MethodInput { handling, countries, ..express() };
        let added: MethodView = ada.post(&methods_of("ada"), &slow).await.expect(201).json();
        assert_eq!(added.input, slow);
        let told = app.published::<MethodsChanged>("shipping").await;
        assert!(told.last().unwrap().methods.contains(&(added.id, slow.clone())));
        let rates: Vec<RateView> = app.guest().get(&rates_of("ada")).await.expect(200).json();
        assert_eq!(rates.iter().map(|rate| rate.handling).collect::<Vec<_>>(), [Handling::default(), handling]);

        let faster = MethodInput { handling: Handling { days: 1, cutoff_hour: None, utc_offset_min: -210 }, ..slow };
        let one = format!("{}/{}", methods_of("ada"), added.id);
        ada.header("if-match", "\"1\"").put(&one, &faster).await.expect(200);
        let all: Vec<MethodView> = ada.get(&methods_of("ada")).await.expect(200).json();
        assert_eq!(all.iter().find(|one| one.id == added.id).unwrap().input, faster);
        for (key, value) in [
            ("days", json!(-1)),
            ("days", json!(61)),
            ("cutoff_hour", json!(0)),
            ("cutoff_hour", json!(24)),
            ("utc_offset_min", json!(-721)),
            ("utc_offset_min", json!(841)),
        ] {
            let mut body = serde_json::to_value(&faster).unwrap();
            body["handling"][key] = value;
            ada.post(&methods_of("ada"), &body).await.expect_invalid(&format!("handling.{key}"));
        }
        assert_eq!(app.count("shipping", "SELECT count(*) FROM methods").await, 2);
        assert_eq!(app.published::<MethodsChanged>("shipping").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn methods_are_their_vendors_own() {
    on_both_databases(defs, |app| async move {
        let (ada, ben) = (staff(&app, "ada"), staff(&app, "ben"));
        let mine: MethodView = ada.post(&methods_of("ada"), &express()).await.expect(201).json();
        app.guest().get(&methods_of("ada")).await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).post(&methods_of("ada"), &express()).await.expect_problem(404, "not_found");
        app.as_user(&admin()).get(&methods_of("ada")).await.expect_problem(404, "not_found");
        ben.get(&methods_of("ada")).await.expect_problem(404, "not_found");
        let theirs = format!("{}/{}", methods_of("ben"), mine.id);
        let nothing = format!("{}/{}", methods_of("ben"), kernel::ShippingMethodId::derived("test", &["none"]));
        for (foreign, missing) in [
            (ben.put(&theirs, &express()).await, ben.put(&nothing, &express()).await),
            (ben.delete(&theirs).await, ben.delete(&nothing).await),
        ] {
            assert_eq!((foreign.status.as_u16(), foreign.text()), (404, missing.text()));
        }
        assert_eq!(ada.get(&methods_of("ada")).await.expect(200).json::<Vec<MethodView>>(), [mine]);
        assert_eq!(app.published::<MethodsChanged>("shipping").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_has_twenty_ways_to_ship_at_most_and_the_last_word_told_is_the_truth() {
    on_both_databases(defs, |app| async move {
        let ada = staff(&app, "ada");
        let answers = join_all((0..30).map(|i| {
            let (ada, input) = (ada.clone(), MethodInput { name: format!("Method {i}"), ..express() });
            async move { ada.post(&methods_of("ada"), &input).await }
        }))
        .await;
        let (added, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status.as_u16() == 201);
        assert_eq!(added.len(), 20);
        for answer in refused {
            answer.expect_problem(409, "too_many_methods");
        }
        let told = app.published::<MethodsChanged>("shipping").await;
        assert_eq!(told.iter().map(|e| e.methods.len()).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    })
    .await;
}

fn in_yen() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings { currency: Currency::parse("JPY").unwrap(), ..crate::Settings::default() })]
}

#[tokio::test]
async fn the_first_way_to_ship_is_in_the_main_currency() {
    on_both_databases(in_yen, |app| async move {
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let told = app.published::<MethodsChanged>("shipping").await;
        let first = &told[0].methods[0].1;
        assert_eq!((first.currency.code(), first.price_minor, first.free_over_minor), ("JPY", 490, Some(5000)));
        let rates: Vec<RateView> = app.guest().get(&rates_of("ada")).await.expect(200).json();
        assert_eq!((rates.len(), rates[0].price.to_string().as_str()), (1, "490 JPY"));
    })
    .await;
}
