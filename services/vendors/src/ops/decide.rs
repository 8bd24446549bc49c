//! Approves, turns down, suspends.

use std::sync::Arc;

use contracts::vendors::{VendorDecided, VendorStatus, VendorView};
use kernel::{Result, VendorScope};

use crate::{
    App,
    error::VendorsError,
    model::{Decision, next},
    store,
};

/// Takes a decision about a store. The reason is for its owners.
pub(crate) async fn decide(
    app: &Arc<App>,
    scope: VendorScope,
    decision: Decision,
    reason: Option<String>,
) -> Result<VendorView> {
    let reason = reason.map(|r| r.trim().to_owned()).filter(|r| !r.is_empty());
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let mut vendor = store::hold(tx, &scope).await?;
            vendor.status = next(vendor.status, decision).ok_or(VendorsError::NotNow(decision, vendor.status))?;
            if vendor.status == VendorStatus::Approved {
                vendor.approved_at = vendor.approved_at.or(Some(now));
                vendor.status_reason = None;
            } else {
                vendor.status_reason.clone_from(&reason);
            }
            store::update(tx, &vendor).await?;
            let snapshot = vendor.snapshot(store::owners(tx, vendor.id).await?);
            let decided = VendorDecided { vendor_id: vendor.id, vendor: snapshot, reason: reason.clone() };
            this.outbox.publish(tx, &decided).await?;
            Ok(vendor.view())
        })
        .await
}
