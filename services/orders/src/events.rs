//! What this service hears of others.

use std::sync::Arc;

use contracts::{
    Envelope,
    carriers::{ReturnLabelReady, ReturnLabelUsed, ReturnLabelVoided},
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    identity::{AccountErased, AccountVerified},
    inventory::{ExchangeHeld, ExchangeShort, StockRejected, StockReleased, StockReserved},
    orders::ParcelLine,
    payments::{
        PaymentActionRequired, PaymentCaptured, PaymentFailed, PaymentPromised, PaymentRefundFailed, PaymentRefunded,
    },
    shipping::{ShipmentDelivered, ShipmentShipped, ShippedLine, WithdrawalGranted, WithdrawalRefused},
};
use db::Tx;
use kernel::Result;

use crate::{
    Orders,
    jobs::{CLAIM_GUEST_ORDERS, CUT_FROM_ACCOUNT},
    model::{
        Parcel,
        returns::{Action, Label},
        saga::{Input, Note},
    },
    ops::{
        hear,
        returns::{hear_of_refund, hear_of_return, hear_of_withdrawal},
    },
    store,
};

/// An account has proven its address: what was ordered under it without an account is its own.
pub async fn account_verified(app: &Arc<Orders>, tx: &mut Tx, event: AccountVerified, _: &Envelope) -> Result<()> {
    app.jobs.enqueue(tx, CLAIM_GUEST_ORDERS, &event.account_id.to_string(), &event.account_id).await
}

/// An account is gone: its orders stay, without it.
pub async fn account_erased(app: &Arc<Orders>, tx: &mut Tx, event: AccountErased, _: &Envelope) -> Result<()> {
    app.jobs.enqueue(tx, CUT_FROM_ACCOUNT, &event.account_id.to_string(), &event.account_id).await
}

/// All lines are held.
pub async fn stock_reserved(app: &Arc<Orders>, tx: &mut Tx, event: StockReserved, _: &Envelope) -> Result<()> {
    store::put_parts(tx, event.order_id, &event.bundles).await?;
    hear(app, tx, event.order_id, Input::StockReserved).await
}

/// Not all lines can be had.
pub async fn stock_rejected(app: &Arc<Orders>, tx: &mut Tx, event: StockRejected, _: &Envelope) -> Result<()> {
    hear(app, tx, event.order_id, Input::StockRejected { shortages: event.shortages }).await
}

/// The hold has ended.
pub async fn stock_released(app: &Arc<Orders>, tx: &mut Tx, event: StockReleased, _: &Envelope) -> Result<()> {
    hear(app, tx, event.order_id, Input::StockReleased { expired: event.expired }).await
}

/// The buyer has to act.
pub async fn payment_action_required(
    app: &Arc<Orders>,
    tx: &mut Tx,
    event: PaymentActionRequired,
    _: &Envelope,
) -> Result<()> {
    hear(app, tx, event.order_id, Input::PaymentActionRequired { url: event.url }).await
}

/// The courier collects the money.
pub async fn payment_promised(app: &Arc<Orders>, tx: &mut Tx, event: PaymentPromised, _: &Envelope) -> Result<()> {
    let input = Input::PaymentPromised { amount: event.amount, collect: event.collect, at: event.at };
    hear(app, tx, event.order_id, input).await
}

/// The money is there.
pub async fn payment_captured(app: &Arc<Orders>, tx: &mut Tx, event: PaymentCaptured, _: &Envelope) -> Result<()> {
    hear(app, tx, event.order_id, Input::PaymentCaptured { amount: event.amount, at: event.at }).await
}

/// The money will not come.
pub async fn payment_failed(app: &Arc<Orders>, tx: &mut Tx, event: PaymentFailed, _: &Envelope) -> Result<()> {
    hear(app, tx, event.order_id, Input::PaymentFailed { reason: event.reason }).await
}

/// Money did not go back: if it was for a return, that waits for somebody to look.
pub async fn payment_refund_failed(
    app: &Arc<Orders>,
    tx: &mut Tx,
    event: PaymentRefundFailed,
    _: &Envelope,
) -> Result<()> {
    hear_of_refund(app, tx, event.refund_id, Action::RefundFailed { why: event.reason }).await
}

/// Money went back. The return is locked before its order, as everywhere.
pub async fn payment_refunded(app: &Arc<Orders>, tx: &mut Tx, event: PaymentRefunded, _: &Envelope) -> Result<()> {
    hear_of_refund(app, tx, event.refund_id, Action::RefundArrived).await?;
    let input = Input::PaymentRefunded { amount: event.amount, total: event.refunded_total };
    hear(app, tx, event.order_id, input).await?;
    for (vendor_id, amount) in &event.by_vendor {
        store::downloads::add_refunded(tx, event.order_id, *vendor_id, *amount).await?;
    }
    store::refunds::add(tx, event.order_id, event.refund_id, event.amount, event.at).await
}

/// The buyer has the money taken back by the bank.
pub async fn dispute_opened(app: &Arc<Orders>, tx: &mut Tx, event: PaymentDisputeOpened, _: &Envelope) -> Result<()> {
    let text = format!("The payment of {} is disputed.", event.amount);
    hear(app, tx, event.order_id, Input::Noted(Note { kind: "disputed", text, part: None })).await
}

/// That was decided.
pub async fn dispute_closed(app: &Arc<Orders>, tx: &mut Tx, event: PaymentDisputeClosed, _: &Envelope) -> Result<()> {
    let (kind, text) = if event.is_won {
        ("dispute_won", format!("The dispute over {} was decided for the marketplace.", event.amount))
    } else {
        ("dispute_lost", format!("The dispute over {} was decided for the buyer.", event.amount))
    };
    hear(app, tx, event.order_id, Input::Noted(Note { kind, text, part: None })).await
}

/// A parcel was handed over.
pub async fn shipment_shipped(app: &Arc<Orders>, tx: &mut Tx, event: ShipmentShipped, _: &Envelope) -> Result<()> {
    let line = |line: &ShippedLine| ParcelLine { line_id: line.line_id, quantity: line.quantity };
    let parcel = Parcel {
        number: event.parcel,
        shipment_id: Some(event.shipment_id),
        tracking: event.tracking,
        lines: event.lines.iter().map(line).collect(),
        shipped_at: event.at,
        delivered_at: None,
    };
    let input = Input::ShipmentShipped { part: event.vendor_order_id, parcel: Box::new(parcel) };
    hear(app, tx, event.order_id, input).await
}

/// A parcel has arrived.
pub async fn shipment_delivered(app: &Arc<Orders>, tx: &mut Tx, event: ShipmentDelivered, _: &Envelope) -> Result<()> {
    let input = Input::ShipmentDelivered { part: event.vendor_order_id, shipment_id: event.shipment_id };
    hear(app, tx, event.order_id, input).await
}

/// What a return is exchanged for is set aside.
pub async fn exchange_held(app: &Arc<Orders>, tx: &mut Tx, event: ExchangeHeld, _: &Envelope) -> Result<()> {
    hear_of_return(app, tx, event.return_id, Action::ExchangeHeld).await
}

/// There is none left of what a return was to be exchanged for.
pub async fn exchange_short(app: &Arc<Orders>, tx: &mut Tx, event: ExchangeShort, _: &Envelope) -> Result<()> {
    hear_of_return(app, tx, event.return_id, Action::ExchangeShort).await
}

/// A return can be sent with this label.
pub async fn return_label_ready(app: &Arc<Orders>, tx: &mut Tx, event: ReturnLabelReady, _: &Envelope) -> Result<()> {
    let label = Label { carrier: event.carrier, number: event.tracking_number, file: event.file };
    hear_of_return(app, tx, event.return_id, Action::Labelled(label)).await
}

/// It must not be sent with that any more.
pub async fn return_label_voided(app: &Arc<Orders>, tx: &mut Tx, event: ReturnLabelVoided, _: &Envelope) -> Result<()> {
    hear_of_return(app, tx, event.return_id, Action::LabelVoided).await
}

/// Its carrier has it.
pub async fn return_label_used(app: &Arc<Orders>, tx: &mut Tx, event: ReturnLabelUsed, _: &Envelope) -> Result<()> {
    hear_of_return(app, tx, event.return_id, Action::LabelUsed).await
}

/// What was to be taken out of an order will not leave.
pub async fn withdrawal_granted(app: &Arc<Orders>, tx: &mut Tx, event: WithdrawalGranted, _: &Envelope) -> Result<()> {
    hear_of_withdrawal(app, tx, event.return_id, None).await
}

/// What was to be taken out of an order has left, or cannot be taken out.
pub async fn withdrawal_refused(app: &Arc<Orders>, tx: &mut Tx, event: WithdrawalRefused, _: &Envelope) -> Result<()> {
    hear_of_withdrawal(app, tx, event.return_id, Some(event.reason)).await
}
