//! Codes of a cart. They stand in its row, which is touched before they are read.

use db::{Row, Tx, params};
use kernel::{CartId, PromoCode, Result, Timestamp};

use super::carts;
use crate::model::key::Key;

/// Touches a cart for the sake of its codes, opening an account's; none if the token opens nothing.
pub(crate) async fn touch(tx: &mut Tx, key: &Key, now: Timestamp) -> Result<Option<(CartId, Vec<PromoCode>)>> {
    let row = carts::touch_or_open(tx, key, now, "", None).await?;
    row.map(|row| Ok((row.get("cart_id")?, of(&row)?))).transpose()
}

/// Replaces the codes of a cart that was touched.
pub(crate) async fn set(tx: &mut Tx, id: CartId, codes: &[PromoCode]) -> Result<()> {
    let text: Vec<&str> = codes.iter().map(PromoCode::as_str).collect();
    tx.defer("UPDATE carts SET codes = $2 WHERE cart_id = $1", params![id, text.join(" ")]).await
}

/// The codes of a cart that was touched.
pub(crate) async fn get(tx: &mut Tx, id: CartId) -> Result<Vec<PromoCode>> {
    of(&tx.one("SELECT codes FROM carts WHERE cart_id = $1", params![id]).await?)
}

/// The codes in a cart's row.
pub(crate) fn of(row: &Row) -> Result<Vec<PromoCode>> {
    let text: String = row.get("codes")?;
    text.split_whitespace().map(str::parse).collect()
}
