//! Each invariant holds over what the real services have made of a day, and is found violated once
//! the rows are broken by hand.

mod broken;
mod cash;
mod free;
mod shop;

use std::collections::BTreeMap;

use db::params;
use kernel::{Clock, Timestamp};
use testkit::{TestApp, on_both_databases};

use crate::{ALL, CHEAP, Finding, Mode, PspPayment, PspTransfer, check, check_some, last_alive};

/// All findings in which something is wrong.
fn wrong(findings: &[Finding]) -> Vec<(&'static str, Vec<String>)> {
    findings.iter().filter(|f| !f.holds()).map(|f| (f.id, f.violations.clone())).collect()
}

async fn look(app: &TestApp, shop: &shop::Shop, mode: Mode) -> Vec<Finding> {
    let books = shop.books().await;
    check(&app.system.databases(), Some(&books), app.clock.now(), mode).await.unwrap()
}

#[tokio::test]
async fn a_day_of_the_real_services_holds() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_day(&app).await;
        for mode in [Mode::Live, Mode::Quiescent] {
            let findings = look(&app, &shop, mode).await;
            assert_eq!(wrong(&findings), vec![], "{mode:?}");
            let seen: BTreeMap<_, _> = findings.iter().map(|f| (f.id, f.checked)).collect();
            assert_eq!(seen.len(), ALL.len());
            for (id, checked) in seen {
                assert!(checked > 0 || id == "EV4", "{id} looked at nothing");
            }
        }
        let cheap = check_some(CHEAP, &app.system.databases(), None, app.clock.now(), Mode::Live).await.unwrap();
        assert_eq!(cheap.len(), CHEAP.len());
    })
    .await;
}

#[tokio::test]
async fn an_order_on_its_way_is_fine_while_in_use_and_hangs_at_rest() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.buy(&app, "eve", "tok_3ds", 1).await;
        assert_eq!(wrong(&look(&app, &shop, Mode::Live).await), vec![]);
        let at_rest: Vec<_> = wrong(&look(&app, &shop, Mode::Quiescent).await).into_iter().map(|(id, _)| id).collect();
        assert_eq!(at_rest, ["O4"]);
    })
    .await;
}

#[tokio::test]
async fn a_stopped_system_is_judged_by_when_it_stopped() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.buy(&app, "eve", "tok_3ds", 1).await;
        let stopped = app.clock.now();
        app.clock.advance(std::time::Duration::from_secs(24 * 3600));
        let databases = app.system.databases();
        let late = check(&databases, None, app.clock.now(), Mode::Live).await.unwrap();
        assert!(wrong(&late).iter().any(|(id, _)| *id == "S4"), "{:?}", wrong(&late));
        let alive = last_alive(&databases, app.clock.now()).await.unwrap();
        assert_eq!(alive, stopped.plus(std::time::Duration::from_secs(10)));
        assert_eq!(wrong(&check(&databases, None, alive, Mode::Live).await.unwrap()), vec![]);
    })
    .await;
}

#[tokio::test]
async fn every_breakage_is_found_and_nothing_else() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_day(&app).await;
        for breakage in broken::BREAKAGES {
            breakage.run(&app, breakage.undo.is_none()).await;
        }
    })
    .await;
}

/// How often M16 is violated in use, as of `now`.
async fn of_credits(app: &TestApp, now: Timestamp) -> u64 {
    check_some(&["M16"], &app.system.databases(), None, now, Mode::Live).await.unwrap()[0].violated
}

#[tokio::test]
async fn what_an_order_holds_when_it_has_ended_is_found_while_in_use_once_that_was_heard() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_day(&app).await;
        let held = "UPDATE credit_holds SET state = 'confirmed' WHERE state = 'released'";
        let changed = app.db("payments").write(async move |tx| tx.exec(held, params![]).await).await.unwrap();
        assert_eq!(changed, 1, "one order with a card was called off before it was paid");
        let now = app.clock.now();
        assert_eq!(of_credits(&app, now).await, 1);
        // Ten minutes ago it had ended less than a quarter of an hour before: `payments` might not have heard of it yet.
        assert_eq!(of_credits(&app, now.minus(std::time::Duration::from_secs(10 * 60))).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_month_that_is_over_is_invoiced_and_every_breakage_of_that_is_found() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_month(&app).await;
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoices").await, 2, "one for each vendor");
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoice_runs").await, 1);
        assert_eq!(wrong(&look(&app, &shop, Mode::Quiescent).await), vec![]);
        for breakage in broken::INVOICES {
            breakage.run(&app, false).await;
        }
    })
    .await;
}

type Spoil = fn(&mut Vec<PspPayment>);

/// Ways in which the provider's books may differ, and what must be found.
const BOOKS: &[(&[&str], Spoil)] = &[
    // Money of an order nobody knows.
    (&["M5"], |books| {
        let stray = PspPayment { position: 99, id: "pay_x".into(), reference: "x".into(), ..books[0].clone() };
        books.push(stray);
    }),
    // A second payment of an order that is paid.
    (&["M2", "M5"], |books| {
        let again = PspPayment { position: 99, id: "pay_x".into(), ..books[0].clone() };
        books.push(again);
    }),
    // A capture of ours that the provider does not know.
    (&["M4"], |books| drop(books.remove(0))),
    // Another amount than ours.
    (&["M4"], |books| books[0].captured_minor += 1),
    // A refund that did not happen there.
    (&["M5"], |books| books.iter_mut().for_each(|payment| payment.refunded_minor = 0)),
];

#[tokio::test]
async fn the_provider_s_books_are_compared() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_day(&app).await;
        for (ids, spoil) in BOOKS {
            let mut books = shop.books().await;
            spoil(&mut books.0);
            let findings =
                check(&app.system.databases(), Some(&books), app.clock.now(), Mode::Quiescent).await.unwrap();
            let found: Vec<_> = wrong(&findings).into_iter().map(|(id, _)| id).collect();
            assert_eq!(found, *ids);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_compared_with_the_provider_s_books_is_said() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_day(&app).await;
        let paid = "UPDATE payouts SET provider = 'paypal', account_ref = 'a@b.example', transfer_ref = 'po_1' WHERE status = 'paid'";
        app.db("payments").write(async move |tx| tx.exec(paid, params![]).await).await.unwrap();
        let ours: Vec<String> = vec!["sandbox".to_owned()];
        let ids = ["M1", "M2", "M4", "M5", "M10"];
        let (databases, now) = (app.system.databases(), app.clock.now());
        let of = |findings: Vec<Finding>| findings.into_iter().map(|found| found.not_compared).collect::<Vec<_>>();
        let without = of(check_some(&ids, &databases, None, now, Mode::Live).await.unwrap());
        let payouts = vec!["paypal".to_owned()];
        assert_eq!(without, [vec![], ours.clone(), ours.clone(), ours, payouts.clone()]);
        let books = shop.books().await;
        let with = of(check_some(&ids, &databases, Some(&books), now, Mode::Live).await.unwrap());
        assert_eq!(with, [vec![], vec![], vec![], vec![], payouts]);
    })
    .await;
}

/// How often M10 is violated if the provider has paid this to vendors.
async fn of_payouts(app: &TestApp, paid: &[PspTransfer], mode: Mode) -> u64 {
    let paid = shop::Paid(paid.to_vec());
    check_some(&["M10"], &app.system.databases(), Some(&paid), app.clock.now(), mode).await.unwrap()[0].violated
}

#[tokio::test]
async fn what_a_provider_has_paid_to_vendors_is_held_against_the_payouts() {
    on_both_databases(shop::services, async |app| {
        let shop = shop::Shop::open(&app).await;
        shop.a_day(&app).await;
        let moved = "UPDATE payouts SET provider = 'sandbox', account_ref = 'acct_1', transfer_ref = 'tr_1' WHERE status = 'paid'";
        let changed = app.db("payments").write(async move |tx| tx.exec(moved, params![]).await).await.unwrap();
        assert_eq!(changed, 1, "ada was paid once");
        let sql = "SELECT id, attempt, amount_minor FROM payouts WHERE provider = 'sandbox'";
        let row = app.db("payments").one(sql, params![]).await.unwrap();
        let (id, attempt): (String, i64) = (row.get("id").unwrap(), row.get("attempt").unwrap());
        let right = PspTransfer {
            position: 1,
            id: "tr_1".to_owned(),
            reference: format!("payout:{id}:{attempt}"),
            currency: "EUR".to_owned(),
            amount_minor: row.get("amount_minor").unwrap(),
        };
        let other = PspTransfer { position: 2, id: "tr_2".to_owned(), ..right.clone() };
        let none: [PspTransfer; 0] = [];
        for mode in [Mode::Live, Mode::Quiescent] {
            assert_eq!(of_payouts(&app, std::slice::from_ref(&right), mode).await, 0, "{mode:?}");
            assert_eq!(of_payouts(&app, &none, mode).await, 1, "it is not in the journal");
            assert_eq!(of_payouts(&app, &[right.clone(), other.clone()], mode).await, 1, "it was sent again");
            for wrong in [
                PspTransfer { amount_minor: right.amount_minor + 1, ..right.clone() },
                PspTransfer { currency: "USD".to_owned(), ..right.clone() },
                PspTransfer { reference: format!("payout:{id}:{}", attempt + 1), ..right.clone() },
                PspTransfer { reference: "somebody else's".to_owned(), ..right.clone() },
            ] {
                assert_eq!(of_payouts(&app, std::slice::from_ref(&wrong), mode).await, 2, "{wrong:?}");
            }
        }
        let asked = "UPDATE payouts SET status = 'sent', ended_at = NULL WHERE provider = 'sandbox'";
        app.db("payments").write(async move |tx| tx.exec(asked, params![]).await).await.unwrap();
        let booked = of_payouts(&app, &none, Mode::Live).await;
        assert_eq!(of_payouts(&app, std::slice::from_ref(&right), Mode::Live).await, booked, "nobody has asked yet");
        assert_eq!(of_payouts(&app, std::slice::from_ref(&right), Mode::Quiescent).await, booked + 1);
        assert_eq!(of_payouts(&app, std::slice::from_ref(&other), Mode::Live).await, booked + 1, "another one");
    })
    .await;
}
