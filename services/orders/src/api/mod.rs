//! Routes and handlers.

mod attempts;
mod collecting;
mod downloads;
mod erasure;
mod made;
mod papers;
mod paying_back;
mod returns;
mod withdrawals;

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{KeepAlive, Sse},
    },
};
use contracts::orders::{
    CancelOrder, OrderCount, OrderQuery, OrderStanding, OrderSummary, OrderView, OrdersFileQuery, PayAnotherWay,
    PlaceOrder, PlacedOrder, VendorOrderDetail, VendorOrderQuery, VendorOrdersFileQuery,
};
use contracts::{promotions::Customer, shared::Address};
use kernel::{OrderId, Page, PageRequest, Result, VendorId, VendorOrderId, VendorRole};
use souk_http::{
    Answer, Auth, Body, Idempotent, InLanguage, MaybeAuth, Path, Policy, Prefer, Query, Routes, Scope, Versioned, get,
    post, put,
};

use crate::{Orders, access::OrderToken, error::OrderError, ops, store};

type App = State<Arc<Orders>>;

/// The API.
pub fn routes() -> Routes<Arc<Orders>> {
    buyers()
        .extend(others())
        .extend(attempts::routes())
        .extend(collecting::routes())
        .extend(downloads::routes())
        .extend(erasure::routes())
        .extend(made::routes())
        .extend(papers::routes())
        .extend(paying_back::routes())
        .extend(returns::routes())
        .extend(withdrawals::routes())
}

fn buyers() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            post("/api/v1/orders", place)
                .policy(Policy::Public)
                .doc(
                    "Place an order",
                    "The quote must be the current one and its promotions must be had, or the answer is 409 `quote_changed` \
                     with the new one in `extra.quote`, and the promotion that others had first in `extra.refused`. \
                     202 at once; with `Prefer: wait=N` 200 with the order as soon as it is settled or the buyer has to act. \
                     The order is in `order`; `token` opens it later without an account. Its papers and mails are in the language \
                     of the request, if it is one of en, de, fr and es.",
                )
                .returns::<PlacedOrder>(202)
                .returns::<PlacedOrder>(200),
        )
        .add(
            get("/api/v1/orders", mine)
                .policy(Policy::Account)
                .doc("Your orders", "Newest first.")
                .returns::<Page<OrderSummary>>(200),
        )
        .add(
            get("/api/v1/orders/{id}", order)
                .policy(Policy::Public)
                .doc("An order", "For its account, whoever holds its `Order-Token`, and admins. For others it does not exist.")
                .returns::<OrderView>(200),
        )
        .add(
            get("/api/v1/orders/{id}/events", follow)
                .policy(Policy::Public)
                .doc(
                    "Follow an order",
                    "Server-sent events named `order`, each the whole order, its version as id: one at once, then one per change. \
                     Ends with the order's story, or after five minutes.",
                )
                .returns_media(200, "text/event-stream"),
        )
        .add(
            post("/api/v1/orders/{id}/cancel", cancel)
                .policy(Policy::Public)
                .doc(
                    "Call an order off",
                    "Possible until the first parcel is on its way. Stock goes back on sale, what was paid goes back to the buyer.",
                )
                .returns::<OrderView>(200),
        )
        .add(
            put("/api/v1/orders/{id}/address", correct_address)
                .policy(Policy::Public)
                .doc(
                    "Correct where an order goes",
                    "Possible until the first parcel is on its way. Country and region stay as they are: taxes and delivery were \
                     counted for them. Labels that were bought before have the address of that moment.",
                )
                .returns::<OrderView>(200),
        )
        .add(
            post("/api/v1/orders/{id}/payment", pay_another_way)
                .policy(Policy::Public)
                .doc(
                    "Pay another way",
                    "While the order waits for its buyer to pay: the page that is open is closed, and a new one is opened, which \
                     comes as `next_action` a moment later. If it was paid meanwhile it stays paid.",
                )
                .returns::<OrderView>(200),
        )
}

fn others() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            get("/api/v1/vendors/{vendor_id}/orders", vendor_orders)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc(
                    "A vendor's orders",
                    "Its parts of orders that were paid, newest first unless `sort` says otherwise. `q` is a part of the number or \
                     of the buyer's name.",
                )
                .returns::<Page<VendorOrderDetail>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/orders.csv", vendor_orders_file)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc(
                    "A vendor's orders as a CSV file",
                    "A row per line, with where it goes; narrowed like the list.",
                )
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/orders/{id}", vendor_order)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("One of a vendor's orders", "Its part, with what is needed to ship it.")
                .returns::<VendorOrderDetail>(200),
        )
        .add(
            get("/api/v1/admin/orders", all)
                .policy(Policy::Admin)
                .doc("All orders", "Newest first. `q` is a number, the beginning of one, or a whole e-mail address.")
                .returns::<Page<OrderSummary>>(200),
        )
        .add(
            get("/api/v1/admin/orders.csv", all_file)
                .policy(Policy::Admin)
                .doc("All orders as a CSV file", "A row per order, newest first; narrowed like the list.")
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/internal/orders/{id}", for_message)
                .policy(Policy::Service)
                .doc("An order with its buyer and its token", "For services that write to people.")
                .returns::<PlacedOrder>(200),
        )
        .add(
            get("/internal/orders/{id}/standing", standing)
                .policy(Policy::Service)
                .doc(
                    "Where an order stands",
                    "For services that ask whether it came to be; without a status there is no such order.",
                )
                .returns::<OrderStanding>(200),
        )
        .add(
            post("/internal/orders/count", count)
                .policy(Policy::Service)
                .doc(
                    "How often a customer has ordered",
                    "By account, or else by e-mail; neither rejected nor cancelled.",
                )
                .returns::<OrderCount>(200),
        )
}

async fn view_of(app: &Orders, id: OrderId) -> Result<OrderView> {
    Ok(store::read_view(&app.db, id).await?.ok_or(OrderError::NotFound)?)
}

async fn place(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    prefer: Prefer,
    language: InLanguage,
    Idempotent { key, value }: Idempotent<PlaceOrder>,
) -> Answer<Response> {
    let placer = ops::Placer { account_id: who.map(|who| who.account_id), admin: None, language: language.other() };
    let placement = ops::place_order(&app, placer, key, value).await?;
    if prefer.wait.is_zero() {
        return Ok(placement.answer.into_response());
    }
    let id = placement.order_id;
    let settled = ops::wait_until_settled(&app, id, prefer.wait).await?;
    let status = if settled { StatusCode::OK } else { StatusCode::ACCEPTED };
    let placed = PlacedOrder { token: app.token_of(id), order: view_of(&app, id).await? };
    Ok((status, Json(placed)).into_response())
}

async fn mine(State(app): App, Auth(who): Auth, Query(page): Query<PageRequest>) -> Answer<Json<Page<OrderSummary>>> {
    let limit = page.limit()?;
    let orders = store::orders_of_account(&app.db, who.account_id, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(orders, limit, summary_key)))
}

fn summary_key(order: &OrderSummary) -> Vec<String> {
    vec![order.placed_at.micros().to_string(), order.id.to_string()]
}

async fn order(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
) -> Answer<Versioned<OrderView>> {
    app.admit(id, who.as_deref(), &token).await?;
    let view = view_of(&app, id).await?;
    Ok(Versioned(view.version, view))
}

async fn follow(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
) -> Answer<Response> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(Sse::new(ops::follow_order(&app, id)).keep_alive(KeepAlive::default()).into_response())
}

async fn pay_another_way(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
    Body(input): Body<PayAnotherWay>,
) -> Answer<Versioned<OrderView>> {
    app.admit(id, who.as_deref(), &token).await?;
    ops::pay_another_way(&app, id, input).await?;
    let view = view_of(&app, id).await?;
    Ok(Versioned(view.version, view))
}

async fn cancel(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
    Body(input): Body<CancelOrder>,
) -> Answer<Versioned<OrderView>> {
    let seen = app.admit(id, who.as_deref(), &token).await?;
    ops::cancel_order(&app, id, seen, input.reason).await?;
    let view = view_of(&app, id).await?;
    Ok(Versioned(view.version, view))
}

async fn correct_address(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
    Body(address): Body<Address>,
) -> Answer<Versioned<OrderView>> {
    let seen = app.admit(id, who.as_deref(), &token).await?;
    ops::correct_address(&app, id, seen, address).await?;
    let view = view_of(&app, id).await?;
    Ok(Versioned(view.version, view))
}

async fn vendor_orders(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<VendorOrderQuery>,
) -> Answer<Json<Page<VendorOrderDetail>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let search = store::VendorSearch {
        order: query.order_id,
        status: query.status,
        text: query.q,
        from: query.from,
        before: query.before,
        sort: query.sort.unwrap_or_default(),
    };
    let orders = store::vendor_orders(&app.db, &scope, &search, page.cursor()?.as_ref(), limit + 1).await?;
    let key = |order: &VendorOrderDetail| vec![order.placed_at.micros().to_string(), order.order.id.to_string()];
    Ok(Json(Page::cut(orders, limit, key)))
}

async fn vendor_orders_file(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<VendorOrdersFileQuery>,
) -> Answer<Response> {
    let VendorOrdersFileQuery { status, q, from, before } = query;
    let search = store::VendorSearch { status, text: q, from, before, ..store::VendorSearch::default() };
    Ok(csv(HttpBody::from_stream(ops::export_orders(&app, scope, search).await?)))
}

/// A file of orders.
fn csv(file: HttpBody) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"orders.csv\"")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, file).into_response()
}

async fn vendor_order(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VendorOrderId)>,
) -> Answer<Json<VendorOrderDetail>> {
    Ok(Json(store::vendor_order(&app.db, &scope, id).await?.ok_or(OrderError::NotFound)?))
}

async fn all(State(app): App, Query(query): Query<OrderQuery>) -> Answer<Json<Page<OrderSummary>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let search = store::Search {
        status: query.status,
        text: query.q,
        from: query.from,
        before: query.before,
        vendor_id: query.vendor_id,
        currency: query.currency,
        total: (query.total_min, query.total_max),
    };
    let orders = store::all_orders(&app.db, &search, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(orders, limit, summary_key)))
}

async fn all_file(State(app): App, Query(query): Query<OrdersFileQuery>) -> Answer<Response> {
    let OrdersFileQuery { status, q, from, before, vendor_id, currency, total_min, total_max } = query;
    let total = (total_min, total_max);
    let search = store::Search { status, text: q, from, before, vendor_id, currency, total };
    Ok(csv(HttpBody::from_stream(ops::export_all_orders(&app, search).await?)))
}

async fn for_message(State(app): App, Path(id): Path<OrderId>) -> Answer<Json<PlacedOrder>> {
    let order = store::read_for_message(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    Ok(Json(PlacedOrder { token: app.token_of(id), order }))
}

async fn standing(State(app): App, Path(id): Path<OrderId>) -> Answer<Json<OrderStanding>> {
    Ok(Json(OrderStanding { status: store::status_of(&app.db, id).await? }))
}

async fn count(State(app): App, Body(customer): Body<Customer>) -> Answer<Json<OrderCount>> {
    Ok(Json(OrderCount { orders: store::count_of(&app.db, &customer).await? }))
}
