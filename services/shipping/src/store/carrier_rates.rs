//! What the carrier takes for vendors' parcels, as it said last.

use contracts::{shared::Address, shipping::CarrierRate};
use db::{Db, Row, Tx, Value, params, rows_sql};
use kernel::{Country, Currency, Money, Result, Timestamp, VendorId, VendorScope};

/// A price that the carrier is to be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub vendor_id: VendorId,
    pub country: Country,
    pub up_to_g: i64,
    /// Where the parcel comes from.
    pub from: Address,
}

/// Wants prices to these countries for parcels up to these weights; what is wanted already stays as it is.
pub(crate) async fn want(tx: &mut Tx, scope: &VendorScope, countries: &[Country], weights: &[i64]) -> Result<()> {
    const INTO: &str = "INSERT INTO carrier_rates (vendor_id, country, up_to_g, ask_at)";
    let mut values: Vec<Value> = Vec::new();
    for country in countries {
        for up_to_g in weights {
            values.extend(params![scope.vendor_id(), country, *up_to_g, 0_i64]);
        }
    }
    if values.is_empty() {
        return Ok(());
    }
    let rows = rows_sql(INTO, 4, values.len() / 4);
    tx.defer(format!("{rows} ON CONFLICT (vendor_id, country, up_to_g) DO NOTHING"), values).await
}

/// Has all of a vendor's prices asked for again: its parcels come from elsewhere now.
pub(crate) async fn ask_again(tx: &mut Tx, scope: &VendorScope) -> Result<()> {
    tx.defer("UPDATE carrier_rates SET ask_at = 0 WHERE vendor_id = $1", params![scope.vendor_id()]).await
}

/// What has to be asked for by now: for methods that still cost what the carrier takes, of vendors who say where their
/// parcels come from.
pub(crate) async fn due(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<Wanted>> {
    let rows = db
        .all(
            "SELECT r.vendor_id, r.country, r.up_to_g, s.address FROM carrier_rates r JOIN senders s ON s.vendor_id = r.vendor_id
             WHERE r.ask_at <= $1 AND EXISTS (
                SELECT 1 FROM methods m WHERE m.vendor_id = r.vendor_id AND m.carrier_rate = 1
                    AND ' ' || m.countries || ' ' LIKE '% ' || r.country || ' %')
             ORDER BY r.ask_at, r.vendor_id, r.country, r.up_to_g LIMIT $2",
            params![now, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Wanted {
                vendor_id: row.get("vendor_id")?,
                country: row.get("country")?,
                up_to_g: row.get("up_to_g")?,
                from: row.json("address")?,
            })
        })
        .collect()
}

/// Notes what the carrier said, if it said anything, and when to ask again.
pub(crate) async fn note(
    tx: &mut Tx,
    wanted: &Wanted,
    price: Option<Money>,
    now: Timestamp,
    ask_at: Timestamp,
) -> Result<()> {
    let Wanted { vendor_id, country, up_to_g, .. } = wanted;
    let Some(price) = price else {
        let sql = "UPDATE carrier_rates SET ask_at = $4 WHERE vendor_id = $1 AND country = $2 AND up_to_g = $3";
        return tx.defer(sql, params![vendor_id, country, *up_to_g, ask_at]).await;
    };
    tx.defer(
        "UPDATE carrier_rates SET ask_at = $4, currency = $5, price_minor = $6, good_at = $7
         WHERE vendor_id = $1 AND country = $2 AND up_to_g = $3",
        params![vendor_id, country, *up_to_g, ask_at, price.currency, price.amount_minor, now],
    )
    .await
}

/// All prices of a vendor that were ever good.
pub(crate) async fn good(tx: &mut Tx, scope: &VendorScope) -> Result<Vec<CarrierRate>> {
    let sql = "SELECT country, up_to_g, currency, price_minor, good_at FROM carrier_rates
               WHERE vendor_id = $1 AND price_minor IS NOT NULL ORDER BY country, up_to_g";
    tx.all(sql, params![scope.vendor_id()]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<CarrierRate> {
    let currency: Currency = row.get("currency")?;
    Ok(CarrierRate {
        country: row.get("country")?,
        up_to_g: row.get("up_to_g")?,
        price: Money::new(row.get("price_minor")?, currency),
        at: row.get("good_at")?,
    })
}
