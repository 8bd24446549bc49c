//! Who belongs to a store.

use std::sync::Arc;

use contracts::{
    identity::{Contact, EmailOnly},
    vendors::{AddMember, MemberChanged, MemberView},
};
use db::Tx;
use kernel::{AccountId, Error, Kind, Result, Timestamp, VendorRole, VendorScope};

use super::publish_changed;
use crate::{
    App,
    error::VendorsError,
    model::{MEMBERS_MAX, Vendor},
    store,
};

/// Makes the owner of an e-mail address a member, or gives a member another role.
pub(crate) async fn add_member(app: &Arc<App>, scope: VendorScope, input: AddMember) -> Result<MemberView> {
    let AddMember { email, role } = input;
    let contact =
        app.identity.contact_by_email(&app.myself, &EmailOnly { email }).await.map_err(|e| match e.kind() {
            Kind::NotFound => {
                Error::invalid("email", "Nobody has an account with this address, or has not verified it yet.")
            }
            _ => e,
        })?;
    let Contact { account_id, email, name, .. } = contact;
    let (this, now) = (app.clone(), app.clock.now());
    let since = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| set_role(&this, tx, &scope, account_id, role, now).await)
        .await?;
    Ok(MemberView { account_id, name, email, role, since })
}

async fn set_role(
    app: &App,
    tx: &mut Tx,
    scope: &VendorScope,
    account_id: AccountId,
    role: VendorRole,
    now: Timestamp,
) -> Result<Timestamp> {
    let mut vendor = store::hold(tx, scope).await?;
    let before = store::role(tx, vendor.id, account_id).await?;
    if before == Some(role) {
        return Err(VendorsError::AlreadyMember.into());
    }
    if before.is_none() {
        if vendor.member_count >= MEMBERS_MAX {
            return Err(VendorsError::TooManyMembers.into());
        }
        vendor.member_count += 1;
    }
    count_owners(tx, &mut vendor, account_id, before, Some(role)).await?;
    store::update(tx, &vendor).await?;
    let since = store::set_member(tx, vendor.id, account_id, role, now).await?;
    publish(app, tx, &vendor, account_id, before, Some(role)).await?;
    Ok(since)
}

/// Removes a member. Owners remove anybody, staff only themselves; for staff, others' memberships are
/// as far away as another store.
pub(crate) async fn remove_member(
    app: &Arc<App>,
    scope: VendorScope,
    who: AccountId,
    account_id: AccountId,
) -> Result<()> {
    if scope.role() != VendorRole::Owner && who != account_id {
        return Err(Error::not_found("vendor"));
    }
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| match leave(&this, tx, &scope, account_id).await? {
            true => Ok(()),
            false => Err(Error::not_found("member")),
        })
        .await
}

/// Takes an account out of all stores it belongs to, in the order of their ids.
pub(crate) async fn leave_all_stores(app: &App, tx: &mut Tx, account_id: AccountId) -> Result<()> {
    for vendor_id in store::stores_of(tx, account_id).await? {
        leave(app, tx, &VendorScope::of_system(vendor_id), account_id).await?;
    }
    Ok(())
}

/// Takes an account out of a store; `false` if it is not in it.
async fn leave(app: &App, tx: &mut Tx, scope: &VendorScope, account_id: AccountId) -> Result<bool> {
    let mut vendor = store::hold(tx, scope).await?;
    let before = store::role(tx, vendor.id, account_id).await?;
    if before.is_none() {
        return Ok(false);
    }
    vendor.member_count -= 1;
    count_owners(tx, &mut vendor, account_id, before, None).await?;
    store::update(tx, &vendor).await?;
    store::remove_member(tx, vendor.id, account_id).await?;
    publish(app, tx, &vendor, account_id, before, None).await?;
    Ok(true)
}

/// Keeps both counts: owners of this store, at least one, and stores of this owner, at most five.
async fn count_owners(
    tx: &mut Tx,
    vendor: &mut Vendor,
    account_id: AccountId,
    before: Option<VendorRole>,
    after: Option<VendorRole>,
) -> Result<()> {
    const OWNER: Option<VendorRole> = Some(VendorRole::Owner);
    match (before == OWNER, after == OWNER) {
        (false, true) => {
            if !store::count_store(tx, account_id).await? {
                return Err(VendorsError::TooManyStores.into());
            }
            vendor.owner_count += 1;
        }
        (true, false) => {
            if vendor.owner_count <= 1 {
                return Err(VendorsError::LastOwner.into());
            }
            vendor.owner_count -= 1;
            store::uncount_store(tx, account_id).await?;
        }
        (true, true) | (false, false) => {}
    }
    Ok(())
}

async fn publish(
    app: &App,
    tx: &mut Tx,
    vendor: &Vendor,
    account_id: AccountId,
    before: Option<VendorRole>,
    role: Option<VendorRole>,
) -> Result<()> {
    app.outbox.publish(tx, &MemberChanged { vendor_id: vendor.id, account_id, role }).await?;
    if before == Some(VendorRole::Owner) || role == Some(VendorRole::Owner) {
        publish_changed(app, tx, vendor).await?;
    }
    Ok(())
}
