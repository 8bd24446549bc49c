//! What providers have kept of captures.

use std::collections::BTreeMap;

use db::{Db, Tx, Value, params, placeholders};
use kernel::{Money, PaymentId, Result};

/// Notes what was kept of a captured payment, by the provider's id of it: true only the first time.
pub async fn note_fee(tx: &mut Tx, payment: PaymentId, provider_ref: &str, fee: Money) -> Result<bool> {
    let changed = tx
        .exec(
            "UPDATE payments SET provider_fee_minor = $3 WHERE id = $1 AND provider_ref = $2 AND currency = $4
                AND captured_minor > 0 AND provider_fee_minor IS NULL",
            params![payment, provider_ref, fee.amount_minor, fee.currency],
        )
        .await?;
    Ok(changed == 1)
}

/// What is noted of these payments of a provider, by its ids of them; those of which nothing is noted are not in it.
pub async fn fees_of(db: &Db, provider: &str, refs: &[&str]) -> Result<BTreeMap<String, Money>> {
    if refs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "SELECT provider_ref, provider_fee_minor, currency FROM payments
         WHERE provider = $1 AND provider_fee_minor IS NOT NULL AND provider_ref IN ({})",
        placeholders(2, refs.len())
    );
    let values = std::iter::once(provider).chain(refs.iter().copied()).map(Value::from).collect();
    let rows = db.all(&sql, values).await?;
    rows.iter()
        .map(|row| {
            let fee = Money::new(row.get("provider_fee_minor")?, row.get("currency")?);
            Ok((row.get("provider_ref")?, fee))
        })
        .collect()
}
