//! Prices of a product beyond its list prices: what more pieces cost, and how it is taxed.

use contracts::prices::{ProductPrices, ProductPricesInput, QuantityPriceInput, VariantPrices, VariantPricesInput};
use kernel::{Currency, Money, ProductId, Result, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{
        Form, Panel, PortalPage, Words,
        fields::{price_steps, renamed},
    },
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled},
    visit::{Path, Visit},
};

/// `GET /vendor/{vendor_id}/products/{id}/prices`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let prices = desk.app.pricing.product_prices(&desk.who, vendor_id, id).await?;
    let steps = prices.variants.iter().enumerate().map(|(i, variant)| (name(i), written(variant)));
    let filled = Filled::with(steps.chain([("tax_category".to_owned(), prices.tax_category.to_string())]));
    let page = page(&mut desk, &prices, &filled).await?;
    render::page(&page)
}

/// Name of the field of the `i`th variant.
fn name(i: usize) -> String {
    format!("variants[{i}]")
}

/// A line for each quantity: `5: 9.00`.
fn written(variant: &VariantPrices) -> String {
    let line = |step: &QuantityPriceInput| {
        format!("{}: {}", step.from, Money::new(step.price_minor, variant.list_price.currency).decimal())
    };
    variant.quantity_prices.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn page(desk: &mut Desk, prices: &ProductPrices, filled: &Filled) -> Result<PortalPage> {
    let here = desk.at(&format!("products/{}", prices.product_id));
    let field = |(i, variant): (usize, &VariantPrices)| {
        let label = match variant.options.as_slice() {
            [] => variant.sku.clone(),
            options => options.join(", "),
        };
        Field::lines(&name(i), &label, 3)
            .optional()
            .hint(format!("One costs {}.", desk.fmt.money(variant.list_price)))
            .filled(filled)
    };
    let steps: Vec<Field> = prices.variants.iter().enumerate().map(field).collect();
    let names: Vec<String> = (0..steps.len()).map(name).chain(["tax_category".to_owned()]).collect();
    let categories = desk.app.pricing.tax_categories(&desk.who).await?;
    let categories = categories.into_iter().map(|category| (category.key.to_string(), category.name));
    let taxed = Field::select("tax_category", "Taxed as", categories)
        .hint("Which rate that is, the destination decides.")
        .filled(filled);
    let form = Form::new(format!("{here}/prices"), &desk.csrf(), "Save prices")
        .hidden("version", prices.version.to_string())
        .fields(steps)
        .with(&taxed)
        .cancel("Cancel", &here);
    let example = example(prices.variants.first().map_or(desk.visit.purse.main(), |first| first.list_price.currency));
    let how = Words::soft(format!(
        "A line for each quantity from which on every piece costs less: {example}. A running discount takes its part off \
         that price too."
    ));
    let place = desk.place("Quantities and tax", Room::Products).await?;
    Ok(PortalPage::new(place)
        .above(&[("Products", &desk.at("products")), (&prices.title, &here)])
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .block(&Panel::new("").with(&how).with(&form)))
}

/// `POST /vendor/{vendor_id}/products/{id}/prices`
pub async fn save(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let prices = desk.app.pricing.product_prices(&desk.who, vendor_id, id).await?;
    let version = posted.fields.parsed("version").unwrap_or(prices.version);
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    let result = match read(&posted.fields, &prices) {
        Ok(input) => client.set_product_prices(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("The prices of “{}” are saved.", saved.title))).await?;
            Ok(desk.visit.go(&desk.at(&format!("products/{id}"))))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(renamed(error, of_variant))?;
            let page = page(&mut desk, &prices, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

/// What is wrong with any of a variant's prices stands at its field.
fn of_variant(field: &str) -> String {
    field.split_once("].").map_or_else(|| field.to_owned(), |(variant, _)| format!("{variant}]"))
}

fn read(sent: &Fields, prices: &ProductPrices) -> Result<ProductPricesInput> {
    let mut reader = Reader::new(sent);
    let mut variants = Vec::with_capacity(prices.variants.len());
    for (i, variant) in prices.variants.iter().enumerate() {
        let currency = variant.list_price.currency;
        let steps = steps(sent.get(&name(i)), currency).unwrap_or_else(|| {
            reader.wrong(&name(i), format!("Write each line as quantity and price: {}", example(currency)));
            Vec::new()
        });
        variants.push(VariantPricesInput { variant_id: variant.variant_id, quantity_prices: steps });
    }
    let tax_category = reader.optional_parsed("tax_category");
    if reader.ok() { Ok(ProductPricesInput { tax_category, variants }) } else { Err(reader.error()) }
}

/// Such a line.
fn example(currency: Currency) -> String {
    format!("5: {}", currency.example(900))
}

fn steps(text: &str, currency: Currency) -> Option<Vec<QuantityPriceInput>> {
    let steps = price_steps(text, currency, |from| from.parse().ok())?.into_iter();
    Some(steps.map(|(from, price_minor)| QuantityPriceInput { from, price_minor }).collect())
}
