//! The facet of tags.

use std::time::Duration;

use contracts::{
    catalog::{ProductPublished, ProductSnapshot},
    vendors::VendorStatus,
};
use testkit::TestApp;

use super::{counts, product_id, search, snapshot, titles, vendor_is, with_both_engines};

async fn publish(app: &TestApp, title: &str, shop: &str, tags: &[&str]) {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let product = ProductSnapshot { tags, ..snapshot(app, title, shop, "kitchen", 1_800, &[("colour", "Blue")]) };
    app.deliver("search", &ProductPublished { product_id: product_id(title), product }).await;
}

fn told(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

#[tokio::test]
async fn tags_are_a_facet_that_holds_under_several_choices() {
    with_both_engines(|app| async move {
        vendor_is(&app, "Potter", VendorStatus::Approved).await;
        vendor_is(&app, "Weaver", VendorStatus::Approved).await;
        publish(&app, "Round mug", "Potter", &["gift", "tea"]).await;
        publish(&app, "Tall mug", "Potter", &["gift"]).await;
        publish(&app, "Tea towel", "Weaver", &["Gift", "for tea & more"]).await;
        publish(&app, "Old bowl", "Weaver", &["1970"]).await;
        publish(&app, "Plain bowl", "Weaver", &[]).await;
        app.advance(Duration::from_secs(1)).await;

        let all = search(&app, "q=").await;
        let every = told(&[("gift", 3), ("1970", 1), ("for tea & more", 1), ("tea", 1)]);
        assert_eq!(counts(&all, "attr.tag"), every);
        let facet = all.facets.iter().find(|facet| facet.key == "attr.tag").unwrap();
        assert_eq!((facet.label.as_str(), facet.range.is_none()), ("Tags", true));
        assert_eq!(counts(&all, "attr.colour"), told(&[("Blue", 5)]), "facts are counted beside them");

        // A choice says what choosing another as well would bring, and narrows the other facets.
        let tea = search(&app, "attr.tag=tea").await;
        assert_eq!((tea.total, counts(&tea, "vendor")), (1, told(&[("potter", 1)])));
        let chosen_first = told(&[("tea", 1), ("gift", 3), ("1970", 1), ("for tea & more", 1)]);
        assert_eq!(counts(&tea, "attr.tag"), chosen_first);
        let both = search(&app, "attr.tag=tea&attr.tag=1970").await;
        assert_eq!((both.total, counts(&both, "attr.tag").len()), (2, 4));
        let of_potter = search(&app, "attr.tag=gift&vendor=potter").await;
        assert_eq!((of_potter.total, counts(&of_potter, "attr.tag")), (2, told(&[("gift", 2), ("tea", 1)])));
        assert_eq!(counts(&of_potter, "vendor"), told(&[("potter", 2), ("weaver", 1)]));
        assert_eq!(titles(&app, "attr.tag=for+tea+%26+more&attr.colour=Blue").await, ["Tea towel"]);
        assert_eq!(search(&app, "attr.tag=te").await.total, 0);

        // Years alone are words as well.
        let old = search(&app, "q=old+bowl").await;
        let facet = old.facets.iter().find(|facet| facet.key == "attr.tag").unwrap();
        assert_eq!((facet.values.len(), facet.range.is_none()), (1, true));
    })
    .await;
}
