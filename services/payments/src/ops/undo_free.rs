//! An order that cost nothing is called off, or a vendor's part of it has come back: no money goes back, and the vendors have
//! no longer what promotions had brought them.

use std::{collections::BTreeSet, sync::Arc};

use db::Tx;
use kernel::{Money, Result, VendorId};

use super::{absorb::sale_of, reserves::use_reserves};
use crate::{Payments, ledger, model::Payment, store};

/// Takes it back from this vendor or from all of them, from each once. The payment is locked by the transaction.
pub(super) async fn undo_free(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    vendor: Option<VendorId>,
) -> Result<()> {
    // In one order, so that two of them do not wait for each other.
    let undone: BTreeSet<VendorId> = store::undo_parts(tx, payment.id, vendor).await?.into_iter().collect();
    for vendor in &undone {
        store::lock_vendor(tx, *vendor).await?;
    }
    let (sale, now) = (sale_of(payment), app.clock.now());
    for part in store::read_parts(tx, payment.id).await? {
        if !undone.contains(&part.vendor_id) || part.subsidy.is_zero() {
            continue;
        }
        store::post(tx, &ledger::free::undone(&sale, &part)?, now).await?;
        let (cause, nothing) = (ledger::free::cause(&sale, &part), Money::zero(payment.amount.currency));
        use_reserves(tx, &sale, &cause, &[(part, nothing)], now).await?;
    }
    store::end_free(tx, payment.id).await
}
