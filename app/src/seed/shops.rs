//! Shops: they apply, are approved, and fill their shelves.

use std::collections::BTreeMap;

use bytes::Bytes;
use contracts::{
    Call, Method,
    catalog::{
        AttributeDef, AttributeKind, AttributeValue, CatalogClient, CategoryInput, Picture, ProductInput,
        ProductOption, ProductStatus, ValueKind, VariantInput,
    },
    client::error_of,
    pickup::PickupPlace,
    pricing::{DiscountInput, PricingClient},
    promotions::{Effect, PromotionInput},
    shared::Address,
    shipping::{MethodInput, ShippingClient},
    vendors::{ApplyAsVendor, Decision, Terms, UpdateStore, VendorsClient},
};
use demo::Market;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CategoryId, Error, Identity, ProductId, Result, VariantId, VendorId};

use super::{
    Seeding,
    people::{People, owner_of},
};

/// Pictures drawn at once.
const AT_ONCE: usize = 3;
/// Where each shop works.
const WORKSHOP: &str = "Workshop Lane 1";
/// Edge of a product's picture in pixels.
const EDGE: u16 = 1_000;

/// A shop that is open.
pub(crate) struct Shop {
    pub vendor_id: VendorId,
    pub owner: Identity,
}

/// Something on sale.
pub(crate) struct Article {
    pub product_id: ProductId,
    pub variants: Vec<VariantId>,
    pub vendor_id: VendorId,
    /// Place in the market's list, for its reviews.
    pub index: usize,
    pub popularity: u64,
}

/// The shops and what they sell.
pub(crate) struct Shops {
    pub by_slug: BTreeMap<String, Shop>,
    pub articles: Vec<Article>,
}

/// Opens all shops, with categories and products.
pub(crate) async fn open_shops(seeding: &Seeding, market: &Market, people: &People) -> Result<Shops> {
    let by_slug = apply_and_open(seeding, market, people).await?;
    let categories = categories(seeding, market, people).await?;
    let articles = products(seeding, market, &by_slug, &categories).await?;
    discounts(seeding, market, &by_slug, &articles).await?;
    promotions(seeding, people, &by_slug).await?;
    seeding.settle().await?;
    super::prices::set(seeding, market, people, &by_slug, &articles).await?;
    seeding.settle().await?;
    Ok(Shops { by_slug, articles })
}

/// Draws a picture, beside everything else.
pub(crate) async fn draw(picture: &demo::Picture, width: u16, height: u16) -> Result<Bytes> {
    let picture = picture.clone();
    let drawn = tokio::task::spawn_blocking(move || picture.jpeg(width, height)).await.map_err(Error::internal)?;
    drawn.map(Bytes::from).map_err(Error::internal)
}

async fn upload(catalog: &CatalogClient, who: &Identity, path: String, image: Bytes, alt: &str) -> Result<Picture> {
    let mut call = Call::new(Method::post, path, who.clone());
    call.headers.push(("content-type", "image/jpeg".to_owned()));
    call.headers.push(("alt", contracts::client::segment(&alt)));
    call.body = image;
    let reply = catalog.0.raw(call).await?;
    if reply.status >= 400 { Err(error_of(&reply)) } else { Ok(serde_json::from_slice(&reply.body)?) }
}

fn largest(picture: &Picture) -> Option<String> {
    picture.sizes.last().map(|size| size.url.clone())
}

async fn apply_and_open(seeding: &Seeding, market: &Market, people: &People) -> Result<BTreeMap<String, Shop>> {
    let (vendors, catalog): (VendorsClient, CatalogClient) =
        (seeding.souk.system.client(), seeding.souk.system.client());
    seeding.step("Shops", market.vendors.len() as u64);
    let mut shops = BTreeMap::new();
    for (vendor, account_id) in market.vendors.iter().zip(&people.owners) {
        let applicant = super::people::identity_of(*account_id, vec![kernel::Role::Customer], vec![]);
        let apply = ApplyAsVendor {
            name: vendor.name.to_owned(),
            tagline: vendor.tagline.to_owned(),
            story: vendor.story.join("\n\n"),
            country: vendor.country.parse()?,
            city: vendor.city.to_owned(),
            contact_email: vendor.owner_email.parse()?,
        };
        let vendor_id = vendors.apply(&applicant, &apply).await?.store.id;
        let owner = owner_of(*account_id, vendor_id);
        let media = format!("/api/v1/vendors/{vendor_id}/media");
        let logo =
            upload(&catalog, &owner, media.clone(), draw(&vendor.logo, 400, 400).await?, &vendor.logo.alt).await?;
        let banner =
            upload(&catalog, &owner, media, draw(&vendor.banner, 1_600, 500).await?, &vendor.banner.alt).await?;
        let page = UpdateStore {
            name: apply.name.clone(),
            tagline: apply.tagline.clone(),
            story: apply.story.clone(),
            policies: vendor
                .policies
                .iter()
                .map(|p| format!("{}: {}", p.title, p.text))
                .collect::<Vec<_>>()
                .join("\n\n"),
            city: apply.city.clone(),
            contact_email: apply.contact_email.clone(),
            logo_url: largest(&logo),
            banner_url: largest(&banner),
        };
        vendors.update_store(&owner, vendor_id, &page).await?;
        vendors.set_terms(&people.admin, vendor_id, &Terms { commission_bp: i64::from(vendor.commission_bp) }).await?;
        vendors.approve(&people.admin, vendor_id, &Decision { reason: None }).await?;
        seeding.settle().await?;
        shipping_methods(seeding, vendor, vendor_id, &owner).await?;
        // The first of them has its workshop open to people who fetch what they have ordered.
        if shops.is_empty() {
            open_the_workshop(seeding, vendor, vendor_id, &owner).await?;
        }
        shops.insert(vendor.slug.to_owned(), Shop { vendor_id, owner });
        seeding.tick();
    }
    one_more_applies(seeding, people).await?;
    Ok(shops)
}

/// The admin has something to decide.
async fn one_more_applies(seeding: &Seeding, people: &People) -> Result<()> {
    let Some(buyer) = people.buyers.last() else { return Ok(()) };
    let vendors: VendorsClient = seeding.souk.system.client();
    let apply = ApplyAsVendor {
        name: "Harbour Bindery".to_owned(),
        tagline: "Notebooks sewn by hand, one at a time".to_owned(),
        story:
            "We bind notebooks and albums in an old net loft by the harbour, from paper that is made two streets away."
                .to_owned(),
        country: buyer.person.country.parse()?,
        city: buyer.person.city.to_owned(),
        contact_email: buyer.email.clone(),
    };
    vendors.apply(&buyer.identity, &apply).await.map(|_| ())
}

async fn open_the_workshop(
    seeding: &Seeding,
    vendor: &demo::Vendor,
    vendor_id: VendorId,
    owner: &Identity,
) -> Result<()> {
    let place = PickupPlace {
        line1: WORKSHOP.to_owned(),
        postcode: String::new(),
        city: vendor.city.to_owned(),
        country: vendor.country.parse()?,
        hours: "Tuesday to Saturday, 10 to 18. Ring the bell at the yard gate.".to_owned(),
    };
    let way = demo::ShippingMethod {
        name: "Fetch it at the workshop",
        price_minor: 0,
        free_over_minor: None,
        days_min: 0,
        days_max: 1,
    };
    let input = MethodInput { pickup: Some(place), ..sent(seeding, &way) };
    let shipping: ShippingClient = seeding.souk.system.client();
    shipping.add_method(owner, vendor_id, &input).await.map(|_| ())
}

/// A way to ship, everywhere and for one price.
fn sent(seeding: &Seeding, method: &demo::ShippingMethod) -> MethodInput {
    MethodInput {
        name: method.name.to_owned(),
        currency: seeding.currency,
        price_minor: method.price_minor,
        free_over_minor: method.free_over_minor,
        countries: vec![],
        days_min: i64::from(method.days_min),
        days_max: i64::from(method.days_max),
        weight_prices: Vec::new(),
        value_prices: Vec::new(),
        max_weight_g: None,
        carrier_rate: false,
        handling: contracts::arrival::Handling::default(),
        pickup: None,
    }
}

/// The shop's own ways to ship take the place of the one that comes with the approval.
async fn shipping_methods(
    seeding: &Seeding,
    vendor: &demo::Vendor,
    vendor_id: VendorId,
    owner: &Identity,
) -> Result<()> {
    let shipping: ShippingClient = seeding.souk.system.client();
    let given = shipping.methods(owner, vendor_id).await?;
    for method in &vendor.shipping_methods {
        shipping.add_method(owner, vendor_id, &sent(seeding, method)).await?;
    }
    // Labels say where a parcel comes from.
    let sender = Address {
        name: vendor.name.to_owned(),
        company: None,
        line1: WORKSHOP.to_owned(),
        line2: None,
        postcode: String::new(),
        city: vendor.city.to_owned(),
        region: None,
        country: vendor.country.parse()?,
        phone: None,
    };
    shipping.set_sender(owner, vendor_id, &sender).await?;
    for method in given {
        shipping.remove_method(owner, vendor_id, method.id).await?;
    }
    Ok(())
}

async fn categories(seeding: &Seeding, market: &Market, people: &People) -> Result<BTreeMap<String, CategoryId>> {
    let catalog: CatalogClient = seeding.souk.system.client();
    seeding.step("Categories", market.categories.len() as u64);
    let mut ids: BTreeMap<String, CategoryId> = BTreeMap::new();
    let parents_first = market
        .categories
        .iter()
        .filter(|c| c.parent.is_none())
        .chain(market.categories.iter().filter(|c| c.parent.is_some()));
    for (position, category) in (0..).zip(parents_first) {
        let picture = draw(&category.picture, 800, 600).await?;
        let picture =
            upload(&catalog, &people.admin, "/api/v1/admin/media".to_owned(), picture, &category.picture.alt).await?;
        let input = CategoryInput {
            name: category.name.to_owned(),
            slug: Some(category.slug.parse()?),
            description: category.description.to_owned(),
            parent_id: category.parent.and_then(|slug| ids.get(slug).copied()),
            position,
            picture_url: largest(&picture),
            attributes: (0..).zip(&category.attributes).map(|(position, def)| attribute(def, position)).collect(),
            seo_title: String::new(),
            seo_description: String::new(),
            translations: contracts::catalog::Translations::new(),
        };
        ids.insert(category.slug.to_owned(), catalog.add_category(&people.admin, &input).await?.id);
        seeding.tick();
    }
    Ok(ids)
}

fn attribute(def: &demo::AttributeDef, position: i64) -> AttributeDef {
    let kind = match &def.kind {
        demo::AttributeKind::Text => AttributeKind::Text,
        demo::AttributeKind::Number { unit } => AttributeKind::Number { unit: Some((*unit).to_owned()) },
        demo::AttributeKind::Choice(options) => {
            AttributeKind::Choice { options: options.iter().map(|o| (*o).to_owned()).collect() }
        }
        demo::AttributeKind::YesNo => AttributeKind::YesNo,
    };
    AttributeDef {
        key: def.key.to_owned(),
        label: def.label.to_owned(),
        // Every product of the demo says what it is made of, where its category asks.
        required: def.key == "material",
        filterable: true,
        position,
        archived: false,
        kind,
    }
}

/// Evenly from all shops, so that a small market has them all.
fn chosen(market: &Market, most: usize) -> Vec<usize> {
    if market.products.len() <= most {
        return (0..market.products.len()).collect();
    }
    (0..most).map(|n| n * market.products.len() / most).collect()
}

async fn products(
    seeding: &Seeding,
    market: &Market,
    shops: &BTreeMap<String, Shop>,
    categories: &BTreeMap<String, CategoryId>,
) -> Result<Vec<Article>> {
    let chosen = chosen(market, seeding.size.products);
    seeding.step("Products and their pictures", chosen.len() as u64);
    let made = chosen.into_iter().map(|index| async move {
        let product = &market.products[index];
        let shop = shops.get(product.vendor).ok_or_else(|| Error::internal(format!("no shop {}", product.vendor)))?;
        let category = categories
            .get(product.category)
            .ok_or_else(|| Error::internal(format!("no category {}", product.category)))?;
        let article = publish(seeding, product, shop, *category, index).await;
        seeding.tick();
        article.map_err(|e| Error::internal(format!("{}: {e}", product.slug)))
    });
    let mut articles: Vec<Article> = stream::iter(made).buffer_unordered(AT_ONCE).try_collect().await?;
    // Drawing finishes in no fixed order; what follows shall not depend on it.
    articles.sort_by_key(|a| a.index);
    seeding.settle().await?;
    Ok(articles)
}

async fn publish(
    seeding: &Seeding,
    product: &demo::Product,
    shop: &Shop,
    category_id: CategoryId,
    index: usize,
) -> Result<Article> {
    let catalog: CatalogClient = seeding.souk.system.client();
    let input = ProductInput {
        title: product.title.to_string(),
        slug: Some(product.slug.parse()?),
        summary: product.summary.to_string(),
        description_html: product.description.to_string(),
        category_id,
        currency: seeding.currency,
        attributes: product
            .attributes
            .iter()
            .map(|(key, value)| AttributeValue {
                key: key.to_string(),
                label: String::new(),
                value: value.to_string(),
                unit: None,
                kind: ValueKind::Text,
            })
            .collect(),
        options: product
            .options
            .iter()
            .map(|o| ProductOption {
                name: o.name.to_string(),
                values: o.values.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        variants: product
            .variants
            .iter()
            .map(|v| VariantInput {
                id: None,
                sku: v.sku.to_string(),
                options: v.options.iter().map(ToString::to_string).collect(),
                price_minor: v.price_minor,
                compare_at_minor: v.compare_at_minor,
                weight_g: i64::from(v.weight_g),
                barcode: None,
                picture_id: None,
                initial_stock: Some(i64::from(v.stock)),
            })
            .collect(),
        tags: product.tags.iter().map(ToString::to_string).collect(),
        status: ProductStatus::Published,
        brand: String::new(),
        seo_title: String::new(),
        seo_description: String::new(),
        publish_at: None,
        unpublish_at: None,
        related: Vec::new(),
        translations: contracts::catalog::Translations::new(),
    };
    let made = catalog.create_product(&shop.owner, shop.vendor_id, &input).await?;
    add_pictures(seeding, shop, made.id, &product.pictures).await?;
    let variants = made.input.variants.iter().filter_map(|v| v.id).collect();
    Ok(Article {
        product_id: made.id,
        variants,
        vendor_id: shop.vendor_id,
        index,
        popularity: u64::from(product.popularity).max(1),
    })
}

/// Draws pictures of a product and adds them, as many as are wanted of each.
pub(crate) async fn add_pictures(
    seeding: &Seeding,
    shop: &Shop,
    id: ProductId,
    pictures: impl IntoIterator<Item = &demo::Picture>,
) -> Result<()> {
    let catalog: CatalogClient = seeding.souk.system.client();
    for picture in pictures.into_iter().take(seeding.size.pictures) {
        let path = format!("/api/v1/vendors/{}/products/{id}/pictures", shop.vendor_id);
        upload(&catalog, &shop.owner, path, draw(picture, EDGE, EDGE).await?, &picture.alt).await?;
    }
    Ok(())
}

async fn discounts(
    seeding: &Seeding,
    market: &Market,
    shops: &BTreeMap<String, Shop>,
    articles: &[Article],
) -> Result<()> {
    let pricing: PricingClient = seeding.souk.system.client();
    for article in articles {
        let product = &market.products[article.index];
        let (Some(discount), Some(shop)) = (&product.discount, shops.get(product.vendor)) else { continue };
        let input = DiscountInput {
            name: discount.label.to_string(),
            percent_bp: i64::from(discount.percent) * 100,
            product_ids: vec![article.product_id],
            starts_at: seeding.now.minus(std::time::Duration::from_secs(10 * 86_400)),
            ends_at: Some(seeding.now.plus(std::time::Duration::from_secs(30 * 86_400))),
        };
        pricing.create_discount(&shop.owner, shop.vendor_id, &input).await?;
    }
    Ok(())
}

/// A code for newcomers, free delivery from some value on, and what one shop gives.
async fn promotions(seeding: &Seeding, people: &People, shops: &BTreeMap<String, Shop>) -> Result<()> {
    let pricing: PricingClient = seeding.souk.system.client();
    let begun = seeding.now.minus(std::time::Duration::from_secs(7 * 86_400));
    let promotion = |name: &str, effect| PromotionInput {
        name: name.to_owned(),
        code: None,
        currency: seeding.currency,
        starts_at: begun,
        ends_at: None,
        product_ids: vec![],
        category_ids: vec![],
        vendor_ids: vec![],
        minimum_minor: 0,
        first_order: false,
        countries: vec![],
        groups: vec![],
        effect,
        priority: 0,
        advertised: true,
        exclusive: false,
        max_uses: None,
        max_uses_per_customer: None,
        budget_minor: None,
        platform_share_bp: 10_000,
    };
    let welcome = PromotionInput {
        code: Some("WELCOME10".parse()?),
        first_order: true,
        max_uses: Some(1_000),
        budget_minor: Some(500_000),
        ..promotion("Welcome", Effect::Percent { percent_bp: 1_000 })
    };
    let delivery = PromotionInput {
        minimum_minor: 15_000,
        priority: 10,
        platform_share_bp: 5_000,
        ..promotion("Delivered free", Effect::FreeShipping)
    };
    for input in [welcome, delivery] {
        pricing.create_any_promotion(&people.admin, &input).await?;
    }
    if let Some(shop) = shops.values().next() {
        let three = Effect::BuyGet { buy: 2, get: 1 };
        let input = PromotionInput { advertised: false, platform_share_bp: 0, ..promotion("Three for two", three) };
        pricing.create_promotion(&shop.owner, shop.vendor_id, &input).await?;
    }
    Ok(())
}
