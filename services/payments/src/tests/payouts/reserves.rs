//! Reserves: held back of sales, released once, used before anything else by what goes back.

use std::sync::Arc;

use contracts::{
    payments::EntryView,
    reserves::{ReserveTerms, VendorMoney},
};

use super::{
    super::{
        disputes::{decided, opened},
        *,
    },
    statements::statement,
    *,
};
use crate::{Payments, ops, provider::Providers};

fn of_admin(name: &str, path: &str) -> String {
    format!("/api/v1/admin/vendors/{}/{path}", vendor(name))
}

async fn holds(app: &TestApp, name: &str, rate_bp: i64, days: i64) -> VendorMoney {
    let terms = json!({"rate_bp": rate_bp, "days": days});
    app.as_user(&admin()).put(&of_admin(name, "reserve"), &terms).await.expect(200).json()
}

/// Pending, available, in reserve, in euro cents, as admins see it.
async fn money(app: &TestApp, name: &str) -> [i64; 3] {
    let all: VendorMoney = app.as_user(&admin()).get(&of_admin(name, "money")).await.expect(200).json();
    let one = all.balances.first().expect("a balance");
    [one.pending, one.available, one.reserve].map(|money| money.amount_minor)
}

/// The entries of reserves of a kind.
async fn entries(app: &TestApp, kind: &str) -> Vec<EntryView> {
    journal(app).await.into_iter().filter(|entry| entry.kind == kind).collect()
}

#[tokio::test]
async fn part_of_a_sale_is_held_back_for_its_days_and_never_paid_out_before() {
    scripted(|app, _| async move {
        with_account(&app, "ada").await;
        schedule(&app, "ada", "manual").await;
        // Nobody has a reserve until an admin says so.
        paid(&app, "before", &[("ada", 1000)]).await;
        assert_eq!((money(&app, "ada").await, entries(&app, "reserve_held").await.len()), ([900, 0, 0], 0));
        let set = holds(&app, "ada", 1_000, 30).await;
        assert_eq!(set.reserve, Some(ReserveTerms { rate_bp: 1_000, days: 30 }));
        let id = paid(&app, "a", PARTS).await;
        let held = &entries(&app, "reserve_held").await[0];
        assert_eq!(postings(held), ["vendor_payable:ada 274", "vendor_reserve:ada -274"], "a tenth of 27.36");
        assert_eq!(held.order_id, Some(id));
        assert_eq!((money(&app, "ada").await, money(&app, "bob").await), ([900 + 2736 - 274, 0, 274], [2625, 0, 0]));

        deliver(&app, id, "ada").await;
        days(&app, 8).await;
        assert_eq!(money(&app, "ada").await, [900, 2736 - 274, 274]);
        run(&app, &json!({})).await;
        assert_eq!(balance(&app, "ada").await, [900, 0, 2736 - 274, 0], "what is held back is not paid out");

        // What holds from now on changes nothing of what is held.
        assert_eq!(holds(&app, "ada", 0, 30).await.reserve, None);
        days(&app, 21).await;
        assert_eq!((money(&app, "ada").await, entries(&app, "reserve_released").await.len()), ([900, 0, 274], 0));
        days(&app, 2).await;
        let released = entries(&app, "reserve_released").await;
        assert_eq!(postings(&released[0]), ["vendor_reserve:ada 274", "vendor_payable:ada -274"]);
        assert_eq!((released.len(), released[0].corrects), (1, Some(held.id)));
        assert_eq!(money(&app, "ada").await, [900, 274, 0]);
        let view = statement(&app, "ada", "2026-01-01", "2026-01-31").await;
        assert_eq!((view.reserve, view.closing), (eur(-274), eur(900)));
        paid(&app, "after", &[("ada", 1000)]).await;
        days(&app, 60).await;
        assert_eq!((money(&app, "ada").await, entries(&app, "reserve_released").await.len()), ([1800, 274, 0], 1));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_goes_back_is_taken_from_the_reserve_of_its_sale_first() {
    scripted(|app, script| async move {
        holds(&app, "ada", 1_000, 30).await;
        let id = paid(&app, "a", &[("ada", 3040)]).await;
        paid(&app, "b", &[("ada", 1000)]).await;
        assert_eq!(money(&app, "ada").await, [2736 - 274 + 900 - 90, 0, 274 + 90]);
        // 1.00 less a tenth of commission.
        refund(&app, id, "ada", 100, "k").await.expect(202);
        let used = &entries(&app, "reserve_used").await[0];
        assert_eq!(postings(used), ["vendor_reserve:ada 90", "vendor_payable:ada -90"]);
        assert_eq!(money(&app, "ada").await, [2736 - 274 + 900 - 90, 0, 184 + 90]);
        // More than is left of it; the other sale's stays.
        opened(&app, &script, id, "dp_1", 1000).await;
        decided(&app, &script, "dp_1", false).await;
        assert_eq!(money(&app, "ada").await, [2736 - 90 - 900 + 900 - 90, 0, 90]);
        assert_eq!(entries(&app, "reserve_used").await.len(), 2);
        days(&app, 31).await;
        let released = entries(&app, "reserve_released").await;
        assert_eq!(released.len(), 1);
        assert_eq!(postings(&released[0]), ["vendor_reserve:ada 90", "vendor_payable:ada -90"]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn two_schedulers_at_once_release_each_once() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, _) = scripted_on(dialect).await;
        holds(&app, "ada", 2_000, 30).await;
        for name in ["a", "b", "c"] {
            paid(&app, name, &[("ada", 1000)]).await;
        }
        // The clock goes on without its own scheduler noticing.
        app.clock.advance(Duration::from_secs(31 * 24 * 3600));
        let env = app.system.env("payments").expect("payments runs here");
        let schedulers: Vec<_> = (0..4)
            .map(|_| {
                let (payouts, invoices) = (settings(), invoices::settings());
                let one = Payments::new(env, payouts, invoices, ReconcileSettings::default(), Providers::new([]));
                let one = Arc::new(one);
                tokio::spawn(async move { ops::release_reserves(&one).await })
            })
            .collect();
        for one in schedulers {
            one.await.unwrap().unwrap();
        }
        app.settle().await;
        assert_eq!((entries(&app, "reserve_released").await.len(), money(&app, "ada").await), (3, [2700, 0, 0]));
        sound(&app).await;
    }
}

#[tokio::test]
async fn only_admins_say_what_is_held_back_of_whom() {
    scripted(|app, _| async move {
        let (path, good) = (of_admin("ada", "reserve"), json!({"rate_bp": 500, "days": 90}));
        let owner = app.as_user(&vendor_owner(vendor("ada")));
        owner.put(&path, &good).await.expect_problem(403, "forbidden");
        owner.get(&of_admin("ada", "money")).await.expect_problem(403, "forbidden");
        let admin = app.as_user(&admin());
        for (field, wrong) in [
            ("rate_bp", json!({"rate_bp": 10_001, "days": 90})),
            ("days", json!({"rate_bp": 500, "days": 0})),
            ("days", json!({"rate_bp": 500, "days": 366})),
        ] {
            admin.put(&path, &wrong).await.expect_invalid(field);
        }
        admin.put(&of_admin("nobody", "reserve"), &good).await.expect_problem(404, "not_found");
        admin.get(&of_admin("nobody", "money")).await.expect_problem(404, "not_found");
        assert_eq!(app.count("payments", "SELECT count(*) FROM reserve_terms").await, 0);
        admin.put(&path, &good).await.expect(200);
        // Its owner reads what holds.
        assert_eq!(overview(&app, "ada").await.reserve, Some(ReserveTerms { rate_bp: 500, days: 90 }));
        assert_eq!(overview(&app, "bob").await.reserve, None);
    })
    .await;
}
