//! What the provider has kept of a capture is booked with the first answer that tells it: that of the capture, or of a later look.

use std::sync::Arc;

use db::Tx;
use kernel::Result;

use super::absorb::sale_of;
use crate::{Payments, ledger::fees, model::Payment, provider::ProviderPayment, store};

/// Books it, once. Nothing is posted where nothing is kept, where it is kept in another currency, and for another payment
/// than the one that was captured.
pub(super) async fn book_fee(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: &ProviderPayment,
) -> Result<()> {
    let fits = |fee: &kernel::Money| fee.amount_minor > 0 && fee.currency == payment.amount.currency;
    let Some(fee) = seen.fee.filter(fits) else { return Ok(()) };
    if !store::note_fee(tx, payment.id, &seen.id, fee).await? {
        return Ok(());
    }
    store::post(tx, &fees::kept(&sale_of(payment), fee)?, app.clock.now()).await
}
