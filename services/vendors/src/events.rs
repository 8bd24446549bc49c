//! What others' events change here.

use std::sync::Arc;

use contracts::{Envelope, identity::AccountErased};
use db::Tx;
use kernel::Result;

use crate::{App, ops};

/// Whoever is gone works in no store. The last owner of one cannot go before somebody else owns it (identity asks), so a
/// store without owners comes about in no way.
pub(crate) async fn account_erased(app: &Arc<App>, tx: &mut Tx, event: AccountErased, _: &Envelope) -> Result<()> {
    ops::leave_all_stores(app, tx, event.account_id).await
}
