//! The audit log: entries are appended, never changed.

use db::{Db, Row, Tx, params};
use kernel::{Error, Result, Timestamp};

/// The end of the chain.
pub(crate) struct Head {
    pub(crate) length: i64,
    pub(crate) hash: String,
}

/// An entry.
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
    /// Account id, or `setup`.
    pub(crate) actor: String,
    pub(crate) action: String,
    /// Account id.
    pub(crate) subject: String,
    /// JSON.
    pub(crate) detail: String,
    pub(crate) prev_hash: String,
    pub(crate) hash: String,
}

fn head_of(row: &Row) -> Result<Head> {
    Ok(Head { length: row.get("length")?, hash: row.get("hash")? })
}

/// The end of the chain, held until the transaction is over.
pub(crate) async fn lock_head(tx: &mut Tx) -> Result<Head> {
    const HEAD: &str = "SELECT length, hash FROM audit_head WHERE id = 1";
    head_of(&tx.lock(HEAD, params![]).await?.ok_or_else(|| Error::internal("the chain has no end"))?)
}

/// The end of the chain.
pub(crate) async fn head(db: &Db) -> Result<Head> {
    head_of(&db.one("SELECT length, hash FROM audit_head WHERE id = 1", params![]).await?)
}

/// Appends an entry, which is the end of the chain from then on.
pub(crate) async fn append(tx: &mut Tx, e: &Entry) -> Result<()> {
    tx.defer(
        "INSERT INTO audit (seq, at, actor, action, subject, detail, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![e.seq, e.at, &e.actor, &e.action, &e.subject, &e.detail, &e.prev_hash, &e.hash],
    ).await?;
    tx.defer("UPDATE audit_head SET length = $1, hash = $2 WHERE id = 1", params![e.seq, &e.hash]).await
}

/// Up to 500 entries behind `seq`.
pub(crate) async fn behind(db: &Db, seq: i64) -> Result<Vec<Entry>> {
    let sql = "SELECT seq, at, actor, action, subject, detail, prev_hash, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT 500";
    let entry = |row: &Row| {
        Ok(Entry {
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            action: row.get("action")?,
            subject: row.get("subject")?,
            detail: row.get("detail")?,
            prev_hash: row.get("prev_hash")?,
            hash: row.get("hash")?,
        })
    };
    db.all(sql, params![seq]).await?.iter().map(entry).collect()
}
