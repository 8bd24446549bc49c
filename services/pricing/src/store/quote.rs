//! What one quote needs: three reads, each by an index, two of them side by side; a third beside them if
//! there are promotions, and a fourth if the customer has prices of its own.

use std::collections::{BTreeMap, BTreeSet};

use contracts::pricing::QuoteRequest;
use db::{Db, Row, params};
use kernel::{AccountId, Currency, Money, ProductId, Result, Timestamp, VariantId, VendorId};

use super::{
    copies, discounts, in_list,
    price_lists::{self, SOME_GROUP},
    promotions::{self, SOME_APPLY},
    quantity::{self, JOINED as QUANTITY_PRICES},
    taxes::{self, JOINED as TAXES, JOINED_COLUMNS},
};
use crate::model::{Prices, Variant, tax::region_code};

/// The prices of what is wanted, for an account, and for a customer (empty if nobody knows who).
pub(crate) async fn load(
    db: &Db,
    request: &QuoteRequest,
    account: Option<AccountId>,
    customer: &str,
    now: Timestamp,
) -> Result<Prices> {
    let wanted: BTreeSet<VariantId> = request.lines.iter().map(|line| line.variant_id).collect();
    let wanted: Vec<VariantId> = wanted.into_iter().collect();
    let rows = on_sale(db, request, &wanted, account, now).await?;
    let taxes = rows.first().map(taxes::joined).transpose()?.unwrap_or_default();
    let region = rows.first().map(|row| row.get("tax_region")).transpose()?.flatten();
    let mut variants = rows.iter().map(|row| variant(row).map(|v| (v.id, v))).collect::<Result<BTreeMap<_, _>>>()?;
    if variants.is_empty() {
        let (methods, discounts, promotions) = Default::default();
        return Ok(Prices { variants, methods, discounts, promotions, is_first_order: true, taxes, region, now });
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
    let grouped: bool = rows.first().map_or(Ok(false), |row| row.get("grouped"))?;
    let lists = async {
        let Some(account) = account.filter(|_| grouped) else { return Ok(Vec::new()) };
        let (sql, params) = price_lists::of_account_query(account, request.currency, &wanted, now);
        db.all(&sql, params).await
    };
    let (methods, discounts, found, listed) = futures::try_join!(
        db.all(&methods_sql, methods_params),
        db.all(&discounts_sql, discounts_params),
        loaded,
        lists
    )?;
    for (id, prices) in price_lists::by_variant(&listed)? {
        if let Some(variant) = variants.get_mut(&id) {
            variant.group_prices = prices;
        }
    }
    Ok(Prices {
        variants,
        methods: methods.iter().map(copies::method).collect::<Result<_>>()?,
        discounts: discounts::gather(&discounts)?,
        promotions: found.iter().map(promotions::applicable).collect::<Result<_>>()?,
        is_first_order: true,
        taxes,
        region,
        now,
    })
}

/// Those of the wanted variants that are on sale, each row with what holds for the whole quote.
async fn on_sale(
    db: &Db,
    request: &QuoteRequest,
    wanted: &[VariantId],
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Vec<Row>> {
    let region = request.region.as_deref().and_then(region_code).unwrap_or_default();
    let mut params = params![&request.country, now, region, account];
    let list = in_list(&mut params, wanted);
    db.all(
            &format!(
                "SELECT v.variant_id, v.product_id, v.vendor_id, s.name AS vendor_name, p.title, v.options, v.sku,
                        v.price_minor, v.currency, v.weight_g, v.digital, p.category_ids, p.tax_category, q.prices AS quantity_prices,
                        {JOINED_COLUMNS}, {SOME_APPLY} AS promoted, {SOME_GROUP} AS grouped
                 FROM variants v
                 JOIN products p ON p.product_id = v.product_id AND p.published = 1
                 JOIN vendors s ON s.vendor_id = v.vendor_id AND s.open = 1
                 {QUANTITY_PRICES}
                 {TAXES}
                 WHERE v.variant_id IN ({list})"
            ),
            params,
        )
        .await
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
        group_prices: Vec::new(),
        tax_category: row.get("tax_category")?,
        weight_g: row.get("weight_g")?,
        digital: row.get("digital")?,
    })
}
