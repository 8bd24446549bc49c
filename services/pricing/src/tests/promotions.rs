//! Promotions through the router: who runs them, and what a quote makes of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, routing::post};
use contracts::{
    catalog::CategoryRef,
    orders::OrderCount,
    pricing::Quote,
    promotions::{Obstacle, PromotionNotice, PromotionView},
};
use kernel::{CategoryId, Page};
use serde_json::json;
use testkit::{TestApp, admin, customer, on_both_databases, principals::account_of, vendor_owner, vendor_staff};

use super::{
    price_lists::{assigned, groups},
    *,
};
use crate::model::promotion::OPEN_PROMOTIONS_MAX;

const ALL: &str = "/api/v1/admin/promotions";

fn path(of: &str) -> String {
    format!("/api/v1/vendors/{}/promotions", vendor(of))
}

async fn create(app: &TestApp, input: &PromotionInput) -> PromotionView {
    app.as_user(&admin()).post(ALL, input).await.expect(201).json()
}

fn with_codes(codes: &[&str], lines: &[(&str, i64)]) -> QuoteRequest {
    QuoteRequest { codes: codes.iter().map(|code| code.parse().unwrap()).collect(), ..wants("DE", lines) }
}

async fn ask(app: &TestApp, request: &QuoteRequest) -> Quote {
    app.guest().post("/api/v1/quotes", request).await.expect(200).json()
}

#[tokio::test]
async fn promotions_are_made_listed_changed_and_ended() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let input = PromotionInput {
            platform_share_bp: 0,
            product_ids: vec![product("mug")],
            max_uses: Some(10),
            ..coded("ada-10", TEN)
        };
        let own: PromotionView = ada.post(&path("ada"), &input).await.expect(201).json();
        assert_eq!((own.vendor_id, own.uses, own.spent, own.version), (Some(vendor("ada")), 0, eur(0), 1));
        assert_eq!((own.active, own.input.code.as_ref().unwrap().as_str()), (true, "ADA-10"));
        app.clock.advance(Duration::from_secs(1));
        let platform = create(&app, &promotion(Effect::FreeShipping)).await;

        let mine: Page<PromotionView> = ada.get(&path("ada")).await.expect(200).json();
        assert_eq!(mine.items, std::slice::from_ref(&own));
        let all: Page<PromotionView> = app.as_user(&admin()).get(&format!("{ALL}?limit=1")).await.expect(200).json();
        assert_eq!(all.items, std::slice::from_ref(&platform));
        let rest = format!("{ALL}?limit=1&after={}", all.next.unwrap());
        let rest: Page<PromotionView> = app.as_user(&admin()).get(&rest).await.expect(200).json();
        assert_eq!((&rest.items[..], rest.next), (std::slice::from_ref(&own), None));

        let one = format!("{}/{}", path("ada"), own.id);
        assert_eq!(ada.get(&one).await.expect(200).header("etag"), Some("\"1\""));
        let changed = PromotionInput { max_uses: None, ..input.clone() };
        let answer: PromotionView = ada.header("if-match", "\"1\"").put(&one, &changed).await.expect(200).json();
        assert_eq!((answer.version, &answer.input), (2, &changed));
        ada.header("if-match", "\"1\"").put(&one, &input).await.expect_problem(412, "stale_version");
        ada.header("if-match", "\"1\"").delete(&one).await.expect_problem(412, "stale_version");
        ada.header("if-match", "\"2\"").delete(&one).await.expect(204);
        ada.get(&one).await.expect_problem(404, "not_found");
        // Its code is free again.
        ada.post(&path("ada"), &input).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn bad_promotions_are_refused_with_the_field() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let boss = app.as_user(&admin());
        let good = serde_json::to_value(coded("good", TEN)).unwrap();
        let with = |key: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[key] = value;
            body
        };
        for (key, value) in [
            ("name", json!("  ")),
            ("code", json!("a b")),
            ("code", json!("ab")),
            ("ends_at", json!("2026-01-15T12:00:00Z")),
            ("currency", json!("XXX")),
            ("platform_share_bp", json!(10_001)),
            ("max_uses", json!(0)),
            ("budget_minor", json!(-1)),
            ("minimum_minor", json!(-1)),
        ] {
            boss.post(ALL, &with(key, value)).await.expect_invalid(key);
        }
        let zero = json!({"type": "percent", "percent_bp": 0});
        boss.post(ALL, &with("effect", zero)).await.expect_invalid("effect.percent_bp");
        boss.post(ALL, &with("effect", json!({"type": "magic"}))).await.expect(422);
        boss.post(ALL, &with("product_ids", json!([product("mug"), product("none")])))
            .await
            .expect_invalid("product_ids[1]");
        boss.post(ALL, &with("vendor_ids", json!([vendor("none")]))).await.expect_invalid("vendor_ids[0]");
        let ada = app.as_user(&vendor_owner(vendor("ada")));
        ada.post(&path("ada"), &good).await.expect_invalid("platform_share_bp");
        let own = with("platform_share_bp", json!(0));
        let mut foreign = own.clone();
        foreign["product_ids"] = json!([product("mug"), product("lamp")]);
        ada.post(&path("ada"), &foreign).await.expect_invalid("product_ids[1]");
        let over = json!({"starts_at": "2025-01-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"});
        let mut past = good.clone();
        past.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        boss.post(ALL, &past).await.expect_invalid("ends_at");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM promotions").await, 0);

        boss.post(ALL, &good).await.expect(201);
        ada.post(&path("ada"), &own).await.expect_invalid("code");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM promotions").await, 1);
    })
    .await;
}

#[tokio::test]
async fn promotions_are_their_vendors_own() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, ben) = (app.as_user(&vendor_staff(vendor("ada"))), app.as_user(&vendor_owner(vendor("ben"))));
        let input = PromotionInput { platform_share_bp: 0, ..promotion(TEN) };
        let mine: PromotionView = ada.post(&path("ada"), &input).await.expect(201).json();
        let platform = create(&app, &coded("all", TEN)).await;

        app.guest().post(&path("ada"), &input).await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).post(ALL, &input).await.expect_problem(403, "forbidden");
        app.as_user(&customer("eve")).get(&path("ada")).await.expect_problem(404, "not_found");
        ben.get(&path("ada")).await.expect_problem(404, "not_found");
        for id in [mine.id, platform.id, kernel::PromotionId::derived("test", &["none"])] {
            let theirs = format!("{}/{id}", path("ben"));
            ben.get(&theirs).await.expect_problem(404, "not_found");
            ben.put(&theirs, &input).await.expect_problem(404, "not_found");
            ben.delete(&theirs).await.expect_problem(404, "not_found");
        }
        let theirs: Page<PromotionView> = ben.get(&path("ben")).await.expect(200).json();
        assert_eq!(theirs.items, []);
        // It takes nothing off what others sell.
        let quote = ask(&app, &wants("DE", &[("mug", 1), ("lamp", 1)])).await;
        assert_eq!((quote.discount, quote.promotions.len()), (eur(249), 1));
        let foreign = ask(&app, &wants("DE", &[("lamp", 1)])).await;
        assert_eq!((foreign.discount, foreign.promotions.len()), (eur(0), 0));
    })
    .await;
}

#[tokio::test]
async fn a_quote_names_what_it_takes_off_and_what_became_of_each_code() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let plain = ask(&app, &wants("DE", &[("mug", 1), ("lamp", 1)])).await;
        create(&app, &PromotionInput { platform_share_bp: 5_000, ..coded("TEN", TEN) }).await;
        create(&app, &PromotionInput { minimum_minor: 20_000, ..coded("BIG", TEN) }).await;
        assert_eq!(ask(&app, &wants("DE", &[("mug", 1), ("lamp", 1)])).await, plain, "nobody has typed a code");

        let quote = ask(&app, &with_codes(&["ten", "big", "none"], &[("mug", 1), ("lamp", 1)])).await;
        assert_eq!((quote.discount, quote.total), (eur(249 + 990), eur(plain.total.amount_minor - 1239)));
        let told: Vec<_> = quote.codes.iter().map(|c| (c.code.as_str(), c.applied, c.reason)).collect();
        let big = ("BIG", false, Some(Obstacle::MinimumNotMet));
        assert_eq!(told, [big, ("NONE", false, Some(Obstacle::Unknown)), ("TEN", true, None)]);
        assert_eq!(quote.codes[0].missing, Some(eur(20_000 - 12_390)));
        assert_eq!(quote.codes[0].text, "“BIG” needs 76.10 € more of what it applies to.");
        assert_eq!((quote.promotions[0].amount, quote.promotions[0].platform), (eur(1239), eur(620)));
        let mug = quote.lines.iter().find(|l| l.variant_id == variant("mug")).unwrap();
        assert_eq!((mug.unit_price, mug.discount, mug.total, mug.tax), (eur(2490), eur(249), eur(2241), eur(358)));
        let text = "Deal TEN (TEN), 50 % paid by the marketplace, the rest by the vendor";
        assert!(mug.explanation.iter().any(|r| r.text == text && r.amount == eur(-249)), "{:?}", mug.explanation);
        assert_ne!(quote.hash, ask(&app, &with_codes(&["ten"], &[("mug", 1), ("lamp", 1)])).await.hash);
        let refused = json!({"currency": "EUR", "country": "DE", "lines": [], "codes": ["a b"]});
        app.guest().post("/api/v1/quotes", &refused).await.expect_invalid("codes[0]");
    })
    .await;
}

#[tokio::test]
async fn a_category_covers_what_is_below_it() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let category = |name: &str| CategoryRef {
            id: CategoryId::derived("test", &[name]),
            slug: name.parse().unwrap(),
            name: name.to_owned(),
        };
        let mut mug = published("ada", "mug", &[("mug", eur(2490))]);
        mug.product.categories = vec![category("kitchen"), category("cups")];
        app.deliver("pricing", &mug).await;
        for (name, off) in [("kitchen", 249), ("cups", 249), ("garden", 0), ("all", 990)] {
            let category_ids = vec![CategoryId::derived("test", &[name])];
            let made = create(&app, &PromotionInput { category_ids, ..promotion(TEN) }).await;
            let quote = ask(&app, &wants("DE", &[("mug", 1), ("lamp", 1)])).await;
            assert_eq!(quote.discount, eur(off), "{name}");
            let categories = quote.lines.iter().find(|line| line.product_id == product("mug")).map(|l| &l.categories);
            assert_eq!(categories, Some(&vec![category("kitchen").id, category("cups").id]), "from the top");
            app.as_user(&admin()).delete(&format!("{ALL}/{}", made.id)).await.expect(204);
        }
    })
    .await;
}

#[tokio::test]
async fn a_first_order_is_asked_for_only_where_it_matters() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let eve = app.as_user(&customer("eve"));
        let request = with_codes(&["new"], &[("mug", 1)]);
        create(&app, &PromotionInput { first_order: true, ..coded("new", TEN) }).await;
        // Nobody answers: the promotion does not apply, and the quote stands.
        let quote: Quote = eve.post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!(quote.codes[0].reason, Some(Obstacle::FirstOrderOnly));
        assert_eq!(ask(&app, &request).await.codes[0].reason, None, "a guest whom nobody knows");
        let ordered = Arc::new(AtomicI64::new(0));
        let known = ordered.clone();
        let count = move || async move { Json(OrderCount { orders: known.load(Ordering::SeqCst) }) };
        app.stand_in("orders", Router::new().route("/internal/orders/count", post(count)));
        for (orders, reason) in [(0, None), (2, Some(Obstacle::FirstOrderOnly))] {
            ordered.store(orders, Ordering::SeqCst);
            let quote: Quote = eve.post("/api/v1/quotes", &request).await.expect(200).json();
            assert_eq!(quote.codes[0].reason, reason);
        }
    })
    .await;
}

#[tokio::test]
async fn a_promotion_that_is_over_begins_again_only_if_there_is_room() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let short = PromotionInput { ends_at: Some(at("2026-01-15T13:00:00Z")), ..promotion(TEN) };
        let own = PromotionInput { platform_share_bp: 0, ..short.clone() };
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let (over, theirs) = (create(&app, &short).await, ada.post(&path("ada"), &own).await.expect(201).json());
        let theirs: PromotionView = theirs;
        app.clock.advance(Duration::from_secs(3600));
        for _ in 0..OPEN_PROMOTIONS_MAX {
            create(&app, &promotion(TEN)).await;
        }
        let admin = app.as_user(&admin());
        let again = PromotionInput { ends_at: None, ..short.clone() };
        admin.put(&format!("{ALL}/{}", over.id), &again).await.expect_problem(409, "too_many_promotions");
        admin
            .put(&format!("{ALL}/{}", over.id), &PromotionInput { name: "Past".to_owned(), ..short })
            .await
            .expect(200);
        // Each owner has room of its own.
        let again = PromotionInput { ends_at: None, ..own };
        ada.put(&format!("{}/{}", path("ada"), theirs.id), &again).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn what_is_advertised_is_shown_as_long_as_it_can_be_had() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let shown = async || -> Vec<String> {
            let all: Vec<PromotionNotice> = app.guest().get("/api/v1/promotions").await.expect(200).json();
            all.into_iter().map(|notice| notice.name).collect()
        };
        create(&app, &coded("SECRET", TEN)).await;
        let show = |code: &str| PromotionInput { advertised: true, ..coded(code, TEN) };
        let one = create(&app, &PromotionInput { minimum_minor: 500, ..show("OPEN") }).await;
        let soon = PromotionInput { ends_at: Some(at("2026-01-16T12:00:00Z")), ..show("SOON") };
        create(&app, &soon).await;
        create(&app, &PromotionInput { starts_at: at("2026-02-01T00:00:00Z"), ..show("LATER") }).await;
        assert_eq!(shown().await, ["Deal SOON", "Deal OPEN"]);
        app.clock.advance(Duration::from_secs(86_400));
        let all: Vec<PromotionNotice> = app.guest().get("/api/v1/promotions").await.expect(200).json();
        assert_eq!((all.len(), all[0].id, all[0].minimum), (1, one.id, eur(500)));
        assert_eq!((all[0].code.as_ref().unwrap().as_str(), &all[0].effect), ("OPEN", &TEN));
        app.as_user(&admin()).delete(&format!("{ALL}/{}", one.id)).await.expect(204);
        assert_eq!(shown().await, Vec::<String>::new());

        // Nothing can be bought in a store that is closed.
        let own = PromotionInput { platform_share_bp: 0, ..show("ADA") };
        app.as_user(&vendor_staff(vendor("ada"))).post(&path("ada"), &own).await.expect(201);
        assert_eq!(shown().await, ["Deal ADA"]);
        app.deliver("pricing", &vendor_decided("ada", VendorStatus::Suspended)).await;
        assert_eq!(shown().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_group_of_customers_has_promotions_of_its_own() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade", "friends"]).await;
        assigned(&app, "tom", &["trade"]).await;
        let boss = app.as_user(&admin());
        let keys = |keys: &[&str]| keys.iter().map(|key| key.parse().unwrap()).collect::<Vec<kernel::Slug>>();
        let nobody = PromotionInput { groups: keys(&["trade", "nobody"]), ..coded("NOBODY", TEN) };
        boss.post(ALL, &nobody).await.expect_invalid("groups");
        let shown = PromotionInput { groups: keys(&["trade"]), advertised: true, ..coded("SHOWN", TEN) };
        boss.post(ALL, &shown).await.expect_invalid("groups");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM promotions").await, 0);

        let request = with_codes(&["TRADE"], &[("mug", 1)]);
        let quoted = async |who: &str| -> Quote {
            app.as_user(&customer(who)).post("/api/v1/quotes", &request).await.expect(200).json()
        };
        let trade =
            create(&app, &PromotionInput { groups: keys(&["trade", "friends", "trade"]), ..coded("TRADE", TEN) }).await;
        assert_eq!(trade.input.groups, keys(&["friends", "trade"]));
        let tom = quoted("tom").await;
        assert_eq!((tom.discount, tom.total, tom.codes[0].applied), (eur(249), eur(2_731), true));
        let label = "Deal TRADE (TRADE), for TRADE, paid by the marketplace";
        let said = |reason: &&contracts::pricing::Reason| reason.text == label && reason.amount == eur(-249);
        assert_eq!(tom.explanation.iter().filter(said).count(), 1);
        assert_eq!(tom.lines[0].explanation.iter().filter(said).count(), 1);

        // Nobody else has it, whatever they say of themselves; whoever asks for Tom does.
        let eve = quoted("eve").await;
        assert_eq!((eve.discount, eve.total, eve.codes[0].reason), (eur(0), eur(2_980), Some(Obstacle::NotInGroup)));
        assert_eq!(eve.codes[0].text, "“TRADE” is for certain customers: log in if you are one of them.");
        let customer_of = Customer { account_id: Some(account_of(&customer("tom"))), email: None };
        let for_tom = QuoteRequest { customer: customer_of, ..request.clone() };
        assert_eq!(ask(&app, &for_tom).await.codes[0].reason, Some(Obstacle::NotInGroup));
        let asked: Quote = app.as_service("orders").post("/api/v1/quotes", &for_tom).await.expect(200).json();
        assert_eq!(asked, tom);

        // What applies by itself is not even told to others.
        let before = quoted("eve").await;
        create(&app, &PromotionInput { groups: keys(&["trade"]), priority: 1, ..promotion(TEN) }).await;
        assert_eq!(quoted("eve").await, before);
        assert_eq!(quoted("tom").await.discount, eur(249 + 224));

        assigned(&app, "tom", &[]).await;
        assert_eq!(quoted("tom").await, before);
        for key in ["trade", "friends"] {
            let path = format!("/api/v1/admin/customer-groups/{key}");
            boss.delete(&path).await.expect_problem(409, "group_in_use");
        }
        boss.delete(&format!("{ALL}/{}", trade.id)).await.expect(204);
        boss.delete("/api/v1/admin/customer-groups/friends").await.expect(204);
        boss.delete("/api/v1/admin/customer-groups/trade").await.expect_problem(409, "group_in_use");
    })
    .await;
}
