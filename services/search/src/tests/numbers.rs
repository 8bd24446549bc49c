//! Facets of numbers and prices.

use std::time::Duration;

use contracts::search::FacetRange;

use super::{counts, publish, search, services, titles, vendor_is, with_both_engines};
use crate::Settings;
use contracts::{search::SearchPage, vendors::VendorStatus};
use kernel::Currency;
use runtime::ServiceDef;
use testkit::{TestApp, on_both_databases};

async fn vases(app: &TestApp) {
    vendor_is(app, "Potter", VendorStatus::Approved).await;
    for (title, minor, colour, height) in [
        ("Low vase", 900, "Blue", "9.5 cm"),
        ("Middle vase", 1_800, "Blue", "12 cm"),
        ("High vase", 3_000, "White", "100 cm"),
        ("Sunken vase", 700, "White", "-4 cm"),
    ] {
        publish(app, title, "Potter", "kitchen", minor, &[("colour", colour), ("height", height)]).await;
    }
    publish(app, "Flat dish", "Potter", "kitchen", 2_000, &[("colour", "Blue")]).await;
    app.advance(Duration::from_secs(1)).await;
}

fn range(page: &SearchPage, key: &str) -> FacetRange {
    page.facets.iter().find(|facet| facet.key == key).and_then(|facet| facet.range.clone()).unwrap()
}

fn ends(page: &SearchPage, key: &str) -> (String, String) {
    let range = range(page, key);
    (range.low, range.high)
}

fn texts(low: &str, high: &str) -> (String, String) {
    (low.to_owned(), high.to_owned())
}

#[tokio::test]
async fn numbers_are_chosen_between_two_of_them() {
    with_both_engines(|app| async move {
        vases(&app).await;
        assert_eq!(
            titles(&app, "num.height_min=9.5&num.height_max=12&sort=price_asc").await,
            ["Low vase", "Middle vase"]
        );
        assert_eq!(titles(&app, "num.height_min=12.001").await, ["High vase"], "by their size, not by their digits");
        assert_eq!(titles(&app, "num.height_max=0").await, ["Sunken vase"]);
        assert_eq!(search(&app, "num.height_min=&num.height_max=").await.total, 5, "an empty field chooses nothing");
        assert_eq!(search(&app, "num.height_min=-100").await.total, 4, "what has no such number is none of them");
        assert_eq!(search(&app, "num.weight_min=1").await.total, 0);
        assert_eq!(titles(&app, "attr.height=12&attr.height=100&num.height_max=50").await, ["Middle vase"]);
    })
    .await;
}

#[tokio::test]
async fn ranges_say_what_there_is_under_the_choices_of_the_others() {
    with_both_engines(|app| async move {
        vases(&app).await;
        let all = search(&app, "").await;
        let height = range(&all, "attr.height");
        assert_eq!((height.parameter.as_str(), height.unit.as_deref()), ("num.height", Some("cm")));
        assert_eq!((ends(&all, "attr.height"), height.from), (texts("-4", "100"), None));
        assert_eq!(ends(&all, "price"), texts("700", "3000"));
        assert!(all.facets.iter().find(|f| f.key == "attr.colour").unwrap().range.is_none());
        let in_order: Vec<String> = counts(&all, "attr.height").into_iter().map(|(value, _)| value).collect();
        assert_eq!(in_order, ["-4", "9.5", "12", "100"]);

        let tall = search(&app, "num.height_min=10").await;
        assert_eq!((tall.total, ends(&tall, "attr.height")), (2, texts("-4", "100")), "not under its own");
        assert_eq!(range(&tall, "attr.height").from.as_deref(), Some("10"));
        assert_eq!(counts(&tall, "attr.colour"), [("Blue".to_owned(), 1), ("White".to_owned(), 1)]);
        assert_eq!(ends(&tall, "price"), texts("1800", "3000"));

        let blue = search(&app, "attr.colour=Blue&price_max=1000").await;
        assert_eq!((ends(&blue, "attr.height"), ends(&blue, "price")), (texts("9.5", "9.5"), texts("900", "2000")));
        assert_eq!(range(&blue, "price").to.as_deref(), Some("1000"));
        let nothing = search(&app, "q=xylophone").await;
        assert!(nothing.facets.iter().all(|facet| facet.range.is_none()));
    })
    .await;
}

fn of_main(code: &str) -> Vec<ServiceDef> {
    vec![crate::service(Settings { currency: Currency::parse(code).unwrap(), ..Settings::default() })]
}

/// What the bands of prices are called.
async fn bands(app: &TestApp) -> Vec<String> {
    vases(app).await;
    let page = search(app, "q=").await;
    let prices = page.facets.into_iter().find(|facet| facet.key == "price").unwrap();
    prices.values.into_iter().map(|value| value.label).collect()
}

#[tokio::test]
async fn bands_of_prices_are_told_in_the_main_currency() {
    on_both_databases(services, |app| async move {
        assert_eq!(bands(&app).await, ["0 to 10", "10 to 20", "20 to 50"]);
    })
    .await;
    on_both_databases(
        || of_main("JPY"),
        |app| async move { assert_eq!(bands(&app).await, ["0 to 1000", "1000 to 2000", "2000 to 5000"]) },
    )
    .await;
    on_both_databases(
        || of_main("KWD"),
        |app| async move { assert_eq!(bands(&app).await, ["0 to 1", "1 to 2", "2 to 5"]) },
    )
    .await;
}
