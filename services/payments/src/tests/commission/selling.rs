//! Sales under rules: frozen, booked, told and given back.

use contracts::commission::{CommissionRuleInput, PartCommission};
use kernel::Currency;
use serde_json::json;
use testkit::{TestApp, admin, vendor_owner, vendor_staff};

use super::{
    super::{PARTS, journal, order, pass, payment, postings, reserve, scripted, sound, vendor},
    making::{ALL, create},
    *,
};

/// Ada's part as its owner sees it.
async fn of_ada(app: &TestApp, id: OrderId) -> PartCommission {
    let ada = vendor("ada");
    let path = format!("/api/v1/vendors/{ada}/earnings/orders/{id}");
    app.as_user(&vendor_owner(ada)).get(&path).await.expect(200).json()
}

fn told(part: &PartCommission) -> Vec<(Option<LineId>, i64, &str)> {
    part.charges.iter().map(|c| (c.line_id, c.commission.amount_minor, c.reason.as_str())).collect()
}

#[tokio::test]
async fn each_line_pays_by_its_category_and_keeps_it() {
    scripted(|app, _| async move {
        let fixed = CommissionRuleInput {
            vendor_id: Some(vendor("ada")),
            category_id: Some(category("cups")),
            currency: Some(Currency::EUR),
            fixed_minor: 25,
            ..rate("Ada's cups", 500)
        };
        let cups = create(&app, &fixed).await;
        create(&app, &CommissionRuleInput { category_id: Some(category("home")), ..rate("Home", 1500) }).await;
        let id = order("a");
        let lines = vec![
            line("cup", 2, 2000, &["home", "cups"]),
            line("rug", 1, 5000, &["home", "rugs"]),
            line("rake", 1, 1000, &["garden"]),
        ];
        let event = order_of(&app, id, lines);
        app.deliver("payments", &event).await;
        // What is changed from now on changes nothing of it.
        let mary = app.as_user(&admin());
        mary.put(&format!("{ALL}/{}", cups.id), &CommissionRuleInput { rate_bp: 9000, ..fixed }).await.expect(200);
        reserve(&app, id).await;
        // 5 % of 20.00 and 2 × 0.25; 15 % of 50.00; ada's own 10 % of 10.00 and of the delivery, 4.90.
        let part = of_ada(&app, id).await;
        assert_eq!(part.commission, eur(150 + 750 + 149));
        let wanted = [
            (Some(line_id("cup")), 150, "“Ada's cups”: 5 % of 20.00 EUR, and 0.25 EUR for each of 2."),
            (Some(line_id("rug")), 750, "“Home”: 15 % of 50.00 EUR."),
            (None, 149, "10 % of 14.90 EUR, the vendor's own rate."),
        ];
        assert_eq!(told(&part), wanted);
        assert_eq!(
            postings(&journal(&app).await[0]),
            [
                "provider:script 8490",
                "vendor_payable:ada -8000",
                "vendor_payable:ada -490",
                "vendor_payable:ada 1049",
                "commission -1049"
            ]
        );
        let seen: Vec<PartCommission> = mary
            .get(&format!("/api/v1/admin/payments/{}/commission", payment(&app, id).await.id))
            .await
            .expect(200)
            .json();
        assert_eq!(seen, [part]);
        sound(&app).await;

        pass(&app, 30).await;

        // Half goes back, and half of the commission; then all of it.
        let path = format!("/api/v1/admin/payments/{}/refunds", payment(&app, id).await.id);
        let half = json!({"amount_minor": 4245, "reason": "x"});
        mary.key("k").post(&path, &half).await.expect(202);
        pass(&app, 30).await;
        let back = |entry: &contracts::payments::EntryView| {
            entry.postings.iter().find(|posting| posting.account == "commission").map(|p| p.amount.amount_minor)
        };
        assert_eq!(back(&journal(&app).await[0]), Some(525));
        mary.key("l").post(&path, &half).await.expect(202);
        pass(&app, 30).await;
        assert_eq!(back(&journal(&app).await[0]), Some(524));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_ended_rule_counts_no_more_and_the_own_rate_is_as_before() {
    scripted(|app, _| async move {
        let all = create(&app, &rate("All", 2000)).await;
        app.as_user(&admin()).delete(&format!("{ALL}/{}", all.id)).await.expect(204);
        let id = order("a");
        app.deliver("payments", &placed(&app, id, Some("tok_visa"), PARTS)).await;
        let part = of_ada(&app, id).await;
        assert_eq!(told(&part), [(None, 304, "10 % of 30.40 EUR, the vendor's own rate.")]);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_sees_what_a_vendor_pays() {
    scripted(|app, _| async move {
        let id = order("a");
        app.deliver("payments", &placed(&app, id, Some("tok_visa"), &[("ada", 3040)])).await;
        let of = |name: &str| format!("/api/v1/vendors/{}/earnings/orders/{id}", vendor(name));
        app.guest().get(&of("ada")).await.expect_problem(401, "unauthenticated");
        for who in [vendor_staff(vendor("ada")), vendor_owner(vendor("bob"))] {
            app.as_user(&who).get(&of("ada")).await.expect(404);
        }
        // Bob has no part in it.
        app.as_user(&vendor_owner(vendor("bob"))).get(&of("bob")).await.expect(404);
        let paid = payment(&app, id).await.id;
        let path = format!("/api/v1/admin/payments/{paid}/commission");
        app.as_user(&vendor_owner(vendor("ada"))).get(&path).await.expect_problem(403, "forbidden");
    })
    .await;
}
