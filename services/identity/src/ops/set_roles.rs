//! Sets the roles of an account, or closes it.

use std::sync::Arc;

use contracts::identity::{AccountView, SetRoles};
use kernel::{AccountId, Error, Principal, Result, Role};
use serde_json::json;
use souk_http::IfMatch;

use super::audit;
use crate::{app::App, error::IdentityError, model::Account, store};

/// Sets the roles and whether the account is closed. If anything changes, all its sessions end and the
/// audit log says who did it. Whoever acts is an admin at that moment and stays one, so there always is one.
pub(crate) async fn set_roles(
    app: &Arc<App>,
    who: &Principal,
    id: AccountId,
    seen: IfMatch,
    input: SetRoles,
) -> Result<AccountView> {
    let (actor, granting, now) = (who.account_id, who.roles.clone(), app.clock.now());
    app.db
        .write(async move |tx| {
            let head = audit::lock(tx).await?;
            let admin = store::accounts::by_id_in(tx, actor).await.ok().filter(|a| a.is_admin && !a.disabled);
            if admin.is_none() {
                return Err(Error::forbidden("Only admins may do this."));
            }
            let before = store::accounts::hold(tx, id).await?;
            if before.erased_at.is_some() {
                return Err(IdentityError::Erased.into());
            }
            seen.check(before.version - 1)?;
            let after = changed(&before, actor, &granting, &input)?;
            if (before.roles(), before.disabled) != (after.roles(), after.disabled) {
                store::accounts::update_roles(tx, &after).await?;
                store::sessions::end_all(tx, id, None, "roles_changed", now).await?;
                let detail = json!({
                    "roles": {"before": before.roles(), "after": after.roles()},
                    "disabled": {"before": before.disabled, "after": after.disabled},
                });
                let deed =
                    audit::Deed { at: now, actor: actor.to_string(), action: "account.roles_set", subject: id, detail };
                audit::append(tx, head, deed).await?;
            }
            Ok(after.view(store::memberships::of_in(tx, id).await?))
        })
        .await
}

/// The account as it would be. `granting` are the roles of whoever asks.
fn changed(before: &Account, actor: AccountId, granting: &[Role], input: &SetRoles) -> Result<Account> {
    let mut after = before.clone();
    after.is_customer = input.roles.contains(&Role::Customer);
    after.is_admin = input.roles.contains(&Role::Admin);
    after.disabled = input.disabled;
    if before.id == actor && (!after.is_admin || after.disabled) {
        return Err(IdentityError::OwnRoles.into());
    }
    let (had, has) = (before.roles(), after.roles());
    if has.iter().any(|role| !had.contains(role) && !granting.contains(role)) {
        return Err(IdentityError::NotYoursToGrant.into());
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use kernel::{Secret, Timestamp};

    use super::*;

    fn account(name: &str, roles: &[Role]) -> Account {
        Account {
            id: AccountId::derived("test", &[name]),
            email: "a@example.com".parse().unwrap(),
            name: name.to_owned(),
            phone: None,
            locale: "en".to_owned(),
            password_hash: Secret::default(),
            is_customer: roles.contains(&Role::Customer),
            is_admin: roles.contains(&Role::Admin),
            verified_at: None,
            disabled: false,
            erased_at: None,
            created_at: Timestamp(0),
            version: 1,
        }
    }

    #[test]
    fn nobody_grants_what_they_lack() {
        let (actor, other) = (AccountId::derived("test", &["actor"]), account("other", &[Role::Admin]));
        let want = |roles: &[Role], granting: &[Role]| {
            changed(&other, actor, granting, &SetRoles { roles: roles.to_vec(), disabled: false }).map(|a| a.roles())
        };
        assert_eq!(want(&[Role::Admin, Role::Customer], &[Role::Admin]).unwrap_err().code(), "forbidden");
        assert_eq!(want(&[Role::Admin], &[Role::Admin]).unwrap(), [Role::Admin], "what it had it may keep");
        assert_eq!(want(&[], &[Role::Admin]).unwrap(), []);
        assert_eq!(want(&[Role::Customer], &[Role::Admin, Role::Customer]).unwrap(), [Role::Customer]);
    }

    #[test]
    fn nobody_locks_themselves_out() {
        let own = account("actor", &[Role::Admin, Role::Customer]);
        let want = |roles: &[Role], disabled| {
            changed(&own, own.id, &own.roles(), &SetRoles { roles: roles.to_vec(), disabled }).map(|a| a.roles())
        };
        assert_eq!(want(&[Role::Customer], false).unwrap_err().code(), "own_roles");
        assert_eq!(want(&[Role::Customer, Role::Admin], true).unwrap_err().code(), "own_roles");
        assert_eq!(want(&[Role::Admin], false).unwrap(), [Role::Admin]);
    }
}
