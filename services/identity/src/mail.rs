//! Mails to account holders: a job each, enqueued with what they tell of. A link's token is in the
//! job until it is sent, and nowhere else.

use std::sync::Arc;

use contracts::notifications::{SendMessage, Template};
use db::Tx;
use events::Job;
use kernel::{AccountId, Email, Result};
use serde::{Deserialize, Serialize};

use crate::{app::App, model::Account, store};

/// Kind of job.
pub(crate) const JOB: &str = "mail";

#[derive(Serialize, Deserialize)]
struct Mail {
    account_id: AccountId,
    email: Email,
    locale: String,
    template: Template,
}

/// Has a mail sent with the transaction, once per `key`.
pub(crate) async fn enqueue(app: &App, tx: &mut Tx, to: &Account, key: &str, template: Template) -> Result<()> {
    let mail = Mail { account_id: to.id, email: to.email.clone(), locale: to.locale.clone(), template };
    app.jobs.enqueue(tx, JOB, key, &mail).await
}

/// Tells that the password is another one now.
pub(crate) async fn password_changed(app: &App, tx: &mut Tx, to: &Account) -> Result<()> {
    let key = format!("password-changed:{}:{}", to.id, app.clock.now().micros());
    enqueue(app, tx, to, &key, Template::PasswordChanged { name: to.name.clone() }).await
}

/// Tells that somebody tried to register with this address; once a day.
pub(crate) async fn already_registered(app: &App, tx: &mut Tx, to: &Account) -> Result<()> {
    let key = format!("already-registered:{}:{}", to.id, app.clock.now().day());
    enqueue(app, tx, to, &key, Template::AlreadyRegistered { name: to.name.clone(), path: "/login".to_owned() }).await
}

/// Hands a mail to notifications, which sends one per key however often it is asked.
pub(crate) async fn send(app: Arc<App>, job: Job) -> Result<()> {
    let Mail { account_id, email, locale, template } = job.payload()?;
    if store::accounts::by_id(&app.db, account_id).await?.erased_at.is_some() {
        return Ok(());
    }
    let message =
        SendMessage { key: format!("identity:{}", job.key), email, account_id: Some(account_id), locale, template };
    app.notifications.send(&app.myself, &message).await.map(|_| ())
}
