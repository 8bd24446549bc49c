//! Lines of carts. The cart's row is touched before, so nobody else changes its lines meanwhile.

use std::collections::BTreeMap;

use db::{Tx, Value, params, rows_sql};
use kernel::{CartId, Result, VariantId};

use super::carts::Touched;
use crate::{
    error::CartError,
    model::{LINES_MAX, QUANTITY_MAX, again::Put},
};

/// Adds the first line of a new cart.
pub(crate) async fn insert_first(
    tx: &mut Tx,
    cart: CartId,
    variant: VariantId,
    quantity: i64,
    added_minor: i64,
) -> Result<()> {
    tx.defer(
        "INSERT INTO lines (cart_id, variant_id, quantity, added_minor, place) VALUES ($1, $2, $3, $4, 1)",
        params![cart, variant, quantity, added_minor],
    )
    .await
}

/// Adds to a line, or a line. One that was kept for later is wanted now, as often as is said now.
pub(crate) async fn add(tx: &mut Tx, cart: Touched, variant: VariantId, quantity: i64, price_minor: i64) -> Result<()> {
    let added = tx
        .exec(
            "INSERT INTO lines (cart_id, variant_id, quantity, added_minor, place)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)
             WHERE (SELECT count(*) FROM lines WHERE cart_id = $1) < $6
                OR EXISTS (SELECT 1 FROM lines WHERE cart_id = $1 AND variant_id = $2)
             ON CONFLICT (cart_id, variant_id) DO UPDATE SET later = 0,
                quantity = CASE WHEN lines.later = 1 THEN excluded.quantity ELSE lines.quantity + excluded.quantity END
             WHERE lines.later = 1 OR lines.quantity + excluded.quantity <= $7",
            params![cart.id, variant, quantity, price_minor, cart.version, LINES_MAX, QUANTITY_MAX],
        )
        .await?;
    if added == 1 {
        return Ok(());
    }
    let known = tx.opt("SELECT 1 FROM lines WHERE cart_id = $1 AND variant_id = $2", params![cart.id, variant]).await?;
    Err(if known.is_some() { CartError::TooMany } else { CartError::Full("variant_id") }.into())
}

/// How many of each variant a cart holds; none of what is kept for later.
pub(crate) async fn held(tx: &mut Tx, cart: CartId) -> Result<BTreeMap<VariantId, i64>> {
    let sql =
        "SELECT variant_id, CASE WHEN later = 1 THEN 0 ELSE quantity END AS quantity FROM lines WHERE cart_id = $1";
    let rows = tx.all(sql, params![cart]).await?;
    rows.iter().map(|row| Ok((row.get("variant_id")?, row.get("quantity")?))).collect()
}

/// Makes these lines what they are to be, in one statement: those that are new stand at the end, those that were kept for
/// later are wanted now.
pub(crate) async fn put(tx: &mut Tx, cart: Touched, lines: &[Put]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO lines (cart_id, variant_id, quantity, added_minor, place)";
    let sql = format!(
        "{} ON CONFLICT (cart_id, variant_id) DO UPDATE SET later = 0, quantity = excluded.quantity",
        rows_sql(insert, 5, lines.len())
    );
    let mut values: Vec<Value> = Vec::with_capacity(lines.len() * 5);
    let mut place = cart.version;
    for line in lines {
        values.extend(params![cart.id, line.variant_id, line.quantity, line.price_minor, place]);
        place += 1;
    }
    // What is added later stands behind the last of them.
    let sql_version = "UPDATE carts SET version = $2 WHERE cart_id = $1";
    tx.defer(sql_version, params![cart.id, place - 1]).await?;
    tx.defer(sql, values).await
}

/// Sets the quantity of a line that is there.
pub(crate) async fn set(tx: &mut Tx, cart: CartId, variant: VariantId, quantity: i64) -> Result<()> {
    let sql = "UPDATE lines SET quantity = $3 WHERE cart_id = $1 AND variant_id = $2";
    tx.defer(sql, params![cart, variant, quantity]).await
}

/// Keeps a line for later, or wants it now.
pub(crate) async fn set_later(tx: &mut Tx, cart: CartId, variant: VariantId, later: bool) -> Result<()> {
    let sql = "UPDATE lines SET later = $3 WHERE cart_id = $1 AND variant_id = $2";
    tx.defer(sql, params![cart, variant, later]).await
}

/// Removes a line.
pub(crate) async fn remove(tx: &mut Tx, cart: CartId, variant: VariantId) -> Result<()> {
    tx.defer("DELETE FROM lines WHERE cart_id = $1 AND variant_id = $2", params![cart, variant]).await
}

/// Removes all lines but those kept for later.
pub(crate) async fn clear(tx: &mut Tx, cart: CartId) -> Result<()> {
    tx.defer("DELETE FROM lines WHERE cart_id = $1 AND later = 0", params![cart]).await
}

/// Takes what was ordered out of a line; what was added meanwhile stays.
pub(crate) async fn take_out(tx: &mut Tx, cart: CartId, variant: VariantId, ordered: i64) -> Result<()> {
    let all = "DELETE FROM lines WHERE cart_id = $1 AND variant_id = $2 AND later = 0 AND quantity <= $3";
    if tx.exec(all, params![cart, variant, ordered]).await? == 0 {
        let some = "UPDATE lines SET quantity = quantity - $3
            WHERE cart_id = $1 AND variant_id = $2 AND later = 0 AND quantity > $3";
        tx.defer(some, params![cart, variant, ordered]).await?;
    }
    Ok(())
}

/// Copies the lines of one cart into another behind `last_place`: quantities add up, to the most a line may hold. What
/// either wants now is wanted now.
pub(crate) async fn merge(tx: &mut Tx, from: CartId, into: CartId, last_place: i64) -> Result<()> {
    tx.defer(
        "INSERT INTO lines (cart_id, variant_id, quantity, added_minor, place, later)
         SELECT CAST($2 AS TEXT), g.variant_id, g.quantity, g.added_minor, g.place + $3, g.later FROM lines AS g WHERE g.cart_id = $1
         ON CONFLICT (cart_id, variant_id) DO UPDATE SET later = lines.later * excluded.later, quantity =
            CASE WHEN lines.quantity + excluded.quantity > $4 THEN $4 ELSE lines.quantity + excluded.quantity END",
        params![from, into, last_place, QUANTITY_MAX],
    ).await?;
    let row = tx.one("SELECT count(*) FROM lines WHERE cart_id = $1", params![into]).await?;
    if row.at::<i64>(0)? > LINES_MAX { Err(CartError::Full("token").into()) } else { Ok(()) }
}
