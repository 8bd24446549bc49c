//! A vendor bears what its labels cost, and has it again for those that it gives back.

use std::sync::Arc;

use contracts::carriers::{LabelBought, LabelRefunded};
use db::Tx;
use kernel::Result;

use crate::{
    Payments,
    ledger::{Entry, labels::Label},
    store,
};

/// Takes what a label costs from its vendor; `turn` is the version of the label's event.
pub async fn charge_label(app: &Arc<Payments>, tx: &mut Tx, event: &LabelBought, turn: i64) -> Result<()> {
    let label = Label {
        id: event.label_id,
        vendor_id: event.vendor_id,
        order_id: event.order_id,
        number: &event.number,
        cost: event.cost,
        turn,
    };
    post(app, tx, &label, &label.bought(&event.carrier)?).await
}

/// Gives back what a label has cost; `turn` is the version of the label's event.
pub async fn refund_label(app: &Arc<Payments>, tx: &mut Tx, event: &LabelRefunded, turn: i64) -> Result<()> {
    let label = Label {
        id: event.label_id,
        vendor_id: event.vendor_id,
        order_id: event.order_id,
        number: &event.number,
        cost: event.cost,
        turn,
    };
    post(app, tx, &label, &label.refunded()?).await
}

async fn post(app: &Arc<Payments>, tx: &mut Tx, label: &Label<'_>, entry: &Entry) -> Result<()> {
    // A payout that is being made sees it, or comes before it.
    store::lock_vendor(tx, label.vendor_id).await?;
    store::post(tx, entry, app.clock.now()).await
}
