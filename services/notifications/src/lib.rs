//! Notifications: letters to people, as text and HTML, by mail or into the embedded mailbox.

mod api;
mod events;
mod jobs;
mod letters;
mod mailer;
mod model;
mod ops;
mod settings;
mod store;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use ::events::Jobs;
use contracts::{
    credits::CreditsClient,
    identity::{Contact, IdentityClient},
    orders::OrdersClient,
};
use db::Db;
use kernel::{AccountId, Clock, Email, Identity, Ids, Kind, Result};
use runtime::{Env, Service, ServiceDef};

pub use settings::{Settings, Smtp, Tls};

use crate::mailer::Mailer;

/// State of the service.
struct Notifications {
    db: Db,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    ids: Ids,
    orders: OrdersClient,
    credits: CreditsClient,
    identity: IdentityClient,
    myself: Identity,
    /// None: the stored message is the delivery.
    mailer: Option<Arc<dyn Mailer>>,
    mailbox_public: bool,
    /// Whom to write to about what an operator has to do.
    operator: Option<Email>,
    sender: String,
    public_url: String,
    /// Names and addresses asked for lately.
    contacts: moka::sync::Cache<AccountId, Arc<Contact>>,
}

impl Notifications {
    fn new(env: Env, settings: &Settings) -> Result<Self> {
        let contacts = moka::sync::Cache::builder().max_capacity(2_000).time_to_live(Duration::from_secs(60)).build();
        Ok(Self {
            orders: env.client(),
            credits: env.client(),
            identity: env.client(),
            myself: env.myself(),
            mailer: mailer::of(settings)?,
            mailbox_public: settings.smtp.is_none() && settings.mailbox_public,
            operator: settings.operator()?,
            sender: settings.from_name.clone(),
            public_url: env.public_url,
            db: env.db,
            jobs: env.jobs,
            clock: env.clock,
            ids: env.ids,
            contacts,
        })
    }

    /// Name and address of an account; none if it is gone.
    async fn contact(&self, account_id: AccountId) -> Result<Option<Arc<Contact>>> {
        if let Some(known) = self.contacts.get(&account_id) {
            return Ok(Some(known));
        }
        let contact = match self.identity.contact(&self.myself, account_id).await {
            Ok(contact) => Arc::new(contact),
            Err(error) if error.kind() == Kind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        self.contacts.insert(account_id, contact.clone());
        Ok(Some(contact))
    }
}

/// The notifications service.
pub fn service(settings: Settings) -> ServiceDef {
    let migrations =
        db::migrations![(1, "init", "../migrations/0001_init.sql"), (2, "erased", "../migrations/0002_erased.sql"),];
    ServiceDef::new(
        "notifications",
        "Messages to people, and what became of them.",
        migrations,
        move |env| async move {
            let app = Arc::new(Notifications::new(env, &settings)?);
            Ok(Service::new()
                .api(&app, api::routes())
                .on(&app, events::order_made)
                .on(&app, events::order_promised)
                .on(&app, events::order_paid)
                .on(&app, events::order_rejected)
                .on(&app, events::order_cancelled)
                .on(&app, events::payment_refunded)
                .on(&app, events::dispute_opened)
                .on(&app, events::dispute_closed)
                .on(&app, events::invoice_issued)
                .on(&app, events::gift_card_issued)
                .on(&app, events::payout_paid)
                .on(&app, events::payout_failed)
                .on(&app, events::payout_account_changed)
                .on(&app, events::shipment_shipped)
                .on(&app, events::shipment_delivered)
                .on(&app, events::return_requested)
                .on(&app, events::return_decided)
                .on(&app, events::return_labelled)
                .on(&app, events::return_sent)
                .on(&app, events::return_withdrawn)
                .on(&app, events::return_received)
                .on(&app, events::return_ended)
                .on(&app, events::review_invited)
                .on(&app, events::review_written)
                .on(&app, events::review_answered)
                .on(&app, events::review_reported)
                .on(&app, events::vendor_applied)
                .on(&app, events::vendor_decided)
                .on(&app, events::vendor_changed)
                .on(&app, events::stock_low)
                .on(&app, events::cart_abandoned)
                .on(&app, events::wish_available)
                .on(&app, events::account_erased)
                .job(jobs::COMPOSE, &app, jobs::compose)
                .job(jobs::SEND, &app, jobs::send)
                .job(jobs::FORGET, &app, jobs::forget))
        },
    )
}
