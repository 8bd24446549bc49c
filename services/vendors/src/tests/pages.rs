//! Store pages.

use contracts::vendors::{StoreView, VendorChanged, VendorView};
use kernel::{Page, VendorId, VendorRole};
use serde_json::{Value, json};

use super::{on_both, snapshot};

fn page() -> Value {
    json!({
        "name": "Blue Mug Company", "tagline": "Mugs", "story": "More.", "policies": "30 days.", "city": "Lisbon",
        "contact_email": "new@mugs.example", "logo_url": "/media/ab12-400.webp", "banner_url": null
    })
}

#[tokio::test]
async fn owners_change_the_page_and_its_address_stays() {
    on_both(|here| async move {
        let vendor = here.open("ada", "Blue Mug").await;
        let id = vendor.store.id;
        let path = format!("/api/v1/vendors/{id}");
        let owner = here.member("ada", id, VendorRole::Owner);
        owner.header("if-match", "\"1\"").put(&path, &page()).await.expect_problem(412, "stale_version");
        let changed = owner.header("if-match", "\"2\"").put(&path, &page()).await.expect(200);
        assert_eq!(changed.header("etag"), Some("\"3\""));
        let changed: VendorView = changed.json();
        assert_eq!((changed.store.slug.as_str(), changed.store.name.as_str()), ("blue-mug", "Blue Mug Company"));
        assert_eq!(changed.store.logo_url.as_deref(), Some("/media/ab12-400.webp"));
        let shown: StoreView = here.guest().get("/api/v1/stores/blue-mug").await.expect(200).json();
        assert_eq!(shown, changed.store);
        let body = here.guest().get("/api/v1/stores/blue-mug").await.text();
        assert!(!body.contains("mugs.example") && !body.contains("commission"), "{body}");
        let told = here.app.published::<VendorChanged>("vendors").await;
        assert_eq!(told.iter().map(|e| &e.vendor).collect::<Vec<_>>(), [&snapshot(&changed, &["ada"])]);
    })
    .await;
}

#[tokio::test]
async fn bad_pages_change_nothing() {
    on_both(|here| async move {
        let vendor = here.open("ada", "Blue Mug").await;
        let id = vendor.store.id;
        let path = format!("/api/v1/vendors/{id}");
        let owner = here.member("ada", id, VendorRole::Owner);
        for (field, value) in [
            ("name", json!("")),
            ("name", json!(" x ")),
            ("tagline", json!("x".repeat(141))),
            ("policies", json!("x".repeat(4001))),
            ("city", json!("x".repeat(81))),
            ("contact_email", json!("x")),
            ("logo_url", json!("javascript:alert(1)")),
            ("banner_url", json!("https://elsewhere.example/x.png")),
            ("slug", json!("other")),
            ("commission_bp", json!(0)),
        ] {
            let mut body = page();
            body[field] = value;
            owner.put(&path, &body).await.expect_invalid(field);
        }
        assert_eq!(owner.get(&path).await.expect(200).json::<VendorView>(), vendor);
        assert_eq!(here.app.published::<VendorChanged>("vendors").await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_store_looks_like_none() {
    on_both(|here| async move {
        let vendor = here.open("ada", "Blue Mug").await;
        let foreign = format!("/api/v1/vendors/{}", vendor.store.id);
        let missing = "/api/v1/vendors/00000000-0000-7000-8000-000000000000";
        let other = here.member("eve", VendorId::derived("test", &["another"]), VendorRole::Owner);
        let staff = here.member("sam", vendor.store.id, VendorRole::Staff);
        assert_eq!(other.get(&foreign).await.expect(404).text(), other.get(missing).await.expect(404).text());
        assert_eq!(
            other.put(&foreign, &page()).await.expect(404).text(),
            other.put(missing, &page()).await.expect(404).text()
        );
        assert_eq!(
            staff.put(&foreign, &page()).await.expect(404).text(),
            other.put(missing, &page()).await.expect(404).text()
        );
        staff.get(&foreign).await.expect(200);
        here.guest().get(&foreign).await.expect_problem(401, "unauthenticated");
        here.guest().put(&foreign, &page()).await.expect_problem(401, "unauthenticated");
        let shown: StoreView = here.guest().get("/api/v1/stores/blue-mug").await.expect(200).json();
        assert_eq!(shown.name, "Blue Mug");
    })
    .await;
}

#[tokio::test]
async fn open_stores_are_listed_by_name() {
    on_both(|here| async move {
        for (i, name) in ["zebra", "Äpfel", "Bread", "apples 2"].iter().enumerate() {
            here.open(&format!("owner{i}"), name).await;
        }
        here.applied("hidden", "Aaa").await;
        let list = |query: &str| {
            let (guest, path) = (here.guest(), format!("/api/v1/stores?{query}"));
            async move { guest.get(&path).await.expect(200).json::<Page<StoreView>>() }
        };
        let names = |page: &Page<StoreView>| page.items.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
        let first = list("limit=3").await;
        assert_eq!(names(&first), ["Äpfel", "apples 2", "Bread"]);
        let second = list(&format!("limit=3&after={}", first.next.unwrap())).await;
        assert_eq!((names(&second), second.next), (vec!["zebra".to_owned()], None));
        here.guest().get("/api/v1/stores?limit=101").await.expect_invalid("limit");
        here.guest().get("/api/v1/stores?after=nonsense").await.expect_invalid("after");
        for slug in ["nothing-here", "Not%20a%20slug", "%27%20OR%201=1", "aaa"] {
            here.guest().get(&format!("/api/v1/stores/{slug}")).await.expect_problem(404, "not_found");
        }
    })
    .await;
}
