//! Admins make rules, change them and end them.

use contracts::commission::{CommissionCharge, CommissionRuleInput, CommissionRuleView};
use kernel::Page;
use serde_json::json;
use testkit::{TestApp, admin, customer, vendor_owner};

use super::{
    super::{scripted, vendor},
    *,
};

pub(super) const ALL: &str = "/api/v1/admin/commission-rules";

pub(super) async fn create(app: &TestApp, input: &CommissionRuleInput) -> CommissionRuleView {
    app.as_user(&admin()).post(ALL, input).await.expect(201).json()
}

#[tokio::test]
async fn rules_are_made_changed_and_ended() {
    scripted(|app, _| async move {
        let mary = app.as_user(&admin());
        let cups = CommissionRuleInput { category_id: Some(category("cups")), ..rate("Cups", 1500) };
        let made = create(&app, &cups).await;
        assert_eq!((&made.input, made.version), (&cups, 1));
        mary.post(ALL, &CommissionRuleInput { name: "Other".to_owned(), ..cups.clone() })
            .await
            .expect_problem(409, "commission_rule_exists");
        let adas = CommissionRuleInput { vendor_id: Some(vendor("ada")), ..cups.clone() };
        app.clock.advance(std::time::Duration::from_secs(1));
        let second = create(&app, &adas).await;
        let list: Page<CommissionRuleView> = mary.get(&format!("{ALL}?limit=1")).await.expect(200).json();
        assert_eq!(list.items, std::slice::from_ref(&second));
        let rest = format!("{ALL}?limit=1&after={}", list.next.unwrap());
        let further: Page<CommissionRuleView> = mary.get(&rest).await.expect(200).json();
        assert_eq!(further.items, std::slice::from_ref(&made));

        let one = format!("{ALL}/{}", made.id);
        let cheaper = CommissionRuleInput { rate_bp: 1200, ..cups.clone() };
        mary.header("if-match", "\"7\"").put(&one, &cheaper).await.expect_problem(412, "stale_version");
        let changed: CommissionRuleView = mary.header("if-match", "\"1\"").put(&one, &cheaper).await.expect(200).json();
        assert_eq!((changed.input.rate_bp, changed.version), (1200, 2));
        mary.put(&one, &adas).await.expect_invalid("vendor_id");
        mary.put(&one, &CommissionRuleInput { category_id: None, ..cups.clone() }).await.expect_invalid("category_id");
        mary.put(&one, &CommissionRuleInput { rate_bp: 10_001, ..cups.clone() }).await.expect_invalid("rate_bp");
        mary.post(ALL, &CommissionRuleInput { fixed_minor: 30, ..rate("All", 1000) }).await.expect_invalid("currency");
        assert_eq!(mary.get(&one).await.expect(200).json::<CommissionRuleView>(), changed);

        mary.delete(&one).await.expect(204);
        mary.get(&one).await.expect(404);
        mary.delete(&one).await.expect(404);
        // Its place is free again.
        create(&app, &cups).await;
        assert_eq!(app.count("payments", "SELECT count(*) FROM commission_rules").await, 3);
    })
    .await;
}

#[tokio::test]
async fn the_preview_says_what_would_be_paid_and_why() {
    scripted(|app, _| async move {
        let mary = app.as_user(&admin());
        let made =
            create(&app, &CommissionRuleInput { category_id: Some(category("home")), ..rate("Home", 1500) }).await;
        let amount = json!({"amount_minor": 2000, "currency": "EUR"});
        let asked = |categories: &[&str]| {
            let categories: Vec<_> = categories.iter().map(|name| category(name)).collect();
            json!({"vendor_id": vendor("bob"), "categories": categories, "amount": amount, "quantity": 1})
        };
        let path = format!("{ALL}/preview");
        let cup: CommissionCharge = mary.post(&path, &asked(&["home", "cups"])).await.expect(200).json();
        assert_eq!(
            (cup.commission, cup.rule_id, cup.reason.as_str()),
            (eur(300), Some(made.id), "“Home”: 15 % of 20.00 EUR.")
        );
        let other: CommissionCharge = mary.post(&path, &asked(&[])).await.expect(200).json();
        let why = "12.5 % of 20.00 EUR, the vendor's own rate.";
        assert_eq!((other.commission, other.rule_id, other.reason.as_str()), (eur(250), None, why));
        let mut nobody = asked(&[]);
        nobody["vendor_id"] = json!(vendor("nobody"));
        mary.post(&path, &nobody).await.expect(404);
        let mut less = asked(&[]);
        less["amount"]["amount_minor"] = json!(-1);
        mary.post(&path, &less).await.expect_invalid("amount");
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments").await, 0);
    })
    .await;
}

#[tokio::test]
async fn rules_are_the_admins_alone() {
    scripted(|app, _| async move {
        let input = rate("All", 0);
        app.guest().post(ALL, &input).await.expect_problem(401, "unauthenticated");
        for who in [customer("eve"), vendor_owner(vendor("ada"))] {
            app.as_user(&who).post(ALL, &input).await.expect_problem(403, "forbidden");
            app.as_user(&who).get(ALL).await.expect_problem(403, "forbidden");
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM commission_rules").await, 0);
    })
    .await;
}
