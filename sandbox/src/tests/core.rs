//! The pure core: the same on both stores, repeatable, and never out of balance.

use std::time::Duration;

use kernel::{Currency, Random, SeededRandom, Timestamp};

use super::NOW;
use crate::{
    Call, Command, Faults, Gateway, Memory, NewPayment, Outcome, Rules, Sqlite, Store,
    card::{TEST_CARDS, TestCard},
};

fn rules() -> Rules {
    let faults =
        Faults { duplicate_per_mille: 200, reorder_per_mille: 200, drop_first_per_mille: 100, ..Faults::default() };
    Rules { endpoints: 2, faults, ..Rules::default() }
}

/// One of the commands a merchant, a buyer or a confused client may send.
fn command(rng: &dyn Random, ids: &[String]) -> Call {
    let pick = |bound: usize| usize::try_from(rng.below(bound as u64)).unwrap();
    let card = || -> &'static TestCard { &TEST_CARDS[pick(TEST_CARDS.len())] };
    let payment = if ids.is_empty() { "pay_none".to_owned() } else { ids[pick(ids.len())].clone() };
    let amount = i64::try_from(rng.below(2_000)).unwrap() - 10;
    let command = match rng.below(12) {
        0..=3 => Command::Create(NewPayment {
            amount_minor: amount,
            currency: if rng.below(2) == 0 { Currency::EUR } else { Currency::USD },
            reference: format!("order-{}", rng.below(20)),
            description: String::new(),
            return_url: Some("http://shop.test/".to_owned()),
            cancel_url: None,
            capture: rng.below(4) > 0,
            payment_token: (rng.below(2) == 0).then(|| card().token.to_owned()),
            metadata: Default::default(),
        }),
        4 | 5 => Command::Pay { payment, card: card().used() },
        6 => Command::Challenge { payment, approve: rng.below(2) == 0 },
        7 => Command::Cancel { payment, by_buyer: rng.below(2) == 0 },
        8 => Command::Capture { payment, amount_minor: (rng.below(2) == 0).then_some(amount) },
        _ => Command::Refund { payment, amount_minor: amount / 3, reason: String::new() },
    };
    Call { key: (rng.below(3) == 0).then(|| format!("key-{}", rng.below(40))), command }
}

struct Run {
    outcomes: Vec<Outcome>,
    sent: Vec<i64>,
    summary: crate::Summary,
    journal: Vec<crate::JournalRow>,
    events: Vec<crate::EventRow>,
}

fn run<S: Store>(seed: u64, store: S) -> Run {
    let script = SeededRandom::new(seed);
    let rng = SeededRandom::new(seed + 1);
    let mut gateway = Gateway::new(rules(), store);
    let (mut outcomes, mut sent, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut now = NOW;
    for _ in 0..400 {
        now = now.plus(Duration::from_millis(script.below(if script.below(50) == 0 { 20_000_000 } else { 900 })));
        let call = command(&script, &ids);
        let outcome = gateway.apply(&call, now, &rng).unwrap();
        if matches!(call.command, Command::Create(_)) && outcome.is_success() && !outcome.replayed {
            ids.push(outcome.payment().unwrap().id);
        }
        outcomes.push(outcome);
        while gateway.tick(now, &rng).unwrap() {}
        for due in gateway.due(now, 10).unwrap() {
            sent.push(due.number);
            let answer = [Some(200), Some(500), None][usize::try_from(script.below(3)).unwrap()];
            gateway.attempted(due.number, answer, now, &rng).unwrap();
        }
        check(&gateway, &ids);
    }
    let summary = gateway.store().summary().unwrap();
    let journal = gateway.store().journal(0, 1_000).unwrap();
    let events = gateway.store().events(0, 1_000).unwrap();
    Run { outcomes, sent, summary, journal, events }
}

fn check<S: Store>(gateway: &Gateway<S>, ids: &[String]) {
    assert_eq!(gateway.store().summary().unwrap().unbalanced, Vec::<String>::new());
    for id in ids {
        let payment = gateway.store().payment(id).unwrap().unwrap();
        let refunds: i64 = payment
            .refunds
            .iter()
            .filter(|r| r.status != crate::model::RefundStatus::Failed)
            .map(|r| r.amount_minor)
            .sum();
        assert_eq!(refunds, payment.refunded_minor + payment.refund_pending_minor);
        assert!(payment.captured_minor <= payment.amount_minor && refunds <= payment.captured_minor);
        assert_eq!(payment.captured_minor > 0, payment.status == crate::Status::Succeeded);
    }
}

#[test]
fn both_stores_give_the_same_and_the_books_always_balance() {
    for seed in 0..8 {
        let (memory, sqlite) = (run(seed, Memory::default()), run(seed, Sqlite::open(None).unwrap()));
        assert_eq!(memory.outcomes, sqlite.outcomes, "seed {seed}");
        assert_eq!(memory.sent, sqlite.sent, "seed {seed}");
        assert_eq!(memory.journal, sqlite.journal, "seed {seed}");
        assert_eq!(memory.events, sqlite.events, "seed {seed}");
        assert_eq!(memory.summary, sqlite.summary, "seed {seed}");
        assert!(memory.summary.payments > 50 && memory.summary.by_status.len() >= 5, "{:?}", memory.summary);
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let (one, two) = (run(3, Memory::default()), run(3, Memory::default()));
    assert_eq!((one.outcomes, one.sent, one.events), (two.outcomes, two.sent, two.events));
}

#[test]
fn ids_sort_by_time_and_belong_together() {
    let rng = SeededRandom::new(1);
    let mut gateway = Gateway::new(rules(), Memory::default());
    let mut open = |at: Timestamp| {
        let new = NewPayment {
            amount_minor: 100,
            currency: Currency::EUR,
            reference: "order".to_owned(),
            description: String::new(),
            return_url: None,
            cancel_url: None,
            capture: true,
            payment_token: Some("tok_visa".to_owned()),
            metadata: Default::default(),
        };
        let id = gateway.apply(&Command::Create(new).into(), at, &rng).unwrap().payment().unwrap().id;
        let refund = Command::Refund { payment: id.clone(), amount_minor: 40, reason: String::new() };
        let refund = gateway.apply(&refund.into(), at, &rng).unwrap().refund().unwrap();
        assert_eq!(crate::model::payment_of_refund(&refund.id), Some(id.clone()));
        assert_eq!(gateway.store().entries(&id).unwrap().len(), 2);
        id
    };
    let ids: Vec<String> = (0..20).map(|n| open(NOW.plus(Duration::from_millis(n)))).collect();
    assert!(ids.is_sorted());
}

/// Numbers drawn twice must not turn a new payment into an old one.
#[tokio::test]
async fn an_id_drawn_twice_is_refused_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let first = {
        let bench = super::Bench::on(&path).await;
        let first = bench.token("tok_visa").await;
        bench.sandbox.close().await;
        first
    };
    // The same seed and time again, as after a restart that forgot what it had drawn.
    let bench = super::Bench::on(&path).await;
    let other = super::order(serde_json::json!({"payment_token": "tok_visa", "reference": "order-2"}));
    assert_eq!(bench.post("/v1/payments", other.clone()).await.0, 503);
    assert_eq!(bench.payment(first["id"].as_str().unwrap()).await, first);
    assert_eq!(bench.books().await, (1, 4_990, 0));
    bench.advance_ms(1);
    assert_eq!(bench.post("/v1/payments", other).await.0, 201, "a group that was rolled back leaves nothing behind");
    assert_eq!(bench.books().await, (2, 9_980, 0));
}
