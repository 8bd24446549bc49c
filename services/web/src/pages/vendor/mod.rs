//! The vendor portal: `/vendor/{vendor_id}/…`, for the members of that store and for nobody else.

pub mod bulk;
pub mod bundles;
mod cash;
pub mod discounts;
pub mod downloads;
pub mod earnings;
pub mod home;
pub mod import_categories;
mod import_told;
mod import_upload;
pub mod imports;
pub mod invoices;
pub mod labels;
pub mod members;
pub mod methods;
pub mod order;
pub mod orders;
pub mod parcels;
pub mod paying_back;
pub mod payout_account;
pub mod payout_route;
pub mod payouts;
mod pickup;
pub mod pictures;
pub mod price_lists;
pub mod prices;
pub mod product;
mod product_facts;
pub mod product_form;
mod product_sales;
pub mod products;
pub mod promotions;
pub mod related;
pub mod returns;
pub mod reviews;
pub mod search;
pub mod sender;
pub mod settings;
pub mod statement;
pub mod stock;
pub mod stores;
pub mod withdrawals;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use contracts::{
    catalog::{OwnProductQuery, ProductStatus},
    orders::{VendorOrderQuery, VendorOrderStatus},
};
use kernel::{Identity, Result, VendorId, VendorRole};

use super::{
    portal::{Place, WAITING_MAX, or_none, waiting},
    upload::PICTURE_MAX,
};
use crate::{
    app::App,
    fmt::Fmt,
    ui::{Avatar, Link, NavItem, PortalFrame, RailGroup},
    visit::Visit,
};

/// Pages of the portal.
pub(crate) fn routes() -> Router<App> {
    let files = |limit| DefaultBodyLimit::max(limit);
    Router::new()
        .route("/vendor", get(stores::choose))
        .route("/vendor/{vendor_id}", get(home::show))
        .route("/vendor/{vendor_id}/search", get(search::show))
        .route("/vendor/{vendor_id}/orders", get(orders::list))
        .route("/vendor/{vendor_id}/orders/of/{order_id}", get(orders::part_of))
        .route("/vendor/{vendor_id}/orders/{id}", get(order::show))
        .route("/vendor/{vendor_id}/orders/{id}/slip.pdf", get(order::slip))
        .route("/vendor/{vendor_id}/orders/{id}/ship", post(parcels::ship))
        .route("/vendor/{vendor_id}/orders/{id}/withdraw", get(withdrawals::new).post(withdrawals::withdraw))
        .route("/vendor/{vendor_id}/orders/{id}/pay-back", get(paying_back::new).post(paying_back::pay_back))
        .route("/vendor/{vendor_id}/orders/{id}/not-collected", get(cash::ask).post(cash::not_collected))
        .route("/vendor/{vendor_id}/orders/{id}/parcels/{shipment}/deliver", post(parcels::deliver))
        .route("/vendor/{vendor_id}/returns", get(returns::list))
        .route("/vendor/{vendor_id}/returns/policy", post(returns::save_policy))
        .route("/vendor/{vendor_id}/returns/{id}", get(returns::show))
        .route("/vendor/{vendor_id}/returns/{id}/approve", post(returns::approve))
        .route("/vendor/{vendor_id}/returns/{id}/receive", post(returns::receive))
        .route("/vendor/{vendor_id}/returns/{id}/exchange", post(returns::exchange))
        .route("/vendor/{vendor_id}/returns/{id}/refund", post(returns::refund))
        .route("/vendor/{vendor_id}/returns/{id}/retry", post(returns::retry))
        .route("/vendor/{vendor_id}/returns/{id}/refuse", get(returns::ask_refuse).post(returns::refuse))
        .route("/vendor/{vendor_id}/returns/{id}/close", get(returns::ask_close).post(returns::close))
        .route("/vendor/{vendor_id}/products", get(products::list).post(product::create))
        .route("/vendor/{vendor_id}/products/new", get(product::new))
        .route("/vendor/{vendor_id}/products/slug", get(product::slug))
        .merge(bulk_pages())
        .route("/vendor/{vendor_id}/products.csv", get(imports::export))
        .route("/vendor/{vendor_id}/orders.csv", get(orders::export))
        .route("/vendor/{vendor_id}/products/{id}", get(product::show).post(product::save))
        .route("/vendor/{vendor_id}/products/{id}/quick", post(products::quick))
        .route("/vendor/{vendor_id}/products/{id}/sales", get(product_sales::show))
        .route("/vendor/{vendor_id}/products/{id}/archive", get(product::ask_archive).post(product::archive))
        .route("/vendor/{vendor_id}/products/{id}/bundle", get(bundles::show).post(bundles::save))
        .route("/vendor/{vendor_id}/products/{id}/related", get(related::show).post(related::save))
        .route("/vendor/{vendor_id}/products/{id}/prices", get(prices::show).post(prices::save))
        .route("/vendor/{vendor_id}/products/{id}/pictures", post(pictures::add).layer(files(PICTURE_MAX * 6)))
        .route("/vendor/{vendor_id}/products/{id}/pictures/arrange", post(pictures::arrange))
        .merge(stock_pages())
        .merge(label_pages())
        .merge(file_pages())
        .route("/vendor/{vendor_id}/discounts", get(discounts::list).post(discounts::create))
        .route("/vendor/{vendor_id}/discounts/new", get(discounts::new))
        .route("/vendor/{vendor_id}/discounts/{id}/end", get(discounts::ask_end).post(discounts::end))
        .route("/vendor/{vendor_id}/promotions", get(promotions::list).post(promotions::create))
        .route("/vendor/{vendor_id}/promotions/new", get(promotions::new))
        .route("/vendor/{vendor_id}/promotions/{id}", get(promotions::show).post(promotions::save))
        .route("/vendor/{vendor_id}/promotions/{id}/end", get(promotions::ask_end).post(promotions::end))
        .route("/vendor/{vendor_id}/price-lists", get(price_lists::list).post(price_lists::create))
        .route("/vendor/{vendor_id}/price-lists/new", get(price_lists::new))
        .route("/vendor/{vendor_id}/price-lists/{id}", get(price_lists::show).post(price_lists::save))
        .route("/vendor/{vendor_id}/price-lists/{id}/remove", get(price_lists::ask_remove).post(price_lists::remove))
        .route("/vendor/{vendor_id}/delivery", get(methods::list).post(methods::create))
        .route("/vendor/{vendor_id}/delivery/new", get(methods::new))
        .route("/vendor/{vendor_id}/delivery/{id}", get(methods::show).post(methods::save))
        .route("/vendor/{vendor_id}/delivery/{id}/remove", get(methods::ask_remove).post(methods::remove))
        .route("/vendor/{vendor_id}/reviews", get(reviews::list))
        .route("/vendor/{vendor_id}/reviews/{id}/reply", post(reviews::reply))
        .merge(money_pages())
        .merge(import_pages())
        .route("/vendor/{vendor_id}/settings", get(settings::show).post(settings::save))
        .route("/vendor/{vendor_id}/settings/picture", post(settings::picture).layer(files(PICTURE_MAX)))
        .route("/vendor/{vendor_id}/members", get(members::list).post(members::add))
        .route("/vendor/{vendor_id}/members/{account_id}/remove", get(members::ask_remove).post(members::remove))
}

/// Products from files.
fn import_pages() -> Router<App> {
    Router::new()
        .route(
            "/vendor/{vendor_id}/imports",
            get(imports::list).post(imports::check).layer(DefaultBodyLimit::disable()),
        )
        .route("/vendor/{vendor_id}/imports/{id}", get(imports::show).post(imports::confirm))
        .route("/vendor/{vendor_id}/imports/{id}/errors.csv", get(imports::complaints))
        .route("/vendor/{vendor_id}/imports/{id}/categories", post(import_categories::choose))
}

/// Files of what is downloaded.
fn file_pages() -> Router<App> {
    Router::new()
        .route(
            "/vendor/{vendor_id}/products/{id}/files",
            get(downloads::show).post(downloads::upload).layer(DefaultBodyLimit::disable()),
        )
        .route("/vendor/{vendor_id}/products/{id}/files/remove", post(downloads::remove))
}

/// Stock, its places and its ledger.
fn label_pages() -> Router<App> {
    Router::new()
        .route("/vendor/{vendor_id}/labels", get(labels::list))
        .route("/vendor/{vendor_id}/labels/{label}/paper", get(labels::paper))
        .route("/vendor/{vendor_id}/orders/{id}/label", post(labels::buy))
        .route("/vendor/{vendor_id}/returns/{id}/label", post(labels::buy_for_return))
        .route(
            "/vendor/{vendor_id}/returns/{id}/labels/{label}/cancel",
            get(labels::ask_cancel_of_return).post(labels::cancel_of_return),
        )
        .route("/vendor/{vendor_id}/orders/{id}/labels/{label}/cancel", get(labels::ask_cancel).post(labels::cancel))
        .route("/vendor/{vendor_id}/delivery/sender", get(sender::show).post(sender::save))
}

/// What is done to ticked products.
fn bulk_pages() -> Router<App> {
    Router::new()
        .route("/vendor/{vendor_id}/products/bulk", post(bulk::begin))
        .route("/vendor/{vendor_id}/products/bulk/prices", post(bulk::prices))
        .route("/vendor/{vendor_id}/products/bulk/stock", post(bulk::stock))
}

fn stock_pages() -> Router<App> {
    Router::new()
        .route("/vendor/{vendor_id}/stock", get(stock::list))
        .route("/vendor/{vendor_id}/stock/locations", get(stock::locations::list).post(stock::locations::add))
        .route("/vendor/{vendor_id}/stock/locations/order", post(stock::locations::order))
        .route("/vendor/{vendor_id}/stock/locations/{id}", get(stock::locations::show).post(stock::locations::save))
        .route("/vendor/{vendor_id}/stock/count", get(stock::count::show).post(stock::count::save))
        .route("/vendor/{vendor_id}/stock/movements", get(stock::ledger::list))
        .route("/vendor/{vendor_id}/stock/movements.csv", get(stock::ledger::export))
        .route("/vendor/{vendor_id}/stock/{variant_id}", get(stock::item::show))
        .route("/vendor/{vendor_id}/stock/{variant_id}/adjust", post(stock::item::adjust))
        .route("/vendor/{vendor_id}/stock/{variant_id}/move", post(stock::item::transfer))
        .route("/vendor/{vendor_id}/stock/{variant_id}/threshold", post(stock::item::threshold))
        .route("/vendor/{vendor_id}/stock/{variant_id}/backorder", post(stock::item::backorder))
}

/// What a store has earned, is paid and is charged.
fn money_pages() -> Router<App> {
    Router::new()
        .route("/vendor/{vendor_id}/earnings", get(earnings::show))
        .route("/vendor/{vendor_id}/payouts", get(payouts::show))
        .route("/vendor/{vendor_id}/payouts/terms", get(payout_account::terms).post(payout_account::save_terms))
        .route("/vendor/{vendor_id}/payouts/account", get(payout_account::show).post(payout_account::save))
        .route("/vendor/{vendor_id}/payouts/account/{provider}", get(payout_route::ask).post(payout_route::connect))
        .route("/vendor/{vendor_id}/statement", get(statement::show))
        .route("/vendor/{vendor_id}/statement.csv", get(statement::export))
        .route("/vendor/{vendor_id}/statement.pdf", get(statement::paper))
        .route("/vendor/{vendor_id}/invoices", get(invoices::list))
        .route("/vendor/{vendor_id}/invoices/{number}/invoice.pdf", get(invoices::paper))
}

/// A place in the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Home,
    Orders,
    Returns,
    Products,
    Stock,
    Discounts,
    Promotions,
    PriceLists,
    Delivery,
    Reviews,
    Earnings,
    Payouts,
    Statement,
    Invoices,
    Imports,
    Settings,
    Members,
    Nowhere,
}

/// A member at work in a store.
pub(crate) struct Desk {
    pub visit: Visit,
    pub vendor_id: VendorId,
    /// True for an owner, who also sees the money and the members.
    pub owner: bool,
    /// Address of the store's portal.
    pub base: String,
    pub app: App,
    pub who: Identity,
    pub fmt: Fmt,
}

/// Most products to choose from.
const CHOICE: u32 = 100;

impl Desk {
    /// The desk of somebody with at least `role`; for everybody else the page does not exist.
    pub async fn open(mut visit: Visit, vendor_id: VendorId, role: VendorRole) -> Result<Self> {
        let scope = visit.vendor(vendor_id, role).await?;
        let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
        let owner = scope.role() == VendorRole::Owner;
        Ok(Self { visit, vendor_id, owner, base: format!("/vendor/{vendor_id}"), app, who, fmt })
    }
    /// The desk of any member.
    pub async fn of(visit: Visit, vendor_id: VendorId) -> Result<Self> {
        Self::open(visit, vendor_id, VendorRole::Staff).await
    }
    /// The desk of an owner.
    pub async fn of_owner(visit: Visit, vendor_id: VendorId) -> Result<Self> {
        Self::open(visit, vendor_id, VendorRole::Owner).await
    }
    /// An address in the store's portal.
    pub fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }
    /// The token of this member's forms.
    pub fn csrf(&self) -> String {
        self.visit.csrf()
    }
    /// Products to choose from in a form, ids and titles; none if the catalogue does not answer.
    pub async fn products_to_choose(&self) -> Vec<(String, String)> {
        let query =
            OwnProductQuery { status: Some(ProductStatus::Published), limit: Some(CHOICE), ..Default::default() };
        let page = or_none("products", self.app.catalog.own_products(&self.who, self.vendor_id, &query).await);
        page.into_iter()
            .flat_map(|page| page.items)
            .map(|product| (product.id.to_string(), product.input.title))
            .collect()
    }
    /// Head and rail of a page.
    pub async fn place(&mut self, title: impl Into<String>, here: Room) -> Result<Place> {
        let query = VendorOrderQuery {
            status: Some(VendorOrderStatus::ToShip),
            limit: Some(WAITING_MAX),
            ..VendorOrderQuery::default()
        };
        let (shell, vendor, to_ship) = futures::join!(
            self.visit.shell(title),
            self.app.vendors.vendor(&self.who, self.vendor_id),
            self.app.orders.vendor_orders(&self.who, self.vendor_id, &query),
        );
        let store = vendor?.store;
        let to_ship =
            or_none("orders to ship", to_ship).and_then(|page| waiting(page.items.len(), page.next.is_some()));
        let several = self.visit.principal().is_some_and(|p| p.vendors.len() > 1);
        let portal = PortalFrame {
            area: "Vendor portal".to_owned(),
            home: self.base.clone(),
            avatar: Avatar::of(&store.name, store.logo_url.clone()),
            who: store.name,
            search: self.at("search"),
            groups: self.rail(here, to_ship, several),
            shop: Link::new("See your store", format!("/v/{}", store.slug)),
            log_out: "/logout".to_owned(),
        };
        Ok(Place { shell: crate::ui::Shell { private: true, ..shell }, portal })
    }
    fn rail(&self, here: Room, to_ship: Option<String>, several: bool) -> Vec<RailGroup> {
        let item = |room, icon, text: &str, path: &str| {
            let href = if path.is_empty() { self.base.clone() } else { self.at(path) };
            NavItem::new(icon, text, href).current(room == here)
        };
        let group = |title: &str, items| RailGroup { title: title.to_owned(), items };
        let orders = NavItem { count: to_ship, ..item(Room::Orders, "box", "Orders", "orders") };
        let mut groups = vec![
            group(
                "",
                vec![
                    item(Room::Home, "home", "Home", ""),
                    orders,
                    item(Room::Returns, "refresh", "Returns", "returns"),
                ],
            ),
            group(
                "Store",
                vec![
                    item(Room::Products, "tag", "Products", "products"),
                    item(Room::Stock, "layers", "Stock", "stock"),
                    item(Room::Discounts, "star", "Discounts", "discounts"),
                    item(Room::Promotions, "tag", "Promotions", "promotions"),
                    item(Room::PriceLists, "users", "Price lists", "price-lists"),
                    item(Room::Delivery, "truck", "Delivery", "delivery"),
                    item(Room::Reviews, "heart", "Reviews", "reviews"),
                    item(Room::Imports, "upload", "Import and export", "imports"),
                ],
            ),
        ];
        let mut settings = vec![item(Room::Members, "users", "Members", "members")];
        if self.owner {
            groups.push(group(
                "Money",
                vec![
                    item(Room::Payouts, "card", "Payouts", "payouts"),
                    item(Room::Earnings, "wallet", "Earnings", "earnings"),
                    item(Room::Statement, "chart", "Statement", "statement"),
                    item(Room::Invoices, "copy", "Invoices", "invoices"),
                ],
            ));
            settings.insert(0, item(Room::Settings, "store", "Store page", "settings"));
        }
        if several {
            settings.push(NavItem::new("refresh", "Switch store", "/vendor"));
        }
        groups.push(group("Settings", settings));
        groups
    }
}
