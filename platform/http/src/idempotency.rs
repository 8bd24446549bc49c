//! Idempotency keys: the key's row is committed with the effect, so the same key never has two.

use db::{Db, Row, Tx, params};
use kernel::{Error, Kind, Result, Timestamp};
use serde::Serialize;

/// Who asked for what under which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// `account:<id>`, `guest` or `service:<name>`.
    pub who: String,
    /// `POST /api/v1/orders`
    pub route: String,
    /// The caller's key.
    pub key: String,
    /// Hash over path and body.
    pub fingerprint: String,
}

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Status.
    pub status: u16,
    /// JSON text, byte for byte.
    pub body: String,
}

impl axum::response::IntoResponse for StoredAnswer {
    fn into_response(self) -> axum::response::Response {
        let status = axum::http::StatusCode::from_u16(self.status).unwrap_or(axum::http::StatusCode::OK);
        (status, [(axum::http::header::CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}

/// What [`claim`] found.
#[derive(Debug)]
pub enum Claim {
    /// Nobody used the key: go on, and [`store`] the answer in the same transaction.
    Fresh,
    /// It was used for the same request: give this answer again.
    Replay(StoredAnswer),
}

/// Takes the key within the transaction of the effect.
///
/// # Errors
/// 422 if the key was used for another request.
pub async fn claim(tx: &mut Tx, key: &IdempotencyKey, now: Timestamp) -> Result<Claim> {
    if take(tx, key, 0, "", now).await? {
        return Ok(Claim::Fresh);
    }
    let row = tx.one(STORED, params![&key.who, &key.route, &key.key]).await?;
    stored(&row, key).map(Claim::Replay)
}

/// The answer given under the key before, if there is one: for requests that fail before their
/// transaction, but may be a repetition of one that did not.
///
/// # Errors
/// 422 if the key was used for another request.
pub async fn find(db: &Db, key: &IdempotencyKey) -> Result<Option<StoredAnswer>> {
    let row = db.opt(STORED, params![&key.who, &key.route, &key.key]).await?;
    row.map(|row| stored(&row, key)).transpose()
}

const STORED: &str =
    "SELECT fingerprint, status, body FROM idempotency_keys WHERE who = $1 AND route = $2 AND key = $3";

fn stored(row: &Row, key: &IdempotencyKey) -> Result<StoredAnswer> {
    if row.get::<String>("fingerprint")? != key.fingerprint {
        return Err(Error::new(
            Kind::Invalid,
            "idempotency_key_reused",
            "This “Idempotency-Key” was used for another request.",
        ));
    }
    Ok(StoredAnswer { status: row.get::<u32>("status")? as u16, body: row.get("body")? })
}

/// Stores the answer under the key, within the transaction of the effect.
pub async fn store(tx: &mut Tx, key: &IdempotencyKey, status: u16, body: &impl Serialize) -> Result<StoredAnswer> {
    let body = serde_json::to_string(body)?;
    tx.defer(
        "UPDATE idempotency_keys SET status = $4, body = $5 WHERE who = $1 AND route = $2 AND key = $3",
        params![&key.who, &key.route, &key.key, u32::from(status), &body],
    )
    .await?;
    Ok(StoredAnswer { status, body })
}

/// Takes a key that nobody has [`claim`]ed and stores the answer under it, in one statement: for an effect that changes
/// nothing that others have, so that it may be done before anybody looks whether it was done already. None if somebody
/// used the key before: then nothing of the transaction may be kept, and [`find`] tells the answer.
pub async fn claim_with(
    tx: &mut Tx,
    key: &IdempotencyKey,
    status: u16,
    body: &impl Serialize,
    now: Timestamp,
) -> Result<Option<StoredAnswer>> {
    let body = serde_json::to_string(body)?;
    Ok(take(tx, key, status, &body, now).await?.then_some(StoredAnswer { status, body }))
}

/// Stores a key with what is answered under it; false if somebody used it before.
async fn take(tx: &mut Tx, key: &IdempotencyKey, status: u16, body: &str, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO idempotency_keys (who, route, key, fingerprint, status, body, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (who, route, key) DO NOTHING";
    let values = params![&key.who, &key.route, &key.key, &key.fingerprint, u32::from(status), body, now];
    Ok(tx.exec(sql, values).await? == 1)
}

/// Forgets keys older than `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM idempotency_keys WHERE created_at < $1", params![before]).await
}
