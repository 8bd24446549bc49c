//! What is shown and told of a product.

use std::collections::BTreeMap;

use contracts::{
    catalog::{
        CategoryRef, PartView, ProductCard, ProductEdit, ProductInput, ProductSnapshot, ProductView, VariantInput,
        VariantSnapshot, VariantView, VendorRef,
    },
    inventory::StockLevel,
};
use kernel::{Money, VariantId};

use crate::model::{Category, Product, Stored, Variant, Vendor, asked, is_facet, level_of, told_translations};

/// As buyers see it, with the parts of those variants that are bundles.
pub(crate) fn product_view(
    product: Product,
    variants: &[Variant],
    mut parts: BTreeMap<VariantId, Vec<PartView>>,
    vendor: Vendor,
    categories: Vec<CategoryRef>,
    related: Vec<ProductCard>,
) -> ProductView {
    let money = |minor| Money::new(minor, product.currency);
    let variants = variants.iter().map(|variant| {
        let (price, compare_at, offer) = variant.price();
        VariantView {
            id: variant.id,
            sku: variant.sku.clone(),
            options: variant.options.clone(),
            price: money(price),
            compare_at: compare_at.map(money),
            lowest_price: variant.lowest_minor().map(money),
            offer: offer.map(str::to_owned),
            quantity_prices: variant.quantity_prices().to_vec(),
            stock: level_of(variant.stock_left),
            weight_g: variant.weight_g,
            barcode: variant.barcode.clone(),
            picture_id: variant.picture_id,
            parts: parts.remove(&variant.id).unwrap_or_default(),
            digital: variant.digital,
        }
    });
    ProductView {
        id: product.id,
        slug: product.slug,
        title: product.title,
        summary: product.summary,
        description_html: product.description_html,
        vendor: VendorRef { id: vendor.id, slug: vendor.slug, name: vendor.name },
        categories,
        attributes: product.attributes,
        options: product.options,
        variants: variants.collect(),
        pictures: product.pictures.into_iter().map(|stored| stored.picture).collect(),
        tags: product.tags,
        rating: product.rating,
        published_at: product.published_at,
        brand: product.brand,
        seo_title: product.seo_title,
        seo_description: product.seo_description,
        related,
        translated: Vec::new(),
    }
}

/// As its vendor edits it. `variants` are those on offer.
pub(crate) fn product_edit(product: Product, variants: &[Variant]) -> ProductEdit {
    let stock: Vec<StockLevel> = variants.iter().map(|v| level_of(v.stock_left)).collect();
    ProductEdit {
        id: product.id,
        vendor_id: product.vendor_id,
        slug: product.slug.clone(),
        pictures: product.pictures.iter().map(|stored| stored.picture.clone()).collect(),
        stock,
        withdrawn: product.blocked,
        updated_at: product.updated_at,
        created_at: product.created_at,
        version: product.version,
        input: product_input(product, variants),
    }
}

/// The input that would leave the product as it is.
pub(crate) fn product_input(product: Product, variants: &[Variant]) -> ProductInput {
    let variant = |v: &Variant| VariantInput {
        id: Some(v.id),
        sku: v.sku.clone(),
        options: v.options.clone(),
        price_minor: v.price_minor,
        compare_at_minor: v.compare_at_minor,
        weight_g: v.weight_g,
        barcode: v.barcode.clone(),
        picture_id: v.picture_id,
        initial_stock: None,
    };
    ProductInput {
        title: product.title,
        slug: Some(product.slug),
        summary: product.summary,
        description_html: product.description_html,
        category_id: product.category_id,
        currency: product.currency,
        attributes: product.attributes,
        options: product.options,
        variants: variants.iter().map(variant).collect(),
        tags: product.tags,
        status: product.status,
        brand: product.brand,
        seo_title: product.seo_title,
        seo_description: product.seo_description,
        publish_at: product.publish_at,
        unpublish_at: product.unpublish_at,
        related: product.related,
        translations: product.translations,
    }
}

/// As its vendor edits it, from all there is of it.
pub(crate) fn stored_edit(stored: &Stored) -> ProductEdit {
    let offered: Vec<Variant> = stored.offered().cloned().collect();
    product_edit(stored.product.clone(), &offered)
}

/// What other services keep of it. `ancestors` is its category and those above, itself first; `new` are
/// variants that nobody has heard of, with the stock they begin with.
pub(crate) fn snapshot(stored: &Stored, ancestors: &[Category], new: &[(VariantId, Option<i64>)]) -> ProductSnapshot {
    let product = &stored.product;
    let money = |minor| Money::new(minor, product.currency);
    let variant = |v: &Variant| VariantSnapshot {
        id: v.id,
        sku: v.sku.clone(),
        options: v.options.clone(),
        price: money(v.price_minor),
        compare_at: v.compare_at_minor.map(money),
        weight_g: v.weight_g,
        initial_stock: new.iter().find(|(id, _)| *id == v.id).and_then(|(_, stock)| *stock),
        parts: v.parts.clone(),
        digital: v.digital,
    };
    let down = ancestors.iter().rev();
    let asked = asked(ancestors.iter().rev());
    let is_unfiltered = |key: &str| asked.iter().any(|def| def.key == key && !is_facet(def));
    let unfiltered = product.attributes.iter().map(|fact| &fact.key).filter(|key| is_unfiltered(key));
    ProductSnapshot {
        vendor_id: product.vendor_id,
        slug: product.slug.clone(),
        title: product.title.clone(),
        summary: product.summary.clone(),
        description_text: product.description_text.clone(),
        categories: down.map(|c| CategoryRef { id: c.id, slug: c.slug.clone(), name: c.name.clone() }).collect(),
        attributes: product.attributes.clone(),
        option_names: product.options.iter().map(|option| option.name.clone()).collect(),
        variants: stored.offered().map(variant).collect(),
        tags: product.tags.clone(),
        picture: product.pictures.first().map(|stored| stored.picture.clone()),
        status: product.status,
        published_at: product.published_at,
        brand: product.brand.clone(),
        unfiltered: unfiltered.cloned().collect(),
        translations: told_translations(product, ancestors),
    }
}
