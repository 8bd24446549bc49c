//! Links that work once.

use db::{Db, Row, Tx, params};
use kernel::{AccountId, Email, Result, Timestamp};

use crate::links::{NewLink, Purpose};

/// Stores a link.
pub(crate) async fn insert(tx: &mut Tx, link: &NewLink<'_>) -> Result<()> {
    tx.defer(
        "INSERT INTO links (hash, purpose, account_id, email, created_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)",
        params![
            link.hash,
            link.purpose.text(),
            link.account.map(|a| a.id),
            link.account.map(|a| a.email.as_str()),
            link.now,
            link.expires_at
        ],
    ).await
}

/// True if the link could be used now: saves expensive work for one that cannot.
pub(crate) async fn is_open(db: &Db, hash: &str, purpose: Purpose, now: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM links WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    Ok(db.opt(sql, params![hash, purpose.text(), now]).await?.is_some())
}

const USE_UP: &str =
    "UPDATE links SET used_at = $3 WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
                      RETURNING account_id, email";

/// Uses up a link of an account: whose it is and which address it was sent to, or nothing if it does
/// not count. Of several at once, one gets it.
pub(crate) async fn use_up(
    tx: &mut Tx,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<(AccountId, Email)>> {
    let owner = |row: Row| Ok((row.get("account_id")?, row.get("email")?));
    tx.opt(USE_UP, params![hash, purpose.text(), now]).await?.map(owner).transpose()
}

/// Uses up the link that makes the first admin; `false` if it does not count.
pub(crate) async fn use_up_setup(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.opt(USE_UP, params![hash, Purpose::Setup.text(), now]).await?.is_some())
}

/// Links of an account stored since then.
pub(crate) async fn count_since(tx: &mut Tx, id: AccountId, purpose: Purpose, since: Timestamp) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM links WHERE account_id = $1 AND purpose = $2 AND created_at > $3";
    tx.one(sql, params![id, purpose.text(), since]).await?.get("n")
}

/// Ends all links of an account for one purpose.
pub(crate) async fn void(tx: &mut Tx, id: AccountId, purpose: Purpose, now: Timestamp) -> Result<()> {
    let sql = "UPDATE links SET used_at = $3 WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL";
    tx.defer(sql, params![id, purpose.text(), now]).await
}

/// Removes all links of an account.
pub(crate) async fn remove_all(tx: &mut Tx, id: AccountId) -> Result<()> {
    tx.defer("DELETE FROM links WHERE account_id = $1", params![id]).await
}

/// Removes all links that would make the first admin.
pub(crate) async fn void_setup(tx: &mut Tx) -> Result<()> {
    tx.defer("DELETE FROM links WHERE purpose = 'setup'", params![]).await
}

/// Removes links that were over before then.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM links WHERE expires_at < $1", params![before]).await
}
