//! Groups of customers, and who is in them.

use contracts::price_lists::{CustomerGroup, GROUPS_MAX};
use db::{Db, Row, Tx, params};
use kernel::{AccountId, Error, Result, Slug};

use crate::error::PricingError;

/// All groups, by key.
pub(crate) async fn all(db: &Db) -> Result<Vec<CustomerGroup>> {
    let sql = "SELECT key, name FROM customer_groups ORDER BY key LIMIT $1";
    db.all(sql, params![GROUPS_MAX as i64]).await?.iter().map(group).collect()
}

fn group(row: &Row) -> Result<CustomerGroup> {
    Ok(CustomerGroup { key: row.get("key")?, name: row.get("name")? })
}

/// Adds a group or renames one.
pub(crate) async fn put(tx: &mut Tx, group: &CustomerGroup) -> Result<()> {
    let stored = tx
        .exec(
            "INSERT INTO customer_groups (key, name) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)
             WHERE (SELECT count(*) FROM customer_groups WHERE key <> $1) < $3
             ON CONFLICT (key) DO UPDATE SET name = excluded.name",
            params![&group.key, &group.name, GROUPS_MAX as i64],
        )
        .await?;
    if stored == 1 { Ok(()) } else { Err(PricingError::TooManyGroups(GROUPS_MAX).into()) }
}

/// Has a group stay until the transaction ends; false if there is none.
pub(crate) async fn hold(tx: &mut Tx, key: &Slug) -> Result<bool> {
    Ok(tx.lock("SELECT 1 FROM customer_groups WHERE key = $1", params![key]).await?.is_some())
}

/// Removes a group, unless a price list or a promotion is for it.
pub(crate) async fn delete(tx: &mut Tx, key: &Slug) -> Result<()> {
    if !hold(tx, key).await? {
        return Err(Error::not_found("customer group"));
    }
    let sql =
        "DELETE FROM customer_groups WHERE key = $1 AND NOT EXISTS (SELECT 1 FROM price_lists WHERE group_key = $1)
         AND NOT EXISTS (SELECT 1 FROM promotions p WHERE p.removed_at IS NULL AND p.group_keys LIKE '% ' || $1 || ' %')";
    if tx.exec(sql, params![key]).await? == 1 { Ok(()) } else { Err(PricingError::GroupInUse.into()) }
}

/// The groups that an account is in.
pub(crate) async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Slug>> {
    let sql = "SELECT group_key FROM group_members WHERE account_id = $1 ORDER BY group_key LIMIT $2";
    db.all(sql, params![account, GROUPS_MAX as i64]).await?.iter().map(|row| row.at(0)).collect()
}

/// Puts an account into exactly these groups.
pub(crate) async fn set(tx: &mut Tx, account: AccountId, groups: &[Slug]) -> Result<()> {
    tx.defer("DELETE FROM group_members WHERE account_id = $1", params![account]).await?;
    for key in groups {
        tx.defer(
            "INSERT INTO group_members (account_id, group_key) VALUES ($1, $2) ON CONFLICT (account_id, group_key) DO NOTHING",
            params![account, key],
        )
        .await?;
    }
    Ok(())
}
