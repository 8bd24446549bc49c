//! The administrator's home: are we selling, is anything broken, who waits for me.

use std::sync::Arc;

use askama::Template;
use contracts::{
    analytics::{PeriodQuery, Report},
    catalog::CategoryView,
    disputes::{DisputeQuery, DisputeStatus, DisputeView},
    notifications::{MessageQuery, MessageStatus, MessageView},
    operations::Backlog,
    orders::{OrderQuery, OrderSummary},
    queue::{ReviewItem, ReviewQuery},
    vendors::{VendorQuery, VendorStatus, VendorView},
};
use kernel::Page;

use super::{Desk, Room, first_steps::first_steps, orders};
use crate::{
    chart::{Bars, Chart, Unit},
    pages::portal::{Panel, Words, or_none, report},
    render::{self, Shown},
    ui::{Empty, Link, Notice, PortalFrame, Shell, Table, Tabs, Tile, Todo, TodoItem, Tone},
    visit::{Query, Visit},
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/home.html")]
pub struct AdminHome {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
    /// Something broken.
    pub notice: Option<Notice>,
    /// Until somebody can sell here.
    pub first_steps: Option<Todo>,
    /// 30 or 90 days.
    pub periods: Tabs,
    /// Sales, orders, active users, refunds.
    pub tiles: Vec<Tile>,
    /// Sales against the period before; none if they cannot be had now.
    pub sales: Option<Chart>,
    /// Orders a day.
    pub orders: Option<Chart>,
    /// Who waits.
    pub waiting: Todo,
    /// Vendors by sales.
    pub vendors: Option<Bars>,
    /// Products by sales.
    pub products: Option<Bars>,
    /// The newest orders.
    pub newest: Table,
    /// How every service's messages stand.
    pub machine: Option<Panel>,
}

/// Rows of the lists of this page.
const ROWS: u32 = 8;

/// What waits or is broken, as far as it can be had.
pub(super) struct Waiting {
    pub(super) applications: Option<Page<VendorView>>,
    /// One store that is open, if any is.
    pub(super) open: Option<Page<VendorView>>,
    pub(super) categories: Option<Arc<Vec<CategoryView>>>,
    review: Option<Page<ReviewItem>>,
    disputes: Option<Page<DisputeView>>,
    failed: Option<Page<MessageView>>,
    backlogs: Option<Vec<Backlog>>,
}

/// `GET /admin`
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let (days, fmt) = (report::period(&asked), desk.fmt);
    let period = PeriodQuery { days: Some(days) };
    let newest = OrderQuery { limit: Some(ROWS), ..OrderQuery::default() };
    let (figures, newest, waiting) = futures::join!(
        desk.app.analytics.platform(&desk.who, &period),
        desk.app.orders.all(&desk.who, &newest),
        find(&desk),
    );
    let figures = or_none("report", figures);
    let newest = or_none("newest orders", newest).map(|page| page.items).unwrap_or_default();
    let place = desk.place("Today in the market", Room::Home).await;
    let page = AdminHome {
        shell: place.shell,
        portal: place.portal,
        notice: broken(&waiting),
        first_steps: first_steps(&waiting),
        periods: report::periods("/admin", days),
        tiles: figures.as_ref().map(|figures| tiles(&desk, figures)).unwrap_or_default(),
        sales: figures.as_ref().map(|figures| report::sales(&fmt, figures)),
        orders: figures.as_ref().map(|figures| report::bars(&fmt, "Orders a day", "Orders", &figures.orders)),
        vendors: figures.as_ref().and_then(|figures| vendors(&desk, figures)),
        products: figures.as_ref().and_then(|figures| products(&desk, figures)),
        newest: table(&desk, &newest),
        machine: waiting.backlogs.as_ref().map(|all| machine(&desk, all)),
        waiting: Todo { items: waits(&desk, &waiting) },
    };
    render::page(&page)
}

async fn find(desk: &Desk) -> Waiting {
    let (app, who) = (&desk.app, &desk.who);
    let stores = |status, limit| VendorQuery { status: Some(status), limit: Some(limit), ..VendorQuery::default() };
    let (applied, open) = (stores(VendorStatus::Applied, 20), stores(VendorStatus::Approved, 1));
    let queue = ReviewQuery { limit: Some(20), ..ReviewQuery::default() };
    let failed = MessageQuery { status: Some(MessageStatus::Failed), limit: Some(20), ..MessageQuery::default() };
    let disputes = DisputeQuery { status: Some(DisputeStatus::Opened), limit: Some(20), ..DisputeQuery::default() };
    let (applications, open, categories, review, disputes, failed, backlogs) = futures::join!(
        app.vendors.all(who, &applied),
        app.vendors.all(who, &open),
        app.categories(),
        app.payments.review_queue(who, &queue),
        app.payments.disputes(who, &disputes),
        app.notifications.messages(who, &failed),
        app.operations.backlogs(who),
    );
    Waiting {
        applications: or_none("applications", applications),
        open: or_none("open stores", open),
        categories: or_none("categories", categories),
        review: or_none("payments to look at", review),
        disputes: or_none("disputes to answer", disputes),
        failed: or_none("failed messages", failed),
        backlogs: or_none("backlogs", backlogs),
    }
}

fn dead(waiting: &Waiting) -> i64 {
    waiting.backlogs.as_ref().map_or(0, |all| all.iter().map(|backlog| backlog.dead).sum())
}

fn broken(waiting: &Waiting) -> Option<Notice> {
    let dead = dead(waiting);
    let services = waiting.backlogs.iter().flatten().filter(|backlog| backlog.dead > 0);
    let services: Vec<_> = services.map(|backlog| backlog.service.as_str()).collect();
    let text = if dead == 1 { "One event could not be handled." } else { "Some events could not be handled." };
    (dead > 0).then(|| {
        Notice::new(Tone::Danger, text, format!("In {}.", services.join(", ")))
            .action("Look at them", "/admin/dead-letters")
    })
}

fn tiles(desk: &Desk, figures: &Report) -> Vec<Tile> {
    let (fmt, money) = (&desk.fmt, Unit::Money(figures.currency));
    vec![
        report::tile(fmt, "Sales", money, &figures.sales, true).href("/admin/orders?status=paid"),
        report::tile(fmt, "Paid orders", Unit::Count, &figures.orders, true).href("/admin/orders"),
        report::tile(fmt, "Active users", Unit::Count, &figures.active_users, true).href("/admin/users"),
        report::tile(fmt, "New users", Unit::Count, &figures.new_users, true).href("/admin/users"),
        report::tile(fmt, "Returned", money, &figures.refunds, false).href("/admin/payments?status=refunded"),
    ]
}

fn waits(desk: &Desk, waiting: &Waiting) -> Vec<TodoItem> {
    let fmt = &desk.fmt;
    let count = |n: usize, more: bool| format!("{n}{}", if more { "+" } else { "" });
    let item = |text: String, note: String, href: &str| TodoItem {
        text,
        note,
        done: false,
        action: Some(Link::new("Look", href)),
    };
    let mut items = Vec::new();
    if let Some(page) = waiting.applications.as_ref().filter(|page| !page.items.is_empty()) {
        let oldest = page.items.iter().map(|vendor| vendor.created_at).min();
        let note = oldest.map_or_else(String::new, |at| format!("The oldest from {}", fmt.relative(at)));
        let text = format!("{} waiting for approval", count(page.items.len(), page.next.is_some()));
        items.push(item(text, note, "/admin/vendors?status=applied"));
    }
    if let Some(page) = waiting.review.as_ref().filter(|page| !page.items.is_empty()) {
        let text = format!("{} payments to look at", count(page.items.len(), page.next.is_some()));
        items.push(item(text, "Money that fits no order, or the other way round".to_owned(), "/admin/payments/review"));
    }
    if let Some(page) = waiting.disputes.as_ref().filter(|page| !page.items.is_empty()) {
        let due = page.items.iter().filter_map(|dispute| dispute.evidence_due).min();
        let note = due.map_or_else(String::new, |at| format!("The first by {}", fmt.exact(at)));
        let text = format!("{} disputes to answer", count(page.items.len(), page.next.is_some()));
        items.push(item(text, note, "/admin/disputes?status=opened"));
    }
    let dead = dead(waiting);
    if dead > 0 {
        items.push(item(
            format!("{dead} dead letters"),
            "Events and jobs that were given up".to_owned(),
            "/admin/dead-letters",
        ));
    }
    if let Some(page) = waiting.failed.as_ref().filter(|page| !page.items.is_empty()) {
        let text = format!("{} messages not sent", count(page.items.len(), page.next.is_some()));
        items.push(item(text, "Given up after several attempts".to_owned(), "/admin/messages?status=failed"));
    }
    items
}

fn vendors(desk: &Desk, figures: &Report) -> Option<Bars> {
    let rows = figures.top_vendors.iter().take(6).map(|vendor| {
        (vendor.name.clone(), Some(format!("/admin/vendors/{}", vendor.vendor_id)), vendor.sales.amount_minor)
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Bars::of(&desk.fmt, Unit::Money(figures.currency), &rows))
}

pub(super) fn products(desk: &Desk, figures: &Report) -> Option<Bars> {
    let rows = figures
        .top_products
        .iter()
        .take(6)
        .map(|product| (product.title.clone(), Some(format!("/p/{}", product.slug)), product.sales.amount_minor));
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Bars::of(&desk.fmt, Unit::Money(figures.currency), &rows))
}

fn table(desk: &Desk, newest: &[OrderSummary]) -> Table {
    orders::table(
        desk,
        newest,
        Empty::new("box", "No orders yet", "The first one appears here the moment it is placed."),
    )
}

fn machine(desk: &Desk, backlogs: &[Backlog]) -> Panel {
    let busy = backlogs.iter().filter(|b| b.outbox + b.retrying + b.jobs_due + b.dead > 0);
    let item = |backlog: &Backlog| TodoItem {
        text: backlog.service.clone(),
        note: backlog_note(desk, backlog),
        done: false,
        action: Some(Link::new("Look", format!("/admin/dead-letters?service={}", backlog.service))),
    };
    let items: Vec<_> = busy.map(item).collect();
    let panel = Panel::new("Machine room");
    if items.is_empty() {
        let services = i64::try_from(backlogs.len()).unwrap_or(i64::MAX);
        let text = format!("None of {} has anything left to do.", desk.fmt.counted(services, "service", "services"));
        return panel.with(&Words::soft(text));
    }
    panel.with(&Todo { items })
}

/// `3 to publish, 1 dead`: what a service has left to do.
fn backlog_note(desk: &Desk, backlog: &Backlog) -> String {
    let counts = [
        (backlog.outbox, "to publish"),
        (backlog.retrying, "to try again"),
        (backlog.jobs_due, "jobs due"),
        (backlog.dead, "dead"),
    ];
    let some = counts.into_iter().filter(|(n, _)| *n > 0);
    some.map(|(n, what)| format!("{} {what}", desk.fmt.count(n))).collect::<Vec<_>>().join(", ")
}
