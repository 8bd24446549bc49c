//! How far providers' journals were compared with ours, and which payments are to be looked at again.

use db::{Db, Tx, Value, params, placeholders};
use kernel::{PaymentId, Result, Timestamp};

use super::{PAYMENT_COLUMNS, payment_of};
use crate::model::{
    Payment,
    review::{FOUND, STRAY},
};

/// How far a provider's journal was compared with ours.
pub async fn journal_position(db: &Db, provider: &str) -> Result<Option<String>> {
    let row = db.opt("SELECT position FROM journal_cursors WHERE provider = $1", params![provider]).await?;
    row.map(|row| row.get("position")).transpose()
}

/// Remembers how far it was.
pub async fn save_journal_position(tx: &mut Tx, provider: &str, position: &str) -> Result<()> {
    tx.defer(
        "INSERT INTO journal_cursors (provider, position) VALUES ($1, $2)
         ON CONFLICT (provider) DO UPDATE SET position = excluded.position",
        params![provider, position],
    )
    .await
}

/// Where a journal is gone through again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Again {
    /// Up to there all is too old for that.
    pub behind: Option<String>,
    /// Where it goes on; none: it begins behind `behind`.
    pub from: Option<String>,
}

/// Where a provider's journal is gone through again; none if it was not compared yet.
pub async fn second_look(db: &Db, provider: &str) -> Result<Option<Again>> {
    let row = db.opt("SELECT behind, again FROM journal_cursors WHERE provider = $1", params![provider]).await?;
    row.map(|row| Ok(Again { behind: row.get("behind")?, from: row.get("again")? })).transpose()
}

/// Remembers where it goes on.
pub async fn save_second_look(tx: &mut Tx, provider: &str, place: &Again) -> Result<()> {
    let sql = "UPDATE journal_cursors SET behind = $2, again = $3 WHERE provider = $1";
    tx.defer(sql, params![provider, &place.behind, &place.from]).await
}

/// Those of a provider's payments with whose money something is wrong that somebody looks at, or has looked at.
pub async fn reviewed_refs(db: &Db, provider: &str, refs: &[&str]) -> Result<Vec<String>> {
    if refs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT DISTINCT provider_ref FROM review_items WHERE provider = $1 AND provider_ref IN ({})
            AND problem IN ({})",
        placeholders(2, refs.len()),
        placeholders(2 + refs.len(), STRAY.len() + FOUND.len())
    );
    let problems: Vec<&str> = [STRAY.as_slice(), FOUND.as_slice()].concat();
    let values = std::iter::once(provider).chain(refs.iter().copied()).chain(problems);
    db.all(&sql, values.map(Value::from).collect()).await?.iter().map(|row| row.get("provider_ref")).collect()
}

/// Payments at a provider that were not looked at since `since`, nor made after `before`: the oldest look first.
pub async fn due_looks(
    db: &Db,
    provider: &str,
    since: Timestamp,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Payment>> {
    let sql = format!(
        "SELECT {PAYMENT_COLUMNS} FROM payments WHERE provider = $1 AND looked_at <= $2 AND created_at <= $3
         ORDER BY looked_at LIMIT $4"
    );
    db.all(&sql, params![provider, since, before, limit]).await?.iter().map(payment_of).collect()
}

/// It was looked at; without a time it is not looked at any more.
pub async fn note_look(tx: &mut Tx, id: PaymentId, at: Option<Timestamp>) -> Result<()> {
    tx.defer("UPDATE payments SET looked_at = $2 WHERE id = $1", params![id, at]).await
}
