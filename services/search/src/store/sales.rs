//! SQL of what was sold.

use std::collections::BTreeMap;

use db::{Db, Tx, Value, params, placeholders, rows_sql};
use kernel::{ProductId, Result};

use super::documents::next_seq;

/// Products written with one statement.
const CHUNK: usize = 200;

/// What is known of the products behind `after` up to `until`, or to the last.
pub async fn sales(db: &Db, after: Option<ProductId>, until: Option<ProductId>) -> Result<BTreeMap<ProductId, i64>> {
    let text = |id: Option<ProductId>| id.map_or_else(String::new, |id| id.to_string());
    let sql = "SELECT product_id, items FROM sales WHERE product_id > $1 AND ($2 = '' OR product_id <= $2)";
    let rows = db.all(sql, params![text(after), text(until)]).await?;
    rows.iter().map(|row| Ok((row.get("product_id")?, row.get("items")?))).collect()
}

/// Keeps what was sold of some products; they have to be looked at again.
pub async fn put_sales(tx: &mut Tx, sold: &[(ProductId, i64)]) -> Result<()> {
    let seq = next_seq(tx).await?;
    for chunk in sold.chunks(CHUNK) {
        let sql = format!(
            "{} ON CONFLICT (product_id) DO UPDATE SET items = excluded.items",
            rows_sql("INSERT INTO sales (product_id, items)", 2, chunk.len())
        );
        tx.defer(sql, chunk.iter().flat_map(|(id, items)| params![*id, *items]).collect::<Vec<Value>>()).await?;
        let ids = placeholders(2, chunk.len());
        let mut values: Vec<Value> = params![seq];
        values.extend(chunk.iter().map(|(id, _)| Value::from(*id)));
        tx.defer(format!("UPDATE documents SET seq = $1 WHERE product_id IN ({ids})"), values).await?;
    }
    tx.defer("DELETE FROM sales WHERE items = 0", params![]).await
}
