//! The facet of brands, and facts by which nothing is narrowed.

use std::time::Duration;

use contracts::{
    catalog::{ProductChanged, ProductPublished, ProductSnapshot},
    vendors::VendorStatus,
};
use testkit::TestApp;

use super::{counts, product_id, search, snapshot, titles, vendor_is, with_both_engines};

/// A mug of a brand; everybody knows how high it is and may not ask for it.
fn of_brand(app: &TestApp, title: &str, brand: &str) -> ProductSnapshot {
    let facts = [("height", "9 cm"), ("dishwasher", "yes"), ("brand", "Told")];
    ProductSnapshot {
        brand: brand.to_owned(),
        unfiltered: vec!["height".to_owned()],
        ..snapshot(app, title, "Potter", "kitchen", 1_800, &facts)
    }
}

async fn publish(app: &TestApp, title: &str, brand: &str) {
    let product = of_brand(app, title, brand);
    app.deliver("search", &ProductPublished { product_id: product_id(title), product }).await;
}

#[tokio::test]
async fn brands_are_a_facet_and_what_is_no_filter_is_none() {
    with_both_engines(|app| async move {
        vendor_is(&app, "Potter", VendorStatus::Approved).await;
        publish(&app, "Round mug", "Lehm").await;
        publish(&app, "Tall mug", "Lehm").await;
        publish(&app, "Square mug", "Kante").await;
        publish(&app, "Plain mug", "").await;
        app.advance(Duration::from_secs(1)).await;
        let all = search(&app, "q=mug").await;
        let told = |value: &str, count| (value.to_owned(), count);
        assert_eq!(counts(&all, "attr.brand"), [told("Lehm", 2), told("Kante", 1), told("Told", 1)]);
        let label = |key: &str| all.facets.iter().find(|f| f.key == key).map(|f| f.label.clone());
        assert_eq!(label("attr.height"), None);
        let dishwasher = all.facets.iter().find(|f| f.key == "attr.dishwasher").unwrap();
        assert_eq!((dishwasher.values[0].value.as_str(), dishwasher.values[0].label.as_str()), ("yes", "Yes"));
        assert_eq!(titles(&app, "attr.brand=Kante").await, ["Square mug"]);
        assert_eq!(titles(&app, "q=kante").await, ["Square mug"], "a brand is a word to look for");
        assert_eq!(search(&app, "num.height_min=1").await.total, 0);

        // Its category has made up its mind.
        let product = ProductSnapshot { unfiltered: vec![], ..of_brand(&app, "Tall mug", "Lehm") };
        app.deliver("search", &ProductChanged { product_id: product_id("Tall mug"), product }).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(titles(&app, "num.height_min=9&num.height_max=9").await, ["Tall mug"]);
        let range = search(&app, "q=").await.facets.into_iter().find(|f| f.key == "attr.height").unwrap().range;
        assert_eq!(range.and_then(|range| range.unit).as_deref(), Some("cm"));
    })
    .await;
}

#[test]
fn what_was_told_before_there_were_brands_is_read() {
    let old = r#"{"vendor_id":"01900000-0000-7000-8000-000000000001","slug":"mug","title":"Mug","summary":"",
        "description_text":"","categories":[],"attributes":[{"key":"height","label":"Height","value":"9","unit":"cm"}],
        "option_names":[],"variants":[],"tags":[],"picture":null,"status":"published","published_at":null}"#;
    let product: ProductSnapshot = serde_json::from_str(old).unwrap();
    assert_eq!((product.brand.as_str(), product.unfiltered.len()), ("", 0));
    assert!(product.attributes[0].kind.is_text());
}
