//! Erases an account: nothing in it says any more whose it was, and everybody else is told to forget it.

use std::sync::Arc;

use contracts::identity::{AccountErased, EraseAccount, EraseForOwner};
use db::Tx;
use kernel::{AccountId, Error, Principal, Result, Secret, Timestamp};
use serde_json::json;

use super::{audit, confirm_password};
use crate::{app::App, error::IdentityError, model::Account, store, throttle};

/// Erases the account of who asks, after the password was typed again.
pub(crate) async fn erase_own(app: &Arc<App>, who: &Principal, input: EraseAccount) -> Result<()> {
    confirm_password(app, who.account_id, &input.password).await?;
    erase(app, who.account_id, who.account_id, None).await
}

/// Erases somebody's account by an admin, who says why.
pub(crate) async fn erase_for_owner(
    app: &Arc<App>,
    who: &Principal,
    id: AccountId,
    input: EraseForOwner,
) -> Result<()> {
    let reason = input.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Say why; it stays in the audit log."));
    }
    erase(app, who.account_id, id, Some(reason)).await
}

/// `reason` is an admin's. What others say is open is asked before the transaction; an order that is placed in between is
/// cut from the account like those before, and goes on as a guest's.
async fn erase(app: &Arc<App>, actor: AccountId, id: AccountId, reason: Option<String>) -> Result<()> {
    if store::accounts::by_id(&app.db, id).await?.erased_at.is_some() {
        return Err(IdentityError::Erased.into());
    }
    refuse_what_is_open(app, id).await?;
    let locked = app.passwords.hash(&Secret::new(app.random.token())).await?;
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .write(async move |tx| {
            let head = audit::lock(tx).await?;
            if reason.is_some() {
                let admin = store::accounts::by_id_in(tx, actor).await.ok().filter(|a| a.is_admin && !a.disabled);
                if admin.is_none() {
                    return Err(Error::forbidden("Only admins may do this."));
                }
            }
            let account = store::accounts::hold(tx, id).await?;
            refuse_what_nobody_else_does(tx, &account).await?;
            forget(tx, &account, &locked, now).await?;
            this.outbox.publish(tx, &AccountErased { account_id: id, at: now }).await?;
            let detail = json!({ "reason": &reason });
            let deed = audit::Deed { at: now, actor: actor.to_string(), action: "account.erased", subject: id, detail };
            audit::append(tx, head, deed).await
        })
        .await
}

async fn refuse_what_is_open(app: &App, id: AccountId) -> Result<()> {
    let open = app.orders.open_of_account(&app.myself, id).await?;
    if open.orders > 0 {
        return Err(IdentityError::OrdersUnderWay { orders: open.orders }.into());
    }
    if open.returns > 0 {
        return Err(IdentityError::ReturnsOpen { returns: open.returns }.into());
    }
    let credits = app.credits.of_account(&app.myself, id).await?;
    let left: Vec<String> = credits
        .iter()
        .flat_map(|credit| [credit.balance, credit.held])
        .filter(|money| !money.is_zero())
        .map(|money| money.to_string())
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    let left = left.join(", ");
    let detail = format!("There is store credit left: {left}. Use it first, or ask the marketplace to settle it.");
    Err(Error::conflict("store_credit_left", detail))
}

/// The audit log is locked: of two admins who go at once, the second sees that the first has gone.
async fn refuse_what_nobody_else_does(tx: &mut Tx, account: &Account) -> Result<()> {
    if account.erased_at.is_some() {
        return Err(IdentityError::Erased.into());
    }
    if account.is_admin && !account.disabled && !store::accounts::other_admin_exists(tx, account.id).await? {
        return Err(IdentityError::LastAdmin.into());
    }
    match store::memberships::owned_alone(tx, account.id).await? {
        Some(_) => Err(IdentityError::OnlyOwner.into()),
        None => Ok(()),
    }
}

async fn forget(tx: &mut Tx, account: &Account, locked: &Secret, now: Timestamp) -> Result<()> {
    let id = account.id;
    store::accounts::erase(tx, id, locked, now).await?;
    store::addresses::remove_all(tx, id).await?;
    store::links::remove_all(tx, id).await?;
    store::memberships::remove_all(tx, id).await?;
    store::attempts::forgive(tx, &throttle::key_of(&account.email)).await?;
    store::sessions::end_all(tx, id, None, "erased", now).await?;
    store::sessions::forget_devices(tx, id).await
}
