//! Random histories of sales in several currencies, deliveries, refunds, disputes and payouts: in each currency the balance is
//! the sum of the postings, by a second reckoning over the journal, and nobody is ever paid more than is available in it.

use std::collections::BTreeMap;

use contracts::{
    disputes::DisputeStatus,
    payouts::{PayoutStatus, RunOutcome},
};
use kernel::{Random, SeededRandom, Timestamp};
use serde_json::json;

use super::{super::*, statements::statement_in, *};

/// What the test has seen of each order: when it was delivered to whom.
type Deliveries = BTreeMap<(OrderId, &'static str), Timestamp>;

const NAMES: [&str; 2] = ["ada", "bob"];

/// What buyers pay in: two with hundredths, one without.
fn currencies() -> [Currency; 3] {
    [Currency::EUR, Currency::USD, Currency::parse("JPY").unwrap()]
}

/// Pending and available by the journal as admins read it, and by the deliveries of this test; in each currency.
async fn reckoned(app: &TestApp, deliveries: &Deliveries, name: &'static str) -> BTreeMap<Currency, (i64, i64)> {
    let account = format!("vendor_payable:{}", vendor(name));
    let mut sums: BTreeMap<Currency, (i64, i64)> = currencies().into_iter().map(|one| (one, (0, 0))).collect();
    let mut path = "/api/v1/admin/ledger?limit=100".to_owned();
    loop {
        let page: Page<EntryView> = app.as_user(&testkit::admin()).get(&path).await.expect(200).json();
        for entry in &page.items {
            let has_matured = entry.order_id.is_none_or(|order| {
                let at = deliveries.get(&(order, name));
                at.is_some_and(|at| app.clock.now() >= at.plus(Duration::from_secs(7 * 86_400)))
            });
            for posting in entry.postings.iter().filter(|posting| posting.account == account) {
                let (pending, available) = sums.get_mut(&posting.amount.currency).unwrap();
                *if has_matured { available } else { pending } -= posting.amount.amount_minor;
            }
        }
        let Some(next) = page.next else { return sums };
        path = format!("/api/v1/admin/ledger?limit=100&after={next}");
    }
}

async fn check(app: &TestApp, deliveries: &Deliveries, step: &str) {
    let today = app.clock.now().date();
    for name in NAMES {
        let shown = overview(app, name).await.balances;
        for (currency, (pending, available)) in reckoned(app, deliveries, name).await {
            let what = format!("{step}: {name} in {currency}");
            let Some(balance) = shown.iter().find(|balance| balance.available.currency == currency) else {
                assert_eq!((pending, available), (0, 0), "{what}");
                continue;
            };
            let of_balance = (balance.pending.amount_minor, balance.available.amount_minor);
            assert_eq!(of_balance, (pending, available), "{what}");
            let all = statement_in(app, name, currency, "2026-01-01", &today).await;
            assert_eq!(all.closing, Money::new(pending + available, currency), "{what}");
        }
    }
}

/// A run by hand pays exactly what the second reckoning has as available.
async fn run_by_hand(app: &TestApp, deliveries: &Deliveries) {
    let mut before = BTreeMap::new();
    for name in NAMES {
        for (currency, (_, available)) in reckoned(app, deliveries, name).await {
            before.insert((vendor(name), currency), available);
        }
    }
    for line in run(app, &json!({})).await.lines {
        assert_eq!(line.available.amount_minor, before[&(line.vendor_id, line.available.currency)]);
        match line.outcome {
            RunOutcome::Payout => assert!(line.available.amount_minor >= 1000),
            RunOutcome::BelowMinimum => assert!(line.available.amount_minor < 1000),
            RunOutcome::NoAccount | RunOutcome::NotReady | RunOutcome::Suspended | RunOutcome::PaidBefore => {
                assert!(line.payout_id.is_none());
            }
        }
    }
}

/// An order that is paid in one of the currencies.
async fn sold(app: &TestApp, dice: &SeededRandom, name: &str) -> OrderId {
    let currency = currencies()[dice.below(3) as usize];
    let mut event = placed(app, order(name), Some("tok_visa"), &[("ada", 0), ("bob", 0)]);
    let zero = Money::zero(currency);
    for part in &mut event.order.parts {
        part.total = Money::new(1 + dice.below(9_000) as i64, currency);
        (part.items, part.shipping, part.tax) = (part.total, zero, zero);
    }
    let total = event.order.parts.iter().map(|part| part.total);
    (event.order.total, event.order.tax) = (Money::sum(currency, total).unwrap(), zero);
    app.deliver("payments", &event).await;
    reserve(app, event.order_id).await;
    assert_eq!(status(app, event.order_id).await, PaymentStatus::Captured);
    event.order_id
}

async fn news(app: &TestApp, script: &Script, event: &str, dispute: &str) {
    let paid = script.state().disputes[dispute].payment_ref.clone();
    disputes::hook(app, format!("{event} {paid} {dispute}")).await.expect(204);
    app.settle().await;
}

async fn dispute(app: &TestApp, script: &Script, dice: &SeededRandom, order: OrderId, step: usize) -> String {
    let id = format!("dp_{step}");
    let currency = payment(app, order).await.amount.currency;
    script.dispute(order, &id, Money::new(1 + dice.below(9_000) as i64, currency));
    news(app, script, &format!("opened_{step}"), &id).await;
    id
}

async fn decide(app: &TestApp, script: &Script, dice: &SeededRandom, id: &str) {
    let won = dice.below(2) == 0;
    script.change(id, |dispute| {
        dispute.status = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        dispute.is_withdrawn = !won;
        dispute.fee = if won { Money::zero(dispute.amount.currency) } else { dispute.fee };
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
                orders.push(sold(app, &dice, &format!("{seed}-{step}")).await);
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
    // No entry speaks of two currencies, and no payout of another than its vendor was owed.
    let mixed =
        "SELECT count(*) FROM (SELECT entry_id FROM postings GROUP BY entry_id HAVING count(DISTINCT currency) > 1) m";
    assert_eq!(app.count("payments", mixed).await, 0);
    let strange = "SELECT count(*) FROM payouts p WHERE NOT EXISTS (SELECT 1 FROM postings o
            WHERE o.account = 'vendor_payable:' || p.vendor_id AND o.currency = p.currency AND o.kind = 'sale')";
    assert_eq!(app.count("payments", strange).await, 0);
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
