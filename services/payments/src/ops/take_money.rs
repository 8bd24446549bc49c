//! Takes the money that a buyer has agreed to, where agreeing and taking are two steps: PayPal, and cards that are
//! only authorised at first. What was called off meanwhile is left untaken, so that nothing has to go back.

use std::sync::Arc;

use kernel::{PaymentId, Result};

use super::{absorb::absorb_all, ask::cancel_or_fetch};
use crate::{Payments, error::PaymentError, provider::ProviderError, store};

/// The job. However often it runs the money is taken once: the key is the same.
pub async fn take_money(app: &Arc<Payments>, id: PaymentId) -> Result<()> {
    let payment = store::read_payment(&app.db, id).await?.ok_or(PaymentError::NotFound)?;
    let Some(provider_ref) = payment.provider_ref.as_deref().filter(|_| payment.is_open()) else { return Ok(()) };
    let provider = app.providers.get(&payment.provider)?;
    let seen = if payment.order_cancelled {
        cancel_or_fetch(&**provider, &payment, provider_ref).await?
    } else {
        match provider.capture(provider_ref, payment.charge(), payment.key("capture")).await {
            Ok(seen) => vec![seen],
            // Taken before, lapsed, or the bank has changed its mind: the payment says which.
            Err(ProviderError::Refused { .. }) => vec![provider.fetch(provider_ref).await?],
            Err(error) => return Err(error.into()),
        }
    };
    absorb_all(app, id, seen).await
}
