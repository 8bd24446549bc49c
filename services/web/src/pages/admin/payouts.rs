//! Payouts to vendors: what is to be sent, runs, files for the bank.

use std::collections::BTreeMap;

use contracts::payouts::{
    PayoutQuery, PayoutRunLine, PayoutRunRequest, PayoutRunView, PayoutStatus, PayoutView, RunOutcome,
};
use kernel::{Error, PayoutId, Result, VendorId};

use super::{Desk, Room, vendors::names};
use crate::{
    forms::{Fields, Posted},
    pages::portal::{Bulk, Form, List, Paging, Panel, PortalPage, Words, download, words},
    render::{self, Shown, query},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Link, Row, Table, Tone},
    visit::{Query, Visit},
};

/// Payouts marked or put into a file at once.
const BULK_MAX: usize = 100;

/// `GET /admin/payouts`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/payouts", &asked, &["status", "vendor_id"]);
    let query = PayoutQuery {
        status: words::named(paging.filter("status")),
        vendor_id: asked.parsed("vendor_id"),
        limit: Some(25),
        after: paging.after(),
        ..PayoutQuery::default()
    };
    let page = desk.app.payments.payouts(&desk.who, &query).await?;
    let names = names(&desk, page.items.iter().map(|payout| payout.vendor_id)).await;
    let empty = if paging.narrowed() {
        Empty::new("wallet", "No payout in this state", "Look at all of them instead.")
            .action("Show all payouts", "/admin/payouts")
    } else {
        Empty::new(
            "wallet",
            "No payouts yet",
            "They are made by each vendor's schedule once enough of its sales is available.",
        )
        .action("See who could be paid now", "/admin/payouts/run")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "payout", "payouts");
    let verbs =
        vec![("sepa", "SEPA file"), ("list", "CSV list"), ("sent", "Was given to the bank"), ("paid", "Was paid")];
    let bulk = Bulk { action: "/admin/payouts/bulk".to_owned(), csrf: desk.csrf(), verbs };
    let list =
        List::new(table(&desk, &names, &page.items, empty).ticked("id", "bulk").target("#list"), pager).bulk(bulk);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let states =
        [("", "All"), ("created", "To be sent"), ("sent", "At the bank"), ("paid", "Paid"), ("failed", "Failed")];
    let place = desk.place("Payouts", Room::Payouts).await;
    let page = PortalPage::new(place).main("Pay vendors now", "/admin/payouts/run");
    render::page(&page.block(&paging.tabs("Payouts by state", "status", &states)).block(&list))
}

/// A store with the way to it.
pub(super) fn store(names: &BTreeMap<VendorId, String>, vendor: VendorId) -> Link {
    let name = names.get(&vendor).cloned().unwrap_or_else(|| "A vendor".to_owned());
    Link::new(name, format!("/admin/vendors/{vendor}"))
}

fn table(desk: &Desk, names: &BTreeMap<VendorId, String>, payouts: &[PayoutView], empty: Empty) -> Table {
    let columns = [Column::new("Vendor"), Column::new("State"), Column::new("Account"), Column::new("Made")];
    let columns = columns.into_iter().chain([Column::number("Amount")]).collect();
    let row = |payout: &PayoutView| Row {
        id: payout.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(store(names, payout.vendor_id).text, format!("/admin/payouts/{}", payout.id)),
                payout.period.clone(),
            ),
            Cell::Badge(words::payout(payout.status)),
            Cell::Text(payout.account.clone(), payout.failure.clone().unwrap_or_default()),
            Cell::When(desk.fmt.when(payout.created_at)),
            Cell::Number(desk.fmt.money(payout.amount)),
        ],
    };
    Table::new("Payouts", columns, payouts.iter().map(row).collect(), empty)
}

/// `POST /admin/payouts/bulk`: marks payouts, or leads to a file of them.
pub async fn bulk(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let fields = posted.fields;
    let ids: Vec<PayoutId> = fields.all("id").filter_map(|id| id.parse().ok()).take(BULK_MAX).collect();
    if ids.is_empty() {
        desk.visit.say(Message::bad("Tick the payouts first.")).await?;
        return Ok(desk.visit.go("/admin/payouts"));
    }
    let status = match fields.get("do") {
        "sepa" => return Ok(desk.visit.go(&format!("/admin/payouts/sepa.xml?{}", named(&ids)))),
        "list" => return Ok(desk.visit.go(&format!("/admin/payouts/list.csv?{}", named(&ids)))),
        "sent" => PayoutStatus::Sent,
        "paid" => PayoutStatus::Paid,
        _ => return Err(Error::malformed("Choose what to do with the payouts.").into()),
    };
    let (mut changed, mut refused) = (0, None);
    for id in &ids {
        let done = match status {
            PayoutStatus::Sent => desk.app.payments.payout_sent(&desk.who, *id).await,
            _ => desk.app.payments.payout_paid(&desk.who, *id).await,
        };
        match done {
            Ok(_) => changed += 1,
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    let state = words::payout(status).text.to_lowercase();
    let message = match refused {
        None => Message::good(format!("{}: {state}.", desk.fmt.counted(changed, "payout", "payouts"))),
        Some(error) => Message::bad(format!("{changed} of {} changed. {}", ids.len(), words::sentence(&error))),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/payouts"))
}

fn named(ids: &[PayoutId]) -> String {
    let ids: Vec<String> = ids.iter().map(PayoutId::to_string).collect();
    query(&ids.iter().map(|id| ("id", id.as_str())).collect::<Vec<_>>())
}

/// `GET /admin/payouts/sepa.xml`
pub async fn sepa(visit: Visit, Query(asked): Query) -> Shown {
    file(visit, &asked, "sepa.xml", "application/xml").await
}

/// `GET /admin/payouts/list.csv`
pub async fn csv(visit: Visit, Query(asked): Query) -> Shown {
    file(visit, &asked, "list.csv", "text/csv; charset=utf-8").await
}

/// A file of the payouts in the address; what cannot be in one is said on the list.
async fn file(visit: Visit, asked: &Fields, which: &str, media: &'static str) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let ids: Vec<PayoutId> = asked.all("id").filter_map(|id| id.parse().ok()).collect();
    let path = format!("/api/v1/admin/payouts/{which}?{}", named(&ids));
    let name = format!("payouts-{}-{which}", desk.fmt.now().date());
    match download::file(&desk.app.payments.0, &desk.who, path, &name, media).await {
        Ok(file) => Ok(file),
        Err(render::Refusal(error)) => {
            let message = super::said(error)?;
            desk.visit.say(message).await?;
            Ok(desk.visit.go("/admin/payouts"))
        }
    }
}

/// `GET /admin/payouts/run`: what a run would pay.
pub async fn ask_run(visit: Visit) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let request = PayoutRunRequest { dry_run: true, ..PayoutRunRequest::default() };
    let run = desk.app.payments.run_payouts(&desk.who, &request).await?;
    let names = names(&desk, run.lines.iter().map(|line| line.vendor_id)).await;
    let payable = run.lines.iter().filter(|line| line.outcome == RunOutcome::Payout).count();
    let place = desk.place("Pay vendors now", Room::Payouts).await;
    let mut page = PortalPage::new(place).above(&[("Payouts", "/admin/payouts")]);
    if payable > 0 {
        let count = desk.fmt.counted(i64::try_from(payable).unwrap_or(i64::MAX), "vendor", "vendors");
        let effect = format!(
            "What is available now is paid to {count}, whatever the schedule. The amounts leave the balances at once; the bank \
             gets them with the next file."
        );
        let form =
            Form::new("/admin/payouts/run", &desk.csrf(), "Make these payouts").cancel("Not now", "/admin/payouts");
        page = page.block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form));
    }
    render::page(&page.block(&Panel::new("What would be paid").flush().with(&lines(&desk, &names, &run))))
}

fn lines(desk: &Desk, names: &BTreeMap<VendorId, String>, run: &PayoutRunView) -> Table {
    let row = |(i, line): (usize, &PayoutRunLine)| Row {
        id: i.to_string(),
        cells: vec![
            Cell::Link(store(names, line.vendor_id), String::new()),
            Cell::Badge(outcome(line.outcome)),
            Cell::Number(desk.fmt.money(line.available)),
        ],
    };
    let columns = vec![Column::new("Vendor"), Column::new("What becomes of it"), Column::number("Available")];
    let empty =
        Empty::new("wallet", "Nobody can be paid now", "Sales count once they were delivered and held for some days.");
    Table::new("What would be paid", columns, run.lines.iter().enumerate().map(row).collect(), empty)
}

fn outcome(outcome: RunOutcome) -> Badge {
    match outcome {
        RunOutcome::Payout => Badge::new("Would be paid", Tone::Success),
        RunOutcome::BelowMinimum => Badge::new("Below the smallest payout", Tone::Neutral),
        RunOutcome::NoAccount => Badge::new("No account", Tone::Warning),
        RunOutcome::NotReady => Badge::new("Account not ready", Tone::Warning),
        RunOutcome::Suspended => Badge::new("Suspended: it waits", Tone::Warning),
        RunOutcome::PaidBefore => Badge::new("Was paid today", Tone::Neutral),
    }
}

/// `POST /admin/payouts/run`
pub async fn run(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let done: Result<PayoutRunView> = desk.app.payments.run_payouts(&desk.who, &PayoutRunRequest::default()).await;
    let message = match done {
        Ok(run) => {
            let made = run.lines.iter().filter(|line| line.payout_id.is_some()).count();
            let made = desk.fmt.counted(i64::try_from(made).unwrap_or(i64::MAX), "payout", "payouts");
            let rest = if run.next.is_some() { " There are more vendors: run it again." } else { "" };
            Message::good(format!("{made} made. Take the file for the bank from here.{rest}"))
        }
        Err(error) => super::said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/payouts?status=created"))
}
