//! What accounts wish for, and to whom they show it.

use db::{Db, Row, Tx, params};
use kernel::{AccountId, Result, Timestamp, VariantId};

use super::copies::hold_level;
use crate::{error::CartError, model::WISHES_MAX};

/// A list as its owner shares it.
pub(crate) struct Shared {
    pub account_id: AccountId,
    pub token: String,
    pub title: String,
}

/// Wishes for a variant; what is wished for already keeps its moment. Who is to be told of its return is, if it is sold
/// out. Returns the moment, and whether the account is told.
pub(crate) async fn add(
    tx: &mut Tx,
    account: AccountId,
    variant: VariantId,
    tell: bool,
    now: Timestamp,
) -> Result<(Timestamp, bool)> {
    if tell {
        hold_level(tx, variant).await?;
    }
    let row = tx
        .opt(
            "INSERT INTO wishes (account_id, variant_id, wished_at, tell)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CASE WHEN EXISTS
                (SELECT 1 FROM levels WHERE variant_id = $2 AND level <> 'sold_out') THEN 0 ELSE CAST($5 AS BIGINT) END
             WHERE (SELECT count(*) FROM wishes WHERE account_id = $1) < $4
                OR EXISTS (SELECT 1 FROM wishes WHERE account_id = $1 AND variant_id = $2)
             ON CONFLICT (account_id, variant_id) DO UPDATE SET tell = excluded.tell
             RETURNING wished_at, tell",
            params![account, variant, now, WISHES_MAX, tell],
        )
        .await?
        .ok_or(CartError::TooManyWishes)?;
    Ok((row.get("wished_at")?, row.get("tell")?))
}

/// True if somebody waits for a variant.
pub(crate) async fn is_awaited(tx: &mut Tx, variant: VariantId) -> Result<bool> {
    let sql = "SELECT 1 FROM wishes WHERE variant_id = $1 AND tell = 1 LIMIT 1";
    Ok(tx.opt(sql, params![variant]).await?.is_some())
}

/// Some of those who wait for a variant; they wait no longer.
pub(crate) async fn take_waiting(tx: &mut Tx, variant: VariantId, limit: i64) -> Result<Vec<AccountId>> {
    let rows = tx
        .all(
            "UPDATE wishes SET tell = 0 WHERE variant_id = $1 AND tell = 1 AND account_id IN
                (SELECT account_id FROM wishes WHERE variant_id = $1 AND tell = 1 ORDER BY account_id LIMIT $2)
             RETURNING account_id",
            params![variant, limit],
        )
        .await?;
    rows.iter().map(|row| row.get("account_id")).collect()
}

/// Wishes for a variant no longer; false if nobody did.
pub(crate) async fn remove(tx: &mut Tx, account: AccountId, variant: VariantId) -> Result<bool> {
    let sql = "DELETE FROM wishes WHERE account_id = $1 AND variant_id = $2";
    Ok(tx.exec(sql, params![account, variant]).await? == 1)
}

/// Shares an account's wishes under `token` unless they are shared already; the title changes either way.
pub(crate) async fn share(tx: &mut Tx, account: AccountId, token: &str, title: &str) -> Result<Shared> {
    let row = tx
        .one(
            "INSERT INTO shared_wishes (account_id, token, title) VALUES ($1, $2, $3)
             ON CONFLICT (account_id) DO UPDATE SET title = excluded.title RETURNING account_id, token, title",
            params![account, token, title],
        )
        .await?;
    shared(&row)
}

/// Shares them no longer.
pub(crate) async fn unshare(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.defer("DELETE FROM shared_wishes WHERE account_id = $1", params![account]).await
}

/// Removes all that an account wishes for, and the link to it.
pub(crate) async fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.defer("DELETE FROM wishes WHERE account_id = $1", params![account]).await?;
    unshare(tx, account).await
}

/// How an account shares its wishes, if it does.
pub(crate) async fn shared_by(db: &Db, account: AccountId) -> Result<Option<Shared>> {
    let sql = "SELECT account_id, token, title FROM shared_wishes WHERE account_id = $1";
    db.opt(sql, params![account]).await?.as_ref().map(shared).transpose()
}

/// The list that a link opens.
pub(crate) async fn shared_as(db: &Db, token: &str) -> Result<Option<Shared>> {
    let sql = "SELECT account_id, token, title FROM shared_wishes WHERE token = $1";
    db.opt(sql, params![token]).await?.as_ref().map(shared).transpose()
}

fn shared(row: &Row) -> Result<Shared> {
    Ok(Shared { account_id: row.get("account_id")?, token: row.get("token")?, title: row.get("title")? })
}
