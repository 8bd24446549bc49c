//! Who without an account wants to know when something is back.

use db::{Tx, params};
use kernel::{Email, Result, Timestamp, VariantId};

use crate::model::{
    key::TokenHash,
    notice::{MAILS_MAX, NOTICES_MAX, Notice},
};

/// Counts a mail to an address, if it had fewer than it may get since `since`; false if not. Its row is the lock of all
/// that is asked for the address at the same time.
pub(crate) async fn count_mail(tx: &mut Tx, stop: &TokenHash, since: Timestamp, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO notice_mails (stop_hash, since, mails) VALUES ($1, $2, 1)
               ON CONFLICT (stop_hash) DO UPDATE SET
                   mails = CASE WHEN notice_mails.since < $3 THEN 1 ELSE notice_mails.mails + 1 END,
                   since = CASE WHEN notice_mails.since < $3 THEN excluded.since ELSE notice_mails.since END
               WHERE notice_mails.since < $3 OR notice_mails.mails < $4";
    Ok(tx.exec(sql, params![&stop.0, now, since, MAILS_MAX]).await? == 1)
}

/// Keeps a notice that is still to be confirmed; false if it is confirmed, or the address waits for as much as it may.
pub(crate) async fn put(tx: &mut Tx, variant: VariantId, notice: &Notice, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO notices (variant_id, email, confirm_hash, stop_hash, confirmed, asked_at, language)
               SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), 0, CAST($5 AS BIGINT), CAST($7 AS TEXT)
               WHERE (SELECT count(*) FROM notices WHERE email = $2 AND variant_id <> $1) < $6
               ON CONFLICT (email, variant_id) DO UPDATE SET confirm_hash = excluded.confirm_hash, asked_at = excluded.asked_at,
                   language = excluded.language
               WHERE notices.confirmed = 0";
    let Notice { email, confirm_hash, stop_hash, language } = notice;
    let params = params![variant, email, &confirm_hash.0, &stop_hash.0, now, NOTICES_MAX, language];
    Ok(tx.exec(sql, params).await? == 1)
}

/// The variant of the link that confirms a notice, unless it is too old.
pub(crate) async fn of_link(tx: &mut Tx, confirm: &TokenHash, since: Timestamp) -> Result<Option<VariantId>> {
    let sql = "SELECT variant_id FROM notices WHERE confirm_hash = $1 AND (asked_at >= $2 OR confirmed = 1)";
    tx.opt(sql, params![&confirm.0, since]).await?.map(|row| row.get("variant_id")).transpose()
}

/// Confirms a notice. Hold the variant's level first, as those do who tell of its return.
pub(crate) async fn confirm(tx: &mut Tx, confirm: &TokenHash) -> Result<()> {
    tx.defer("UPDATE notices SET confirmed = 1 WHERE confirm_hash = $1", params![&confirm.0]).await
}

/// True if somebody waits for a variant.
pub(crate) async fn is_awaited(tx: &mut Tx, variant: VariantId) -> Result<bool> {
    let sql = "SELECT 1 AS waits FROM notices WHERE variant_id = $1 AND confirmed = 1 LIMIT 1";
    Ok(tx.opt(sql, params![variant]).await?.is_some())
}

/// Some of the addresses that wait for a variant, with their languages; nothing of them is kept here.
pub(crate) async fn take_waiting(tx: &mut Tx, variant: VariantId, limit: i64) -> Result<Vec<(Email, Option<String>)>> {
    let sql = "DELETE FROM notices WHERE variant_id = $1 AND confirmed = 1 AND email IN
                   (SELECT email FROM notices WHERE variant_id = $1 AND confirmed = 1 ORDER BY email LIMIT $2)
               RETURNING email, language";
    let rows = tx.all(sql, params![variant, limit]).await?;
    rows.iter().map(|row| Ok((row.get("email")?, row.get("language")?))).collect()
}

/// Ends all notices to an address.
pub(crate) async fn stop(tx: &mut Tx, stop: &TokenHash) -> Result<()> {
    tx.defer("DELETE FROM notices WHERE stop_hash = $1", params![&stop.0]).await
}

/// Forgets what was not confirmed in time and who has waited for too long; how many.
pub(crate) async fn prune(tx: &mut Tx, unconfirmed: Timestamp, all: Timestamp, limit: i64) -> Result<u64> {
    let sql = "DELETE FROM notices WHERE (email, variant_id) IN (SELECT email, variant_id FROM notices
                   WHERE asked_at < $2 OR (asked_at < $1 AND confirmed = 0) LIMIT $3)";
    tx.exec(sql, params![unconfirmed, all, limit]).await
}

/// Forgets how many mails were sent before a time; how many counts.
pub(crate) async fn prune_mails(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    let sql =
        "DELETE FROM notice_mails WHERE stop_hash IN (SELECT stop_hash FROM notice_mails WHERE since < $1 LIMIT $2)";
    tx.exec(sql, params![before, limit]).await
}
