//! What one quote needs: two reads, each by an index; beside the second a third if a vendor has a discount, another if there
//! are promotions, if the customer has prices of its own, and in a shop of several currencies.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{currencies::ShopCurrencies, pricing::QuoteRequest};
use db::{Db, Row, Value, params};
use kernel::{AccountId, Currency, Money, ProductId, Result, Timestamp, VariantId, VendorId};

use super::{
    copies,
    currencies::{self, SEVERAL},
    discounts::{self, SOME_RUN},
    in_list,
    price_lists::{self, SOME_GROUP},
    promotions::{self, SOME_APPLY},
    quantity::{self, JOINED as QUANTITY_PRICES},
    taxes::{self, JOINED as TAXES, JOINED_COLUMNS},
};
use crate::model::{Prices, Variant, currency::Exchanges, tax::region_code};

/// For whom a quote is.
pub(crate) struct Buyer<'a> {
    /// With which account.
    pub account: Option<AccountId>,
    /// Under which name uses are counted; empty if nobody knows who it is.
    pub customer: &'a str,
}

/// The prices of what is wanted, for a buyer, each in its own currency; and the currencies of the shop.
pub(crate) async fn load(
    db: &Db,
    request: &QuoteRequest,
    main: Currency,
    buyer: &Buyer<'_>,
    now: Timestamp,
) -> Result<(Prices, ShopCurrencies)> {
    let (account, customer) = (buyer.account, buyer.customer);
    let wanted: BTreeSet<VariantId> = request.lines.iter().map(|line| line.variant_id).collect();
    let wanted: Vec<VariantId> = wanted.into_iter().collect();
    let rows = on_sale(db, request, main, &wanted, account, now).await?;
    let taxes = rows.first().map(taxes::joined).transpose()?.unwrap_or_default();
    let region = rows.first().map(|row| row.get("tax_region")).transpose()?.flatten();
    let variants = rows.iter().map(|row| variant(row).map(|v| (v.id, v))).collect::<Result<BTreeMap<_, _>>>()?;
    let mut prices = Prices {
        variants,
        methods: Vec::new(),
        discounts: Vec::new(),
        promotions: Vec::new(),
        is_first_order: true,
        exchanges: Exchanges::default(),
        taxes,
        region,
        now,
    };
    let Some(first) = rows.first() else { return Ok((prices, ShopCurrencies::of_one(main))) };
    let vendors: BTreeSet<VendorId> = prices.variants.values().map(|v| v.vendor_id).collect();
    let vendors: Vec<VendorId> = vendors.into_iter().collect();
    let products: BTreeSet<ProductId> = prices.variants.values().map(|v| v.product_id).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    let (methods_sql, methods_params) = copies::methods_query(&vendors);
    let discounted = rows.iter().map(|row| row.get("discounted")).collect::<Result<Vec<bool>>>()?.contains(&true);
    let running = ask_if(db, discounted, || discounts::active_query(&vendors, &products, now));
    let promoted = !request.codes.is_empty() || first.get("promoted")?;
    let loaded =
        ask_if(db, promoted, || promotions::applicable_query(&vendors, &request.codes, customer, account, now));
    let (grouped, several): (bool, bool) = (first.get("grouped")?, first.get("several")?);
    let lists = async {
        let Some(account) = account.filter(|_| grouped) else { return Ok(Vec::new()) };
        let currency = (!several).then_some(request.currency);
        let (sql, params) = price_lists::of_account_query(account, currency, &wanted, now);
        db.all(&sql, params).await
    };
    let further = async { if several { currencies::all(db, main).await } else { Ok(Vec::new()) } };
    let (methods, discounts, found, listed, further) =
        futures::try_join!(db.all(&methods_sql, methods_params), running, loaded, lists, further)?;
    for (id, listed) in price_lists::by_variant(&listed)? {
        if let Some(variant) = prices.variants.get_mut(&id) {
            variant.group_prices = listed;
        }
    }
    prices.methods = methods.iter().map(copies::method).collect::<Result<_>>()?;
    prices.discounts = discounts::gather(&discounts)?;
    prices.promotions = found.iter().map(promotions::applicable).collect::<Result<_>>()?;
    Ok((prices, ShopCurrencies { main, currencies: further }))
}

/// The rows of a query, if it is needed.
async fn ask_if(db: &Db, needed: bool, query: impl FnOnce() -> (String, Vec<Value>)) -> Result<Vec<Row>> {
    if !needed {
        return Ok(Vec::new());
    }
    let (sql, params) = query();
    db.all(&sql, params).await
}

/// Those of the wanted variants that are on sale, each row with what holds for the whole quote.
async fn on_sale(
    db: &Db,
    request: &QuoteRequest,
    main: Currency,
    wanted: &[VariantId],
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Vec<Row>> {
    let region = request.region.as_deref().and_then(region_code).unwrap_or_default();
    let mut params = params![&request.country, now, region, account, main];
    let list = in_list(&mut params, wanted);
    db.all(
            &format!(
                "SELECT v.variant_id, v.product_id, v.vendor_id, s.name AS vendor_name, s.refused_methods, p.title, v.options, v.sku,
                        v.price_minor, v.currency, v.weight_g, v.digital, p.category_ids, p.tax_category, q.prices AS quantity_prices,
                        {JOINED_COLUMNS}, {SOME_APPLY} AS promoted, {SOME_RUN} AS discounted, {SOME_GROUP} AS grouped, {SEVERAL} AS several
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
        refused_methods: row.get::<String>("refused_methods")?.split_whitespace().map(str::to_owned).collect(),
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
