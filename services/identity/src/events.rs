//! What others' events change here.

use std::sync::Arc;

use contracts::{Envelope, vendors::MemberChanged};
use db::Tx;
use kernel::Result;

use crate::{app::App, store};

/// Keeps the copy of who belongs to which store. Who gains something has it from the next access
/// token on; who loses something loses it at once, with the sessions.
pub(crate) async fn member_changed(app: &Arc<App>, tx: &mut Tx, event: MemberChanged, _: &Envelope) -> Result<()> {
    // The account first: a log-in under way has either read the new memberships or is ended below.
    store::accounts::hold(tx, event.account_id).await?;
    let before = store::memberships::set(tx, event.account_id, event.vendor_id, event.role).await?;
    if before > event.role {
        store::sessions::end_all(tx, event.account_id, None, "left_store", app.clock.now()).await?;
    }
    Ok(())
}
