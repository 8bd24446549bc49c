//! The currencies of the shop beside the main one, with rates that are counted from it; rates that are counted from another
//! are not the shop's. There are never more than the currencies Souk knows.

use contracts::currencies::ShopCurrency;
use db::{Db, Row, Tx, params};
use kernel::{Currency, Error, Result, Rounding, RoundingMode};

const ALL: &str = "SELECT code, rate_micro, mode, step_minor, ending_minor, enabled, updated_at
     FROM currencies WHERE main = $1 ORDER BY code";

/// Whether there are any: part of the first read of a quote, where `$5` is the main currency.
pub(crate) const SEVERAL: &str = "CASE WHEN EXISTS (SELECT 1 FROM currencies WHERE main = $5) THEN 1 ELSE 0 END";

/// All of them, by code.
pub(crate) async fn all(db: &Db, main: Currency) -> Result<Vec<ShopCurrency>> {
    db.all(ALL, params![main]).await?.iter().map(currency).collect()
}

/// Those that may be chosen by a rate that is counted from another main currency, with that one; none as long as the
/// shop's main currency is what it was.
pub(crate) async fn of_other_mains(db: &Db, main: Currency) -> Result<Vec<(Currency, Currency)>> {
    let sql = "SELECT main, code FROM currencies WHERE enabled = 1 AND main <> $1 ORDER BY main, code";
    let rows = db.all(sql, params![main]).await?;
    rows.iter().map(|row| Ok((row.get("main")?, row.get("code")?))).collect()
}

fn currency(row: &Row) -> Result<ShopCurrency> {
    let mode: String = row.get("mode")?;
    let mode = RoundingMode::of(&mode).ok_or_else(|| Error::internal(format!("unknown rounding {mode:?}")))?;
    Ok(ShopCurrency {
        code: row.get("code")?,
        rate_micro: row.get("rate_micro")?,
        rounding: Rounding { mode, step_minor: row.get("step_minor")?, ending_minor: row.get("ending_minor")? },
        enabled: row.get("enabled")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Adds a currency or changes it; from now on its rate is counted from `main`.
pub(crate) async fn put(tx: &mut Tx, main: Currency, currency: &ShopCurrency) -> Result<()> {
    let ShopCurrency { code, rate_micro, rounding, enabled, updated_at } = currency;
    tx.defer(
        "INSERT INTO currencies (code, rate_micro, mode, step_minor, ending_minor, enabled, updated_at, main)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (code) DO UPDATE SET rate_micro = excluded.rate_micro, mode = excluded.mode, step_minor = excluded.step_minor,
            ending_minor = excluded.ending_minor, enabled = excluded.enabled, updated_at = excluded.updated_at, main = excluded.main",
        params![
            *code,
            *rate_micro,
            rounding.mode.name(),
            rounding.step_minor,
            rounding.ending_minor,
            *enabled,
            *updated_at,
            main
        ],
    )
    .await
}

/// Has a currency be chosen no longer. Its rate stays, for when it is wanted again.
pub(crate) async fn disable(tx: &mut Tx, main: Currency, code: Currency) -> Result<()> {
    match tx.exec("UPDATE currencies SET enabled = 0 WHERE code = $1 AND main = $2", params![code, main]).await? {
        0 => Err(Error::not_found("currency")),
        _ => Ok(()),
    }
}

/// True if prices of products can be converted into this currency.
pub(crate) async fn is_sold_in(tx: &mut Tx, main: Currency, code: Currency) -> Result<bool> {
    let sql =
        "SELECT 1 FROM currencies WHERE main = $1 AND enabled = 1 AND (code = $2 OR CAST($3 AS BIGINT) = 1) LIMIT 1";
    Ok(tx.opt(sql, params![main, code, code == main]).await?.is_some())
}
