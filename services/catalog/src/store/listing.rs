//! Which products on sale are in which lists.

use std::collections::BTreeMap;

use db::{Tx, Value, params, placeholders, rows_sql};
use kernel::{CategoryId, Result, VendorId};

use crate::model::{Stored, rating_key};

/// A list of products on sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// Numbers of lists that were looked up.
pub(crate) type Numbers = BTreeMap<Scope, i64>;

/// Looks up the numbers of lists that are not `known`; those that are new get one.
async fn look_up(tx: &mut Tx, scopes: &[Scope], known: &mut Numbers) -> Result<()> {
    let new = scopes.iter().copied().filter(|scope| !known.contains_key(scope));
    let names: BTreeMap<String, Scope> = new.map(|scope| (scope.name(), scope)).collect();
    if names.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT name, num FROM scopes WHERE name IN ({})", placeholders(1, names.len()));
    let values = || names.keys().map(Value::from).collect::<Vec<_>>();
    let mut rows = tx.all(&sql, values()).await?;
    if rows.len() < names.len() {
        for name in names.keys() {
            tx.defer("INSERT INTO scopes (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", params![name]).await?;
        }
        rows = tx.all(&sql, values()).await?;
    }
    for row in &rows {
        if let Some(scope) = names.get(&row.get::<String>("name")?) {
            known.insert(*scope, row.get("num")?);
        }
    }
    Ok(())
}

/// Puts a product into the lists it belongs to, and into no others: none unless it is on sale.
pub(crate) async fn put(tx: &mut Tx, stored: &Stored, scopes: &[Scope]) -> Result<()> {
    tx.defer("DELETE FROM listing WHERE product_num = $1", params![stored.product.num]).await?;
    add(tx, stored, scopes, &mut Numbers::new()).await.map(drop)
}

/// Puts a product that is in no list yet into those it belongs to; their numbers.
pub(crate) async fn add(tx: &mut Tx, stored: &Stored, scopes: &[Scope], known: &mut Numbers) -> Result<Vec<i64>> {
    let product = &stored.product;
    let (contracts::catalog::ProductStatus::Published, Some(published_at)) = (product.status, product.published_at)
    else {
        return Ok(Vec::new());
    };
    look_up(tx, scopes, known).await?;
    let lists: Vec<i64> = scopes.iter().filter_map(|scope| known.get(scope).copied()).collect();
    let (price_minor, rating) = (stored.summary().price_minor, rating_key(product.rating));
    let insert = "INSERT INTO listing (product_num, scope, published_at, price_minor, rating_key)";
    let row = |list: &i64| params![product.num, *list, published_at, price_minor, rating];
    tx.defer(rows_sql(insert, 5, lists.len()), lists.iter().flat_map(row).collect()).await?;
    Ok(lists)
}

/// Writes the price that lists are ordered by.
pub(crate) async fn update_price(tx: &mut Tx, stored: &Stored) -> Result<()> {
    tx.defer(
        "UPDATE listing SET price_minor = $2 WHERE product_num = $1",
        params![stored.product.num, stored.summary().price_minor],
    )
    .await
}
