//! Routes of messages.

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::notifications::{MessageDetail, MessageQuery, MessageView, SendMessage};
use kernel::{Error, MessageId, Page};
use souk_http::{Answer, Body, MaybeAuth, Path, Policy, Query, Routes, get, post};

use crate::{Notifications, ops, store};

type App = State<Arc<Notifications>>;

pub(crate) fn routes() -> Routes<Arc<Notifications>> {
    Routes::new("notifications")
        .add(post("/internal/messages", send).policy(Policy::Service))
        .add(
            get("/api/v1/admin/messages", list)
                .policy(Policy::Admin)
                .doc("Messages", "Newest first, with what became of them.")
                .returns::<Page<MessageView>>(200),
        )
        .add(
            get("/api/v1/admin/messages/{id}", detail)
                .policy(Policy::Admin)
                .doc("One message", "With its content and history.")
                .returns::<MessageDetail>(200),
        )
        .add(
            post("/api/v1/admin/messages/{id}/retry", retry)
                .policy(Policy::Admin)
                .doc("Try a failed message again", "It is queued at once.")
                .returns::<MessageView>(200),
        )
        .add(
            get("/api/v1/mailbox", mailbox)
                .policy(Policy::Public)
                .doc(
                    "The embedded mailbox",
                    "What was sent, newest first. Only where it was made public, as in the demo.",
                )
                .returns::<Page<MessageView>>(200)
                .may_be_missing(),
        )
        .add(
            get("/api/v1/mailbox/{id}", mail)
                .policy(Policy::Public)
                .doc("One mail of the embedded mailbox", "With its content.")
                .returns::<MessageDetail>(200),
        )
}

async fn send(State(app): App, Body(wanted): Body<SendMessage>) -> Answer<Json<MessageView>> {
    Ok(Json(ops::send_message(&app, wanted).await?))
}

async fn list(State(app): App, Query(query): Query<MessageQuery>) -> Answer<Json<Page<MessageView>>> {
    Ok(Json(store::list(&app.db, &query).await?))
}

async fn detail(State(app): App, Path(id): Path<MessageId>) -> Answer<Json<MessageDetail>> {
    Ok(Json(store::detail(&app.db, id).await?))
}

async fn retry(State(app): App, Path(id): Path<MessageId>) -> Answer<Json<MessageView>> {
    Ok(Json(ops::retry(&app, id).await?))
}

/// Admins may always look; others only where the mailbox is public.
fn may_look(app: &Notifications, who: &MaybeAuth) -> kernel::Result<()> {
    let admin = who.0.as_ref().is_some_and(|p| p.is_admin()) && app.mailer.is_none();
    if app.mailbox_public || admin { Ok(()) } else { Err(Error::not_found("mailbox")) }
}

async fn mailbox(
    State(app): App,
    who: MaybeAuth,
    Query(query): Query<MessageQuery>,
) -> Answer<Json<Page<MessageView>>> {
    may_look(&app, &who)?;
    Ok(Json(store::list(&app.db, &query).await?))
}

async fn mail(State(app): App, who: MaybeAuth, Path(id): Path<MessageId>) -> Answer<Json<MessageDetail>> {
    may_look(&app, &who)?;
    Ok(Json(store::detail(&app.db, id).await?))
}
