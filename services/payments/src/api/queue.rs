//! Routes of what operators work off: money that does not fit, and what providers told of.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contracts::queue::{ReviewDetail, ReviewItem, ReviewQuery, ReviewRequest, Unexplained, WebhookQuery, WebhookView};
use kernel::{Page, PageRequest};
use souk_http::{Answer, Auth, Body, Path, Policy, Query, Routes, get, post};

use crate::{Payments, error::QueueError, model::review::Subject, ops, store};

type App = State<Arc<Payments>>;

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/payments/review", queue)
                .policy(Policy::Admin)
                .doc(
                    "Money to be looked at",
                    "Money that fits no order, or an order whose money does not fit; newest first. Without a state: what is not \
                     resolved.",
                )
                .returns::<Page<ReviewItem>>(200),
        )
        .add(
            get("/api/v1/admin/payments/review/unexplained", unexplained)
                .policy(Policy::Admin)
                .doc("Unexplained money", "How much of it is open for longer than a quarter of an hour.")
                .returns::<Unexplained>(200),
        )
        .add(
            get("/api/v1/admin/payments/review/{item}", one)
                .policy(Policy::Admin)
                .doc(
                    "A thing to be looked at",
                    "What Souk knows beside what the provider says now, what can be done, and what was done. If the provider does \
                     not answer, `silence` says so.",
                )
                .returns::<ReviewDetail>(200),
        )
        .add(
            post("/api/v1/admin/payments/review/{item}/actions", act)
                .policy(Policy::Admin)
                .doc(
                    "Do something about it",
                    "`refund` sends the money back, once. `attach` pays the order that it names, if it fits and the order still \
                     waits; `take_up` notes it for an order that may be over: what was called off goes back by itself. `tick_off` \
                     needs a note. The same action again changes nothing; another one after it is resolved is refused.",
                )
                .returns::<ReviewDetail>(200),
        )
        .add(
            get("/api/v1/admin/payments/webhooks", webhooks)
                .policy(Policy::Admin)
                .doc("Events of payment providers", "As they were noted, newest first; handled ones for 30 days.")
                .returns::<Page<WebhookView>>(200),
        )
        .add(
            post("/api/v1/admin/payments/webhooks/{provider}/{event}/replay", replay)
                .policy(Policy::Admin)
                .doc(
                    "Take an event in again",
                    "The provider is asked how what the event speaks of stands now, and that is taken in. Nothing happens twice.",
                )
                .returns::<WebhookView>(202),
        )
}

async fn queue(State(app): App, Query(query): Query<ReviewQuery>) -> Answer<Json<Page<ReviewItem>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let items = store::review_items(&app.db, query.state, page.cursor()?.as_ref(), limit + 1).await?;
    let page = Page::cut(items, limit, |item| {
        vec![item.at.micros().to_string(), item.subject.provider_ref.clone(), item.subject.problem.clone()]
    });
    Ok(Json(page.map(|item| item.view())))
}

async fn unexplained(State(app): App) -> Answer<Json<Unexplained>> {
    let (items, sums) = store::unexplained(&app.db, app.clock.now().minus(ops::UNEXPLAINED_AFTER)).await?;
    Ok(Json(Unexplained { items, sums }))
}

async fn one(State(app): App, Path(item): Path<String>) -> Answer<Json<ReviewDetail>> {
    let subject = Subject::of(&item).ok_or(QueueError::NotFound)?;
    Ok(Json(ops::review_detail(&app, &subject).await?))
}

async fn act(
    State(app): App,
    Auth(admin): Auth,
    Path(item): Path<String>,
    Body(input): Body<ReviewRequest>,
) -> Answer<Json<ReviewDetail>> {
    let subject = Subject::of(&item).ok_or(QueueError::NotFound)?;
    Ok(Json(ops::work_off(&app, &subject, admin.account_id, input).await?))
}

async fn webhooks(State(app): App, Query(query): Query<WebhookQuery>) -> Answer<Json<Page<WebhookView>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let (provider, after) = (query.provider.filter(|provider| !provider.is_empty()), page.cursor()?);
    let events = store::webhooks(&app.db, provider.as_deref(), query.state, after.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(events, limit, |event| {
        vec![event.received_at.micros().to_string(), event.provider.clone(), event.event_id.clone()]
    })))
}

async fn replay(State(app): App, Path((provider, event_id)): Path<(String, String)>) -> Answer<Response> {
    let webhook = ops::replay_webhook(&app, provider, event_id).await?;
    Ok((StatusCode::ACCEPTED, Json(webhook)).into_response())
}
