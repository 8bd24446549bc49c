//! An admin blocks a gift card or a store credit, or unblocks it. What orders hold of it stays theirs.

use contracts::credits::CreditView;
use kernel::{CreditId, Result};

use crate::{Payments, error::CreditError, store};

/// Blocks or unblocks it. Once more is harmless.
///
/// # Errors
/// Not found if there is none.
pub async fn block_credit(app: &Payments, id: CreditId, is_blocked: bool) -> Result<CreditView> {
    let credit = app.db.write(async move |tx| store::set_blocked(tx, id, is_blocked).await).await?;
    Ok(credit.ok_or(CreditError::NotFound)?.view(app.clock.now()))
}
