//! One use case per file, named by its verb.

mod apply;
mod change_members;
mod decide;
mod read_stores;
mod set_terms;
mod update_store;

pub(crate) use apply::apply;
pub(crate) use change_members::{add_member, leave_all_stores, remove_member};
pub(crate) use decide::decide;
pub(crate) use read_stores::{list_members, list_stores, list_vendors, my_vendors, view_store, view_vendor};
pub(crate) use set_terms::{set_refused_methods, set_terms};
pub(crate) use update_store::update_store;

use contracts::vendors::VendorChanged;
use db::Tx;
use kernel::Result;

use crate::{App, model::Vendor, store};

/// Tells that page, terms or owners are others now.
async fn publish_changed(app: &App, tx: &mut Tx, vendor: &Vendor) -> Result<()> {
    let owners = store::owners(tx, vendor.id).await?;
    app.outbox.publish(tx, &VendorChanged { vendor_id: vendor.id, vendor: vendor.snapshot(owners) }).await
}
