//! What one quote needs: three reads, each by an index, two of them side by side; a third beside them if
//! there are promotions.

use std::collections::{BTreeMap, BTreeSet};

use contracts::pricing::QuoteRequest;
use db::{Db, Row, params};
use kernel::{Currency, Money, ProductId, Result, Timestamp, VariantId, VendorId};

use super::{
    copies, discounts, in_list,
    promotions::{self, SOME_APPLY},
    quantity::{self, JOINED},
};
use crate::model::{Prices, Tax, Variant};

/// The prices of what is wanted, for a customer (empty if nobody knows who).
pub(crate) async fn load(db: &Db, request: &QuoteRequest, customer: &str, now: Timestamp) -> Result<Prices> {
    let wanted: BTreeSet<VariantId> = request.lines.iter().map(|line| line.variant_id).collect();
    let wanted: Vec<VariantId> = wanted.into_iter().collect();
    let mut params = params![&request.country, now];
    let list = in_list(&mut params, &wanted);
    let rows = db
        .all(
            &format!(
                "SELECT v.variant_id, v.product_id, v.vendor_id, s.name AS vendor_name, p.title, v.options, v.sku,
                        v.price_minor, v.currency, v.weight_g, p.category_ids, q.prices AS quantity_prices, t.name AS tax_name, t.rate_bp,
                        {SOME_APPLY} AS promoted
                 FROM variants v
                 JOIN products p ON p.product_id = v.product_id AND p.published = 1
                 JOIN vendors s ON s.vendor_id = v.vendor_id AND s.open = 1
                 {JOINED}
                 LEFT JOIN tax_rates t ON t.country = $1
                 WHERE v.variant_id IN ({list})"
            ),
            params,
        )
        .await?;
    let tax = rows.first().map(tax).transpose()?.flatten().unwrap_or_else(Tax::none);
    let variants = rows.iter().map(|row| variant(row).map(|v| (v.id, v))).collect::<Result<BTreeMap<_, _>>>()?;
    if variants.is_empty() {
        let (methods, discounts, promotions) = Default::default();
        return Ok(Prices { variants, methods, discounts, promotions, is_first_order: true, tax, now });
    }
    let vendors: BTreeSet<VendorId> = variants.values().map(|v| v.vendor_id).collect();
    let vendors: Vec<VendorId> = vendors.into_iter().collect();
    let products: BTreeSet<ProductId> = variants.values().map(|v| v.product_id).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    let (methods_sql, methods_params) = copies::methods_query(&vendors);
    let (discounts_sql, discounts_params) = discounts::active_query(&vendors, &products, now);
    let promoted = !request.codes.is_empty() || rows.first().map_or(Ok(false), |row| row.get("promoted"))?;
    let loaded = async {
        if !promoted {
            return Ok(Vec::new());
        }
        let (sql, params) = promotions::applicable_query(&vendors, &request.codes, customer, now);
        db.all(&sql, params).await
    };
    let (methods, discounts, found) =
        futures::try_join!(db.all(&methods_sql, methods_params), db.all(&discounts_sql, discounts_params), loaded)?;
    Ok(Prices {
        variants,
        methods: methods.iter().map(copies::method).collect::<Result<_>>()?,
        discounts: discounts::gather(&discounts)?,
        promotions: found.iter().map(promotions::applicable).collect::<Result<_>>()?,
        is_first_order: true,
        tax,
        now,
    })
}

fn tax(row: &Row) -> Result<Option<Tax>> {
    let name: Option<String> = row.get("tax_name")?;
    name.map(|name| Ok(Tax { name, rate_bp: row.get("rate_bp")? })).transpose()
}

fn variant(row: &Row) -> Result<Variant> {
    let categories: String = row.get("category_ids")?;
    let currency: Currency = row.get("currency")?;
    Ok(Variant {
        categories: categories.split_whitespace().map(str::parse).collect::<Result<_>>()?,
        id: row.get("variant_id")?,
        product_id: row.get("product_id")?,
        vendor_id: row.get("vendor_id")?,
        vendor_name: row.get("vendor_name")?,
        title: row.get("title")?,
        options: row.json("options")?,
        sku: row.get("sku")?,
        list_price: Money::new(row.get("price_minor")?, currency),
        quantity_prices: quantity::joined(row, currency)?,
        weight_g: row.get("weight_g")?,
    })
}
