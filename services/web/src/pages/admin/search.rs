//! The search of the administration: orders, people, vendors, products.

use contracts::{catalog::OwnProductQuery, identity::AccountQuery, orders::OrderQuery, vendors::VendorQuery};

use super::{Desk, Room, orders, products, users, vendors};
use crate::{
    pages::portal::{Panel, Place, PortalPage, or_none},
    render::{self, Shown},
    ui::{Empty, Link, Shell, Todo, TodoItem},
    visit::{Query, Visit},
};

/// Found things of each kind.
const FOUND: u32 = 6;

/// Pages by the words people look for them with.
const PAGES: [(&str, &str, &str); 27] = [
    ("Home", "/admin", "home sales figures chart"),
    ("Orders", "/admin/orders", "orders"),
    ("Returns", "/admin/returns", "returns exchanges time limit policy"),
    ("Vendors", "/admin/vendors", "vendors stores applications"),
    ("Users", "/admin/users", "users people accounts customers"),
    ("Products", "/admin/products", "products"),
    ("Categories", "/admin/categories", "categories tree attributes"),
    ("Promotions", "/admin/promotions", "promotions codes coupons vouchers"),
    ("Reviews", "/admin/reviews", "reviews stars moderate"),
    ("Reported reviews", "/admin/reviews/reported", "reported reviews moderation queue abuse spam"),
    ("Searches", "/admin/searches", "searches not found missed report words"),
    ("Ranking", "/admin/ranking", "ranking why score place explain search"),
    ("Synonyms", "/admin/synonyms", "synonyms search words same meaning"),
    ("Payments", "/admin/payments", "payments refunds money"),
    ("Money to be looked at", "/admin/payments/review", "review queue payments without order unexplained reconcile"),
    ("Events of payment providers", "/admin/payments/webhooks", "webhooks events providers log replay"),
    ("Payouts", "/admin/payouts", "payouts vendors bank sepa file"),
    ("Commission", "/admin/commission", "commission rules rates fees share category vendor preview"),
    ("Commission invoices", "/admin/invoices", "invoices commission credit notes tax vat month"),
    ("Ledger", "/admin/ledger", "ledger journal entries trial balance"),
    (
        "Money by period",
        "/admin/reports/money",
        "money report period commission promotions refunds disputes payouts labels",
    ),
    ("Gift cards and credit", "/admin/credits", "gift cards store credit vouchers stored value"),
    ("Currencies", "/admin/currencies", "currencies rates exchange rounding dollars"),
    ("Groups of customers", "/admin/customer-groups", "groups customers trade price lists"),
    ("Taxes", "/admin/taxes", "taxes vat rates countries regions states categories"),
    ("Messages", "/admin/messages", "messages mails notifications"),
    ("Dead letters", "/admin/dead-letters", "dead letters events jobs replay"),
];

/// `GET /admin/search?q=`
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let typed = asked.get("q").trim().to_owned();
    let title = if typed.is_empty() { "Search".to_owned() } else { format!("Found for “{typed}”") };
    let place = desk.place(title, Room::Nowhere).await;
    let mut page = PortalPage::new(Place { shell: Shell { query: typed.clone(), ..place.shell }, ..place });
    let pages = pages(&typed.to_lowercase());
    let mut panels = Vec::new();
    if !pages.items.is_empty() {
        panels.push(Panel::new("Pages").with(&pages));
    }
    if !typed.is_empty() {
        panels.extend(found(&desk, &typed).await);
    }
    if panels.is_empty() {
        let text = "Try an order's number, an e-mail address, or a part of a name or title.";
        page = page.block(&Empty::new("search", "Nothing found", text).action("Back to the home page", "/admin"));
    }
    for panel in &panels {
        page = page.block(panel);
    }
    render::page(&page)
}

fn pages(q: &str) -> Todo {
    let fits =
        |(text, _, hints): &(&str, &str, &str)| q.is_empty() || text.to_lowercase().contains(q) || hints.contains(q);
    let item = |(text, href, _): (&str, &str, &str)| TodoItem {
        text: text.to_owned(),
        note: String::new(),
        done: false,
        action: Some(Link::new("Open", href)),
    };
    Todo { items: PAGES.into_iter().filter(fits).map(item).collect() }
}

async fn found(desk: &Desk, typed: &str) -> Vec<Panel> {
    let q = Some(typed.to_owned());
    let order = OrderQuery { q: q.clone(), limit: Some(FOUND), ..OrderQuery::default() };
    let person = AccountQuery { q: q.clone(), limit: Some(FOUND), after: None };
    let vendor = VendorQuery { q: q.clone(), limit: Some(FOUND), ..VendorQuery::default() };
    let product = OwnProductQuery { q, limit: Some(FOUND), ..OwnProductQuery::default() };
    let (found_orders, people, stores, articles) = futures::join!(
        desk.app.orders.all(&desk.who, &order),
        desk.app.identity.accounts(&desk.who, &person),
        desk.app.vendors.all(&desk.who, &vendor),
        desk.app.catalog.all_products(&desk.who, &product),
    );
    let none = || Empty::new("search", "None", "");
    let mut panels = Vec::new();
    if let Some(page) = or_none("orders", found_orders).filter(|page| !page.items.is_empty()) {
        panels.push(Panel::new("Orders").flush().with(&orders::table(desk, &page.items, none())));
    }
    if let Some(page) = or_none("people", people).filter(|page| !page.items.is_empty()) {
        panels.push(Panel::new("Users").flush().with(&users::table(desk, &page.items, none())));
    }
    if let Some(page) = or_none("vendors", stores).filter(|page| !page.items.is_empty()) {
        panels.push(Panel::new("Vendors").flush().with(&vendors::table(desk, &page.items, none())));
    }
    if let Some(page) = or_none("products", articles).filter(|page| !page.items.is_empty()) {
        panels.push(Panel::new("Products").flush().with(&products::table(desk, &page.items, none())));
    }
    panels
}
