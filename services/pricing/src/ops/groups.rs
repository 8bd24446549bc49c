//! What an admin does with groups of customers.

use std::sync::Arc;

use contracts::price_lists::{CustomerGroup, GroupsOfCustomer};
use kernel::{AccountId, Error, FieldError, Kind, Result, Slug};

use crate::{Pricing, store};

pub(crate) async fn set_group(app: &Arc<Pricing>, key: Slug, group: CustomerGroup) -> Result<CustomerGroup> {
    if group.key != key {
        return Err(Error::invalid("key", "The key must be the one of the address."));
    }
    let group = CustomerGroup { name: group.name.trim().to_owned(), ..group };
    if group.name.is_empty() {
        return Err(Error::invalid("name", "Give the group a name."));
    }
    app.db
        .write(async move |tx| {
            store::groups::put(tx, &group).await?;
            Ok(group.clone())
        })
        .await
}

pub(crate) async fn delete_group(app: &Arc<Pricing>, key: Slug) -> Result<()> {
    app.db.write(async move |tx| store::groups::delete(tx, &key).await).await
}

/// Refuses an account that nobody has: it is most likely mistyped.
async fn known(app: &Pricing, account: AccountId) -> Result<()> {
    match app.identity.contact(&app.myself, account).await {
        Ok(_) => Ok(()),
        Err(error) if error.is(Kind::NotFound) => Err(Error::not_found("account")),
        Err(error) => Err(error),
    }
}

/// Puts a customer into exactly these groups.
pub(crate) async fn assign(
    app: &Arc<Pricing>,
    account: AccountId,
    wanted: GroupsOfCustomer,
) -> Result<GroupsOfCustomer> {
    // Whoever is gone may still be taken out of all of them.
    if !wanted.groups.is_empty() {
        known(app, account).await?;
    }
    // Everybody locks groups in this order.
    let mut named: Vec<(usize, Slug)> = wanted.groups.into_iter().enumerate().collect();
    named.sort_by(|(_, a), (_, b)| a.cmp(b));
    named.dedup_by(|(_, a), (_, b)| a == b);
    app.db
        .write(async move |tx| {
            let mut wrong = Vec::new();
            for (i, key) in &named {
                if !store::groups::hold(tx, key).await? {
                    let reason = format!("There is no group “{key}”.");
                    wrong.push(FieldError { field: format!("groups[{i}]"), reason });
                }
            }
            if !wrong.is_empty() {
                return Err(Error::invalid_fields(wrong));
            }
            let groups: Vec<Slug> = named.iter().map(|(_, key)| key.clone()).collect();
            store::groups::set(tx, account, &groups).await?;
            Ok(GroupsOfCustomer { groups })
        })
        .await
}
