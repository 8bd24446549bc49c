//! Vendors' accounts at providers that pay vendors.

use db::{Db, Row, Tx, params};
use kernel::{Country, Result, Timestamp, VendorId, VendorScope};

use crate::{model::recipients::Recipient, provider::payouts::ProviderAccount};

const RECIPIENT: &str =
    "SELECT r.vendor_id, v.name, r.provider, r.country, r.account_ref, r.attempt, r.chosen, r.ready, r.due,
    r.problem, r.checked_at FROM payout_recipients r JOIN vendors v ON v.id = r.vendor_id";

fn recipient_of(row: &Row) -> Result<Recipient> {
    Ok(Recipient {
        vendor_id: row.get("vendor_id")?,
        name: row.get("name")?,
        provider: row.get("provider")?,
        country: row.get("country")?,
        account_ref: row.get("account_ref")?,
        attempt: row.get("attempt")?,
        is_chosen: row.get("chosen")?,
        is_ready: row.get("ready")?,
        due: row.get::<String>("due")?.split_whitespace().map(str::to_owned).collect(),
        problem: row.get("problem")?,
        checked_at: row.get("checked_at")?,
    })
}

/// All accounts of a vendor at providers.
pub async fn recipients(db: &Db, scope: &VendorScope) -> Result<Vec<Recipient>> {
    let sql = format!("{RECIPIENT} WHERE r.vendor_id = $1 ORDER BY r.provider");
    db.as_vendor(scope).all(&sql, params![scope.vendor_id()]).await?.iter().map(recipient_of).collect()
}

/// A vendor's account at a provider.
pub async fn recipient(db: &Db, scope: &VendorScope, provider: &str) -> Result<Option<Recipient>> {
    let sql = format!("{RECIPIENT} WHERE r.vendor_id = $1 AND r.provider = $2");
    db.as_vendor(scope).opt(&sql, params![scope.vendor_id(), provider]).await?.as_ref().map(recipient_of).transpose()
}

/// The same within a transaction.
pub async fn recipient_within(tx: &mut Tx, vendor: VendorId, provider: &str) -> Result<Option<Recipient>> {
    let sql = format!("{RECIPIENT} WHERE r.vendor_id = $1 AND r.provider = $2");
    tx.opt(&sql, params![vendor, provider]).await?.as_ref().map(recipient_of).transpose()
}

/// The account at a provider that a vendor has chosen to be paid to, if it has.
pub async fn chosen_recipient(tx: &mut Tx, vendor: VendorId) -> Result<Option<Recipient>> {
    let sql = format!("{RECIPIENT} WHERE r.vendor_id = $1 AND r.chosen = 1");
    tx.opt(&sql, params![vendor]).await?.as_ref().map(recipient_of).transpose()
}

/// Whose account this is.
pub async fn recipient_with(db: &Db, provider: &str, account_ref: &str) -> Result<Option<Recipient>> {
    let sql = format!("{RECIPIENT} WHERE r.provider = $1 AND r.account_ref = $2");
    db.opt(&sql, params![provider, account_ref]).await?.as_ref().map(recipient_of).transpose()
}

/// Accounts that are chosen and cannot be paid to, and whose provider was not asked since `before`; the longest ago first.
pub async fn unready_recipients(db: &Db, before: Timestamp, limit: i64) -> Result<Vec<Recipient>> {
    let sql = format!(
        "{RECIPIENT} WHERE r.chosen = 1 AND r.ready = 0 AND r.checked_at < $1 ORDER BY r.checked_at, r.vendor_id LIMIT $2"
    );
    db.all(&sql, params![before, limit]).await?.iter().map(recipient_of).collect()
}

/// A vendor wants an account at a provider. As long as there is none another country may be named, which is another attempt.
pub async fn want_recipient(
    tx: &mut Tx,
    vendor: VendorId,
    provider: &str,
    country: &Country,
    now: Timestamp,
) -> Result<()> {
    tx.exec(
        "INSERT INTO payout_recipients (vendor_id, provider, country, account_ref, attempt, chosen, ready, due, created_at)
         VALUES ($1, $2, $3, NULL, 1, 0, 0, '', $4)
         ON CONFLICT (vendor_id, provider) DO UPDATE SET country = excluded.country, attempt = payout_recipients.attempt + 1
            WHERE payout_recipients.account_ref IS NULL AND payout_recipients.country <> excluded.country",
        params![vendor, provider, country, now],
    )
    .await
    .map(drop)
}

/// A vendor has typed its account at a provider that asks nothing more of it: it can be paid to. Another one takes its place.
///
/// # Errors
/// `db_unique` if it is another vendor's.
pub async fn give_recipient(
    tx: &mut Tx,
    vendor: VendorId,
    provider: &str,
    country: &Country,
    account_ref: &str,
    now: Timestamp,
) -> Result<()> {
    tx.exec(
        "INSERT INTO payout_recipients (vendor_id, provider, country, account_ref, attempt, chosen, ready, due, created_at)
         VALUES ($1, $2, $3, $4, 1, 0, 1, '', $5)
         ON CONFLICT (vendor_id, provider) DO UPDATE SET country = excluded.country, account_ref = excluded.account_ref,
            ready = 1",
        params![vendor, provider, country, account_ref, now],
    )
    .await
    .map(drop)
}

/// The provider has refused to make the account: what it has said under the key it would say again.
pub async fn give_up_attempt(tx: &mut Tx, recipient: &Recipient) -> Result<()> {
    tx.exec(
        "UPDATE payout_recipients SET attempt = attempt + 1
         WHERE vendor_id = $1 AND provider = $2 AND attempt = $3 AND account_ref IS NULL",
        params![recipient.vendor_id, &recipient.provider, recipient.attempt],
    )
    .await
    .map(drop)
}

/// Notes how an account stands that was known as `known`; the provider may have come to know it by another name. The first account
/// that is noted stays; false for another one. One that is another vendor's is not this one's.
pub async fn note_account(
    tx: &mut Tx,
    (vendor, provider): (VendorId, &str),
    known: Option<&str>,
    seen: &ProviderAccount,
    now: Timestamp,
) -> Result<bool> {
    let whose = "SELECT vendor_id FROM payout_recipients WHERE provider = $1 AND account_ref = $2 AND vendor_id <> $3";
    let is_taken = tx.opt(whose, params![provider, &seen.id, vendor]).await?.is_some();
    let taken = ProviderAccount {
        id: known.unwrap_or(&seen.id).to_owned(),
        is_ready: false,
        due: Vec::new(),
        problem: Some("account_of_another_store".to_owned()),
    };
    let seen = match (is_taken, known) {
        (false, _) => seen,
        (true, Some(_)) => &taken,
        (true, None) => return Ok(false),
    };
    let changed = tx
        .exec(
            "UPDATE payout_recipients SET account_ref = $3, ready = $4, due = $5, problem = $6, checked_at = $7
             WHERE vendor_id = $1 AND provider = $2 AND (account_ref IS NULL OR account_ref = $3 OR account_ref = $8)",
            params![
                vendor,
                provider,
                &seen.id,
                i64::from(seen.is_ready),
                seen.due.join(" "),
                seen.problem.clone(),
                now,
                known.map(str::to_owned)
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The vendor is paid there from now on; true if that is news. Of two at once the later one counts.
pub async fn choose_recipient(tx: &mut Tx, vendor: VendorId, provider: &str) -> Result<bool> {
    choose_bank(tx, vendor, Some(provider)).await?;
    let sql = "UPDATE payout_recipients SET chosen = 1 WHERE vendor_id = $1 AND provider = $2 AND chosen = 0";
    Ok(tx.exec(sql, params![vendor, provider]).await? == 1)
}

/// The vendor is paid to its bank account from now on, or `but` for this provider.
pub async fn choose_bank(tx: &mut Tx, vendor: VendorId, but: Option<&str>) -> Result<()> {
    let sql = "UPDATE payout_recipients SET chosen = 0 WHERE vendor_id = $1 AND chosen = 1 AND provider <> $2";
    tx.exec(sql, params![vendor, but.unwrap_or_default()]).await.map(drop)
}
