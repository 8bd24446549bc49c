//! Ways to ship. A vendor's own are reached only with its scope.

use contracts::shipping::MethodInput;
use db::{Db, Row, Tx, Value, params};
use kernel::{Country, Result, ShippingMethodId, VendorId, VendorScope};

use crate::{
    error::ShippingError,
    model::{Method, method::METHODS_MAX},
};

const COLUMNS: &str = "m.method_id, m.name, m.currency, m.price_minor, m.free_over_minor, m.countries, m.days_min, m.days_max, m.weight_prices, m.max_weight_g, m.carrier_rate, m.value_prices, m.handling, m.pickup, m.version, m.created_at";

/// Stores a new method, unless the vendor has as many as it may have. Call with the vendor locked.
pub(crate) async fn insert(tx: &mut Tx, scope: &VendorScope, method: &Method) -> Result<()> {
    let input = &method.input;
    let stored = tx
        .exec(
            "INSERT INTO methods
                (method_id, vendor_id, name, currency, price_minor, free_over_minor, countries, days_min, days_max, version, created_at,
                 weight_prices, max_weight_g, carrier_rate, value_prices, handling, pickup)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS BIGINT),
                    CAST($7 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS BIGINT),
                    CAST($13 AS TEXT), CAST($14 AS BIGINT), CAST($15 AS BIGINT),
                    CAST($16 AS TEXT), CAST($17 AS TEXT), CAST($18 AS TEXT)
             WHERE (SELECT count(*) FROM methods WHERE vendor_id = $2) < $12",
            params![
                method.id, scope.vendor_id(), &input.name, input.currency, input.price_minor, input.free_over_minor,
                countries(input), input.days_min, input.days_max, method.version, method.created_at, METHODS_MAX,
                serde_json::to_string(&input.weight_prices)?, input.max_weight_g, input.carrier_rate,
                serde_json::to_string(&input.value_prices)?, serde_json::to_string(&input.handling)?, pickup(input)?
            ],
        )
        .await?;
    if stored == 1 { Ok(()) } else { Err(ShippingError::TooManyMethods(METHODS_MAX).into()) }
}

/// Stores a changed method. Call with the vendor locked.
pub(crate) async fn update(tx: &mut Tx, scope: &VendorScope, method: &Method) -> Result<()> {
    let input = &method.input;
    let stored = tx
        .exec(
            "UPDATE methods SET name = $3, currency = $4, price_minor = $5, free_over_minor = $6, countries = $7, days_min = $8,
                    days_max = $9, version = $10, weight_prices = $11, max_weight_g = $12, carrier_rate = $13,
                    value_prices = $14, handling = $15, pickup = $16
             WHERE vendor_id = $1 AND method_id = $2 AND version = $10 - 1",
            params![
                scope.vendor_id(), method.id, &input.name, input.currency, input.price_minor, input.free_over_minor,
                countries(input), input.days_min, input.days_max, method.version,
                serde_json::to_string(&input.weight_prices)?, input.max_weight_g, input.carrier_rate,
                serde_json::to_string(&input.value_prices)?, serde_json::to_string(&input.handling)?, pickup(input)?
            ],
        )
        .await?;
    if stored == 1 { Ok(()) } else { Err(ShippingError::MethodNotFound.into()) }
}

/// Removes a method.
pub(crate) async fn delete(tx: &mut Tx, scope: &VendorScope, id: ShippingMethodId) -> Result<()> {
    tx.defer("DELETE FROM methods WHERE vendor_id = $1 AND method_id = $2", params![scope.vendor_id(), id]).await
}

/// One of a vendor's methods.
pub(crate) async fn find(tx: &mut Tx, scope: &VendorScope, id: ShippingMethodId) -> Result<Method> {
    let sql = format!("SELECT {COLUMNS} FROM methods m WHERE m.vendor_id = $1 AND m.method_id = $2");
    let row = tx.opt(&sql, params![scope.vendor_id(), id]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| ShippingError::MethodNotFound.into())
}

/// A vendor's methods, oldest first.
pub(crate) async fn list(db: &Db, scope: &VendorScope) -> Result<Vec<Method>> {
    let (sql, params) = all_of(scope);
    db.as_vendor(scope).all(&sql, params).await?.iter().map(read).collect()
}

/// The same, in the transaction that has changed them.
pub(crate) async fn list_now(tx: &mut Tx, scope: &VendorScope) -> Result<Vec<Method>> {
    let (sql, params) = all_of(scope);
    tx.all(&sql, params).await?.iter().map(read).collect()
}

fn all_of(scope: &VendorScope) -> (String, Vec<Value>) {
    let sql = format!("SELECT {COLUMNS} FROM methods m WHERE m.vendor_id = $1 ORDER BY m.created_at, m.method_id");
    (sql, params![scope.vendor_id()])
}

/// Methods of an open store, cheapest first; none if there is no such store or it is not open.
pub(crate) async fn of_open_store(db: &Db, vendor_id: VendorId) -> Result<Option<Vec<Method>>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM vendors v LEFT JOIN methods m ON m.vendor_id = v.vendor_id
         WHERE v.vendor_id = $1 AND v.open = 1 ORDER BY m.price_minor, m.method_id"
    );
    let rows = db.all(&sql, params![vendor_id]).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut methods = Vec::with_capacity(rows.len());
    for row in &rows {
        // An open store without methods is one row without a method.
        if row.get::<Option<ShippingMethodId>>("method_id")?.is_some() {
            methods.push(read(row)?);
        }
    }
    Ok(Some(methods))
}

fn pickup(input: &MethodInput) -> Result<Option<String>> {
    Ok(input.pickup.as_ref().map(serde_json::to_string).transpose()?)
}

fn countries(input: &MethodInput) -> String {
    input.countries.iter().map(Country::as_str).collect::<Vec<_>>().join(" ")
}

fn read(row: &Row) -> Result<Method> {
    let countries: String = row.get("countries")?;
    Ok(Method {
        id: row.get("method_id")?,
        input: MethodInput {
            name: row.get("name")?,
            currency: row.get("currency")?,
            price_minor: row.get("price_minor")?,
            free_over_minor: row.get("free_over_minor")?,
            countries: countries.split_whitespace().map(str::parse).collect::<Result<_>>()?,
            days_min: row.get("days_min")?,
            days_max: row.get("days_max")?,
            weight_prices: row.json("weight_prices")?,
            value_prices: row.json("value_prices")?,
            max_weight_g: row.get("max_weight_g")?,
            carrier_rate: row.get("carrier_rate")?,
            handling: row.json("handling")?,
            pickup: row.json("pickup")?,
        },
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}
