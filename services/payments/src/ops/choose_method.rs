//! The buyer pays another way, as long as nobody has paid. First the provider has to call off what is open: only when
//! it says that nothing can be paid there any more does the next attempt begin, so there are never two pages that
//! take money.

use std::sync::Arc;

use contracts::payments::ChooseMethod;
use kernel::{OrderId, Result};

use crate::{Payments, error::PaymentError, jobs, store};

/// Notes the choice, and has the open attempt called off. Should it have been paid meanwhile, it stays.
///
/// # Errors
/// Conflict if it is not the buyer's turn; invalid if this way is not offered.
pub async fn choose_method(app: &Arc<Payments>, order_id: OrderId, input: &ChooseMethod) -> Result<()> {
    let payment = store::read_payment_of(&app.db, order_id).await?.ok_or(PaymentError::NotFound)?;
    // What of it is downloaded `orders` has looked at.
    let provider = app.providers.offering(&input.method, &input.country, payment.amount, false);
    let provider = provider.ok_or(PaymentError::NotOffered)?.name();
    let (this, method) = (app.clone(), input.method.clone());
    app.db
        .write(async move |tx| {
            if !store::replace_payment(tx, order_id, provider, &method).await? {
                return Err(PaymentError::NotTheBuyersTurn.into());
            }
            this.jobs.enqueue(tx, jobs::CANCEL, &format!("{order_id}:{}", payment.attempt), &payment.id).await
        })
        .await
}
