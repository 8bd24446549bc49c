//! The ledger: every entry with its postings, and the sum of every account.

use std::collections::BTreeMap;

use contracts::payments::{AccountBalance, EntryView, LedgerQuery, PostingView, TrialBalanceQuery};
use kernel::VendorId;

use super::{Desk, Room, vendors::names};
use crate::{
    pages::portal::{Facts, List, Paging, Panel, PortalPage, Split, Tools, fields::day, or_none, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Field, Html, Link, Notice, Row, Table, Tone, component},
    visit::{Query, Visit},
};

use askama::Template;

/// Postings of an entry, each leading to its account.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/postings.html")]
struct Postings {
    postings: Vec<(Link, String)>,
}

component!(Postings);

/// Accounts of vendors are called so, and by the vendor's id.
const OF_VENDORS: [(&str, &str); 3] =
    [("vendor_payable:", "Owed to"), ("vendor_held:", "Held from"), ("vendor_reserve:", "In reserve of")];

/// What an account of a vendor holds, and the vendor's id.
fn of_vendor(account: &str) -> Option<(&'static str, &str)> {
    OF_VENDORS.into_iter().find_map(|(begins, what)| Some((what, account.strip_prefix(begins)?)))
}

/// What accounts are called: a vendor's by the name of its store.
pub(super) struct Accounts(BTreeMap<String, String>);

impl Accounts {
    /// Of these stores.
    pub fn of(stores: impl IntoIterator<Item = (VendorId, String)>) -> Self {
        Self(stores.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
    }
    /// Asks for the names of the stores that these accounts belong to.
    async fn named(desk: &Desk, accounts: impl Iterator<Item = &str>) -> Self {
        let vendors = accounts.filter_map(|account| of_vendor(account)?.1.parse().ok());
        Self::of(names(desk, vendors).await)
    }
    /// An account with the entries on it.
    fn link(&self, account: &str) -> Link {
        let text = match of_vendor(account) {
            Some((what, id)) => match self.0.get(id) {
                Some(name) => format!("{what} {name}"),
                None => format!("{what} vendor {}", id.split('-').next_back().unwrap_or(id)),
            },
            None => words::plain(&account.replace(':', "_")),
        };
        Link::new(text, format!("/admin/ledger?{}", render::query(&[("account", account)])))
    }
}

/// What the journal can be narrowed to.
const FILTERS: [&str; 5] = ["account", "order_id", "refund_id", "dispute_id", "payout_id"];

/// `GET /admin/ledger`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/ledger", &asked, &FILTERS);
    let query = LedgerQuery {
        order_id: asked.parsed("order_id"),
        refund_id: asked.parsed("refund_id"),
        dispute_id: asked.parsed("dispute_id"),
        payout_id: asked.parsed("payout_id"),
        account: asked.some("account"),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.payments.ledger(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("wallet", "No entry fits", "Nothing was booked on this account, or for what you look for.")
            .action("Show all entries", "/admin/ledger")
    } else {
        Empty::new("wallet", "Nothing booked yet", "The first captured payment makes the first entry.")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "entry", "entries");
    let accounts = Accounts::named(&desk, accounts(&page.items)).await;
    let list = List::new(table(&desk, &accounts, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let account = Field::search("account", "Account")
        .bare()
        .optional()
        .class("small")
        .value(paging.filter("account"))
        .attribute("placeholder", "Account, such as commission");
    let tools = Tools {
        action: "/admin/ledger".to_owned(),
        kept: paging.others(&["account"]),
        fields: vec![account],
        links: if paging.narrowed() { vec![Link::new("Show all entries", "/admin/ledger")] } else { Vec::new() },
    };
    let place = desk.place("Ledger", Room::Ledger).await;
    let page = PortalPage::new(place)
        .action("Trial balance", "/admin/ledger/balance")
        .action("By period", "/admin/reports/money");
    render::page(&page.block(&tools).block(&list))
}

fn accounts(entries: &[EntryView]) -> impl Iterator<Item = &str> {
    entries.iter().flat_map(|entry| &entry.postings).map(|posting| posting.account.as_str())
}

/// The way to everything that an entry is about, its order first.
fn about(entry: &EntryView) -> Vec<Link> {
    let order = entry.order_id.map(|id| Link::new("Order", format!("/admin/orders/{id}")));
    order.into_iter().chain(beside(entry)).collect()
}

/// The same without the order.
fn beside(entry: &EntryView) -> Vec<Link> {
    let text = if entry.refund_id.is_some() { "Refund" } else { "Payment" };
    let payment = entry.payment_id.map(|id| Link::new(text, format!("/admin/payments/{id}")));
    let dispute = entry.dispute_id.map(|id| Link::new("Dispute", format!("/admin/disputes/{id}")));
    let payout = entry.payout_id.map(|id| Link::new("Payout", format!("/admin/payouts/{id}")));
    [payment, dispute, payout].into_iter().flatten().collect()
}

/// Entries as rows, each with the ways to what it is about.
fn table(desk: &Desk, accounts: &Accounts, entries: &[EntryView], empty: Empty) -> Table {
    let columns = vec![Column::new("Entry"), Column::new("When"), Column::new("Postings"), Column::new("")];
    let row = |entry: &EntryView| {
        let mut cells = cells(desk, accounts, entry);
        cells.push(Cell::Actions(about(entry)));
        Row { id: entry.id.to_string(), cells }
    };
    Table::new("Entries", columns, entries.iter().map(row).collect(), empty)
}

/// The entries of one order as rows.
pub(super) fn of_order(desk: &Desk, accounts: &Accounts, entries: &[EntryView], empty: Empty) -> Table {
    let columns = ["Entry", "When", "Postings", ""].map(Column::new).to_vec();
    let row = |entry: &EntryView| {
        let mut cells = cells(desk, accounts, entry);
        cells.push(Cell::Actions(beside(entry)));
        Row { id: entry.id.to_string(), cells }
    };
    Table::new("Entries", columns, entries.iter().map(row).collect(), empty)
}

/// A panel of entries that a page can do without.
pub(super) async fn panel(desk: &Desk, query: &LedgerQuery, all: String) -> Panel {
    let found = or_none("ledger", desk.app.payments.ledger(&desk.who, query).await);
    let entries = found.map(|page| page.items).unwrap_or_default();
    let accounts = Accounts::named(desk, self::accounts(&entries)).await;
    let none = Empty::new("wallet", "Nothing booked yet", "Money that comes or goes is booked here.");
    Panel::new("Ledger").link("All of it", all).flush().with(&table(desk, &accounts, &entries, none))
}

fn cells(desk: &Desk, accounts: &Accounts, entry: &EntryView) -> Vec<Cell> {
    let posting = |posting: &PostingView| (accounts.link(&posting.account), desk.fmt.money_change(posting.amount));
    let postings = Postings { postings: entry.postings.iter().map(posting).collect() };
    vec![
        Cell::Text(words::plain(&entry.kind), entry.text.clone()),
        Cell::When(desk.fmt.when(entry.at)),
        Cell::Html(Html::of(&postings)),
    ]
}

/// `GET /admin/ledger/balance`
pub async fn balance(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let at = day(asked.get("at")).map(|day| day.date());
    let trial = desk.app.payments.trial_balance(&desk.who, &TrialBalanceQuery { at: at.clone() }).await?;
    let accounts = Accounts::named(&desk, trial.accounts.iter().map(|line| line.account.as_str())).await;
    let sums =
        trial.sums.iter().fold(Facts::new("Sums"), |facts, sum| facts.fact(sum.currency.code(), desk.fmt.money(*sum)));
    let wrong = trial.sums.iter().any(|sum| !sum.is_zero());
    let notice = if wrong {
        Notice::new(Tone::Danger, "The ledger does not add up to zero.", "Stop payouts and look at the newest entries.")
    } else {
        Notice::new(Tone::Success, "The ledger adds up to zero.", "Debits and credits are the same in every currency.")
    };
    let field = Field::date("at", "At the end of").class("small").value(at.as_deref().unwrap_or_default());
    let now = at.is_some().then(|| Link::new("Show it as of now", "/admin/ledger/balance"));
    let tools = Tools {
        action: "/admin/ledger/balance".to_owned(),
        fields: vec![field],
        kept: Vec::new(),
        links: now.into_iter().collect(),
    };
    let row = |(i, line): (usize, &AccountBalance)| Row {
        id: i.to_string(),
        cells: vec![
            Cell::Link(accounts.link(&line.account), line.account.clone()),
            Cell::Number(desk.fmt.money_change(line.balance)),
        ],
    };
    let empty = Empty::new("wallet", "No accounts yet", "The first captured payment opens the first ones.");
    let columns = vec![Column::new("Account"), Column::number("Balance")];
    let table = Table::new("Accounts", columns, trial.accounts.iter().enumerate().map(row).collect(), empty);
    let main = vec![Panel::new("Accounts").flush().with(&List::whole(table))];
    let title = at.map_or_else(|| "Trial balance".to_owned(), |day| format!("Trial balance, end of {day}"));
    let place = desk.place(title, Room::Ledger).await;
    let page = PortalPage::new(place).above(&[("Ledger", "/admin/ledger")]).notice(Some(notice)).block(&tools);
    render::page(&page.block(&Split { main, side: vec![Panel::new("Sums").with(&sums)] }))
}
