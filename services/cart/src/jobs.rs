//! What is done later: telling of carts left behind and of wishes that can be had again, forgetting guests' carts.

use std::sync::Arc;

use ::events::Job;
use contracts::{
    cart::{CartAbandoned, WishAvailable},
    notifications::{SendMessage, Template},
};
use db::Tx;
use kernel::{Email, Result, VariantId};
use serde::{Deserialize, Serialize};

use crate::{
    Carts,
    model::{
        key::{GUEST_LIFE, cart_of},
        notice::{CONFIRM_WITHIN, MAILS_WITHIN, WAIT_MAX},
    },
    ops,
    store::{self, carts, notices},
};

/// Tells those who wait for a variant that it can be had again.
pub(crate) const TELL_BACK: &str = "tell_back";

/// Hands a mail to somebody without an account to notifications.
pub(crate) const MAIL: &str = "mail";

/// A mail on its way. Address and links are in the job until it is sent, and then nowhere here.
#[derive(Serialize, Deserialize)]
pub(crate) struct Mail {
    pub email: Email,
    pub template: Template,
    /// English if there is none.
    #[serde(default)]
    pub language: Option<String>,
}

/// Carts per transaction.
const CHUNK: i64 = 200;

/// Tells of customers' carts with something in them that were left alone for as long as is set, once per version.
pub(crate) async fn tell_abandoned(app: Arc<Carts>, _: Job) -> Result<()> {
    let Some(left_for) = app.left_for else { return Ok(()) };
    let before = app.clock.now().minus(left_for);
    loop {
        let this = app.clone();
        let looked_at = app
            .db
            .write(async move |tx| {
                let quiet = carts::quiet(tx, before, CHUNK).await?;
                for cart in &quiet {
                    // Of an empty cart, or to who does not want it, nothing is told; marked, it is not looked at again.
                    if carts::mark_told(tx, cart).await? && cart.items > 0 && !cart.unwanted {
                        let (cart_id, account_id, items) = (cart.id, cart.account_id, cart.items);
                        let stop = ops::letters::stop_path(&this, account_id);
                        let event = CartAbandoned { cart_id, account_id, items, stop };
                        this.outbox.publish(tx, &event).await?;
                    }
                }
                Ok(quiet.len() as i64)
            })
            .await?;
        if looked_at < CHUNK {
            return Ok(());
        }
    }
}

/// Tells everybody who waits for a variant, each once. Should it be gone again meanwhile they go on waiting.
pub(crate) async fn tell_back(app: Arc<Carts>, job: Job) -> Result<()> {
    let variant: VariantId = job.payload()?;
    loop {
        let (this, job) = (app.clone(), job.clone());
        let told = app
            .db
            .write(async move |tx| {
                let told = tell_some(&this, tx, variant).await?;
                if told < CHUNK {
                    job.finish(tx).await?;
                }
                Ok(told)
            })
            .await?;
        if told < CHUNK {
            return Ok(());
        }
    }
}

/// Tells some of those who wait for a variant, if it can be had; how many.
async fn tell_some(app: &Carts, tx: &mut Tx, variant: VariantId) -> Result<i64> {
    // Held, since news of its return that come while this job is at work ask for no other one.
    store::copies::hold_level(tx, variant).await?;
    let item = store::read::item_in(tx, variant).await?;
    let Some(item) = item.filter(|item| item.on_sale && item.stock.available()) else { return Ok(0) };
    let waiting = store::wishes::take_waiting(tx, variant, CHUNK).await?;
    for account_id in &waiting {
        let event = WishAvailable {
            cart_id: cart_of(*account_id),
            account_id: *account_id,
            variant_id: variant,
            product_slug: item.product_slug.clone(),
            title: item.title.clone(),
            options: item.options.clone(),
        };
        app.outbox.publish(tx, &event).await?;
    }
    let told = waiting.len() as i64;
    let addresses = notices::take_waiting(tx, variant, CHUNK - told).await?;
    let told = told + addresses.len() as i64;
    for (email, language) in addresses {
        ops::notices::tell(app, tx, &item, email, language).await?;
    }
    Ok(told)
}

/// Sends a mail, once per key however often it is tried.
pub(crate) async fn mail(app: Arc<Carts>, job: Job) -> Result<()> {
    let Mail { email, template, language } = job.payload()?;
    let key = format!("cart:{}", job.key);
    let locale = language.unwrap_or_else(|| words::english().code.to_owned());
    let message = SendMessage { key, email, account_id: None, locale, template };
    app.notifications.send(&app.myself, &message).await.map(|_| ())
}

/// Forgets guests' carts that were not touched for long, and addresses that wait for nothing.
pub(crate) async fn prune(app: Arc<Carts>, _: Job) -> Result<()> {
    let now = app.clock.now();
    let before = now.minus(GUEST_LIFE);
    while app.db.write(async move |tx| carts::prune(tx, before, CHUNK).await).await? == CHUNK as u64 {}
    let (unconfirmed, all) = (now.minus(CONFIRM_WITHIN), now.minus(WAIT_MAX));
    while app.db.write(async move |tx| notices::prune(tx, unconfirmed, all, CHUNK).await).await? == CHUNK as u64 {}
    let before = now.minus(MAILS_WITHIN);
    while app.db.write(async move |tx| notices::prune_mails(tx, before, CHUNK).await).await? == CHUNK as u64 {}
    Ok(())
}
