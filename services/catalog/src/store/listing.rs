//! Which products on sale are in which lists.

use db::{Tx, Value, params, placeholders};
use kernel::{CategoryId, Result, VendorId};

use crate::model::{Stored, rating_key};

/// A list of products on sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    Vendor(VendorId),
    Category(CategoryId),
}

impl Scope {
    pub fn name(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Vendor(id) => format!("vendor:{id}"),
            Self::Category(id) => format!("category:{id}"),
        }
    }
}

/// Numbers of lists; those that are new get one.
async fn numbers(tx: &mut Tx, scopes: &[Scope]) -> Result<Vec<i64>> {
    let names: Vec<String> = scopes.iter().map(|scope| scope.name()).collect();
    let sql = format!("SELECT num FROM scopes WHERE name IN ({})", placeholders(1, names.len()));
    let values = || names.iter().map(Value::from).collect::<Vec<_>>();
    let mut rows = tx.all(&sql, values()).await?;
    if rows.len() < names.len() {
        for name in &names {
            tx.defer("INSERT INTO scopes (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", params![name]).await?;
        }
        rows = tx.all(&sql, values()).await?;
    }
    rows.iter().map(|row| row.get("num")).collect()
}

/// Puts a product into the lists it belongs to, and into no others: none unless it is on sale.
pub(crate) async fn put(tx: &mut Tx, stored: &Stored, scopes: &[Scope]) -> Result<()> {
    let product = &stored.product;
    tx.defer("DELETE FROM listing WHERE product_num = $1", params![product.num]).await?;
    let (contracts::catalog::ProductStatus::Published, Some(published_at)) = (product.status, product.published_at)
    else {
        return Ok(());
    };
    let price_minor = stored.summary().price_minor;
    for scope in numbers(tx, scopes).await? {
        tx.defer(
            "INSERT INTO listing (product_num, scope, published_at, price_minor, rating_key) VALUES ($1, $2, $3, $4, $5)",
            params![product.num, scope, published_at, price_minor, rating_key(product.rating)],
        ).await?;
    }
    Ok(())
}

/// Writes the price that lists are ordered by.
pub(crate) async fn update_price(tx: &mut Tx, stored: &Stored) -> Result<()> {
    tx.defer(
        "UPDATE listing SET price_minor = $2 WHERE product_num = $1",
        params![stored.product.num, stored.summary().price_minor],
    )
    .await
}
