//! Tax rates by country.

use contracts::pricing::TaxRate;
use db::{Db, Row, Tx, params};
use kernel::Result;

/// All rates, by country.
pub(crate) async fn all(db: &Db) -> Result<Vec<TaxRate>> {
    db.all("SELECT country, name, rate_bp FROM tax_rates ORDER BY country", params![]).await?.iter().map(rate).collect()
}

fn rate(row: &Row) -> Result<TaxRate> {
    Ok(TaxRate { country: row.get("country")?, name: row.get("name")?, rate_bp: row.get("rate_bp")? })
}

/// Sets a country's rate.
pub(crate) async fn put(tx: &mut Tx, rate: &TaxRate) -> Result<()> {
    tx.defer(
        "INSERT INTO tax_rates (country, name, rate_bp) VALUES ($1, $2, $3)
         ON CONFLICT (country) DO UPDATE SET name = excluded.name, rate_bp = excluded.rate_bp",
        params![&rate.country, &rate.name, rate.rate_bp],
    )
    .await
}
