//! Signing keys.

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::Result;

use crate::keys::StoredKey;

/// All keys, newest first.
pub(crate) async fn all(db: &Db) -> Result<Vec<StoredKey>> {
    let sql =
        "SELECT kid, public_key, sealed, created_at, active_from FROM signing_keys ORDER BY active_from DESC, kid";
    let key = |row: &Row| {
        Ok(StoredKey {
            kid: row.get("kid")?,
            public_key: row.get("public_key")?,
            sealed: row.get("sealed")?,
            created_at: row.get("created_at")?,
            active_from: row.get("active_from")?,
        })
    };
    db.all(sql, params![]).await?.iter().map(key).collect()
}

/// Stores a key.
pub(crate) async fn insert(tx: &mut Tx, key: &StoredKey) -> Result<()> {
    let sql = "INSERT INTO signing_keys (kid, public_key, sealed, created_at, active_from) VALUES ($1, $2, $3, $4, $5)";
    tx.defer(sql, params![&key.kid, &key.public_key, &key.sealed, key.created_at, key.active_from]).await
}

/// Removes keys.
pub(crate) async fn remove(tx: &mut Tx, kids: &[String]) -> Result<()> {
    if kids.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM signing_keys WHERE kid IN ({})", placeholders(1, kids.len()));
    tx.defer(sql, kids.iter().map(Value::from).collect()).await
}
