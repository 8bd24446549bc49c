//! What admins decide.

use std::time::Duration;

use contracts::vendors::{VendorChanged, VendorDecided, VendorStatus, VendorView};
use kernel::{Page, VendorRole};
use serde_json::json;

use super::{at_once, on_both, snapshot};

#[tokio::test]
async fn a_store_is_approved_suspended_and_reinstated() {
    on_both(|here| async move {
        let vendor = here.applied("ada", "Blue Mug").await;
        let decide = |what: &str| format!("/api/v1/admin/vendors/{}/{what}", vendor.store.id);
        here.app.clock.advance(Duration::from_secs(60));
        let approved = here.admin().post(&decide("approve"), &json!({"reason": "Lovely."})).await.expect(200);
        assert_eq!(approved.header("etag"), Some("\"2\""));
        let approved: VendorView = approved.json();
        assert_eq!((approved.status, approved.status_reason.as_deref()), (VendorStatus::Approved, None));
        assert_eq!(approved.store.since.since(approved.created_at), Duration::from_secs(60));
        here.guest().get("/api/v1/stores/blue-mug").await.expect(200);

        let suspended: VendorView =
            here.admin().post(&decide("suspend"), &json!({"reason": " Complaints. "})).await.expect(200).json();
        assert_eq!(
            (suspended.status, suspended.status_reason.as_deref()),
            (VendorStatus::Suspended, Some("Complaints."))
        );
        here.guest().get("/api/v1/stores/blue-mug").await.expect_problem(404, "not_found");
        here.app.clock.advance(Duration::from_secs(60));
        let again: VendorView = here.admin().post(&decide("approve"), &json!({})).await.expect(200).json();
        assert_eq!(
            (again.status, again.status_reason.as_deref(), again.store.since),
            (VendorStatus::Approved, None, approved.store.since)
        );

        let told = here.app.published::<VendorDecided>("vendors").await;
        let told: Vec<_> = told.iter().map(|e| (e.vendor.status, e.reason.as_deref())).collect();
        assert_eq!(
            told,
            [
                (VendorStatus::Approved, Some("Lovely.")),
                (VendorStatus::Suspended, Some("Complaints.")),
                (VendorStatus::Approved, None)
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_store_that_was_turned_down_may_be_approved_later() {
    on_both(|here| async move {
        let vendor = here.applied("ada", "Blue Mug").await;
        let decide = |what: &str| format!("/api/v1/admin/vendors/{}/{what}", vendor.store.id);
        let admin = here.admin();
        admin.post(&decide("suspend"), &json!({})).await.expect_problem(409, "wrong_state");
        let rejected: VendorView =
            admin.post(&decide("reject"), &json!({"reason": "No address."})).await.expect(200).json();
        assert_eq!((rejected.status, rejected.status_reason.as_deref()), (VendorStatus::Rejected, Some("No address.")));
        let problem = admin.post(&decide("reject"), &json!({})).await.expect_problem(409, "wrong_state");
        assert_eq!(problem["detail"], "A store that was turned down cannot be turned down.");
        admin.post(&decide("approve"), &json!({})).await.expect(200);
        admin.post(&decide("approve"), &json!({})).await.expect_problem(409, "wrong_state");
        admin.post(&decide("reject"), &json!({})).await.expect_problem(409, "wrong_state");
        let shown: VendorView =
            admin.get(&format!("/api/v1/admin/vendors/{}", vendor.store.id)).await.expect(200).json();
        assert_eq!((shown.status, shown.version), (VendorStatus::Approved, 3), "what was refused changed nothing");
        assert_eq!(here.app.published::<VendorDecided>("vendors").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn of_decisions_at_once_one_counts() {
    on_both(|here| async move {
        let vendor = here.applied("ada", "Blue Mug").await;
        let (admin, id) = (here.admin(), vendor.store.id);
        let statuses = at_once(20, |i| {
            let (admin, path) = (admin.clone(), format!("/api/v1/admin/vendors/{id}/{}", ["approve", "reject"][i % 2]));
            async move { admin.post(&path, &json!({})).await }
        })
        .await;
        // The first counts; if it turned the store down, one approval may still follow.
        let decided = here.app.published::<VendorDecided>("vendors").await;
        assert_eq!(statuses[&200], decided.len());
        let path: Vec<_> = decided.iter().map(|e| e.vendor.status).collect();
        assert!(
            path == [VendorStatus::Approved] || path == [VendorStatus::Rejected, VendorStatus::Approved],
            "{path:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn terms_are_set() {
    on_both(|here| async move {
        let vendor = here.open("ada", "Blue Mug").await;
        let path = format!("/api/v1/admin/vendors/{}/terms", vendor.store.id);
        for (field, body) in [
            ("commission_bp", json!({"commission_bp": -1})),
            ("commission_bp", json!({"commission_bp": 10_001})),
            ("commission_bp", json!({"commission_bp": 12.5})),
            ("commission_bp", json!({"commission_bp": "10"})),
        ] {
            here.admin().put(&path, &body).await.expect_invalid(field);
        }
        here.admin()
            .header("if-match", "\"1\"")
            .put(&path, &json!({"commission_bp": 1}))
            .await
            .expect_problem(412, "stale_version");
        assert_eq!(here.app.published::<VendorChanged>("vendors").await.len(), 0);
        let changed: VendorView = here
            .admin()
            .header("if-match", "\"2\"")
            .put(&path, &json!({"commission_bp": 1250}))
            .await
            .expect(200)
            .json();
        assert_eq!((changed.commission_bp, changed.version), (1250, 3));
        let told = here.app.published::<VendorChanged>("vendors").await;
        assert_eq!(told.iter().map(|e| &e.vendor).collect::<Vec<_>>(), [&snapshot(&changed, &["ada"])]);
    })
    .await;
}

#[tokio::test]
async fn ways_to_pay_are_taken_out_of_a_stores_offer() {
    on_both(|here| async move {
        let vendor = here.open("ada", "Blue Mug").await;
        assert!(vendor.refused_methods.is_empty());
        let path = format!("/api/v1/admin/vendors/{}/payment-methods", vendor.store.id);
        here.admin().put(&path, &json!({"refused_methods": ["two words"]})).await.expect_invalid("refused_methods");
        here.admin().put(&path, &json!({"refused_methods": vec!["card"; 31]})).await.expect(422);
        let owner = here.member("ada", vendor.store.id, VendorRole::Owner);
        owner.put(&path, &json!({"refused_methods": []})).await.expect_problem(403, "forbidden");
        assert_eq!(here.app.published::<VendorChanged>("vendors").await.len(), 0);
        let wish = json!({"refused_methods": ["paypal", "cash_on_delivery", "paypal"]});
        let changed: VendorView = here.admin().put(&path, &wish).await.expect(200).json();
        assert_eq!((changed.refused_methods.join(" "), changed.version), ("cash_on_delivery paypal".to_owned(), 3));
        let told = here.app.published::<VendorChanged>("vendors").await;
        assert_eq!(told.iter().map(|e| &e.vendor).collect::<Vec<_>>(), [&snapshot(&changed, &["ada"])]);
        // What else is changed leaves it.
        let terms = format!("/api/v1/admin/vendors/{}/terms", vendor.store.id);
        let then: VendorView = here.admin().put(&terms, &json!({"commission_bp": 1})).await.expect(200).json();
        assert_eq!((then.refused_methods, then.commission_bp), (changed.refused_methods, 1));
    })
    .await;
}

#[tokio::test]
async fn only_admins_decide() {
    on_both(|here| async move {
        let vendor = here.applied("ada", "Blue Mug").await;
        let id = vendor.store.id;
        let owner = here.member("ada", id, VendorRole::Owner);
        for what in ["approve", "reject", "suspend"] {
            let path = format!("/api/v1/admin/vendors/{id}/{what}");
            here.guest().post(&path, &json!({})).await.expect_problem(401, "unauthenticated");
            owner.post(&path, &json!({})).await.expect_problem(403, "forbidden");
            here.admin().post(&path, &json!({"reason": "x".repeat(501)})).await.expect_invalid("reason");
            here.admin()
                .post(&format!("/api/v1/admin/vendors/00000000-0000-7000-8000-000000000000/{what}"), &json!({}))
                .await
                .expect_problem(404, "not_found");
            here.admin()
                .post(&format!("/api/v1/admin/vendors/nonsense/{what}"), &json!({}))
                .await
                .expect_problem(404, "not_found");
        }
        let terms = format!("/api/v1/admin/vendors/{id}/terms");
        owner.put(&terms, &json!({"commission_bp": 0})).await.expect_problem(403, "forbidden");
        here.guest().put(&terms, &json!({"commission_bp": 0})).await.expect(401);
        for path in ["/api/v1/admin/vendors".to_owned(), format!("/api/v1/admin/vendors/{id}")] {
            here.guest().get(&path).await.expect(401);
            owner.get(&path).await.expect(403);
        }
        here.admin()
            .get("/api/v1/admin/vendors/00000000-0000-7000-8000-000000000000")
            .await
            .expect_problem(404, "not_found");
        let shown: VendorView = here.admin().get(&format!("/api/v1/admin/vendors/{id}")).await.expect(200).json();
        assert_eq!(shown, vendor);
    })
    .await;
}

#[tokio::test]
async fn vendors_are_listed_for_admins() {
    on_both(|here| async move {
        for (i, name) in ["Mug 100%", "Tea_Pot", "Mug Two", "Lamp"].iter().enumerate() {
            here.app.clock.advance(Duration::from_secs(1));
            let vendor = here.applied(&format!("owner{i}"), name).await;
            if i == 2 {
                here.admin()
                    .post(&format!("/api/v1/admin/vendors/{}/approve", vendor.store.id), &json!({}))
                    .await
                    .expect(200);
            }
        }
        let list = |query: &str| {
            let (admin, path) = (here.admin(), format!("/api/v1/admin/vendors?{query}"));
            async move { admin.get(&path).await.expect(200).json::<Page<VendorView>>() }
        };
        let names = |page: &Page<VendorView>| page.items.iter().map(|v| v.store.name.clone()).collect::<Vec<_>>();
        let first = list("limit=3").await;
        assert_eq!(names(&first), ["Lamp", "Mug Two", "Tea_Pot"]);
        let (lamp, teapot) = (first.items[0].store.id, first.items[2].store.id);
        let second = list(&format!("limit=3&after={}", first.next.unwrap())).await;
        assert_eq!((names(&second), second.next), (vec!["Mug 100%".to_owned()], None));
        assert_eq!(names(&list("q=mug").await), ["Mug Two", "Mug 100%"]);
        assert_eq!(names(&list("q=%25").await), ["Mug 100%"]);
        assert_eq!(names(&list("q=_p").await), ["Tea_Pot"]);
        assert_eq!(names(&list("q=mug&status=applied").await), ["Mug 100%"]);
        assert_eq!(names(&list("status=approved").await), ["Mug Two"]);
        assert_eq!(names(&list("status=suspended").await), Vec::<String>::new());
        assert_eq!(names(&list(&format!("id={teapot}&id={lamp}")).await), ["Lamp", "Tea_Pot"]);
        assert_eq!(names(&list(&format!("id={teapot}&status=approved")).await), Vec::<String>::new());
        for (field, query) in [
            ("limit", "limit=0"),
            ("after", "after=%21"),
            ("status", "status=open"),
            ("q", &format!("q={}", "x".repeat(81))),
            ("id[0]", "id=mug"),
            ("id", &vec![format!("id={lamp}"); 101].join("&")),
        ] {
            here.admin().get(&format!("/api/v1/admin/vendors?{query}")).await.expect_invalid(field);
        }
    })
    .await;
}
