//! Administration: `/admin/…`, for those who run the platform and for nobody else.

pub mod address;
pub mod attributes;
pub mod categories;
pub mod commission;
pub mod credits;
pub mod currencies;
pub mod customer_groups;
pub mod dead_letters;
pub mod dispute;
pub mod disputes;
mod first_steps;
pub mod home;
pub mod invoices;
pub mod ledger;
pub mod make_order;
pub mod messages;
pub mod missed;
pub mod money;
pub mod order;
pub mod orders;
pub mod paying_back;
pub mod payments;
pub mod payout;
pub mod payouts;
pub mod products;
pub mod promotions;
pub mod ranking;
pub mod returns;
pub mod review_queue;
pub mod reviews;
pub mod search;
pub mod statement;
pub mod synonyms;
pub mod tax_categories;
pub mod taxes;
pub mod transfers;
pub mod users;
pub mod vendor;
pub mod vendor_money;
mod vendor_sales;
pub mod vendors;
pub mod webhooks;
pub mod withdrawals;

use axum::{
    Router,
    routing::{get, post},
};
use contracts::{
    disputes::{DisputeQuery, DisputeStatus},
    queue::ReviewQuery,
    vendors::{VendorQuery, VendorStatus},
};
use kernel::{Identity, PageRequest, Result};

use super::portal::{Place, WAITING_MAX, or_none, waiting};
use crate::{
    app::App,
    fmt::Fmt,
    ui::{Avatar, Link, NavItem, PortalFrame, RailGroup, Shell},
    visit::Visit,
};

/// Pages of the administration.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(home::show))
        .route("/admin/search", get(search::show))
        .route("/admin/vendors", get(vendors::list))
        .route("/admin/vendors/{id}", get(vendor::show))
        .route("/admin/vendors/{id}/terms", post(vendor::terms))
        .route("/admin/vendors/{id}/payment-methods", post(vendor::payment_methods))
        .route("/admin/vendors/{id}/money", get(vendor_money::show).post(vendor_money::set))
        .route("/admin/vendors/{id}/statement", get(statement::show))
        .route("/admin/vendors/{id}/statement.csv", get(statement::export))
        .route("/admin/vendors/{id}/statement.pdf", get(statement::paper))
        .route("/admin/vendors/{id}/sales", get(vendor_sales::show))
        .route("/admin/vendors/{id}/{verb}", get(vendor::ask).post(vendor::decide))
        .route("/admin/users", get(users::list))
        .route("/admin/users/{id}", get(users::show))
        .route("/admin/users/{id}/{verb}", get(users::ask).post(users::change))
        .route("/admin/orders", get(orders::list))
        .route("/admin/orders.csv", get(orders::export))
        .route("/admin/payments.csv", get(payments::export))
        .route("/admin/orders/new", get(make_order::new).post(make_order::make))
        .route("/admin/orders/{id}", get(order::show))
        .route("/admin/vendor-orders/{id}/slip.pdf", get(order::slip))
        .route("/admin/orders/{id}/cancel", get(order::ask_cancel).post(order::cancel))
        .route("/admin/orders/{id}/address", get(address::show).post(address::correct))
        .route("/admin/orders/{id}/withdraw", get(withdrawals::new).post(withdrawals::withdraw))
        .route("/admin/orders/{id}/parts/{part}/pay-back", get(paying_back::new).post(paying_back::pay_back))
        .route("/admin/returns", get(returns::list))
        .route("/admin/returns/policy", post(returns::save_policy))
        .route("/admin/products", get(products::list))
        .route("/admin/products/{id}/{verb}", get(products::ask).post(products::change))
        .route("/admin/promotions", get(promotions::list).post(promotions::create))
        .route("/admin/promotions/new", get(promotions::new))
        .route("/admin/promotions/{id}", get(promotions::show).post(promotions::save))
        .route("/admin/promotions/{id}/end", get(promotions::ask_end).post(promotions::end))
        .merge(category_pages())
        .route("/admin/ranking", get(ranking::show))
        .route("/admin/searches", get(missed::show))
        .route("/admin/searches/not-found.csv", get(missed::export))
        .route("/admin/searches/index", post(missed::index_anew))
        .route("/admin/synonyms", get(synonyms::show).post(synonyms::save))
        .route("/admin/reviews", get(reviews::list))
        .route("/admin/reviews/reported", get(reviews::reported))
        .route("/admin/reviews/history", get(reviews::history))
        .route("/admin/reviews/{id}/{verb}", get(reviews::ask).post(reviews::change))
        .merge(money_pages())
        .route("/admin/messages", get(messages::list))
        .route("/admin/messages/{id}", get(messages::show))
        .route("/admin/messages/{id}/html", get(messages::content))
        .route("/admin/messages/{id}/retry", post(messages::retry))
        .route("/admin/dead-letters", get(dead_letters::list))
        .route("/admin/dead-letters/{service}/replay", post(dead_letters::replay))
        .route("/admin/currencies", get(currencies::list).post(currencies::save))
        .route("/admin/currencies/{code}/remove", get(currencies::ask_remove).post(currencies::remove))
        .route("/admin/customer-groups", get(customer_groups::list).post(customer_groups::save))
        .route("/admin/customer-groups/{key}/remove", get(customer_groups::ask_remove).post(customer_groups::remove))
        .route("/admin/users/{id}/groups", post(customer_groups::assign))
        .route("/admin/taxes", get(taxes::list).post(taxes::save))
        .route("/admin/taxes/remove", get(taxes::ask_remove).post(taxes::remove))
        .route("/admin/taxes/categories", post(tax_categories::save))
        .route("/admin/taxes/categories/{key}/remove", get(tax_categories::ask_remove).post(tax_categories::remove))
}

/// Payments, disputes, payouts, invoices, the ledger.
fn money_pages() -> Router<App> {
    Router::new()
        .route("/admin/payments", get(payments::list))
        .route("/admin/payments/review", get(review_queue::list))
        .route("/admin/payments/review/{id}", get(review_queue::show))
        .route("/admin/payments/review/{id}/{verb}", get(review_queue::ask).post(review_queue::act))
        .route("/admin/payments/webhooks", get(webhooks::list))
        .route("/admin/payments/webhooks/replay", post(webhooks::replay))
        .route("/admin/payments/{id}", get(payments::show))
        .route("/admin/payments/{id}/refund", get(payments::ask_refund).post(payments::refund))
        .route("/admin/payments/{id}/receipt", get(transfers::ask_receipt).post(transfers::confirm))
        .route("/admin/payments/{id}/not-collected", get(transfers::ask_not_collected).post(transfers::not_collected))
        .route("/admin/payments/{id}/refunds/{refund}/sent", get(transfers::ask_sent).post(transfers::sent))
        .route("/admin/credits", get(credits::list).post(credits::issue))
        .route("/admin/credits/{id}", get(credits::show))
        .route("/admin/credits/{id}/write-off", get(credits::ask_write_off).post(credits::write_off))
        .route("/admin/credits/{id}/{verb}", post(credits::change))
        .route("/admin/disputes", get(disputes::list))
        .route("/admin/disputes/{id}", get(dispute::show))
        .route("/admin/disputes/{id}/evidence", post(dispute::answer))
        .route("/admin/disputes/{id}/accept", get(dispute::ask_accept).post(dispute::accept))
        .route("/admin/payouts", get(payouts::list))
        .route("/admin/payouts/bulk", post(payouts::bulk))
        .route("/admin/payouts/run", get(payouts::ask_run).post(payouts::run))
        .route("/admin/payouts/sepa.xml", get(payouts::sepa))
        .route("/admin/payouts/list.csv", get(payouts::csv))
        .route("/admin/payouts/{id}", get(payout::show))
        .route("/admin/payouts/{id}/{verb}", get(payout::ask).post(payout::change))
        .route("/admin/commission", get(commission::list).post(commission::create))
        .route("/admin/commission/new", get(commission::new))
        .route("/admin/commission/preview", post(commission::preview))
        .route("/admin/commission/{id}", get(commission::show).post(commission::save))
        .route("/admin/commission/{id}/end", get(commission::ask_end).post(commission::end))
        .route("/admin/invoices", get(invoices::list))
        .route("/admin/invoices/{number}/invoice.pdf", get(invoices::paper))
        .route("/admin/ledger", get(ledger::list))
        .route("/admin/ledger/balance", get(ledger::balance))
        .route("/admin/reports/money", get(money::show))
        .route("/admin/reports/money.csv", get(money::export))
}

/// The category tree, and what it asks of products.
fn category_pages() -> Router<App> {
    Router::new()
        .route("/admin/categories", get(categories::list).post(categories::create))
        .route("/admin/categories/new", get(categories::new))
        .route("/admin/categories/{id}", get(categories::show).post(categories::save))
        .route("/admin/categories/{id}/remove", get(categories::ask_remove).post(categories::remove))
        .route("/admin/categories/{id}/facts", get(attributes::list).post(attributes::create))
        .route("/admin/categories/{id}/new-fact", get(attributes::new))
        .route("/admin/categories/{id}/facts/{key}", get(attributes::show).post(attributes::save))
        .route("/admin/categories/{id}/facts/{key}/remove", get(attributes::ask_remove).post(attributes::remove))
        .route("/admin/categories/{id}/facts/{key}/restore", post(attributes::restore))
}

/// A place in the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Home,
    Orders,
    Returns,
    Vendors,
    Users,
    Products,
    Categories,
    Promotions,
    CustomerGroups,
    Reviews,
    Ranking,
    Searches,
    Synonyms,
    Payments,
    Disputes,
    Payouts,
    Commission,
    Invoices,
    Credits,
    Ledger,
    MoneyReport,
    Taxes,
    Currencies,
    Messages,
    DeadLetters,
    Nowhere,
}

/// An administrator at work.
pub(crate) struct Desk {
    pub visit: Visit,
    pub app: App,
    pub who: Identity,
    pub fmt: Fmt,
}

/// What waits for an administrator.
#[derive(Debug, Clone, Default)]
struct Waiting {
    applications: Option<String>,
    payments: Option<String>,
    disputes: Option<String>,
    reviews: Option<String>,
    dead: i64,
}

impl Desk {
    /// The desk of an administrator; for everybody else the page does not exist.
    pub async fn open(mut visit: Visit) -> Result<Self> {
        visit.admin().await?;
        let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
        Ok(Self { visit, app, who, fmt })
    }
    /// The token of this administrator's forms.
    pub fn csrf(&self) -> String {
        self.visit.csrf()
    }
    /// Head and rail of a page.
    pub async fn place(&mut self, title: impl Into<String>, here: Room) -> Place {
        let (app, who) = (self.app.clone(), self.who.clone());
        let (shell, waits) = futures::join!(self.visit.shell(title), waits(&app, &who));
        let name = shell.customer.clone().unwrap_or_else(|| "Administrator".to_owned());
        let portal = PortalFrame {
            area: "Administration".to_owned(),
            home: "/admin".to_owned(),
            avatar: Avatar::of(&name, None),
            who: name,
            search: "/admin/search".to_owned(),
            groups: rail(here, waits),
            shop: Link::new("See the shop", "/"),
            log_out: "/logout".to_owned(),
        };
        Place { shell: Shell { private: true, ..shell }, portal }
    }
}

async fn waits(app: &App, who: &Identity) -> Waiting {
    let applied =
        VendorQuery { status: Some(VendorStatus::Applied), limit: Some(WAITING_MAX), ..VendorQuery::default() };
    let queue = ReviewQuery { limit: Some(WAITING_MAX), ..ReviewQuery::default() };
    let reported = PageRequest { limit: Some(WAITING_MAX), after: None };
    let disputes =
        DisputeQuery { status: Some(DisputeStatus::Opened), limit: Some(WAITING_MAX), ..DisputeQuery::default() };
    let (applied, queue, disputes, reported, backlogs) = futures::join!(
        app.vendors.all(who, &applied),
        app.payments.review_queue(who, &queue),
        app.payments.disputes(who, &disputes),
        app.reviews.reported(who, &reported),
        app.operations.backlogs(who),
    );
    Waiting {
        applications: or_none("applications", applied).and_then(|p| waiting(p.items.len(), p.next.is_some())),
        payments: or_none("payments to look at", queue).and_then(|p| waiting(p.items.len(), p.next.is_some())),
        disputes: or_none("disputes to answer", disputes).and_then(|p| waiting(p.items.len(), p.next.is_some())),
        reviews: or_none("reported reviews", reported).and_then(|p| waiting(p.items.len(), p.next.is_some())),
        dead: or_none("dead letters", backlogs).map_or(0, |all| all.iter().map(|backlog| backlog.dead).sum()),
    }
}

fn rail(here: Room, waits: Waiting) -> Vec<RailGroup> {
    let item =
        |room, icon, text: &str, path: &str| NavItem::new(icon, text, format!("/admin{path}")).current(room == here);
    let group = |title: &str, items| RailGroup { title: title.to_owned(), items };
    vec![
        group(
            "",
            vec![
                item(Room::Home, "home", "Home", ""),
                item(Room::Orders, "box", "Orders", "/orders"),
                item(Room::Returns, "refresh", "Returns", "/returns"),
                NavItem { count: waits.applications, ..item(Room::Vendors, "store", "Vendors", "/vendors") },
                item(Room::Users, "users", "Users", "/users"),
            ],
        ),
        group(
            "Catalogue",
            vec![
                item(Room::Products, "tag", "Products", "/products"),
                item(Room::Categories, "layers", "Categories", "/categories"),
                item(Room::Promotions, "tag", "Promotions", "/promotions"),
                item(Room::CustomerGroups, "users", "Groups of customers", "/customer-groups"),
                NavItem { count: waits.reviews, ..item(Room::Reviews, "star", "Reviews", "/reviews") },
            ],
        ),
        group(
            "Search",
            vec![
                item(Room::Searches, "search", "Searches", "/searches"),
                item(Room::Synonyms, "layers", "Synonyms", "/synonyms"),
                item(Room::Ranking, "sort", "Ranking", "/ranking"),
            ],
        ),
        group(
            "Money",
            vec![
                NavItem { count: waits.payments, ..item(Room::Payments, "card", "Payments", "/payments") },
                NavItem { count: waits.disputes, ..item(Room::Disputes, "shield", "Disputes", "/disputes") },
                item(Room::Payouts, "truck", "Payouts", "/payouts"),
                item(Room::Commission, "chart", "Commission", "/commission"),
                item(Room::Invoices, "copy", "Invoices", "/invoices"),
                item(Room::Credits, "wallet", "Gift cards and credit", "/credits"),
                item(Room::Ledger, "wallet", "Ledger", "/ledger"),
                item(Room::MoneyReport, "chart", "Money by period", "/reports/money"),
                item(Room::Taxes, "chart", "Taxes", "/taxes"),
                item(Room::Currencies, "chart", "Currencies", "/currencies"),
            ],
        ),
        group(
            "Machine room",
            vec![
                item(Room::Messages, "mail", "Messages", "/messages"),
                item(Room::DeadLetters, "warning", "Dead letters", "/dead-letters").count(waits.dead),
            ],
        ),
    ]
}

/// A refusal in one sentence for the next page, or an error that no repeat mends.
fn said(error: kernel::Error) -> Result<crate::session::Message> {
    match error.kind() {
        kernel::Kind::NotFound | kernel::Kind::Internal | kernel::Kind::Unavailable => Err(error),
        _ => Ok(crate::session::Message::bad(super::portal::words::sentence(&error))),
    }
}
