//! What sold most, as analytics counts it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::Query, routing::get};
use contracts::analytics::{ProductSold, SOLD_PAGE, SoldQuery};
use kernel::ProductId;
use testkit::TestApp;

use super::{a_market, product_id, publish, titles, with_both_engines};

/// As long as until it is counted again.
const AGAIN: Duration = Duration::from_secs(11 * 60);

type Sold = Arc<Mutex<Vec<ProductSold>>>;

/// Analytics that says what it is told, in pages.
fn analytics(app: &TestApp) -> Sold {
    let sold = Sold::default();
    let told = sold.clone();
    let answer = async move |Query(query): Query<SoldQuery>| {
        assert_eq!(query.days, Some(90));
        let behind = |of: &&ProductSold| query.after.is_none_or(|after| of.product_id > after);
        let page: Vec<_> = told.lock().unwrap().iter().filter(behind).take(SOLD_PAGE).cloned().collect();
        Json(page)
    };
    app.stand_in("analytics", Router::new().route("/internal/products/sold", get(answer)));
    sold
}

fn sell(sold: &Sold, items: impl IntoIterator<Item = (ProductId, i64)>) {
    let mut all: Vec<_> = items.into_iter().map(|(product_id, items)| ProductSold { product_id, items }).collect();
    all.sort_by_key(|of| of.product_id);
    *sold.lock().unwrap() = all;
}

async fn changes(app: &TestApp) -> i64 {
    app.count("search", "SELECT value FROM counter WHERE id = 1").await
}

#[tokio::test]
async fn the_best_selling_come_first_and_lose_their_place_again() {
    with_both_engines(|app| async move {
        let sold = analytics(&app);
        a_market(&app).await;
        sell(&sold, [(product_id("Linen towels"), 7), (product_id("Blue ceramic mug"), 9), (product_id("Gone"), 99)]);
        app.advance(AGAIN).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(titles(&app, "sort=sales").await[..2], ["Blue ceramic mug", "Linen towels"]);
        assert_eq!(titles(&app, "sort=sales").await[2], "Wireless headphones", "then the newest");

        let before = changes(&app).await;
        app.advance(AGAIN).await;
        assert_eq!(changes(&app).await, before, "nothing is written where nothing was sold");

        sell(&sold, [(product_id("Linen towels"), 8)]);
        app.advance(AGAIN).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(changes(&app).await, before + 1, "all that changed is one change");
        assert_eq!(titles(&app, "sort=sales").await[..2], ["Linen towels", "Wireless headphones"]);
        assert_eq!(app.count("search", "SELECT count(*) FROM sales").await, 1);
    })
    .await;
}

#[tokio::test]
async fn all_pages_are_read_and_what_sold_before_it_was_there_counts() {
    with_both_engines(|app| async move {
        let sold = analytics(&app);
        let many = (0..SOLD_PAGE + 3).map(|n| (product_id(&format!("Other {n}")), 1));
        sell(&sold, many.chain([(product_id("Old jug"), 5)]));
        a_market(&app).await;
        app.advance(AGAIN).await;
        assert_eq!(app.count("search", "SELECT count(*) FROM sales").await, SOLD_PAGE as i64 + 4);
        publish(&app, "Old jug", "Potter", "kitchen", 900, &[]).await;
        publish(&app, "New jug", "Potter", "kitchen", 900, &[]).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(titles(&app, "q=jug&sort=sales").await, ["Old jug", "New jug"]);
    })
    .await;
}

#[tokio::test]
async fn without_analytics_everything_stays_as_it_was() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        app.advance(AGAIN).await;
        assert_eq!(titles(&app, "sort=sales").await.len(), 5);
        assert_eq!(app.count("search", "SELECT count(*) FROM jobs WHERE state <> 'queued'").await, 0);
    })
    .await;
}
