//! Address books.

use contracts::identity::{AddressInput, AddressView};
use db::{Db, Row, Tx, params};
use kernel::{AccountId, AddressId, Result, Timestamp};

fn view(row: &Row) -> Result<AddressView> {
    Ok(AddressView { id: row.get("id")?, address: row.json("address")?, is_default: row.get("is_default")? })
}

/// The addresses of an account: the default, then in the order they came. An account has at most 50.
pub(crate) async fn list(db: &Db, account_id: AccountId) -> Result<Vec<AddressView>> {
    let sql = "SELECT id, address, is_default FROM addresses WHERE account_id = $1 ORDER BY is_default DESC, created_at, id LIMIT 50";
    db.all(sql, params![account_id]).await?.iter().map(view).collect()
}

/// Stores an address.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: AddressId,
    account_id: AccountId,
    input: &AddressInput,
    now: Timestamp,
) -> Result<()> {
    tx.defer(
        "INSERT INTO addresses (id, account_id, address, is_default, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![id, account_id, db::json(&input.address)?, input.is_default, now],
    )
    .await
}

/// Changes an address of an account; `false` if the account has no such address.
pub(crate) async fn update(tx: &mut Tx, id: AddressId, account_id: AccountId, input: &AddressInput) -> Result<bool> {
    let sql = "UPDATE addresses SET address = $3, is_default = $4 WHERE id = $1 AND account_id = $2";
    Ok(tx.exec(sql, params![id, account_id, db::json(&input.address)?, input.is_default]).await? == 1)
}

/// Takes the mark from the account's default.
pub(crate) async fn clear_default(tx: &mut Tx, account_id: AccountId) -> Result<()> {
    let sql = "UPDATE addresses SET is_default = 0 WHERE account_id = $1 AND is_default = 1";
    tx.defer(sql, params![account_id]).await
}

/// Removes all addresses of an account.
pub(crate) async fn remove_all(tx: &mut Tx, account_id: AccountId) -> Result<()> {
    tx.defer("DELETE FROM addresses WHERE account_id = $1", params![account_id]).await
}

/// Removes an address of an account; `false` if the account has no such address.
pub(crate) async fn remove(tx: &mut Tx, id: AddressId, account_id: AccountId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM addresses WHERE id = $1 AND account_id = $2", params![id, account_id]).await? == 1)
}
