//! Writing and sending.

use std::sync::Arc;

use ::events::Job;
use contracts::{
    cart::WishAvailable,
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    inventory::StockLow,
    invoices::InvoiceIssued,
    payments::PaymentRefunded,
    payouts::{PayoutAccountChanged, PayoutFailed, PayoutPaid},
    reviews::{ReviewAnswered, ReviewInvited, ReviewReported, ReviewWritten},
    shipping::ShipmentShipped,
    vendors::VendorDecided,
};
use kernel::{AccountId, CreditId, Error, MessageId, OrderId, Result, ReturnId, Timestamp, VendorOrderId};
use serde::{Deserialize, Serialize};

use crate::{
    Notifications, letters,
    mailer::{Mail, Refusal},
    ops, store,
};

/// Writes the letters of an occasion.
pub(crate) const COMPOSE: &str = "compose";
/// Takes from an erased account's messages to whom they went and what they said.
pub(crate) const FORGET: &str = "forget";
/// Sends a message.
pub(crate) const SEND: &str = "send";

/// Messages forgotten in one transaction.
const BATCH: i64 = 200;

/// Attempts before a message counts as failed.
const ATTEMPTS_MAX: i64 = 8;

/// Why letters are written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Occasion {
    Made { order_id: OrderId, pay_by: Timestamp },
    Paid { order_id: OrderId },
    Rejected { order_id: OrderId },
    Cancelled { order_id: OrderId, was_paid: bool },
    Refunded(PaymentRefunded),
    Shipped(ShipmentShipped),
    ReturnAsked { return_id: ReturnId },
    ReturnDecided { return_id: ReturnId },
    ReturnLabelled { return_id: ReturnId },
    ReturnSent { return_id: ReturnId },
    ReturnReceived { return_id: ReturnId },
    ReturnEnded { return_id: ReturnId },
    Withdrawn { return_id: ReturnId },
    Delivered { order_id: OrderId, vendor_order_id: VendorOrderId },
    Invited(ReviewInvited),
    Reviewed(ReviewWritten),
    ReviewAnswered(ReviewAnswered),
    ReviewReported(ReviewReported),
    Decided(VendorDecided),
    LowStock(StockLow),
    DisputeOpened(PaymentDisputeOpened),
    DisputeClosed(PaymentDisputeClosed),
    InvoiceIssued(InvoiceIssued),
    GiftCard { credit_id: CreditId, language: Option<String> },
    PayoutPaid(PayoutPaid),
    PayoutFailed(PayoutFailed),
    PayoutAccountChanged(PayoutAccountChanged),
    BackInStock(WishAvailable),
    LeftCart { account_id: AccountId, items: i64, stop: Option<String> },
}

pub(crate) async fn compose(app: Arc<Notifications>, job: Job) -> Result<()> {
    let occasion: Occasion = job.payload()?;
    let letters = ops::compose(&app, &occasion, &job.key).await?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            ops::keep(&this, tx, &letters).await?;
            job.finish(tx).await
        })
        .await
}

pub(crate) async fn send(app: Arc<Notifications>, job: Job) -> Result<()> {
    let id: MessageId = job.payload()?;
    let Some(mailer) = &app.mailer else { return Ok(()) };
    let Some(mail) = store::queued(&app.db, id).await? else { return Ok(()) };
    let mail = Mail { stop: letters::one_click(&mail.text, &app.public_url), ..mail };
    let outcome = mailer.send(&mail).await;
    let now = app.clock.now();
    let last = job.attempts >= ATTEMPTS_MAX;
    let again = matches!(outcome, Err(Refusal::ForNow(_))) && !last;
    app.db
        .write(async move |tx| {
            match &outcome {
                Ok(()) => store::sent(tx, id, now).await?,
                Err(Refusal::ForGood(why)) => store::refused(tx, id, now, why, true).await?,
                Err(Refusal::ForNow(why)) => store::refused(tx, id, now, why, last).await?,
            }
            if again { Ok(()) } else { job.finish(tx).await }
        })
        .await?;
    if again { Err(Error::unavailable("The mail server did not take it.")) } else { Ok(()) }
}

pub(crate) async fn forget(app: Arc<Notifications>, job: Job) -> Result<()> {
    let account_id: AccountId = job.payload()?;
    while app.db.write(async move |tx| store::erased::forget(tx, account_id, BATCH).await).await? == BATCH {}
    Ok(())
}
