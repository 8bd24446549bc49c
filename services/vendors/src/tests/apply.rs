//! Applying for a store.

use contracts::vendors::{MemberChanged, VendorApplied, VendorStatus, VendorView};
use kernel::VendorRole;
use serde_json::json;

use super::{account, application, at_once, on_both, snapshot};

#[tokio::test]
async fn an_application_makes_a_store_that_nobody_sees_yet() {
    on_both(|here| async move {
        let vendor = here.applied("ada", " Blaue Töpfe & Co. ").await;
        assert_eq!((vendor.store.name.as_str(), vendor.store.slug.as_str()), ("Blaue Töpfe & Co.", "blaue-topfe-co"));
        assert_eq!(
            (vendor.status, vendor.status_reason.as_deref(), vendor.commission_bp),
            (VendorStatus::Applied, None, 1000)
        );
        assert_eq!(
            (vendor.contact_email.as_str(), vendor.store.country.as_str(), vendor.store.city.as_str()),
            ("hello@mugs.example", "PT", "Porto")
        );
        assert_eq!((vendor.store.story.as_str(), vendor.store.policies.as_str()), ("Since 1999.\nIn a shed.", ""));
        assert_eq!((vendor.version, vendor.store.since), (1, vendor.created_at));

        let applied = here.app.published::<VendorApplied>("vendors").await;
        assert_eq!(applied.len(), 1);
        assert_eq!((applied[0].vendor_id, &applied[0].vendor), (vendor.store.id, &snapshot(&vendor, &["ada"])));
        let joined = here.app.published::<MemberChanged>("vendors").await;
        let joined: Vec<_> = joined.iter().map(|e| (e.vendor_id, e.account_id, e.role)).collect();
        assert_eq!(joined, [(vendor.store.id, account("ada"), Some(VendorRole::Owner))]);
        let personal = here.count("SELECT count(*) FROM outbox WHERE payload LIKE '%mugs.example%'").await;
        assert_eq!(personal, 0, "no address in an event");

        here.guest().get("/api/v1/stores/blaue-topfe-co").await.expect_problem(404, "not_found");
        let mine: Vec<VendorView> = here.person("ada").get("/api/v1/me/vendors").await.expect(200).json();
        assert_eq!(mine.as_slice(), std::slice::from_ref(&vendor));
        let others: Vec<VendorView> = here.person("eve").get("/api/v1/me/vendors").await.expect(200).json();
        assert_eq!(others, []);
        let path = format!("/api/v1/vendors/{}", vendor.store.id);
        let shown = here.member("ada", vendor.store.id, VendorRole::Owner).get(&path).await.expect(200);
        assert_eq!(shown.header("etag"), Some("\"1\""));
        assert_eq!(shown.json::<VendorView>(), vendor);
    })
    .await;
}

#[tokio::test]
async fn stores_of_one_name_get_numbers() {
    on_both(|here| async move {
        let mut slugs = Vec::new();
        for i in 0..3 {
            slugs.push(here.applied(&format!("owner{i}"), "Blue Mug").await.store.slug.to_string());
        }
        assert_eq!(slugs, ["blue-mug", "blue-mug-2", "blue-mug-3"]);
        assert_eq!(here.applied("ada", "!!!").await.store.slug.as_str(), "store");

        let people: Vec<_> = (0..20).map(|i| here.person(&format!("person{i}"))).collect();
        let statuses = at_once(20, |i| {
            let person = people[i].clone();
            async move { person.post("/api/v1/vendors", &application("Blue Mug")).await }
        })
        .await;
        assert_eq!(statuses, [(201, 20)].into());
        assert_eq!(here.count("SELECT count(DISTINCT slug) FROM vendors WHERE name = 'Blue Mug'").await, 23);
    })
    .await;
}

#[tokio::test]
async fn an_account_owns_five_stores_even_at_once() {
    on_both(|here| async move {
        let ada = here.person("ada");
        let statuses = at_once(20, |i| {
            let ada = ada.clone();
            async move { ada.post("/api/v1/vendors", &application(&format!("Store {i}"))).await }
        })
        .await;
        assert_eq!(statuses, [(201, 5), (409, 15)].into());
        ada.post("/api/v1/vendors", &application("One more")).await.expect_problem(409, "too_many_stores");
        assert_eq!(here.count("SELECT count(*) FROM vendors").await, 5);
        assert_eq!(here.app.published::<VendorApplied>("vendors").await.len(), 5);
        here.applied("eve", "Another one").await;
    })
    .await;
}

#[tokio::test]
async fn bad_applications_change_nothing() {
    on_both(|here| async move {
        let ada = here.person("ada");
        for (field, value) in [
            ("name", json!("x")),
            ("name", json!("   x   ")),
            ("name", json!("x".repeat(81))),
            ("name", json!("Blue\u{1}Mug")),
            ("name", json!(null)),
            ("tagline", json!("x".repeat(141))),
            ("tagline", json!("two\nlines")),
            ("story", json!("x".repeat(4001))),
            ("story", json!("bell\u{7}")),
            ("country", json!("Portugal")),
            ("country", json!("pt")),
            ("contact_email", json!("hello")),
            ("commission_bp", json!(0)),
            ("status", json!("approved")),
        ] {
            let mut body = application("Blue Mug");
            body[field] = value;
            ada.post("/api/v1/vendors", &body).await.expect_invalid(field);
        }
        here.guest().post("/api/v1/vendors", &application("Blue Mug")).await.expect_problem(401, "unauthenticated");
        here.guest().get("/api/v1/me/vendors").await.expect_problem(401, "unauthenticated");
        assert_eq!(here.count("SELECT count(*) FROM vendors").await, 0);
        assert_eq!(here.count("SELECT count(*) FROM owners").await, 0);
        assert_eq!(here.count("SELECT count(*) FROM outbox").await, 0);
    })
    .await;
}
