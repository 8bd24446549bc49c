//! Random histories of sales, deliveries, refunds, disputes and payouts: the balance is the sum of the postings, by a second
//! reckoning over the journal, and nobody is ever paid more than is available.

use std::collections::BTreeMap;

use contracts::{
    disputes::DisputeStatus,
    payouts::{PayoutStatus, RunOutcome},
};
use kernel::{Random, SeededRandom, Timestamp};
use serde_json::json;

use super::{super::*, statements::statement, *};

/// What the test has seen of each order: when it was delivered to whom.
type Deliveries = BTreeMap<(OrderId, &'static str), Timestamp>;

const NAMES: [&str; 2] = ["ada", "bob"];

/// Pending and available by the journal as admins read it, and by the deliveries of this test.
async fn reckoned(app: &TestApp, deliveries: &Deliveries, name: &'static str) -> (i64, i64) {
    let account = format!("vendor_payable:{}", vendor(name));
    let (mut pending, mut available) = (0, 0);
    let mut path = "/api/v1/admin/ledger?limit=100".to_owned();
    loop {
        let page: Page<EntryView> = app.as_user(&testkit::admin()).get(&path).await.expect(200).json();
        for entry in &page.items {
            let owed: i64 =
                entry.postings.iter().filter(|p| p.account == account).map(|p| -p.amount.amount_minor).sum();
            let has_matured = entry.order_id.is_none_or(|order| {
                let at = deliveries.get(&(order, name));
                at.is_some_and(|at| app.clock.now() >= at.plus(Duration::from_secs(7 * 86_400)))
            });
            *if has_matured { &mut available } else { &mut pending } += owed;
        }
        let Some(next) = page.next else { return (pending, available) };
        path = format!("/api/v1/admin/ledger?limit=100&after={next}");
    }
}

async fn check(app: &TestApp, deliveries: &Deliveries, step: &str) {
    for name in NAMES {
        let Some(shown) = overview(app, name).await.balances.into_iter().next() else { continue };
        let (pending, available) = reckoned(app, deliveries, name).await;
        assert_eq!((shown.pending.amount_minor, shown.available.amount_minor), (pending, available), "{step}: {name}");
        let today = app.clock.now().date();
        let all = statement(app, name, "2026-01-01", &today).await;
        assert_eq!(all.closing.amount_minor, pending + available, "{step}: {name}");
    }
}

/// A run by hand pays exactly what the second reckoning has as available.
async fn run_by_hand(app: &TestApp, deliveries: &Deliveries) {
    let mut before = BTreeMap::new();
    for name in NAMES {
        before.insert(vendor(name), reckoned(app, deliveries, name).await.1);
    }
    for line in run(app, &json!({})).await.lines {
        assert_eq!(line.available.amount_minor, before[&line.vendor_id]);
        match line.outcome {
            RunOutcome::Payout => assert!(line.available.amount_minor >= 1000),
            RunOutcome::BelowMinimum => assert!(line.available.amount_minor < 1000),
            RunOutcome::NoAccount | RunOutcome::NotReady | RunOutcome::Suspended | RunOutcome::PaidBefore => {
                assert!(line.payout_id.is_none());
            }
        }
    }
}

async fn news(app: &TestApp, script: &Script, event: &str, dispute: &str) {
    let paid = script.state().disputes[dispute].payment_ref.clone();
    disputes::hook(app, format!("{event} {paid} {dispute}")).await.expect(204);
    app.settle().await;
}

async fn dispute(app: &TestApp, script: &Script, dice: &SeededRandom, order: OrderId, step: usize) -> String {
    let id = format!("dp_{step}");
    script.dispute(order, &id, eur(1 + dice.below(9_000) as i64));
    news(app, script, &format!("opened_{step}"), &id).await;
    id
}

async fn decide(app: &TestApp, script: &Script, dice: &SeededRandom, id: &str) {
    let won = dice.below(2) == 0;
    script.change(id, |dispute| {
        dispute.status = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        dispute.is_withdrawn = !won;
        dispute.fee = if won { eur(0) } else { dispute.fee };
    });
    news(app, script, &format!("decided_{id}"), id).await;
}

/// The bank says something about the newest payout.
async fn ask_the_bank(app: &TestApp, dice: &SeededRandom) {
    if let Some(payout) = payouts(app, "").await.first() {
        let failed = (json!({"reason": "The bank says no"}), "failed");
        let (body, verb) = match (payout.status, dice.below(3)) {
            (PayoutStatus::Failed, _) => (json!(null), "retry"),
            (PayoutStatus::Created, 0) => (json!(null), "sent"),
            (_, 1) => (json!(null), "paid"),
            _ => failed,
        };
        let status = mark(app, payout, verb, &body).await.status.as_u16();
        assert!(matches!(status, 200 | 409), "{status}");
    }
}

async fn history(app: &TestApp, script: &Script, seed: u64) {
    let dice = SeededRandom::new(seed);
    let mut deliveries = Deliveries::new();
    let mut orders: Vec<OrderId> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for name in NAMES {
        with_account(app, name).await;
    }
    schedule(app, "ada", "daily").await;
    for step in 0..30 {
        let what = match dice.below(12) {
            0..=2 => {
                let total = |dice: &SeededRandom| 1 + dice.below(9_000) as i64;
                let parts = [("ada", total(&dice)), ("bob", total(&dice))];
                orders.push(paid(app, &format!("{seed}-{step}"), &parts).await);
                "sale"
            }
            3 | 4 => {
                let name = NAMES[dice.below(2) as usize];
                let open = orders.iter().find(|order| !deliveries.contains_key(&(**order, name)));
                if let Some(order) = open.copied() {
                    deliver(app, order, name).await;
                    deliveries.insert((order, name), app.clock.now());
                }
                "delivery"
            }
            5 if !orders.is_empty() => {
                let order = orders[dice.below(orders.len() as u64) as usize];
                let name = NAMES[dice.below(2) as usize];
                let status = refund(app, order, name, 1 + dice.below(4_000) as i64, &format!("{step}")).await.status;
                assert!(matches!(status.as_u16(), 202 | 409), "{status}");
                "refund"
            }
            6 => {
                run_by_hand(app, &deliveries).await;
                "run"
            }
            7 => {
                ask_the_bank(app, &dice).await;
                "bank"
            }
            8 | 9 if !orders.is_empty() => {
                let order = orders[dice.below(orders.len() as u64) as usize];
                open.push(dispute(app, script, &dice, order, step).await);
                "dispute"
            }
            10 if !open.is_empty() => {
                let id = open.swap_remove(dice.below(open.len() as u64) as usize);
                decide(app, script, &dice, &id).await;
                "decision"
            }
            _ => {
                app.advance(Duration::from_secs(3_600 * (1 + dice.below(96)))).await;
                "time"
            }
        };
        check(app, &deliveries, &format!("seed {seed}, step {step}, {what}")).await;
    }
    let beyond = "SELECT count(*) FROM payouts WHERE amount_minor > available_minor";
    assert_eq!(app.count("payments", beyond).await, 0);
    sound(app).await;
}

#[tokio::test]
async fn the_balance_is_the_sum_of_the_postings_whatever_happens() {
    for seed in 1..=6 {
        let (app, script) = scripted_on(Dialect::Sqlite).await;
        history(&app, &script, seed).await;
    }
    for seed in 7..=8 {
        let (app, script) = scripted_on(Dialect::Postgres).await;
        history(&app, &script, seed).await;
    }
}
