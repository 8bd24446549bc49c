//! What one quote needs: three reads, each by an index, two of them side by side.

use std::collections::{BTreeMap, BTreeSet};

use contracts::pricing::QuoteRequest;
use db::{Db, Row, params};
use kernel::{Currency, Money, ProductId, Result, Timestamp, VariantId, VendorId};

use super::{copies, discounts, in_list};
use crate::model::{Prices, Tax, Variant};

/// The prices of what is wanted.
pub(crate) async fn load(db: &Db, request: &QuoteRequest, now: Timestamp) -> Result<Prices> {
    let wanted: BTreeSet<VariantId> = request.lines.iter().map(|line| line.variant_id).collect();
    let wanted: Vec<VariantId> = wanted.into_iter().collect();
    let mut params = params![&request.country];
    let list = in_list(&mut params, &wanted);
    let rows = db
        .all(
            &format!(
                "SELECT v.variant_id, v.product_id, v.vendor_id, s.name AS vendor_name, p.title, v.options, v.sku,
                        v.price_minor, v.currency, v.weight_g, t.name AS tax_name, t.rate_bp
                 FROM variants v
                 JOIN products p ON p.product_id = v.product_id AND p.published = 1
                 JOIN vendors s ON s.vendor_id = v.vendor_id AND s.open = 1
                 LEFT JOIN tax_rates t ON t.country = $1
                 WHERE v.variant_id IN ({list})"
            ),
            params,
        )
        .await?;
    let tax = rows.first().map(tax).transpose()?.flatten().unwrap_or_else(Tax::none);
    let variants = rows.iter().map(|row| variant(row).map(|v| (v.id, v))).collect::<Result<BTreeMap<_, _>>>()?;
    if variants.is_empty() {
        return Ok(Prices { variants, methods: Vec::new(), discounts: Vec::new(), tax, now });
    }
    let vendors: BTreeSet<VendorId> = variants.values().map(|v| v.vendor_id).collect();
    let vendors: Vec<VendorId> = vendors.into_iter().collect();
    let products: BTreeSet<ProductId> = variants.values().map(|v| v.product_id).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    let (methods_sql, methods_params) = copies::methods_query(&vendors);
    let (discounts_sql, discounts_params) = discounts::active_query(&vendors, &products, now);
    let (methods, discounts) =
        futures::try_join!(db.all(&methods_sql, methods_params), db.all(&discounts_sql, discounts_params))?;
    Ok(Prices {
        variants,
        methods: methods.iter().map(copies::method).collect::<Result<_>>()?,
        discounts: discounts::gather(&discounts)?,
        tax,
        now,
    })
}

fn tax(row: &Row) -> Result<Option<Tax>> {
    let name: Option<String> = row.get("tax_name")?;
    name.map(|name| Ok(Tax { name, rate_bp: row.get("rate_bp")? })).transpose()
}

fn variant(row: &Row) -> Result<Variant> {
    Ok(Variant {
        id: row.get("variant_id")?,
        product_id: row.get("product_id")?,
        vendor_id: row.get("vendor_id")?,
        vendor_name: row.get("vendor_name")?,
        title: row.get("title")?,
        options: row.json("options")?,
        sku: row.get("sku")?,
        list_price: Money::new(row.get("price_minor")?, row.get::<Currency>("currency")?),
        weight_g: row.get("weight_g")?,
    })
}
