//! Price lists, and the groups of customers that they are for.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use contracts::{
    identity::Contact,
    price_lists::{CustomerGroup, GroupsOfCustomer, ListedPrice, PriceListInput, PriceListView},
    pricing::Quote,
};
use kernel::{AccountId, Page};
use serde_json::json;
use testkit::{TestApp, admin, customer, on_both_databases, principals::account_of, vendor_staff};

use super::*;
use crate::model::price_list::OPEN_LISTS_MAX;

pub(super) fn path(of: &str) -> String {
    format!("/api/v1/vendors/{}/price-lists", vendor(of))
}

/// From the start of the test for a week, for the trade.
pub(super) fn list(prices: &[(&str, i64)]) -> PriceListInput {
    let listed =
        |(sku, price_minor): &(&str, i64)| ListedPrice { sku: format!("SKU-{sku}"), price_minor: *price_minor };
    PriceListInput {
        name: "Trade prices".to_owned(),
        group: "trade".parse().unwrap(),
        currency: Currency::EUR,
        starts_at: at("2026-01-15T12:00:00Z"),
        ends_at: Some(at("2026-01-22T12:00:00Z")),
        prices: prices.iter().map(listed).collect(),
    }
}

/// Makes groups, and has `identity` know Tom.
pub(super) async fn groups(app: &TestApp, keys: &[&str]) {
    async fn contact(Path(id): Path<AccountId>) -> Response {
        if id != account_of(&customer("tom")) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let email = "tom@example.com".parse().unwrap();
        Json(Contact { account_id: id, email, name: "Tom".to_owned(), locale: "en".to_owned() }).into_response()
    }
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
    for key in keys {
        let group = CustomerGroup { key: key.parse().unwrap(), name: key.to_uppercase() };
        app.as_user(&admin()).put(&format!("/api/v1/admin/customer-groups/{key}"), &group).await.expect(200);
    }
}

pub(super) async fn assigned(app: &TestApp, who: &str, keys: &[&str]) {
    let path = format!("/api/v1/admin/customers/{}/groups", account_of(&customer(who)));
    let wanted = GroupsOfCustomer { groups: keys.iter().map(|key| key.parse().unwrap()).collect() };
    let saved: GroupsOfCustomer = app.as_user(&admin()).put(&path, &wanted).await.expect(200).json();
    assert_eq!(saved, wanted);
}

async fn ask(app: &TestApp, who: &str, lines: &[(&str, i64)]) -> Quote {
    app.as_user(&customer(who)).post("/api/v1/quotes", &wants("DE", lines)).await.expect(200).json()
}

#[tokio::test]
async fn a_group_pays_its_own_price_within_the_period() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade", "friends"]).await;
        assigned(&app, "tom", &["trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        ada.post(&path("ada"), &list(&[("mug", 2000), ("bowl-s", 5000)])).await.expect(201);

        let tom = ask(&app, "tom", &[("mug", 2), ("bowl-s", 1)]).await;
        let line = |quote: &Quote, id: &str| quote.lines.iter().find(|l| l.variant_id == variant(id)).unwrap().clone();
        let mug = line(&tom, "mug");
        assert_eq!(
            (mug.list_price, mug.unit_price, mug.total, mug.discount),
            (eur(2490), eur(2000), eur(4000), eur(980))
        );
        let why = &mug.explanation[1];
        assert_eq!(
            (&*why.rule, why.text.as_str(), why.amount),
            ("price_list", "Trade prices, 20.00 € each, paid by the vendor", eur(-980))
        );
        assert_eq!(line(&tom, "bowl-s").unit_price, eur(1200), "a list never makes anything dearer");
        assert!(
            tom.explanation.iter().any(|r| r.rule == "price_list"
                && r.text == "Trade prices, paid by the vendor"
                && r.amount == eur(-980))
        );

        // For everybody else it costs what it costs; an account that only says so is nobody.
        let eve = ask(&app, "eve", &[("mug", 2), ("bowl-s", 1)]).await;
        assert_eq!(line(&eve, "mug").unit_price, eur(2490));
        let mut pretending = wants("DE", &[("mug", 2), ("bowl-s", 1)]);
        pretending.customer.account_id = Some(account_of(&customer("tom")));
        let guest: Quote = app.guest().post("/api/v1/quotes", &pretending).await.expect(200).json();
        assert_eq!(guest.hash, eve.hash);
        assert_ne!(tom.hash, eve.hash);

        // What is better for the customer counts, discounts included.
        let half = DiscountInput { percent_bp: 5000, ends_at: Some(at("2026-01-16T12:00:00Z")), ..sale(&["mug"]) };
        ada.post(&format!("/api/v1/vendors/{}/discounts", vendor("ada")), &half).await.expect(201);
        assert_eq!(line(&ask(&app, "tom", &[("mug", 1)]).await, "mug").unit_price, eur(1245));
        app.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(line(&ask(&app, "tom", &[("mug", 1)]).await, "mug").unit_price, eur(2000));
        app.clock.set(at("2026-01-22T12:00:00Z"));
        assert_eq!(line(&ask(&app, "tom", &[("mug", 1)]).await, "mug").unit_price, eur(2490), "the end is exclusive");
    })
    .await;
}

#[tokio::test]
async fn of_several_lists_the_lowest_price_counts() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade", "friends"]).await;
        assigned(&app, "tom", &["friends", "trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        ada.post(&path("ada"), &list(&[("mug", 2000)])).await.expect(201);
        let friends =
            PriceListInput { name: "Friends".to_owned(), group: "friends".parse().unwrap(), ..list(&[("mug", 1900)]) };
        ada.post(&path("ada"), &friends).await.expect(201);
        assert_eq!(ask(&app, "tom", &[("mug", 1)]).await.lines[0].unit_price, eur(1900));
        assigned(&app, "tom", &["trade"]).await;
        assert_eq!(ask(&app, "tom", &[("mug", 1)]).await.lines[0].unit_price, eur(2000));
        assigned(&app, "tom", &[]).await;
        assert_eq!(ask(&app, "tom", &[("mug", 1)]).await.lines[0].unit_price, eur(2490));
    })
    .await;
}

#[tokio::test]
async fn lists_are_kept_changed_and_removed() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let made: PriceListView = ada.post(&path("ada"), &list(&[("mug", 2000)])).await.expect(201).json();
        assert_eq!((made.version, made.active, &made.input), (1, true, &list(&[("mug", 2000)])));
        app.clock.advance(Duration::from_secs(1));
        let later = PriceListInput {
            starts_at: at("2026-02-01T00:00:00Z"),
            ends_at: None,
            ..list(&[("bowl-l", 1500), ("bowl-s", 900)])
        };
        let second: PriceListView = ada.post(&path("ada"), &later).await.expect(201).json();
        assert!(!second.active);
        let page: Page<PriceListView> = ada.get(&format!("{}?limit=1", path("ada"))).await.expect(200).json();
        assert_eq!(page.items, std::slice::from_ref(&second));
        let rest: Page<PriceListView> =
            ada.get(&format!("{}?limit=1&after={}", path("ada"), page.next.unwrap())).await.expect(200).json();
        assert_eq!(rest.items, std::slice::from_ref(&made));

        let one = format!("{}/{}", path("ada"), made.id);
        let changed = ada.header("if-match", "\"1\"").put(&one, &list(&[("bowl-s", 1000)])).await.expect(200);
        assert_eq!(changed.header("etag"), Some("\"2\""));
        ada.header("if-match", "\"1\"").put(&one, &list(&[("mug", 1)])).await.expect(412);
        assert_eq!(ada.get(&one).await.json::<PriceListView>().input, list(&[("bowl-s", 1000)]));
        let admin = app.as_user(&admin());
        admin.delete("/api/v1/admin/customer-groups/trade").await.expect_problem(409, "group_in_use");
        for id in [made.id, second.id] {
            ada.delete(&format!("{}/{id}", path("ada"))).await.expect(204);
        }
        ada.get(&one).await.expect(404);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM price_list_prices").await, 0);
        assigned(&app, "tom", &["trade"]).await;
        admin.delete("/api/v1/admin/customer-groups/trade").await.expect(204);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM group_members").await, 0);
        admin.delete("/api/v1/admin/customer-groups/trade").await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_place() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let post = |input: PriceListInput| {
            let (ada, path) = (ada.clone(), path("ada"));
            async move { ada.post(&path, &input).await }
        };
        post(list(&[])).await.expect_invalid("prices");
        post(list(&[("mug", 0)])).await.expect_invalid("prices[0].price_minor");
        post(list(&[("mug", 1), ("mug", 2)])).await.expect_invalid("prices[1].sku");
        post(list(&[("mug", 1), ("lamp", 2)])).await.expect_invalid("prices[1].sku");
        post(PriceListInput { currency: Currency::USD, ..list(&[("mug", 1)]) }).await.expect_invalid("prices[0].sku");
        post(PriceListInput { group: "nobody".parse().unwrap(), ..list(&[("mug", 1)]) }).await.expect_invalid("group");
        post(PriceListInput { name: " ".to_owned(), ..list(&[("mug", 1)]) }).await.expect_invalid("name");
        let over = Some(at("2026-01-15T12:00:00Z"));
        post(PriceListInput { ends_at: over, ..list(&[("mug", 1)]) }).await.expect_invalid("ends_at");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM price_lists").await, 0);
        let unknown = json!({"groups": ["trade", "nobody"]});
        let tom = format!("/api/v1/admin/customers/{}/groups", account_of(&customer("tom")));
        app.as_user(&admin()).put(&tom, &unknown).await.expect_invalid("groups[1]");
        // Nobody has this account: it is mistyped. Out of all groups is always possible.
        let nobody = format!("/api/v1/admin/customers/{}/groups", account_of(&customer("nobody")));
        app.as_user(&admin()).put(&nobody, &json!({"groups": ["trade"]})).await.expect_problem(404, "not_found");
        app.as_user(&admin()).put(&nobody, &json!({"groups": []})).await.expect(200);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM group_members").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_over_begins_again_only_if_there_is_room() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let short = PriceListInput { ends_at: Some(at("2026-01-15T13:00:00Z")), ..list(&[("mug", 2000)]) };
        let over: PriceListView = ada.post(&path("ada"), &short).await.expect(201).json();
        app.clock.advance(Duration::from_secs(3600));
        for _ in 0..OPEN_LISTS_MAX {
            ada.post(&path("ada"), &list(&[("mug", 2000)])).await.expect(201);
        }
        let one = format!("{}/{}", path("ada"), over.id);
        ada.put(&one, &list(&[("mug", 1)])).await.expect_problem(409, "too_many_price_lists");
        // What is over can still be put right, as long as it stays over.
        ada.put(&one, &PriceListInput { name: "Last week".to_owned(), ..short }).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn nobody_reaches_the_lists_or_the_groups_of_another() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let made: PriceListView = ada.post(&path("ada"), &list(&[("mug", 2000)])).await.expect(201).json();
        let ben = app.as_user(&vendor_staff(vendor("ben")));
        let foreign = format!("{}/{}", path("ben"), made.id);
        ben.get(&foreign).await.expect(404);
        ben.put(&foreign, &list(&[("lamp", 1)])).await.expect(404);
        ben.delete(&foreign).await.expect(404);
        ben.get(&path("ada")).await.expect(404);
        app.guest().get(&path("ada")).await.expect(401);
        let tom = format!("/api/v1/admin/customers/{}/groups", account_of(&customer("tom")));
        for person in [app.as_user(&customer("tom")), ada.clone()] {
            person.put(&tom, &json!({"groups": ["trade"]})).await.expect(403);
            person.put("/api/v1/admin/customer-groups/mine", &json!({"key": "mine", "name": "Mine"})).await.expect(403);
        }
        assert_eq!(app.count("pricing", "SELECT count(*) FROM price_lists WHERE version = 1").await, 1);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM group_members").await, 0);
    })
    .await;
}
