//! Bundles, once their parts are on sale.

use contracts::catalog::{CatalogClient, PartInput, ProductInput, ProductStatus, SetParts, VariantInput};
use demo::{Bundle, Market};
use kernel::{Error, Result};

use super::{
    Seeding,
    shops::{Article, Shops, add_pictures},
};

/// Puts the bundles on sale of which all parts were chosen.
pub(crate) async fn pack(seeding: &Seeding, market: &Market, shops: &Shops) -> Result<()> {
    for bundle in market.bundles {
        let article = |slug: &str| shops.articles.iter().find(|article| market.products[article.index].slug == slug);
        let parts: Vec<(&Article, i64)> =
            bundle.parts.iter().filter_map(|(slug, quantity)| Some((article(slug)?, *quantity))).collect();
        if parts.len() == bundle.parts.len() {
            publish(seeding, market, shops, bundle, &parts).await?;
        }
    }
    seeding.settle().await
}

async fn publish(
    seeding: &Seeding,
    market: &Market,
    shops: &Shops,
    bundle: &Bundle,
    parts: &[(&Article, i64)],
) -> Result<()> {
    let catalog: CatalogClient = seeding.souk.system.client();
    let first = parts.first().map(|(article, _)| *article).ok_or_else(|| Error::internal("an empty bundle"))?;
    let of_first = &market.products[first.index];
    let shop = shops.by_slug.get(of_first.vendor).ok_or_else(|| Error::internal("a bundle without a shop"))?;
    let like = catalog.own_product(&shop.owner, shop.vendor_id, first.product_id).await?.input;
    let input = ProductInput {
        title: bundle.title.to_owned(),
        slug: Some(bundle.slug.parse()?),
        summary: bundle.summary.to_owned(),
        description_html: bundle.description.to_owned(),
        options: Vec::new(),
        variants: vec![VariantInput {
            id: None,
            sku: bundle.sku.to_owned(),
            options: Vec::new(),
            price_minor: bundle.price_minor,
            compare_at_minor: None,
            weight_g: i64::from(bundle.weight_g),
            barcode: None,
            picture_id: None,
            initial_stock: None,
        }],
        tags: bundle.tags.iter().map(ToString::to_string).collect(),
        status: ProductStatus::Published,
        ..like
    };
    let made = catalog.create_product(&shop.owner, shop.vendor_id, &input).await?;
    let pictures: Vec<_> = parts.iter().filter_map(|(part, _)| market.products[part.index].pictures.first()).collect();
    add_pictures(seeding, shop, made.id, pictures).await?;
    let part = |(part, quantity): &(&Article, i64)| {
        Some(PartInput { variant_id: *part.variants.first()?, quantity: *quantity })
    };
    let parts = SetParts { parts: parts.iter().filter_map(part).collect() };
    let variant = made.input.variants.first().and_then(|variant| variant.id);
    let variant = variant.ok_or_else(|| Error::internal("a product without a variant"))?;
    catalog.set_parts(&shop.owner, shop.vendor_id, made.id, variant, &parts).await.map(drop)
}
