//! Routes and handlers.

mod attempts;
mod commission;
mod credits;
mod disputes;
mod invoices;
mod payouts;
mod queue;
mod reports;

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use contracts::payments::{
    ChooseMethod, EarningsView, MethodView, NotCollected, PaymentQuery, PaymentView, PaymentsFileQuery, ReceiptRequest,
    RefundRequest, VendorMovement,
};
use kernel::{Money, OrderId, Page, PageRequest, PaymentId, RefundId, VendorRole};
use souk_http::{Answer, Body, Idempotent, Path, Policy, Query, RawBody, Routes, Scope, get, no_content, post};

use crate::{Payments, error::PaymentError, ops, store};

type App = State<Arc<Payments>>;

/// Largest event of a provider.
const WEBHOOK_BYTES: usize = 64 * 1024;
/// Period of a vendor's figures.
const PERIOD: Duration = Duration::from_secs(30 * 24 * 3600);

/// The API.
pub fn routes() -> Routes<Arc<Payments>> {
    buyers()
        .extend(vendors())
        .extend(admins())
        .extend(attempts::routes())
        .extend(payouts::vendors())
        .extend(payouts::admins())
        .extend(invoices::vendors())
        .extend(invoices::admins())
        .extend(disputes::vendors())
        .extend(disputes::admins())
        .extend(queue::admins())
        .extend(reports::admins())
        .extend(commission::vendors())
        .extend(commission::admins())
        .extend(credits::buyers())
        .extend(credits::admins())
        .extend(credits::services())
}

fn buyers() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/payment-methods", methods)
                .policy(Policy::Public)
                .doc("Ways to pay", "What can be named in an order's `payment.method`, and where it is offered.")
                .returns::<Vec<MethodView>>(200),
        )
        .add(
            post("/api/v1/orders/{order_id}/payment/refresh", refresh)
                .policy(Policy::Public)
                .doc(
                    "Ask the payment provider now",
                    "For buyers who come back from the provider's page: what has happened there is taken in at once. Says nothing \
                     about the order; look at the order for that.",
                )
                .returns_empty(204),
        )
        .add(
            post("/internal/orders/{order_id}/payment/method", choose)
                .policy(Policy::Service)
                .doc(
                    "Pay another way",
                    "For `orders`, which knows whose order it is. What is open is called off first; the new page is told of by \
                     `payment.action_required`.",
                )
                .returns_empty(204),
        )
        .add(
            post("/webhooks/{provider}", webhook)
                .policy(Policy::Public)
                .doc("Events of a payment provider", "Signed by the provider.")
                .consumes(&["application/json"], WEBHOOK_BYTES)
                .returns_empty(204)
                .hidden(),
        )
}

fn vendors() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/vendors/{vendor_id}/earnings", earnings)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("What a vendor has earned", "What the platform owes it now, and the last 30 days.")
                .returns::<EarningsView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/earnings/movements", movements)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("Movements on a vendor's account", "Sales, commission, refunds, payouts; newest first.")
                .returns::<Page<VendorMovement>>(200),
        )
}

fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/payments", payments)
                .policy(Policy::Admin)
                .doc("Payments", "Newest first. `q` is an order's whole number, or the provider's id of a payment.")
                .returns::<Page<PaymentView>>(200),
        )
        .add(
            get("/api/v1/admin/payments.csv", payments_file)
                .policy(Policy::Admin)
                .doc("Payments as a CSV file", "A row per payment, newest first; narrowed like the list.")
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/api/v1/admin/payments/{id}", payment)
                .policy(Policy::Admin)
                .doc("A payment", "With its refunds.")
                .returns::<PaymentView>(200),
        )
        .add(
            post("/api/v1/admin/payments/{id}/refunds", refund)
                .policy(Policy::Admin)
                .doc(
                    "Return money",
                    "All refunds together, those on their way included, never exceed what was captured. The answer shows the \
                     refund as pending; it is sent to the provider at once.",
                )
                .returns::<PaymentView>(202),
        )
        .add(
            post("/api/v1/admin/payments/{id}/receipt", receipt)
                .policy(Policy::Admin)
                .doc(
                    "Money has arrived",
                    "On the platform's own account, or from a courier, for an order that is paid by transfer or to the courier: \
                     the whole of it, once. What was called off meanwhile goes back.",
                )
                .returns::<PaymentView>(200),
        )
        .add(
            post("/api/v1/admin/payments/{id}/not-collected", not_collected)
                .policy(Policy::Admin)
                .doc(
                    "A courier could not collect the money",
                    "The order is called off, nothing is booked. Once more is harmless.",
                )
                .returns::<PaymentView>(200),
        )
        .add(
            post("/api/v1/admin/payments/{id}/refunds/{refund_id}/sent", refund_sent)
                .policy(Policy::Admin)
                .doc("A refund was sent", "From the platform's own account.")
                .returns::<PaymentView>(200),
        )
}

async fn methods(State(app): App) -> Json<Vec<MethodView>> {
    Json(app.providers.methods())
}

async fn refresh(State(app): App, Path(order_id): Path<OrderId>) -> Answer<axum::http::StatusCode> {
    ops::refresh(&app, order_id).await?;
    Ok(no_content())
}

async fn choose(
    State(app): App,
    Path(order_id): Path<OrderId>,
    Body(input): Body<ChooseMethod>,
) -> Answer<axum::http::StatusCode> {
    ops::choose_method(&app, order_id, &input).await?;
    Ok(no_content())
}

async fn webhook(
    State(app): App,
    Path(provider): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Answer<axum::http::StatusCode> {
    ops::receive_webhook(&app, &provider, &headers, &body).await?;
    Ok(no_content())
}

async fn earnings(State(app): App, Scope(scope): Scope) -> Answer<Json<EarningsView>> {
    let since = app.clock.now().minus(PERIOD);
    let balances = store::balances(&app.db, &scope).await?;
    let sums = store::vendor_sums(&app.db, &scope, since).await?;
    // On the vendor's account a sale is a credit, commission and refunds are debits.
    let of = |kinds: &[&str]| -> kernel::Result<Vec<Money>> {
        let mut all: Vec<Money> = Vec::new();
        for (kind, money) in sums.iter().filter(|(kind, _)| kinds.contains(&kind.as_str())) {
            let is_credit = matches!(kind.as_str(), "sale" | "shipping" | "promotion");
            let money = if is_credit { money.negated()? } else { *money };
            match all.iter_mut().find(|sum| sum.currency == money.currency) {
                Some(sum) => *sum = sum.plus(money)?,
                None => all.push(money),
            }
        }
        Ok(all)
    };
    Ok(Json(EarningsView {
        balances,
        sales_30d: of(&["sale", "shipping", "promotion"])?,
        commission_30d: of(&["commission", "commission_refund", "dispute_commission"])?,
        refunds_30d: of(&["refund", "promotion_refund"])?,
    }))
}

async fn movements(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<VendorMovement>>> {
    let limit = page.limit()?;
    let movements = store::movements(&app.db, &scope, page.cursor()?.as_ref(), limit + 1).await?;
    let page = Page::cut(movements, limit, |(position, movement)| {
        vec![movement.at.micros().to_string(), movement.entry_id.to_string(), position.to_string()]
    });
    Ok(Json(page.map(|(_, movement)| movement)))
}

async fn payments(State(app): App, Query(query): Query<PaymentQuery>) -> Answer<Json<Page<PaymentView>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let filter = store::Filter {
        status: query.status,
        order_id: query.order_id,
        text: query.q,
        provider: query.provider,
        from: query.from,
        before: query.before,
        currency: query.currency,
        amount: (query.amount_min, query.amount_max),
    };
    let payments = store::payments(&app.db, &filter, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(payments, limit, |p| vec![p.created_at.micros().to_string(), p.id.to_string()])))
}

async fn payments_file(State(app): App, Query(query): Query<PaymentsFileQuery>) -> Answer<Response> {
    let PaymentsFileQuery { status, q, provider, from, before, currency, amount_min, amount_max } = query;
    let amount = (amount_min, amount_max);
    let filter = store::Filter { status, order_id: None, text: q, provider, from, before, currency, amount };
    let file = HttpBody::from_stream(ops::export_payments(&app, filter).await?);
    Ok(payouts::attached(file, "text/csv; charset=utf-8", "attachment; filename=\"payments.csv\""))
}

async fn payment(State(app): App, Path(id): Path<PaymentId>) -> Answer<Json<PaymentView>> {
    Ok(Json(store::payment_view(&app.db, id).await?.ok_or(PaymentError::NotFound)?))
}

async fn refund(
    State(app): App,
    Path(id): Path<PaymentId>,
    Idempotent { key, value }: Idempotent<RefundRequest>,
) -> Answer<Response> {
    Ok(ops::request_refund(&app, id, key, value).await?.into_response())
}

async fn receipt(
    State(app): App,
    Path(id): Path<PaymentId>,
    Idempotent { key, value }: Idempotent<ReceiptRequest>,
) -> Answer<Response> {
    Ok(ops::receive_transfer(&app, id, key, value).await?.into_response())
}

async fn not_collected(
    State(app): App,
    Path(id): Path<PaymentId>,
    Body(input): Body<NotCollected>,
) -> Answer<Json<PaymentView>> {
    Ok(Json(ops::not_collected(&app, id, input).await?))
}

async fn refund_sent(State(app): App, Path((id, refund_id)): Path<(PaymentId, RefundId)>) -> Answer<Json<PaymentView>> {
    Ok(Json(ops::refund_was_sent(&app, id, refund_id).await?))
}
