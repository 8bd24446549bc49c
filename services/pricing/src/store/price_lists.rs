//! Price lists of vendors. A vendor's own are reached only with its scope.

use std::collections::BTreeMap;

use contracts::price_lists::{ListedPrice, PriceListInput};
use db::{Db, Row, Tx, Value, params};
use kernel::{
    AccountId, Currency, Cursor, FieldError, Money, PriceListId, Result, Timestamp, VariantId, VendorId, VendorScope,
};

use super::in_list;
use crate::{
    error::PricingError,
    model::price_list::{GroupPrice, OPEN_LISTS_MAX, PriceList},
};

/// Variants by the SKUs that a list names.
pub(crate) type Named = BTreeMap<String, (VariantId, Currency)>;

/// The vendor's variants with some SKUs.
pub(crate) async fn variants(tx: &mut Tx, scope: &VendorScope, skus: &[String]) -> Result<Named> {
    let mut named = Named::new();
    for chunk in skus.chunks(super::LIST_MAX) {
        let mut params = params![scope.vendor_id()];
        let list = in_list(&mut params, chunk);
        let sql = format!("SELECT sku, variant_id, currency FROM variants WHERE vendor_id = $1 AND sku IN ({list})");
        for row in tx.all(&sql, params).await? {
            named.insert(row.get("sku")?, (row.get("variant_id")?, row.get("currency")?));
        }
    }
    Ok(named)
}

/// The prices by variant, or what is wrong with them. `sold_in`: whether the shop sells what is priced otherwise in the
/// currency of the list, too.
pub(crate) fn resolve(
    input: &PriceListInput,
    named: &Named,
    sold_in: bool,
) -> std::result::Result<Vec<(VariantId, i64)>, Vec<FieldError>> {
    let (mut prices, mut wrong) = (Vec::new(), Vec::new());
    for (i, listed) in input.prices.iter().enumerate() {
        let reason = match named.get(&listed.sku) {
            None => format!("None of your variants has the SKU “{}”.", listed.sku),
            Some((_, currency)) if *currency != input.currency && !sold_in => {
                format!("“{}” is sold in {currency}.", listed.sku)
            }
            Some((variant, _)) => {
                prices.push((*variant, listed.price_minor));
                continue;
            }
        };
        wrong.push(FieldError { field: format!("prices[{i}].sku"), reason });
    }
    if wrong.is_empty() { Ok(prices) } else { Err(wrong) }
}

/// Stores a new list, unless the vendor has as many as it may have. Call with the vendor locked.
pub(crate) async fn insert(tx: &mut Tx, list: &PriceList, prices: &[(VariantId, i64)]) -> Result<()> {
    let PriceList { input, .. } = list;
    let stored = tx
        .exec(
            "INSERT INTO price_lists (price_list_id, vendor_id, group_key, name, currency, starts_at, ends_at, version, created_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),
                    CAST($7 AS BIGINT), 1, CAST($8 AS BIGINT)
             WHERE (SELECT count(*) FROM price_lists WHERE vendor_id = $2 AND COALESCE(ends_at, 9223372036854775807) > $8) < $9",
            params![
                list.id, list.vendor_id, &input.group, &input.name, input.currency, input.starts_at, input.ends_at,
                list.created_at, OPEN_LISTS_MAX
            ],
        )
        .await?;
    if stored == 0 {
        return Err(PricingError::TooManyPriceLists(OPEN_LISTS_MAX).into());
    }
    put_prices(tx, list.id, prices).await
}

/// Refuses to open one more list if the vendor has as many as it may have. Call with the vendor locked.
pub(crate) async fn refuse_too_many(tx: &mut Tx, vendor: VendorId, now: Timestamp) -> Result<()> {
    match super::open_count(tx, "price_lists WHERE vendor_id = $1", Some(vendor), now).await? {
        OPEN_LISTS_MAX.. => Err(PricingError::TooManyPriceLists(OPEN_LISTS_MAX).into()),
        _ => Ok(()),
    }
}

/// Stores a changed list over the version before it.
pub(crate) async fn update(tx: &mut Tx, list: &PriceList, prices: &[(VariantId, i64)]) -> Result<()> {
    let PriceList { input, .. } = list;
    let stored = tx
        .exec(
            "UPDATE price_lists SET group_key = $3, name = $4, currency = $5, starts_at = $6, ends_at = $7, version = $8
             WHERE vendor_id = $1 AND price_list_id = $2 AND version = $8 - 1",
            params![
                list.vendor_id,
                list.id,
                &input.group,
                &input.name,
                input.currency,
                input.starts_at,
                input.ends_at,
                list.version
            ],
        )
        .await?;
    if stored == 0 {
        return Err(PricingError::PriceListChanged.into());
    }
    tx.defer("DELETE FROM price_list_prices WHERE price_list_id = $1", params![list.id]).await?;
    put_prices(tx, list.id, prices).await
}

async fn put_prices(tx: &mut Tx, id: PriceListId, prices: &[(VariantId, i64)]) -> Result<()> {
    let sql = "INSERT INTO price_list_prices (price_list_id, variant_id, price_minor) VALUES ($1, $2, $3)";
    for (variant, price_minor) in prices {
        tx.defer(sql, params![id, variant, price_minor]).await?;
    }
    Ok(())
}

/// Removes one of a vendor's lists.
pub(crate) async fn delete(tx: &mut Tx, scope: &VendorScope, id: PriceListId) -> Result<()> {
    let sql = "DELETE FROM price_lists WHERE vendor_id = $1 AND price_list_id = $2";
    tx.defer(sql, params![scope.vendor_id(), id]).await
}

const COLUMNS: &str = "l.price_list_id, l.vendor_id, l.group_key, l.name, l.currency, l.starts_at, l.ends_at, l.version, l.created_at, v.sku, p.price_minor";

const PRICES: &str = "LEFT JOIN price_list_prices p ON p.price_list_id = l.price_list_id LEFT JOIN variants v ON v.variant_id = p.variant_id";

fn one_query() -> String {
    format!(
        "SELECT {COLUMNS} FROM price_lists l {PRICES} WHERE l.vendor_id = $1 AND l.price_list_id = $2 ORDER BY v.sku"
    )
}

/// One of a vendor's lists, in the transaction that is about to change it.
pub(crate) async fn find(tx: &mut Tx, scope: &VendorScope, id: PriceListId) -> Result<PriceList> {
    let rows = tx.all(&one_query(), params![scope.vendor_id(), id]).await?;
    gather(&rows)?.pop().ok_or_else(|| PricingError::PriceListNotFound.into())
}

/// One of a vendor's lists.
pub(crate) async fn get(db: &Db, scope: &VendorScope, id: PriceListId) -> Result<PriceList> {
    let rows = db.as_vendor(scope).all(&one_query(), params![scope.vendor_id(), id]).await?;
    gather(&rows)?.pop().ok_or_else(|| PricingError::PriceListNotFound.into())
}

/// A vendor's lists, newest first, one more than `limit`.
pub(crate) async fn page(db: &Db, scope: &VendorScope, limit: u32, after: Option<&Cursor>) -> Result<Vec<PriceList>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    // The page is cut before the join, so that a long list does not use it up.
    let sql = format!(
        "SELECT {COLUMNS} FROM (
            SELECT * FROM price_lists
            WHERE vendor_id = $1 AND (created_at < $2 OR (created_at = $2 AND price_list_id < $3))
            ORDER BY created_at DESC, price_list_id DESC LIMIT $4
         ) AS l {PRICES} ORDER BY l.created_at DESC, l.price_list_id DESC, v.sku"
    );
    gather(&db.as_vendor(scope).all(&sql, params![scope.vendor_id(), at, id, i64::from(limit) + 1]).await?)
}

/// Lists out of rows of a list and one of its prices each, those of a list in succession.
fn gather(rows: &[Row]) -> Result<Vec<PriceList>> {
    let mut all: Vec<PriceList> = Vec::new();
    for row in rows {
        let id: PriceListId = row.get("price_list_id")?;
        if all.last().is_none_or(|last| last.id != id) {
            let input = PriceListInput {
                name: row.get("name")?,
                group: row.get("group_key")?,
                currency: row.get("currency")?,
                starts_at: row.get("starts_at")?,
                ends_at: row.get("ends_at")?,
                prices: Vec::new(),
            };
            let (version, created_at) = (row.get("version")?, row.get("created_at")?);
            all.push(PriceList { id, vendor_id: row.get("vendor_id")?, input, version, created_at });
        }
        if let (Some(list), Some(sku)) = (all.last_mut(), row.get::<Option<String>>("sku")?) {
            list.input.prices.push(ListedPrice { sku, price_minor: row.get("price_minor")? });
        }
    }
    Ok(all)
}

/// Whether the account `$4` is in any group: part of the first read of a quote.
pub(crate) const SOME_GROUP: &str =
    "CASE WHEN EXISTS (SELECT 1 FROM group_members WHERE account_id = $4) THEN 1 ELSE 0 END";

/// Prices of variants by the lists that count at `now` for the groups of an account, in one currency or in any.
pub(crate) fn of_account_query(
    account: AccountId,
    currency: Option<Currency>,
    variants: &[VariantId],
    now: Timestamp,
) -> (String, Vec<Value>) {
    let mut params = params![account, now];
    let in_currency = currency.map_or_else(String::new, |currency| {
        params.push(currency.into());
        format!(" AND l.currency = ${}", params.len())
    });
    let variants = in_list(&mut params, variants);
    let sql = format!(
        "SELECT p.variant_id, p.price_minor, l.price_list_id, l.name, l.currency
         FROM group_members m
         JOIN price_lists l ON l.group_key = m.group_key AND l.starts_at <= $2
            AND COALESCE(l.ends_at, 9223372036854775807) > $2{in_currency}
         JOIN price_list_prices p ON p.price_list_id = l.price_list_id AND p.variant_id IN ({variants})
         WHERE m.account_id = $1"
    );
    (sql, params)
}

/// Rows of [`of_account_query`] by variant.
pub(crate) fn by_variant(rows: &[Row]) -> Result<BTreeMap<VariantId, Vec<GroupPrice>>> {
    let mut prices: BTreeMap<VariantId, Vec<GroupPrice>> = BTreeMap::new();
    for row in rows {
        let price = Money::new(row.get("price_minor")?, row.get::<Currency>("currency")?);
        let price = GroupPrice { list_id: row.get("price_list_id")?, name: row.get("name")?, own: price, price };
        prices.entry(row.get("variant_id")?).or_default().push(price);
    }
    Ok(prices)
}
