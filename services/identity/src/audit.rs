//! What admins did: appended with the change itself, each entry bound to the one before by its hash,
//! so that nothing can be altered or left out unseen.

use db::{Db, Row, Tx, params};
use kernel::{Error, Result, Timestamp};
use sha2::{Digest, Sha256};

/// The end of the chain, locked until the transaction is over: who holds it appends next.
pub(crate) struct Head {
    length: i64,
    hash: String,
}

/// What happened.
pub(crate) struct Entry<'a> {
    pub(crate) at: Timestamp,
    /// Account id, or `setup`.
    pub(crate) actor: &'a str,
    pub(crate) action: &'a str,
    /// Account id.
    pub(crate) subject: &'a str,
    pub(crate) detail: serde_json::Value,
}

/// Takes the end of the chain. What is decided after it sees all that was decided before, so decisions
/// about admins do not cross each other.
pub(crate) async fn lock(tx: &mut Tx) -> Result<Head> {
    let row = tx.one("UPDATE audit_head SET length = length WHERE id = 1 RETURNING length, hash", params![]).await?;
    Ok(Head { length: row.get("length")?, hash: row.get("hash")? })
}

/// Appends an entry.
pub(crate) async fn append(tx: &mut Tx, head: Head, entry: Entry<'_>) -> Result<()> {
    let detail = entry.detail.to_string();
    let seq = head.length + 1;
    let hash = link(&head.hash, seq, entry.at, [entry.actor, entry.action, entry.subject, &detail]);
    tx.exec(
        "INSERT INTO audit (seq, at, actor, action, subject, detail, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![seq, entry.at, entry.actor, entry.action, entry.subject, detail, head.hash, &hash],
    )
    .await?;
    tx.exec("UPDATE audit_head SET length = $1, hash = $2 WHERE id = 1", params![seq, hash]).await.map(|_| ())
}

fn link(prev: &str, seq: i64, at: Timestamp, parts: [&str; 4]) -> String {
    let mut hash = Sha256::new();
    hash.update(prev);
    hash.update(seq.to_be_bytes());
    hash.update(at.micros().to_be_bytes());
    for part in parts {
        // The length first, so that no text can pass for two.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    crate::links::encode_hash(hash)
}

/// Goes through the whole chain; the number of entries.
///
/// # Errors
/// Names the first entry that is altered or missing.
pub async fn verify(db: &Db) -> Result<i64> {
    let (mut seq, mut prev) = (0, String::new());
    loop {
        let sql = "SELECT seq, at, actor, action, subject, detail, prev_hash, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT 500";
        let rows = db.all(sql, params![seq]).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            seq += 1;
            let hash: String = row.get("hash")?;
            if row.get::<i64>("seq")? != seq || row.get::<String>("prev_hash")? != prev || hash != link_of(&prev, &row)?
            {
                return Err(broken(seq));
            }
            prev = hash;
        }
    }
    let head = db.one("SELECT length, hash FROM audit_head WHERE id = 1", params![]).await?;
    if head.get::<i64>("length")? != seq || head.get::<String>("hash")? != prev {
        return Err(broken(seq + 1));
    }
    Ok(seq)
}

fn link_of(prev: &str, row: &Row) -> Result<String> {
    let text = |column| row.get::<String>(column);
    let (actor, action, subject, detail) = (text("actor")?, text("action")?, text("subject")?, text("detail")?);
    Ok(link(prev, row.get("seq")?, row.get("at")?, [&actor, &action, &subject, &detail]))
}

fn broken(seq: i64) -> Error {
    Error::conflict("audit_broken", format!("Entry {seq} of the audit log was altered or removed."))
}
