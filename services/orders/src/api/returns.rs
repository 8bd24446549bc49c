//! Returns: what buyers ask for, what vendors answer, for how long.

use std::{collections::BTreeMap, sync::Arc};

use ::pictures::{UPLOAD_MAX, UPLOAD_TYPES};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use contracts::{
    catalog::Picture,
    orders::{
        ApproveReturn, AskedReturn, OrderReturns, ReceiveReturn, RequestReturn, ReturnAnswer, ReturnPolicy,
        ReturnQuery, ReturnSummary, ReturnView, SendReturn, SetVendorReturnPolicy, VendorReturnPolicy,
    },
};
use kernel::{OrderId, Page, PageRequest, Result, ReturnId, VendorId, VendorRole, VendorScope};
use souk_http::{
    Alt, Answer, Body, Idempotent, MaybeAuth, PDF, Path, Policy, Query, RawBody, Routes, Scope, Versioned, created,
    get, post, put,
};

use super::App;
use crate::{
    Orders,
    access::OrderToken,
    error::ReturnError,
    model::returns::Action,
    ops::returns::{self as ops, needed, typed},
    store::returns::{self, Holder},
};

/// How long a photo may be kept by who has seen it.
const A_DAY: &str = "private, max-age=86400";

pub(super) fn routes() -> Routes<Arc<Orders>> {
    buyers().extend(vendors()).extend(policies()).extend(others())
}

fn buyers() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            get("/api/v1/orders/{id}/returns", of_order)
                .policy(Policy::Public)
                .doc(
                    "Returns of an order",
                    "What was returned, and what can be. For the order's account, whoever holds its `Order-Token`, and admins.",
                )
                .returns::<OrderReturns>(200),
        )
        .add(
            post("/api/v1/orders/{id}/returns", request)
                .policy(Policy::Public)
                .doc(
                    "Ask to return something",
                    "Lines that have arrived, within the time that counts for their vendor, of as many vendors as one likes: \
                     it becomes one return per vendor, and one more for what is exchanged, all of them or none. Never more is taken than \
                     has arrived. `exchange_for` names another variant of the same product at the same price.",
                )
                .returns::<Vec<AskedReturn>>(201),
        )
        .add(
            post("/api/v1/orders/{id}/returns/{return_id}/photos", add_photo)
                .policy(Policy::Public)
                .doc(
                    "Add a photo to a return",
                    "At most four per form, until the vendor has answered; all returns of the form show it. JPEG, PNG, WebP or \
                     GIF up to 10 MB and 50 megapixels; it is written anew in up to three sizes, without what else was in the file.",
                )
                .consumes(UPLOAD_TYPES, UPLOAD_MAX)
                .returns::<Picture>(201),
        )
        .add(
            get("/api/v1/orders/{id}/returns/{return_id}/label", label)
                .policy(Policy::Public)
                .doc("Print the label of a return", "PDF, or PNG where the carrier has no other; once the return has one.")
                .returns_media(200, PDF),
        )
        .add(
            post("/api/v1/orders/{id}/returns/{return_id}/send", send)
                .policy(Policy::Public)
                .doc("Say that a return is on its way", "Once the vendor takes it back. The same call again changes nothing.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/orders/{id}/returns/{return_id}/cancel", cancel)
                .policy(Policy::Public)
                .doc("Keep it after all", "Until it is on its way. What was asked for can be asked for again.")
                .returns::<ReturnView>(200),
        )
}

fn vendors() -> Routes<Arc<Orders>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("orders")
        .add(
            get("/api/v1/vendors/{vendor_id}/returns", of_vendor)
                .policy(staff)
                .doc("A vendor's returns", "Newest first.")
                .returns::<Page<ReturnSummary>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/returns/{id}", one_of_vendor)
                .policy(staff)
                .doc("One of a vendor's returns", "With its lines, photos and what has happened.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/approve", approve)
                .policy(staff)
                .doc("Take a return back", "All of it, or fewer of each line with a reason.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/refuse", refuse)
                .policy(staff)
                .doc("Refuse a return", "The buyer reads why.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/receive", receive)
                .policy(staff)
                .doc(
                    "Say what has arrived",
                    "These pieces are paid back, with their share of promotions and tax, and the shipping if the vendor says so; those \
                     to be restocked are on sale again. Both happen once, however often this is called.",
                )
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/retry", retry)
                .policy(staff)
                .doc("Send a refund once more", "After it did not arrive. Changes nothing while it is under way.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/exchange", replace)
                .policy(staff)
                .doc("Say that the other variant was handed over", "Once it is set aside and what it is for has arrived.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/refund", refund_instead)
                .policy(staff)
                .doc("Pay back instead of exchanging", "What was set aside is on sale again.")
                .returns::<ReturnView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{id}/close", close)
                .policy(staff)
                .doc("End a return", "Of which nothing has arrived, or whose money cannot be sent. The buyer reads why.")
                .returns::<ReturnView>(200),
        )
}

fn policies() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            get("/api/v1/vendors/{vendor_id}/return-policy", vendor_policy)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("For how long a vendor takes things back", "Days after the delivery.")
                .returns::<VendorReturnPolicy>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/return-policy", set_vendor_policy)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc(
                    "Set for how long a vendor takes things back",
                    "More days than the marketplace asks for; fewer change nothing.",
                )
                .returns::<VendorReturnPolicy>(200),
        )
}

fn others() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            get("/api/v1/admin/returns", all).policy(Policy::Admin).doc("All returns", "Newest first.").returns::<Page<
                ReturnSummary,
            >>(
                200
            ),
        )
        .add(
            get("/api/v1/admin/return-policy", policy)
                .policy(Policy::Admin)
                .doc("For how long vendors take things back", "At least; each may give more time.")
                .returns::<ReturnPolicy>(200),
        )
        .add(
            put("/api/v1/admin/return-policy", set_policy)
                .policy(Policy::Admin)
                .doc(
                    "Set for how long vendors take things back",
                    "Counts from now on, also for what was delivered before.",
                )
                .returns::<ReturnPolicy>(200),
        )
        .add(
            get("/internal/returns/{return_id}", for_message)
                .policy(Policy::Service)
                .doc("A return", "For services that write to people.")
                .returns::<ReturnView>(200),
        )
        .add(
            get("/media/returns/{name}", photo)
                .policy(Policy::Public)
                .doc("A photo of a return", "In one of its sizes. Its name cannot be guessed.")
                .returns_media(200, "image/jpeg"),
        )
}

fn answer(found: Option<ReturnView>) -> Answer<Versioned<ReturnView>> {
    let view = found.ok_or(ReturnError::NotFound)?;
    Ok(Versioned(view.version, view))
}

async fn of_order(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
) -> Answer<Json<OrderReturns>> {
    app.admit(id, who.as_deref(), &token).await?;
    let returnable = returns::returnable(&app.db, id, app.clock.now()).await?;
    Ok(Json(OrderReturns { returnable, returns: returns::of_order(&app.db, id).await? }))
}

async fn request(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
    Idempotent { key, value }: Idempotent<RequestReturn>,
) -> Answer<Response> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(ops::request_return(&app, id, key, value).await?.into_response())
}

async fn add_photo(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path((id, return_id)): Path<(OrderId, ReturnId)>,
    Alt(alt): Alt,
    RawBody(upload): RawBody,
) -> Answer<(StatusCode, Json<Picture>)> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(created(ops::add_photo(&app, id, return_id, upload, alt).await?))
}

async fn label(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path((id, return_id)): Path<(OrderId, ReturnId)>,
) -> Answer<Response> {
    app.admit(id, who.as_deref(), &token).await?;
    let (name, content) = ops::label(&app, id, return_id).await?;
    Ok(souk_http::paper(&name, content)?)
}

async fn send(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path((id, return_id)): Path<(OrderId, ReturnId)>,
    Body(input): Body<SendReturn>,
) -> Answer<Versioned<ReturnView>> {
    app.admit(id, who.as_deref(), &token).await?;
    let carrier = needed("carrier", input.carrier)?;
    let action = Action::Send { carrier, number: needed("tracking_number", input.tracking_number)? };
    ops::move_return(&app, return_id, Holder::Buyer(id), action).await?;
    answer(returns::view(&app.db, return_id).await?)
}

async fn cancel(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path((id, return_id)): Path<(OrderId, ReturnId)>,
) -> Answer<Versioned<ReturnView>> {
    app.admit(id, who.as_deref(), &token).await?;
    ops::move_return(&app, return_id, Holder::Buyer(id), Action::Cancel).await?;
    answer(returns::view(&app.db, return_id).await?)
}

async fn of_vendor(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<ReturnQuery>,
) -> Answer<Json<Page<ReturnSummary>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let found = returns::of_vendor(&app.db, &scope, query.status, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(found, limit, summary_key)))
}

fn summary_key(of: &ReturnSummary) -> Vec<String> {
    vec![of.created_at.micros().to_string(), of.id.to_string()]
}

async fn one_of_vendor(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
) -> Answer<Versioned<ReturnView>> {
    answer(returns::view_of_vendor(&app.db, &scope, id).await?)
}

async fn act(app: &Arc<Orders>, scope: VendorScope, id: ReturnId, action: Action) -> Answer<Versioned<ReturnView>> {
    ops::move_return(app, id, Holder::Vendor(scope), action).await?;
    answer(returns::view_of_vendor(&app.db, &scope, id).await?)
}

/// Lines by id; the last word on a line counts.
fn by_line<T, V>(lines: Vec<T>, of: impl Fn(T) -> (kernel::LineId, V)) -> BTreeMap<kernel::LineId, V> {
    lines.into_iter().map(of).collect()
}

async fn approve(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
    Body(input): Body<ApproveReturn>,
) -> Answer<Versioned<ReturnView>> {
    let action = Action::Approve {
        lines: by_line(input.lines, |line| (line.line_id, line.quantity)),
        instructions: typed("instructions", input.instructions)?,
        why: typed("reason", input.reason)?,
    };
    act(&app, scope, id, action).await
}

async fn refuse(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
    Body(input): Body<ReturnAnswer>,
) -> Answer<Versioned<ReturnView>> {
    act(&app, scope, id, Action::Refuse { why: needed("reason", input.reason)? }).await
}

async fn receive(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
    Body(input): Body<ReceiveReturn>,
) -> Answer<Versioned<ReturnView>> {
    let action = Action::Receive {
        lines: by_line(input.lines, |line| (line.line_id, (line.received, line.restocked))),
        shipping: input.refund_shipping,
        condition: typed("condition", input.condition)?,
    };
    act(&app, scope, id, action).await
}

async fn retry(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
) -> Answer<Versioned<ReturnView>> {
    act(&app, scope, id, Action::Retry).await
}

async fn replace(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
    Body(input): Body<SendReturn>,
) -> Answer<Versioned<ReturnView>> {
    let carrier = needed("carrier", input.carrier)?;
    let action = Action::Replace { carrier, number: needed("tracking_number", input.tracking_number)? };
    act(&app, scope, id, action).await
}

async fn refund_instead(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
) -> Answer<Versioned<ReturnView>> {
    act(&app, scope, id, Action::RefundInstead).await
}

async fn close(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReturnId)>,
    Body(input): Body<ReturnAnswer>,
) -> Answer<Versioned<ReturnView>> {
    act(&app, scope, id, Action::Close { why: needed("reason", input.reason)? }).await
}

async fn vendor_policy(State(app): App, Scope(scope): Scope) -> Answer<Json<VendorReturnPolicy>> {
    Ok(Json(returns::policy_of(&app.db.as_vendor(&scope), scope.vendor_id()).await?))
}

async fn set_vendor_policy(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<SetVendorReturnPolicy>,
) -> Answer<Json<VendorReturnPolicy>> {
    let (db, vendor) = (app.db.as_vendor(&scope), scope.vendor_id());
    db.write(async move |tx| returns::set_days_of(tx, vendor, input.days).await).await?;
    Ok(Json(returns::policy_of(&db, vendor).await?))
}

async fn all(State(app): App, Query(query): Query<ReturnQuery>) -> Answer<Json<Page<ReturnSummary>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let found = returns::all(&app.db, query.status, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(found, limit, summary_key)))
}

async fn policy(State(app): App) -> Answer<Json<ReturnPolicy>> {
    Ok(Json(current_policy(&app).await?))
}

async fn current_policy(app: &Orders) -> Result<ReturnPolicy> {
    Ok(ReturnPolicy { days: returns::market_days(&app.db).await? })
}

async fn set_policy(State(app): App, Body(input): Body<ReturnPolicy>) -> Answer<Json<ReturnPolicy>> {
    app.db.write(async move |tx| returns::set_market_days(tx, input.days).await).await?;
    Ok(Json(current_policy(&app).await?))
}

async fn for_message(State(app): App, Path(id): Path<ReturnId>) -> Answer<Json<ReturnView>> {
    Ok(Json(returns::view(&app.db, id).await?.ok_or(ReturnError::NotFound)?))
}

async fn photo(State(app): App, Path(name): Path<String>, headers: HeaderMap) -> Answer<Response> {
    let content = app.photos.read(&name).await?;
    Ok(souk_http::jpeg(&headers, &name, content, A_DAY)?)
}
