//! Downloads: who gets them, for how long, how often.

use std::time::Duration;

use axum::{Json, Router, routing::post};
use bytes::Bytes;
use contracts::{
    catalog::{FilesWanted, KeptFile, VariantFile},
    orders::{OrderCompleted, OrderDownloads, OrderPaid, OrderStatus, PlacedOrder, VendorOrderStatus},
    payments::PaymentRefunded,
    pricing::Quote,
};
use http::Method;
use kernel::{Clock, RefundId, Timestamp, VariantFileId};
use serde_json::json;
use testkit::{TestApp, admin, customer, on_both_databases};

use super::{Others, body, captured, defs, eur, payment, quote, reserve, variant, vendor, view};

/// A pattern of ada's, which is downloaded: 9.00.
fn pattern() -> Quote {
    let mut quote = quote(&[("ada", &[("pattern", 1, 900)], 0)]);
    quote.lines[0].digital = true;
    let part = &mut quote.vendors[0];
    part.digital = true;
    part.method = None;
    part.methods.clear();
    quote
}

fn file_id() -> VariantFileId {
    VariantFileId::derived("test", &["pattern.pdf"])
}

/// Plays the catalogue with one file in two pieces.
async fn catalog(app: &TestApp) {
    async fn kept(Json(wanted): Json<FilesWanted>) -> Json<Vec<KeptFile>> {
        let file = VariantFile {
            id: file_id(),
            variant_id: variant("pattern"),
            name: "Mütze \u{2192} 1.pdf".to_owned(),
            bytes: 7,
            updated_at: Timestamp(1),
        };
        let known = wanted.variant_ids.contains(&file.variant_id);
        Json(known.then(|| KeptFile { file, place: "imports/one".to_owned(), piece_bytes: 4 }).into_iter().collect())
    }
    app.stand_in("catalog", Router::new().route("/internal/files", post(kept)));
    app.files.put("imports/one/0", Bytes::from_static(b"knit")).await.unwrap();
    app.files.put("imports/one/1", Bytes::from_static(b"one")).await.unwrap();
}

async fn bought(app: &TestApp, key: &str) -> PlacedOrder {
    let placed: PlacedOrder = app.guest().key(key).post("/api/v1/orders", &body(&pattern())).await.expect(202).json();
    reserve(app, placed.order.id).await;
    app.deliver("orders", &captured(app, placed.order.id, eur(900))).await;
    placed
}

fn path(placed: &PlacedOrder) -> String {
    format!("/api/v1/orders/{}/downloads", placed.order.id)
}

async fn downloads(app: &TestApp, placed: &PlacedOrder) -> OrderDownloads {
    let guest = app.guest().header("order-token", placed.token.expose());
    guest.get(&path(placed)).await.expect(200).json()
}

async fn count(app: &TestApp) -> i64 {
    app.count("orders", "SELECT downloads FROM order_lines").await
}

async fn refund(app: &TestApp, placed: &PlacedOrder, name: &str, amount: i64, total: i64) {
    let event = PaymentRefunded {
        payment_id: payment(placed.order.id),
        order_id: placed.order.id,
        refund_id: RefundId::derived("test", &[name]),
        amount: eur(amount),
        refunded_total: eur(total),
        by_vendor: vec![(vendor("ada"), eur(amount))],
        at: app.clock.now(),
    };
    app.deliver("orders", &event).await;
}

#[tokio::test]
async fn what_was_paid_is_downloaded_by_a_link() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(pattern());
        catalog(&app).await;
        let placed: PlacedOrder =
            app.guest().key("one").post("/api/v1/orders", &body(&pattern())).await.expect(202).json();
        assert!(placed.order.vendor_orders[0].lines[0].digital);
        assert_eq!(downloads(&app, &placed).await, OrderDownloads::default(), "it is not paid");
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(900))).await;

        let order = view(&app, &placed).await;
        assert_eq!(
            (order.status, order.vendor_orders[0].status),
            (OrderStatus::Completed, VendorOrderStatus::Delivered)
        );
        let told: Vec<OrderPaid> = app.published("orders").await;
        assert!(told[0].order.parts[0].is_digital());
        assert_eq!(app.published::<OrderCompleted>("orders").await.len(), 1);
        assert_eq!(app.count("orders", "SELECT delivered FROM order_lines").await, 1);

        let found = downloads(&app, &placed).await;
        let [file] = found.files.as_slice() else { panic!("{found:?}") };
        assert_eq!((file.name.as_str(), file.title.as_str()), ("Mütze \u{2192} 1.pdf", "pattern, Blue"));
        assert_eq!((file.bytes, file.left), (7, 20));
        assert_eq!(file.expires_at, app.clock.now().plus(Duration::from_secs(24 * 3600)));
        assert_eq!(count(&app).await, 0, "to look costs nothing");

        let answer = app.guest().get(&file.link).await.expect(200);
        assert_eq!(answer.text(), "knitone");
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
        assert_eq!(answer.header("content-length"), Some("7"));
        assert_eq!(answer.header("accept-ranges"), Some("bytes"));
        assert_eq!(answer.header("content-range"), None);
        let name = "attachment; filename=\"M_tze___1.pdf\"; filename*=UTF-8''M%C3%BCtze%20%E2%86%92%201.pdf";
        assert_eq!(answer.header("content-disposition"), Some(name));
        assert_eq!(count(&app).await, 1);
        assert_eq!(downloads(&app, &placed).await.files[0].left, 19);
        // Nothing of it is sent back by the form.
        let guest = app.guest().header("order-token", placed.token.expose());
        let line = order.vendor_orders[0].lines[0].id;
        let wish = json!({"lines": [{"line_id": line, "quantity": 1}], "reason": "changed_mind"});
        let returns = format!("/api/v1/orders/{}/returns", placed.order.id);
        guest.key("back").post(&returns, &wish).await.expect_problem(409, "not_returnable");
        assert_eq!(app.count("orders", "SELECT returned FROM order_lines").await, 0);
    })
    .await;
}

#[tokio::test]
async fn links_are_not_made_by_others_and_end() {
    on_both_databases(defs, |app| async move {
        Others::on(&app).set(pattern());
        catalog(&app).await;
        let placed = bought(&app, "one").await;
        for stranger in [app.guest(), app.as_user(&customer("eve"))] {
            stranger.get(&path(&placed)).await.expect_problem(404, "not_found");
        }
        app.as_user(&admin()).get(&path(&placed)).await.expect(200);

        let link = downloads(&app, &placed).await.files[0].link.clone();
        let parts: Vec<&str> = link.split('.').collect();
        let longer = format!("{}.{}.{}.9{}.{}", parts[0], parts[1], parts[2], parts[3], parts[4]);
        let other_file = VariantFileId::derived("test", &["another.pdf"]);
        let another = format!("{}.{}.{other_file}.{}.{}", parts[0], parts[1], parts[3], parts[4]);
        let unsigned = format!("{}.{}.{}.{}.{}", parts[0], parts[1], parts[2], parts[3], "0".repeat(64));
        for forged in [longer, another, unsigned, format!("{link}0"), "/api/v1/downloads/x".to_owned()] {
            app.guest().get(&forged).await.expect_problem(404, "not_found");
        }
        app.clock.advance(Duration::from_secs(24 * 3600 + 1));
        app.guest().get(&link).await.expect_problem(410, "download_expired");
        assert_eq!(count(&app).await, 0);

        let link = downloads(&app, &placed).await.files[0].link.clone();
        for _ in 0..20 {
            app.guest().get(&link).await.expect(200);
        }
        app.guest().get(&link).await.expect_problem(410, "downloads_used_up");
        assert_eq!((count(&app).await, downloads(&app, &placed).await.files[0].left), (20, 0));
    })
    .await;
}

#[tokio::test]
async fn what_broke_off_is_gone_on_with() {
    on_both_databases(defs, |app| async move {
        Others::on(&app).set(pattern());
        catalog(&app).await;
        let placed = bought(&app, "one").await;
        let link = downloads(&app, &placed).await.files[0].link.clone();
        let part = async |range: &str| app.guest().header("range", range).get(&link).await;
        // Nothing was downloaded before, so this is no going on.
        assert_eq!(part("bytes=5-").await.expect(206).text(), "ne");
        assert_eq!(count(&app).await, 1);
        for (range, content, said) in [
            ("bytes=1-", "nitone", "bytes 1-6/7"),
            ("bytes=2-4", "ito", "bytes 2-4/7"),
            ("bytes=3-3", "t", "bytes 3-3/7"),
            ("bytes=4-99", "one", "bytes 4-6/7"),
            ("bytes=-2", "ne", "bytes 5-6/7"),
        ] {
            let answer = part(range).await.expect(206);
            assert_eq!((answer.text().as_str(), answer.header("content-range")), (content, Some(said)), "{range}");
            assert_eq!(answer.header("content-length"), Some(content.len().to_string().as_str()), "{range}");
        }
        assert_eq!(count(&app).await, 1, "what goes on was counted when it began");
        assert_eq!(part("bytes=0-3").await.expect(206).text(), "knit");
        assert_eq!(part("bytes=0-0").await.expect(206).text(), "k");
        assert_eq!(count(&app).await, 3, "what begins anew counts");

        let behind = part("bytes=7-").await;
        assert_eq!(behind.header("content-range"), Some("bytes */7"));
        behind.expect_problem(416, "range_not_satisfiable");
        assert_eq!(count(&app).await, 3);
        // What we do not understand is answered with the whole.
        assert_eq!(part("bytes=1-2,4-5").await.expect(200).text(), "knitone");
        assert_eq!(count(&app).await, 4);
    })
    .await;
}

#[tokio::test]
async fn a_part_of_another_content_is_not_given() {
    on_both_databases(defs, |app| async move {
        Others::on(&app).set(pattern());
        catalog(&app).await;
        let placed = bought(&app, "one").await;
        let link = downloads(&app, &placed).await.files[0].link.clone();
        let head = app.guest().send(Method::HEAD, &link, None, Bytes::new()).await.expect(200);
        assert_eq!((head.text().as_str(), head.header("content-length")), ("", Some("7")));
        assert_eq!(count(&app).await, 0, "to look at it costs nothing");
        let tag = head.header("etag").unwrap().to_owned();
        assert_eq!(tag, "\"1-7\"");
        let reader = app.guest().header("range", "bytes=4-");
        reader.get(&link).await.expect(206);
        assert_eq!(count(&app).await, 1);
        assert_eq!(reader.header("if-range", tag).get(&link).await.expect(206).text(), "one");
        assert_eq!(count(&app).await, 1);
        assert_eq!(reader.header("if-range", "\"0-7\"").get(&link).await.expect(200).text(), "knitone");
        assert_eq!(count(&app).await, 2);

        // Used up: not begun any more, but gone on with.
        for _ in 2..20 {
            app.guest().get(&link).await.expect(200);
        }
        app.guest().header("range", "bytes=0-").get(&link).await.expect_problem(410, "downloads_used_up");
        app.guest().send(Method::HEAD, &link, None, Bytes::new()).await.expect(410);
        assert_eq!(reader.get(&link).await.expect(206).text(), "one");
        assert_eq!(count(&app).await, 20);
    })
    .await;
}

#[tokio::test]
async fn what_went_back_is_downloaded_no_more() {
    on_both_databases(defs, |app| async move {
        Others::on(&app).set(pattern());
        catalog(&app).await;
        let placed = bought(&app, "one").await;
        let link = downloads(&app, &placed).await.files[0].link.clone();
        refund(&app, &placed, "half", 400, 400).await;
        app.guest().get(&link).await.expect(200);
        refund(&app, &placed, "rest", 500, 900).await;
        assert_eq!(app.count("orders", "SELECT refunded_minor FROM vendor_orders").await, 900);
        app.guest().get(&link).await.expect_problem(404, "not_found");
        assert_eq!(downloads(&app, &placed).await, OrderDownloads::default());
        assert_eq!(count(&app).await, 1);
    })
    .await;
}
