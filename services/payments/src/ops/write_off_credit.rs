//! An admin writes off what is left of a credit whose time is over. Posted with it, once.

use std::sync::Arc;

use contracts::credits::WriteOffCredit;
use kernel::{CreditId, EntryId, Error, Result};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use crate::{
    Payments,
    error::CreditError,
    ledger,
    store::{self, NewMovement},
};

/// Writes it off, once per key; under another key nothing is left.
///
/// # Errors
/// Conflict while it can be used, while orders hold some of it, or if nothing is left; 422 without a reason.
pub async fn write_off_credit(
    app: &Arc<Payments>,
    id: CreditId,
    key: IdempotencyKey,
    input: WriteOffCredit,
) -> Result<StoredAnswer> {
    let reason = input.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(CreditError::Misfit("reason", "Say why; it stays in the history.").into());
    }
    let (this, entry) = (app.clone(), EntryId::new(&app.ids));
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let credit = store::lock_credit(tx, id).await?.ok_or(CreditError::NotFound)?;
            let amount = credit.to_write_off(now)?;
            if !store::write_off(tx, id, amount.amount_minor, now).await? {
                return Err(Error::internal(format!("credit {id} is locked and is not what it was")));
            }
            store::post(tx, &ledger::credits::written_off(entry, id, credit.kind, amount)?, now).await?;
            let movement = NewMovement {
                credit_id: id,
                kind: "written_off",
                about: &entry.to_string(),
                order_id: None,
                balance_change: -amount.amount_minor,
                held_change: 0,
                reason: Some(&reason),
            };
            store::add_movement(tx, &movement, now).await?;
            let credit = store::lock_credit(tx, id).await?.ok_or(CreditError::NotFound)?;
            idempotency::store(tx, &key, 200, &credit.view(now)).await
        })
        .await
}
