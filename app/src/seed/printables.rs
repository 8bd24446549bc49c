//! Pictures that are downloaded, once the prints are on sale, and the first of them bought.

use contracts::{
    Call, Method,
    catalog::{AttributeValue, CatalogClient, ProductInput, ProductStatus, ValueKind, VariantInput},
    client::{error_of, segment},
    orders::PaymentChoice,
    pricing::WantedLine,
};
use demo::{Market, Printable};
use kernel::{Error, ProductId, Result, VariantId};

use super::{
    Seeding,
    people::People,
    shops::{Article, Shop, Shops, add_pictures, draw},
    trade,
};

/// Width and height of a file in pixels: sharp on paper, and not long to be drawn.
const SIZE: (u16, u16) = (1_440, 2_144);

/// Puts the files on sale of prints that were chosen. The sample buyer has bought the first, so that there is something to
/// download.
pub(crate) async fn publish(seeding: &Seeding, market: &Market, people: &People, shops: &Shops) -> Result<()> {
    let mut on_sale = Vec::new();
    for file in market.printables {
        let print = shops.articles.iter().find(|article| market.products[article.index].slug == file.like);
        if let Some(print) = print {
            on_sale.push(put_on_sale(seeding, market, shops, file, print).await?);
        }
    }
    seeding.settle().await?;
    let (Some(variant_id), Some(buyer)) = (on_sale.first().copied(), people.buyers.first()) else { return Ok(()) };
    let lines = vec![WantedLine { variant_id, quantity: 1 }];
    let payment = PaymentChoice { method: "card".to_owned(), token: Some("tok_visa".to_owned()), return_path: None };
    trade::place(seeding, buyer, &buyer.identity, lines, vec![], payment, "seed-printable".to_owned()).await.map(drop)
}

async fn put_on_sale(
    seeding: &Seeding,
    market: &Market,
    shops: &Shops,
    file: &Printable,
    print: &Article,
) -> Result<VariantId> {
    let catalog: CatalogClient = seeding.souk.system.client();
    let vendor = market.products[print.index].vendor;
    let shop = shops.by_slug.get(vendor).ok_or_else(|| Error::internal("a file without a shop"))?;
    let like = catalog.own_product(&shop.owner, shop.vendor_id, print.product_id).await?.input;
    // A draft has its file before anybody can buy it.
    let made = catalog.create_product(&shop.owner, shop.vendor_id, &input(file, like)?).await?;
    let variant_id = made.input.variants.first().and_then(|variant| variant.id);
    let variant_id = variant_id.ok_or_else(|| Error::internal("a product without a variant"))?;
    add_file(&catalog, shop, (made.id, variant_id), file).await?;
    add_pictures(seeding, shop, made.id, &file.pictures()).await?;
    let draft = catalog.own_product(&shop.owner, shop.vendor_id, made.id).await?.input;
    let published = ProductInput { status: ProductStatus::Published, ..draft };
    catalog.update_product(&shop.owner, shop.vendor_id, made.id, &published).await?;
    Ok(variant_id)
}

fn input(file: &Printable, like: ProductInput) -> Result<ProductInput> {
    let attribute = |(key, value): &(&str, &str)| AttributeValue {
        key: (*key).to_owned(),
        label: String::new(),
        value: (*value).to_owned(),
        unit: None,
        kind: ValueKind::Text,
    };
    Ok(ProductInput {
        title: file.title.to_owned(),
        slug: Some(file.slug.parse()?),
        summary: file.summary.to_owned(),
        description_html: file.description.to_owned(),
        attributes: file.attributes.iter().map(attribute).collect(),
        options: Vec::new(),
        variants: vec![VariantInput {
            id: None,
            sku: file.sku.to_owned(),
            options: Vec::new(),
            price_minor: file.price_minor,
            compare_at_minor: None,
            weight_g: 0,
            barcode: None,
            picture_id: None,
            initial_stock: None,
        }],
        tags: file.tags.iter().map(ToString::to_string).collect(),
        status: ProductStatus::Draft,
        ..like
    })
}

async fn add_file(
    catalog: &CatalogClient,
    shop: &Shop,
    (id, variant_id): (ProductId, VariantId),
    file: &Printable,
) -> Result<()> {
    let name = segment(&file.file_name);
    let path = format!("/api/v1/vendors/{}/products/{id}/variants/{variant_id}/files?name={name}", shop.vendor_id);
    let mut call = Call::new(Method::post, path, shop.owner.clone());
    call.headers.push(("content-type", "application/octet-stream".to_owned()));
    call.body = draw(&file.sheet(), SIZE.0, SIZE.1).await?;
    let reply = catalog.0.raw(call).await?;
    if reply.status >= 400 { Err(error_of(&reply)) } else { Ok(()) }
}
