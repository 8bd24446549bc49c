//! What is worth a letter. Names and addresses are not in events, so each leads to a job that asks.

use std::sync::Arc;

use contracts::{
    Envelope,
    cart::{CartAbandoned, WishAvailable},
    credits::GiftCardIssued,
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    identity::AccountErased,
    inventory::StockLow,
    invoices::InvoiceIssued,
    orders::{
        OrderCancelled, OrderMade, OrderPaid, OrderPromised, OrderRejected, ReturnDecided, ReturnEnded, ReturnLabelled,
        ReturnReceived, ReturnRequested, ReturnSent, ReturnWithdrawn,
    },
    payments::PaymentRefunded,
    payouts::{PayoutAccountChanged, PayoutFailed, PayoutPaid},
    reviews::{ReviewAnswered, ReviewInvited, ReviewReported, ReviewWritten},
    shipping::{ShipmentDelivered, ShipmentShipped},
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::Result;

use crate::{
    Notifications,
    jobs::{COMPOSE, FORGET, Occasion},
    store,
};

type App = Arc<Notifications>;

async fn write(app: &App, tx: &mut Tx, envelope: &Envelope, occasion: Occasion) -> Result<()> {
    app.jobs.enqueue(tx, COMPOSE, &envelope.id.to_string(), &occasion).await
}

pub(crate) async fn order_made(app: &App, tx: &mut Tx, event: OrderMade, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::Made { order_id: event.order_id, pay_by: event.pay_by }).await
}

pub(crate) async fn order_promised(app: &App, tx: &mut Tx, event: OrderPromised, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::Paid { order_id: event.order_id }).await
}

/// Of what was promised before everybody knows; the courier has said thank you.
pub(crate) async fn order_paid(app: &App, tx: &mut Tx, event: OrderPaid, envelope: &Envelope) -> Result<()> {
    if event.was_promised {
        return Ok(());
    }
    write(app, tx, envelope, Occasion::Paid { order_id: event.order_id }).await
}

pub(crate) async fn order_rejected(app: &App, tx: &mut Tx, event: OrderRejected, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::Rejected { order_id: event.order_id }).await
}

pub(crate) async fn order_cancelled(app: &App, tx: &mut Tx, event: OrderCancelled, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::Cancelled { order_id: event.order_id, was_paid: event.was_paid }).await
}

pub(crate) async fn payment_refunded(
    app: &App,
    tx: &mut Tx,
    event: PaymentRefunded,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::Refunded(event)).await
}

pub(crate) async fn dispute_opened(
    app: &App,
    tx: &mut Tx,
    event: PaymentDisputeOpened,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::DisputeOpened(event)).await
}

pub(crate) async fn dispute_closed(
    app: &App,
    tx: &mut Tx,
    event: PaymentDisputeClosed,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::DisputeClosed(event)).await
}

pub(crate) async fn invoice_issued(app: &App, tx: &mut Tx, event: InvoiceIssued, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::InvoiceIssued(event)).await
}

pub(crate) async fn gift_card_issued(app: &App, tx: &mut Tx, event: GiftCardIssued, envelope: &Envelope) -> Result<()> {
    let GiftCardIssued { credit_id, language } = event;
    write(app, tx, envelope, Occasion::GiftCard { credit_id, language }).await
}

pub(crate) async fn payout_paid(app: &App, tx: &mut Tx, event: PayoutPaid, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::PayoutPaid(event)).await
}

pub(crate) async fn payout_failed(app: &App, tx: &mut Tx, event: PayoutFailed, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::PayoutFailed(event)).await
}

pub(crate) async fn payout_account_changed(
    app: &App,
    tx: &mut Tx,
    event: PayoutAccountChanged,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::PayoutAccountChanged(event)).await
}

pub(crate) async fn shipment_shipped(
    app: &App,
    tx: &mut Tx,
    event: ShipmentShipped,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::Shipped(event)).await
}

pub(crate) async fn shipment_delivered(
    app: &App,
    tx: &mut Tx,
    event: ShipmentDelivered,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::Delivered { order_id: event.order_id, vendor_order_id: event.vendor_order_id })
        .await
}

pub(crate) async fn review_invited(app: &App, tx: &mut Tx, event: ReviewInvited, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::Invited(event)).await
}

pub(crate) async fn review_written(app: &App, tx: &mut Tx, event: ReviewWritten, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::Reviewed(event)).await
}

pub(crate) async fn review_answered(app: &App, tx: &mut Tx, event: ReviewAnswered, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReviewAnswered(event)).await
}

pub(crate) async fn review_reported(app: &App, tx: &mut Tx, event: ReviewReported, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReviewReported(event)).await
}

pub(crate) async fn vendor_applied(_: &App, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    store::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn vendor_changed(_: &App, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    store::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn vendor_decided(app: &App, tx: &mut Tx, event: VendorDecided, envelope: &Envelope) -> Result<()> {
    store::put_vendor(tx, event.vendor_id, &event.vendor).await?;
    write(app, tx, envelope, Occasion::Decided(event)).await
}

pub(crate) async fn stock_low(app: &App, tx: &mut Tx, event: StockLow, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::LowStock(event)).await
}

pub(crate) async fn wish_available(app: &App, tx: &mut Tx, event: WishAvailable, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::BackInStock(event)).await
}

pub(crate) async fn cart_abandoned(app: &App, tx: &mut Tx, event: CartAbandoned, envelope: &Envelope) -> Result<()> {
    let CartAbandoned { account_id, items, stop, .. } = event;
    write(app, tx, envelope, Occasion::LeftCart { account_id, items, stop: Some(stop) }).await
}

pub(crate) async fn return_requested(
    app: &App,
    tx: &mut Tx,
    event: ReturnRequested,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::ReturnAsked { return_id: event.return_id }).await
}

pub(crate) async fn return_decided(app: &App, tx: &mut Tx, event: ReturnDecided, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReturnDecided { return_id: event.return_id }).await
}

pub(crate) async fn return_labelled(app: &App, tx: &mut Tx, event: ReturnLabelled, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReturnLabelled { return_id: event.return_id }).await
}

pub(crate) async fn return_sent(app: &App, tx: &mut Tx, event: ReturnSent, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReturnSent { return_id: event.return_id }).await
}

pub(crate) async fn return_received(app: &App, tx: &mut Tx, event: ReturnReceived, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReturnReceived { return_id: event.return_id }).await
}

pub(crate) async fn return_withdrawn(
    app: &App,
    tx: &mut Tx,
    event: ReturnWithdrawn,
    envelope: &Envelope,
) -> Result<()> {
    write(app, tx, envelope, Occasion::Withdrawn { return_id: event.return_id }).await
}

pub(crate) async fn return_ended(app: &App, tx: &mut Tx, event: ReturnEnded, envelope: &Envelope) -> Result<()> {
    write(app, tx, envelope, Occasion::ReturnEnded { return_id: event.return_id }).await
}

/// Nothing is written to the account from now on; what was written is forgotten by a job, in pieces.
pub(crate) async fn account_erased(app: &App, tx: &mut Tx, event: AccountErased, _: &Envelope) -> Result<()> {
    app.contacts.invalidate(&event.account_id);
    store::erased::note(tx, event.account_id, event.at).await?;
    app.jobs.enqueue(tx, FORGET, &event.account_id.to_string(), &event.account_id).await
}
