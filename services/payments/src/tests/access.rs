//! Who may see what.

use serde_json::json;
use testkit::{admin, customer, vendor_owner, vendor_staff};

use super::{order_and_reserve, payment, scripted, vendor};

#[tokio::test]
async fn every_route_is_guarded() {
    scripted(|app, script| async move {
        let paid = payment(&app, order_and_reserve(&app, "a").await).await.id;
        let (ada, bob) = (vendor("ada"), vendor("bob"));
        let admins = [
            "/api/v1/admin/payments".to_owned(),
            "/api/v1/admin/payments/review".to_owned(),
            "/api/v1/admin/payments/review/unexplained".to_owned(),
            "/api/v1/admin/payments/webhooks".to_owned(),
            format!("/api/v1/admin/payments/{paid}"),
            format!("/api/v1/admin/payments/{paid}/commission"),
            "/api/v1/admin/commission-rules".to_owned(),
            "/api/v1/admin/disputes".to_owned(),
            "/api/v1/admin/ledger".to_owned(),
            "/api/v1/admin/ledger/trial-balance".to_owned(),
        ];
        for path in &admins {
            app.guest().get(path).await.expect_problem(401, "unauthenticated");
            for who in [customer("eve"), vendor_owner(ada)] {
                app.as_user(&who).get(path).await.expect_problem(403, "forbidden");
            }
            app.as_user(&admin()).get(path).await.expect(200);
        }
        let refund = format!("/api/v1/admin/payments/{paid}/refunds");
        let back = json!({"amount_minor": 1, "reason": "x"});
        app.guest().key("k").post(&refund, &back).await.expect_problem(401, "unauthenticated");
        app.as_user(&vendor_owner(ada)).key("k").post(&refund, &back).await.expect_problem(403, "forbidden");
        assert_eq!((app.count("payments", "SELECT count(*) FROM refunds").await, script.calls("refund")), (0, 0));

        for path in ["earnings", "earnings/movements", "disputes"] {
            let of = |vendor| format!("/api/v1/vendors/{vendor}/{path}");
            app.guest().get(&of(ada)).await.expect_problem(401, "unauthenticated");
            app.as_user(&vendor_owner(ada)).get(&of(ada)).await.expect(200);
            // Staff do not see earnings; other vendors, and admins, are no members.
            let missing = app.as_user(&vendor_owner(ada)).get(&of(vendor("none"))).await.expect(404);
            for who in [vendor_staff(ada), vendor_owner(bob), admin()] {
                let answer = app.as_user(&who).get(&of(ada)).await.expect(404);
                assert_eq!((answer.body, answer.headers), (missing.body.clone(), missing.headers.clone()));
            }
        }
    })
    .await;
}
