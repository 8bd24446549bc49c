//! For how long things can be returned.

use contracts::orders::VendorReturnPolicy;
use db::{Db, Tx, params};
use kernel::{Result, VendorId};

/// What the marketplace asks for until it sets something else.
const DAYS: i64 = 30;

/// Days the marketplace asks for.
pub async fn market_days(db: &Db) -> Result<i64> {
    db.opt("SELECT days FROM return_policy WHERE one = 1", params![]).await?.map_or(Ok(DAYS), |row| row.at(0))
}

/// Sets them.
pub async fn set_market_days(tx: &mut Tx, days: i64) -> Result<()> {
    let sql =
        "INSERT INTO return_policy (one, days) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET days = excluded.days";
    tx.defer(sql, params![days]).await
}

/// What the marketplace asks for, what a vendor has set, and what counts.
pub async fn policy_of(db: &Db, vendor: VendorId) -> Result<VendorReturnPolicy> {
    let market_days = market_days(db).await?;
    let sql = "SELECT days FROM vendor_return_policies WHERE vendor_id = $1";
    let own_days: Option<i64> = db.opt(sql, params![vendor]).await?.map(|row| row.at(0)).transpose()?;
    Ok(VendorReturnPolicy { market_days, own_days, days: market_days.max(own_days.unwrap_or(0)) })
}

/// Sets a vendor's own days, or takes them back.
pub async fn set_days_of(tx: &mut Tx, vendor: VendorId, days: Option<i64>) -> Result<()> {
    match days {
        Some(days) => {
            let sql = "INSERT INTO vendor_return_policies (vendor_id, days) VALUES ($1, $2)
                       ON CONFLICT (vendor_id) DO UPDATE SET days = excluded.days";
            tx.defer(sql, params![vendor, days]).await
        }
        None => tx.defer("DELETE FROM vendor_return_policies WHERE vendor_id = $1", params![vendor]).await,
    }
}

/// SQL of the days that count for the vendor of `v`, for other statements.
pub fn days_of() -> String {
    format!(
        "(SELECT max(d.days) FROM (
            SELECT COALESCE((SELECT p.days FROM return_policy p WHERE p.one = 1), {DAYS}) AS days
            UNION ALL SELECT o.days FROM vendor_return_policies o WHERE o.vendor_id = v.vendor_id) AS d)"
    )
}
