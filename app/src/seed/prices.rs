//! Prices of the demo beyond list prices: what more pieces cost, what the trade pays, and what is taxed otherwise.

use std::collections::BTreeMap;

use contracts::{
    catalog::CatalogClient,
    price_lists::{CustomerGroup, GroupsOfCustomer, ListedPrice, PriceListInput},
    prices::{ProductPricesInput, QuantityPriceInput, VariantPricesInput},
    pricing::PricingClient,
    taxes::{STANDARD, TaxAreaInput, TaxRate},
};
use demo::Market;
use kernel::{Identity, Result, Slug};

use super::{
    Seeding,
    people::People,
    shops::{Article, Shop},
};

/// The category of the tree whose goods are food.
const FOOD: &str = "honey-and-preserves";
/// Where food is taxed less, and how much, in basis points.
const REDUCED: [(&str, i64); 4] = [("DE", 700), ("AT", 1_000), ("FR", 550), ("NL", 900)];

/// Jars cost less by the half dozen, and food bears the reduced rate where there is one; in California the tax is added.
/// One shop has prices for the trade.
pub(super) async fn set(
    seeding: &Seeding,
    market: &Market,
    people: &People,
    shops: &BTreeMap<String, Shop>,
    articles: &[Article],
) -> Result<()> {
    taxes(seeding, people).await?;
    trade(seeding, market, people, shops).await?;
    let (pricing, catalog): (PricingClient, CatalogClient) =
        (seeding.souk.system.client(), seeding.souk.system.client());
    for article in articles {
        let product = &market.products[article.index];
        let Some(shop) = shops.get(product.vendor).filter(|_| product.category == FOOD) else { continue };
        let made = catalog.own_product(&shop.owner, shop.vendor_id, article.product_id).await?;
        let variants = made.input.variants.iter().filter_map(|variant| {
            let less = |percent: i64| variant.price_minor * (100 - percent) / 100;
            let steps = [(6, less(10)), (12, less(15))];
            let quantity_prices = steps.map(|(from, price_minor)| QuantityPriceInput { from, price_minor }).to_vec();
            Some(VariantPricesInput { variant_id: variant.id?, quantity_prices })
        });
        let input = ProductPricesInput { tax_category: Some("reduced".parse()?), variants: variants.collect() };
        pricing.set_product_prices(&shop.owner, shop.vendor_id, article.product_id, &input).await?;
    }
    Ok(())
}

/// A group with one customer, and a shop that sells to it for less.
async fn trade(seeding: &Seeding, market: &Market, people: &People, shops: &BTreeMap<String, Shop>) -> Result<()> {
    let (Some((slug, shop)), Some(buyer)) = (shops.iter().next(), people.buyers.get(1)) else { return Ok(()) };
    let pricing: PricingClient = seeding.souk.system.client();
    let group: Slug = "trade".parse()?;
    let named = CustomerGroup { key: group.clone(), name: "Trade".to_owned() };
    pricing.set_customer_group(&people.admin, group.as_str(), &named).await?;
    if let Identity::User(user) = &buyer.identity {
        let groups = GroupsOfCustomer { groups: vec![group.clone()] };
        pricing.assign_groups(&people.admin, user.account_id, &groups).await?;
    }
    let variants =
        market.products.iter().filter(|product| product.vendor == slug).flat_map(|product| &product.variants);
    let listed = |variant: &demo::Variant| ListedPrice {
        sku: variant.sku.clone(),
        price_minor: (variant.price_minor * 70 / 100).max(1),
    };
    let list = PriceListInput {
        name: "Trade prices".to_owned(),
        group,
        currency: seeding.currency,
        starts_at: seeding.now,
        ends_at: None,
        prices: variants.map(listed).collect(),
    };
    pricing.create_price_list(&shop.owner, shop.vendor_id, &list).await.map(|_| ())
}

async fn taxes(seeding: &Seeding, people: &People) -> Result<()> {
    let pricing: PricingClient = seeding.souk.system.client();
    let rate = |category: &str, rate_bp| -> Result<TaxRate> {
        Ok(TaxRate { category: category.parse::<Slug>()?, rate_bp, valid_from: None })
    };
    for area in pricing.tax_areas(&people.admin).await? {
        let Some((_, reduced)) = REDUCED.iter().find(|(country, _)| *country == area.country.as_str()) else {
            continue;
        };
        let mut input = area.input;
        input.rates.push(rate("reduced", *reduced)?);
        pricing.set_tax_area(&people.admin, area.country.as_str(), &input).await?;
    }
    let sales_tax = |region_name: &str, rate| TaxAreaInput {
        name: "Sales tax".to_owned(),
        region_name: region_name.to_owned(),
        prices_include_tax: false,
        tax_shipping: false,
        rates: vec![rate],
    };
    pricing.set_tax_area(&people.admin, "US", &sales_tax("", rate(STANDARD, 0)?)).await?;
    let california = sales_tax("California", rate(STANDARD, 725)?);
    pricing.set_tax_region(&people.admin, "US", "CA", &california).await.map(|_| ())
}
