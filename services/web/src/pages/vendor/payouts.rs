//! When a store is paid how much: for its owners.

use contracts::payouts::{
    BalanceView, MonthPaid, PayoutQuery, PayoutRouteView, PayoutView, PayoutsOverview, Schedule, UpcomingPayout,
};
use kernel::{Currency, Money, VendorId};

use super::{Desk, Room, home::amounts};
use crate::{
    chart::{Chart, Series, Unit},
    fmt::Fmt,
    pages::portal::{Facts, List, Paging, Panel, PortalPage, Split, Tiles, Words, fields::day, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Notice, Row, Table, Tile, Tone},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/payouts`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("payouts"), &asked, &[]);
    let query = PayoutQuery { limit: Some(25), after: paging.after(), ..PayoutQuery::default() };
    let (overview, page) = futures::join!(
        desk.app.payments.payouts_overview(&desk.who, vendor_id),
        desk.app.payments.vendor_payouts(&desk.who, vendor_id, &query),
    );
    let (overview, page) = (overview?, page?);
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "payout", "payouts");
    let list = List::new(table(&desk, &page.items).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let mut main = vec![Panel::new("All payouts").flush().with(&list)];
    if !overview.months.is_empty() {
        main.insert(0, Panel::new("").with(&chart(&desk, &overview.months)));
    }
    let side = vec![terms(&desk, &overview), account(&desk, &overview)];
    let place = desk.place("Payouts", Room::Payouts).await?;
    let page = PortalPage::new(place)
        .action("Invoices", desk.at("invoices"))
        .action("Statement", desk.at("statement"))
        .notice(missing(&desk, &overview))
        .block(&tiles(&desk, &overview));
    render::page(&page.block(&Split { main, side }))
}

fn tiles(desk: &Desk, overview: &PayoutsOverview) -> Tiles {
    let of = |part: fn(&BalanceView) -> Money| overview.balances.iter().map(part).collect::<Vec<_>>();
    let held = desk.fmt.counted(i64::from(overview.terms.hold_days), "day", "days");
    let is_negative = overview.balances.iter().any(|balance| balance.available.is_negative());
    let available = if is_negative { "Less than nothing: the next payouts make up for it" } else { "Can be paid out" };
    let tile = |label: &str, money: Vec<Money>, note: &str| Tile::new(label, amounts(desk, &money)).note(note);
    let mut tiles = vec![
        tile("Available", of(|b| b.available), available).urgent(is_negative),
        tile("Pending", of(|b| b.pending), &format!("Until {held} after the delivery")).href(desk.at("orders")),
        tile("Held", of(|b| b.held), "Until disputes are decided").href(desk.at("earnings")),
        tile("On its way", of(|b| b.in_transit), "Payouts that the bank has or will get").href("#all-payouts"),
        tile("Paid out", of(|b| b.paid_out), "In all").href("#all-payouts"),
    ];
    // Most stores have none and need not wonder what it is.
    if let Some(note) = reserved(desk, overview) {
        tiles.insert(2, tile("In reserve", of(|b| b.reserve), &note).href(desk.at("earnings")));
    }
    Tiles { tiles }
}

/// What is held back of sales, in a sentence; nothing if nothing is.
fn reserved(desk: &Desk, overview: &PayoutsOverview) -> Option<String> {
    if let Some(terms) = overview.reserve {
        let days = desk.fmt.counted(terms.days, "day", "days");
        return Some(format!("{} of each sale, for {days}", desk.fmt.percent(terms.rate_bp)));
    }
    let is_left = overview.balances.iter().any(|balance| !balance.reserve.is_zero());
    is_left.then(|| "Held back of earlier sales, for some days".to_owned())
}

/// The provider that the store is paid through, if it is.
fn chosen(overview: &PayoutsOverview) -> Option<&PayoutRouteView> {
    overview.routes.iter().find(|route| route.is_chosen)
}

/// What keeps the store from being paid, if anything does.
pub(super) fn missing(desk: &Desk, overview: &PayoutsOverview) -> Option<Notice> {
    let account = desk.at("payouts/account");
    if let Some(route) = chosen(overview) {
        let title = format!("{} does not know enough about you.", route.label);
        let notice = Notice::new(Tone::Warning, title, "Until it does no payouts are made.");
        return (!route.is_ready).then(|| notice.action("See what is missing", account));
    }
    if overview.account.is_some() {
        return None;
    }
    let text = "Say which account your earnings go to; until then nothing is paid out.";
    let notice = Notice::new(Tone::Warning, "We do not know where to pay you.", text);
    Some(notice.action("Set the account", account))
}

/// How often, in a sentence.
pub(super) fn often(schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::Daily => "Every day",
        Schedule::Weekly => "Every Monday",
        Schedule::Monthly => "On the first of every month",
        Schedule::Manual => "When the marketplace makes it",
    }
}

fn terms(desk: &Desk, overview: &PayoutsOverview) -> Panel {
    let terms = &overview.terms;
    let currency = overview.balances.first().map_or(desk.visit.purse.main(), currency_of);
    let facts = Facts::new("When you are paid")
        .fact("How often", often(terms.schedule))
        .fact("Smallest payout", desk.fmt.money(Money::new(terms.minimum_minor, currency)));
    let panel = Panel::new("Next payout").link("Change", desk.at("payouts/terms"));
    let panel = match overview.upcoming.as_slice() {
        [] => panel.with(&Words::soft(
            "Nothing is due yet: what you sell counts once it was delivered and held for some days.",
        )),
        all => all.iter().fold(panel, |panel, next| panel.with(&Words::new(coming(&desk.fmt, next)))),
    };
    panel.with(&facts)
}

fn currency_of(balance: &BalanceView) -> Currency {
    balance.available.currency
}

fn coming(fmt: &Fmt, next: &UpcomingPayout) -> String {
    let (amount, on) = (fmt.money(next.amount), fmt.date(next.at));
    if next.is_enough {
        format!("{amount} on {on}, as it looks now.")
    } else {
        format!("{amount} by {on}: less than the smallest payout, so it waits.")
    }
}

fn account(desk: &Desk, overview: &PayoutsOverview) -> Panel {
    let panel = Panel::new("Account");
    if let Some(route) = chosen(overview) {
        let facts = Facts::new("Account")
            .fact("Paid through", &route.label)
            .maybe("Account", route.account.as_ref())
            .fact("State", if route.is_ready { "Takes payouts" } else { "Not ready" });
        return panel.link("Change", desk.at("payouts/account")).with(&facts);
    }
    match &overview.account {
        None => panel.with(&Words::soft("None yet.")).link("Set it", desk.at("payouts/account")),
        Some(account) => {
            let facts = Facts::new("Account")
                .fact("Holder", &account.holder)
                .fact(if account.has_iban { "IBAN" } else { "Number" }, &account.number)
                .maybe("BIC", account.bic.as_ref())
                .maybe("Bank code", account.bank_code.as_ref())
                .fact("Set on", desk.fmt.date(account.changed_at));
            panel.link("Change", desk.at("payouts/account")).with(&facts)
        }
    }
}

/// What was paid by month, in the currency of the newest; others are in the list.
fn chart(desk: &Desk, months: &[MonthPaid]) -> Chart {
    let currency = months.last().map_or(desk.visit.purse.main(), |month| month.paid.currency);
    let paid: Vec<&MonthPaid> = months.iter().filter(|month| month.paid.currency == currency).collect();
    let label = |month: &&MonthPaid| {
        day(&format!("{}-01", month.month)).map_or_else(|| month.month.clone(), |first| first.format("%b %Y"))
    };
    let labels: Vec<String> = paid.iter().map(label).collect();
    let values: Vec<i64> = paid.iter().map(|month| month.paid.amount_minor).collect();
    Chart::bars(
        &desk.fmt,
        "Paid out by month",
        Unit::Money(currency),
        &labels,
        Series { name: "Paid out", values: &values },
    )
}

/// Why it failed, otherwise where it went; and what was taken back of it, or is being.
fn note(desk: &Desk, payout: &PayoutView) -> String {
    let place = payout.failure.clone().unwrap_or_else(|| payout.account.clone());
    let reversals = payout.reversals.iter().map(|reversal| {
        let (state, amount) = (words::reversal(reversal.status).text, desk.fmt.money(reversal.amount));
        let netted = if reversal.failure.is_some() { ", the next payouts are less by it" } else { "" };
        format!("{state}: {amount} ({}{netted})", desk.fmt.date(reversal.created_at))
    });
    std::iter::once(place).chain(reversals).collect::<Vec<_>>().join(" · ")
}

fn table(desk: &Desk, payouts: &[PayoutView]) -> Table {
    let columns = [Column::new("Period"), Column::new("State"), Column::new("Made"), Column::number("Amount")];
    let row = |payout: &PayoutView| Row {
        id: payout.id.to_string(),
        cells: vec![
            Cell::Text(payout.period.clone(), note(desk, payout)),
            Cell::Badge(words::payout(payout.status)),
            Cell::When(desk.fmt.when(payout.created_at)),
            Cell::Number(desk.fmt.money(payout.amount)),
        ],
    };
    let empty = Empty::new(
        "wallet",
        "No payouts yet",
        "The first one is made as soon as enough of what you sold is available.",
    )
    .action("Look at your earnings", desk.at("earnings"));
    Table::new("Payouts", columns.into(), payouts.iter().map(row).collect(), empty)
}
