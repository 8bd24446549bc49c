//! Which stores an account belongs to.

use std::collections::BTreeMap;

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, Result, VendorId, VendorMembership, VendorRole};

use crate::model::{vendor_role_of, vendor_role_text};

const OF_ACCOUNT: &str = "SELECT vendor_id, role FROM memberships WHERE account_id = $1 ORDER BY vendor_id";

fn membership(row: &Row) -> Result<VendorMembership> {
    Ok(VendorMembership { vendor_id: row.get("vendor_id")?, role: vendor_role_of(&row.get::<String>("role")?)? })
}

/// Memberships of an account.
pub(crate) async fn of(db: &Db, id: AccountId) -> Result<Vec<VendorMembership>> {
    db.all(OF_ACCOUNT, params![id]).await?.iter().map(membership).collect()
}

/// Memberships of an account, within a transaction.
pub(crate) async fn of_in(tx: &mut Tx, id: AccountId) -> Result<Vec<VendorMembership>> {
    tx.all(OF_ACCOUNT, params![id]).await?.iter().map(membership).collect()
}

/// Memberships of several accounts.
pub(crate) async fn of_all(db: &Db, ids: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<VendorMembership>>> {
    let mut all: BTreeMap<AccountId, Vec<VendorMembership>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    let sql = format!(
        "SELECT account_id, vendor_id, role FROM memberships WHERE account_id IN ({}) ORDER BY account_id, vendor_id",
        placeholders(1, ids.len())
    );
    for row in db.all(&sql, ids.iter().map(Value::from).collect()).await? {
        all.entry(row.get("account_id")?).or_default().push(membership(&row)?);
    }
    Ok(all)
}

/// A store that nobody but this account owns, if there is one.
pub(crate) async fn owned_alone(tx: &mut Tx, id: AccountId) -> Result<Option<VendorId>> {
    let sql = "SELECT m.vendor_id FROM memberships m WHERE m.account_id = $1 AND m.role = 'owner' AND NOT EXISTS
                   (SELECT 1 FROM memberships o WHERE o.vendor_id = m.vendor_id AND o.role = 'owner' AND o.account_id <> $1)
               ORDER BY m.vendor_id LIMIT 1";
    tx.opt(sql, params![id]).await?.map(|row| row.get("vendor_id")).transpose()
}

/// Removes all memberships of an account.
pub(crate) async fn remove_all(tx: &mut Tx, id: AccountId) -> Result<()> {
    tx.defer("DELETE FROM memberships WHERE account_id = $1", params![id]).await
}

/// Sets or removes a membership; what it was before.
pub(crate) async fn set(
    tx: &mut Tx,
    account_id: AccountId,
    vendor_id: VendorId,
    role: Option<VendorRole>,
) -> Result<Option<VendorRole>> {
    let before = tx
        .opt(
            "DELETE FROM memberships WHERE account_id = $1 AND vendor_id = $2 RETURNING role",
            params![account_id, vendor_id],
        )
        .await?;
    if let Some(role) = role {
        let sql = "INSERT INTO memberships (account_id, vendor_id, role) VALUES ($1, $2, $3)";
        tx.defer(sql, params![account_id, vendor_id, vendor_role_text(role)]).await?;
    }
    before.map(|row| vendor_role_of(&row.get::<String>("role")?)).transpose()
}
