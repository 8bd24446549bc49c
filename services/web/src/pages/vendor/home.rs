//! The vendor's home: what to ship, what runs out, what is paid when, how sales go.

use askama::Template;
use contracts::{
    analytics::{PeriodQuery, Report},
    catalog::{OwnProductQuery, ProductEdit, ProductStatus},
    inventory::{StockQuery, StockView},
    orders::{VendorOrderDetail, VendorOrderQuery, VendorOrderStatus},
    payments::EarningsView,
    shipping::MethodView,
    vendors::{VendorStatus, VendorView},
};
use kernel::{Money, Page, Result, VendorId};

use super::{Desk, Room, orders, payouts};
use crate::{
    chart::{Bars, Chart, Unit},
    fmt::Fmt,
    pages::portal::{WAITING_MAX, or_none, report},
    render::{self, Shown},
    ui::{Link, Notice, PortalFrame, Shell, Table, Tabs, Tile, Todo, TodoItem, Tone},
    visit::{Path, Query, Visit},
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "vendor/home.html")]
pub struct VendorHome {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
    /// Address of the store's portal.
    pub base: String,
    /// Says whose home it is.
    pub title: String,
    /// Something to know.
    pub notice: Option<Notice>,
    /// Until the shop is open.
    pub checklist: Option<Todo>,
    /// To ship, running out, to be paid, sold.
    pub tiles: Vec<Tile>,
    /// 30 or 90 days.
    pub periods: Tabs,
    /// Sales against the period before; none if they cannot be had now.
    pub sales: Option<Chart>,
    /// Orders to ship.
    pub to_ship: Table,
    /// What sells best.
    pub best: Option<Bars>,
    /// What runs out.
    pub low: Todo,
}

/// Orders and stock in the lists of this page.
const ROWS: u32 = 6;
/// Products looked at for the checklist.
const CHECKED: u32 = 20;

/// What the page is made of.
struct Found {
    vendor: VendorView,
    to_ship: Page<VendorOrderDetail>,
    low: Option<Page<StockView>>,
    earnings: Option<EarningsView>,
    /// Whether it is known where the earnings go to.
    payable: Option<bool>,
    report: Option<Report>,
    methods: Option<Vec<MethodView>>,
    products: Option<Page<ProductEdit>>,
}

/// `GET /vendor/{vendor_id}`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let days = report::period(&asked);
    let found = find(&desk, days).await?;
    let place = desk.place("Home", Room::Home).await?;
    let fmt = desk.fmt;
    let unit = found.report.as_ref().map(|r| Unit::Money(r.currency));
    let sold = found.report.as_ref().filter(|report| !report.top_products.is_empty());
    let best = sold.zip(unit).map(|(report, unit)| best(&fmt, &desk, report, unit));
    let page = VendorHome {
        shell: place.shell,
        portal: place.portal,
        title: found.vendor.store.name.clone(),
        notice: notice(&found.vendor),
        checklist: checklist(&desk, &found),
        tiles: tiles(&desk, &found),
        periods: report::periods(&desk.base, days),
        sales: found.report.as_ref().map(|report| report::sales(&fmt, report)),
        to_ship: orders::table(&desk, first(&found.to_ship.items), orders::nothing(Some(VendorOrderStatus::ToShip))),
        best,
        low: running_out(&desk, found.low.as_ref()),
        base: desk.base,
    };
    render::page(&page)
}

async fn find(desk: &Desk, days: u32) -> Result<Found> {
    let (app, who, id) = (&desk.app, &desk.who, desk.vendor_id);
    let to_ship = VendorOrderQuery {
        status: Some(VendorOrderStatus::ToShip),
        limit: Some(WAITING_MAX),
        ..VendorOrderQuery::default()
    };
    let low = StockQuery { low: true, limit: Some(ROWS), ..StockQuery::default() };
    let (period, products) =
        (PeriodQuery { days: Some(days) }, OwnProductQuery { limit: Some(CHECKED), ..OwnProductQuery::default() });
    let (vendor, to_ship, low, report, methods, products, earnings, payable) = futures::join!(
        app.vendors.vendor(who, id),
        app.orders.vendor_orders(who, id, &to_ship),
        app.inventory.stock(who, id, &low),
        app.analytics.vendor(who, id, &period),
        app.shipping.methods(who, id),
        app.catalog.own_products(who, id, &products),
        earnings(desk),
        payable(desk),
    );
    Ok(Found {
        vendor: vendor?,
        to_ship: to_ship?,
        low: or_none("stock", low),
        earnings,
        payable,
        report: or_none("report", report),
        methods: or_none("delivery", methods),
        products: or_none("products", products),
    })
}

/// The first rows of a longer list.
fn first(orders: &[VendorOrderDetail]) -> &[VendorOrderDetail] {
    &orders[..orders.len().min(ROWS as usize)]
}

/// Owners see the money; the others do not ask.
async fn earnings(desk: &Desk) -> Option<EarningsView> {
    if !desk.owner {
        return None;
    }
    or_none("earnings", desk.app.payments.earnings(&desk.who, desk.vendor_id).await)
}

/// The same.
async fn payable(desk: &Desk) -> Option<bool> {
    if !desk.owner {
        return None;
    }
    or_none("payouts", desk.app.payments.payouts_overview(&desk.who, desk.vendor_id).await)
        .map(|overview| payouts::missing(desk, &overview).is_none())
}

fn notice(vendor: &VendorView) -> Option<Notice> {
    let reason = vendor.status_reason.clone().unwrap_or_default();
    match vendor.status {
        VendorStatus::Approved => None,
        VendorStatus::Applied => Some(Notice::new(
            Tone::Neutral,
            "Your application is being looked at.",
            "Prepare your store meanwhile; buyers see it once it is approved, and you get a mail.",
        )),
        VendorStatus::Suspended => Some(Notice::new(
            Tone::Danger,
            "Your store is suspended.",
            format!("Buyers do not see it; paid orders are still to be sent. {reason}"),
        )),
        VendorStatus::Rejected => Some(Notice::new(Tone::Danger, "Your application was turned down.", reason)),
    }
}

fn checklist(desk: &Desk, found: &Found) -> Option<Todo> {
    let store = &found.vendor.store;
    let (products, methods) = (found.products.as_ref()?, found.methods.as_ref()?);
    let listed = products.items.iter().filter(|p| p.input.status == ProductStatus::Published);
    let mut steps = vec![
        (
            "Describe your store",
            "A line and a story, so that buyers know who you are.",
            !store.story.is_empty(),
            "settings",
        ),
        ("Add a logo", "It stands beside your name everywhere.", store.logo_url.is_some(), "settings"),
        (
            "Say how you deliver",
            "Without a way to deliver nothing can be ordered.",
            !methods.is_empty(),
            "delivery/new",
        ),
        (
            "Put your first product on sale",
            "With a picture and a price, by hand or with the file of your old shop.",
            listed.count() > 0,
            "products",
        ),
    ];
    if let Some(payable) = found.payable {
        let why = "Without an account nothing is paid out.";
        steps.push(("Say where your earnings go", why, payable, "payouts/account"));
    }
    let approved = found.vendor.status == VendorStatus::Approved;
    let item = |(text, note, done, path): (&str, &str, bool, &str)| TodoItem {
        text: text.to_owned(),
        note: if done { String::new() } else { note.to_owned() },
        done,
        action: (!done && (desk.owner || path != "settings")).then(|| Link::new("Do it", desk.at(path))),
    };
    let mut items: Vec<_> = steps.into_iter().map(item).collect();
    items.push(TodoItem {
        text: "Be approved".to_owned(),
        note: if approved { String::new() } else { "We look at every application ourselves.".to_owned() },
        done: approved,
        action: None,
    });
    items.iter().any(|item| !item.done).then_some(Todo { items })
}

fn tiles(desk: &Desk, found: &Found) -> Vec<Tile> {
    let fmt = &desk.fmt;
    let (waiting, more) = (found.to_ship.items.len(), found.to_ship.next.is_some());
    let oldest = found.to_ship.items.iter().map(|order| order.placed_at).min();
    let note = match oldest {
        None => "Nothing waits".to_owned(),
        // The list begins with the newest; the oldest may not be in it.
        Some(_) if more => String::new(),
        Some(at) => format!("The oldest from {}", fmt.relative(at)),
    };
    let mut tiles = vec![
        Tile::new("To ship", format!("{waiting}{}", if more { "+" } else { "" }))
            .href(desk.at("orders?status=to_ship"))
            .urgent(waiting > 0)
            .note(note),
    ];
    if let Some(report) = &found.report {
        let unit = Unit::Money(report.currency);
        tiles.push(report::tile(fmt, "Sales", unit, &report.sales, true).href(desk.at("orders")));
        tiles.push(report::tile(fmt, "Orders", Unit::Count, &report.orders, true).href(desk.at("orders")));
    }
    if let Some(earnings) = &found.earnings {
        let note = "After commission and refunds";
        tiles
            .push(Tile::new("Owed to you now", amounts(desk, &earnings.balances)).href(desk.at("earnings")).note(note));
    } else if let Some(report) = &found.report {
        tiles.push(report::tile(fmt, "Items sold", Unit::Count, &report.items, true).href(desk.at("products")));
    }
    tiles
}

/// Amounts of several currencies beside each other.
pub(super) fn amounts(desk: &Desk, amounts: &[Money]) -> String {
    match amounts {
        [] => desk.fmt.money(Money::zero(desk.visit.purse.main())),
        _ => amounts.iter().map(|m| desk.fmt.money(*m)).collect::<Vec<_>>().join(" + "),
    }
}

fn best(fmt: &Fmt, desk: &Desk, report: &Report, unit: Unit) -> Bars {
    let rows = report.top_products.iter().take(6).map(|product| {
        let href = desk.at(&format!("products/{}", product.product_id));
        (product.title.clone(), Some(href), product.sales.amount_minor)
    });
    Bars::of(fmt, unit, &rows.collect::<Vec<_>>())
}

fn running_out(desk: &Desk, low: Option<&Page<StockView>>) -> Todo {
    let item = |stock: &StockView| TodoItem {
        text: stock.title.clone(),
        note: match stock.available {
            ..=0 => "Sold out".to_owned(),
            n => format!("{n} left, warned at {}", stock.low_threshold),
        },
        done: false,
        action: Some(Link::new("Restock", desk.at(&format!("stock/{}", stock.variant_id)))),
    };
    Todo { items: low.map(|page| page.items.iter().map(item).collect()).unwrap_or_default() }
}
