//! Bundles: what lies in a variant that is made of others, and in which bundles a product lies.

use std::collections::BTreeMap;

use contracts::catalog::{
    BundleUse, BundleView, OwnProductQuery, PartInput, PartView, ProductBundles, ProductEdit, ProductStatus, SetParts,
    VariantInput,
    limits::{PART_QUANTITY_MAX, PARTS_MAX},
};
use kernel::{ProductId, Result, VariantId, VendorId};

use super::{Desk, Room, products::at_version};
use crate::{
    forms::{Fields, Posted},
    pages::{
        portal::{Facts, Form, Panel, PortalPage, Words, fields::renamed, or_none},
        shop::cards,
    },
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled, Html, Notice, Tone},
    visit::{Path, Query, Visit},
};

/// Products looked at for parts to choose.
const FOUND: u32 = 20;
/// What stands before the id of a part in the name of its field.
const PART: &str = "part_";
/// The same for what the part is called.
const LABEL: &str = "label_";

/// What bundles have to do with a product, for its page; nothing if the catalogue does not say.
pub(super) async fn panel(desk: &Desk, product: &ProductEdit) -> Option<Html> {
    let asked = desk.app.catalog.bundles(&desk.who, desk.vendor_id, product.id).await;
    let found = or_none("bundles", asked)?;
    let page = desk.at(&format!("products/{}/bundle", product.id));
    let mut panel = Panel::new("Bundles").link("Say what lies in it", page);
    if found.bundles.is_empty() {
        panel = panel.with(&Words::soft("A bundle is made of other products of yours and takes its stock from them."));
    }
    for bundle in &found.bundles {
        let name = name_of(product, bundle.variant_id);
        panel = panel.with(&Words::new(format!("{name} is made of {}.", contents(&bundle.parts))));
        panel = panel.maybe(gone(bundle).as_ref());
    }
    let uses = found.used_in.iter().fold(Facts::new("Lies in"), |facts, used| {
        let text = format!("{} of it", desk.fmt.count(used.quantity));
        facts.linked(&bundle_name(used), text, desk.at(&format!("products/{}", used.product_id)))
    });
    if !found.used_in.is_empty() {
        let words = "It lies in these bundles. They cannot be bought while it is not on sale.";
        panel = panel.with(&Words::soft(words)).with(&uses);
    }
    Some(Html::of(&panel))
}

/// What happens to bundles if a product is taken off sale.
pub(super) async fn lost(desk: &Desk, id: ProductId) -> Option<Words> {
    let found = or_none("bundles", desk.app.catalog.bundles(&desk.who, desk.vendor_id, id).await)?;
    let mut names: Vec<String> = found.used_in.iter().map(bundle_name).collect();
    names.dedup();
    (!names.is_empty()).then(|| {
        Words::new(format!("These bundles could not be bought any more, for it lies in them: {}.", names.join(", ")))
    })
}

fn gone(bundle: &BundleView) -> Option<Notice> {
    let off: Vec<&str> = bundle.parts.iter().filter(|part| !part.on_sale).map(|part| part.title.as_str()).collect();
    let text = format!("Not on sale: {}. Put it on sale again, or take it out of the bundle.", off.join(", "));
    (!off.is_empty()).then(|| Notice::new(Tone::Warning, "This bundle cannot be bought.", text))
}

fn contents(parts: &[PartView]) -> String {
    let part = |part: &PartView| cards::pieces(part.quantity, &part.title, &part.options);
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn bundle_name(used: &BundleUse) -> String {
    cards::with_options(&used.title, &used.options)
}

fn variant_of(product: &ProductEdit, id: VariantId) -> Option<&VariantInput> {
    product.input.variants.iter().find(|variant| variant.id == Some(id))
}

fn name_of(product: &ProductEdit, id: VariantId) -> String {
    variant_of(product, id).map_or_else(
        || product.input.title.clone(),
        |variant| cards::with_options(&product.input.title, &variant.options),
    )
}

/// A part in the form: its variant and what it is called.
type Choice = (VariantId, String);

fn label(title: &str, options: &[String], sku: &str) -> String {
    format!("{} · {sku}", cards::with_options(title, options))
}

/// `GET /vendor/{vendor_id}/products/{id}/bundle?variant=`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let (product, bundles) = find(&desk, id).await?;
    let variant = chosen(&product, &asked);
    let parts = parts_of(&bundles, variant);
    let named = parts.iter().flat_map(|part| {
        let name = label(&part.title, &part.options, &part.sku);
        [(part_name(part.variant_id), part.quantity.to_string()), (label_name(part.variant_id), name)]
    });
    let filled = Filled::with(named);
    let choices = parts.iter().map(|part| (part.variant_id, label(&part.title, &part.options, &part.sku))).collect();
    let page = page(&mut desk, &product, &bundles, variant, Chosen { choices, found: None }, &filled).await?;
    render::page(&page)
}

async fn find(desk: &Desk, id: ProductId) -> Result<(ProductEdit, ProductBundles)> {
    let catalog = &desk.app.catalog;
    let (product, bundles) = futures::join!(
        catalog.own_product(&desk.who, desk.vendor_id, id),
        catalog.bundles(&desk.who, desk.vendor_id, id)
    );
    Ok((product?, bundles?))
}

fn chosen(product: &ProductEdit, asked: &Fields) -> Option<VariantId> {
    let asked = asked.parsed("variant").filter(|id| variant_of(product, *id).is_some());
    asked.or_else(|| product.input.variants.first().and_then(|variant| variant.id))
}

fn parts_of(bundles: &ProductBundles, variant: Option<VariantId>) -> Vec<PartView> {
    let bundle = bundles.bundles.iter().find(|bundle| Some(bundle.variant_id) == variant);
    bundle.map(|bundle| bundle.parts.clone()).unwrap_or_default()
}

fn part_name(id: VariantId) -> String {
    format!("{PART}{id}")
}
fn label_name(id: VariantId) -> String {
    format!("{LABEL}{id}")
}

/// Parts in the form, and what was found to be added.
struct Chosen {
    choices: Vec<Choice>,
    found: Option<Vec<Choice>>,
}

async fn page(
    desk: &mut Desk,
    product: &ProductEdit,
    bundles: &ProductBundles,
    variant: Option<VariantId>,
    chosen: Chosen,
    filled: &Filled,
) -> Result<PortalPage> {
    let here = desk.at(&format!("products/{}", product.id));
    let title = match variant {
        Some(variant) => format!("What lies in “{}”", name_of(product, variant)),
        None => "Bundle".to_owned(),
    };
    let all = chosen.choices.iter().chain(chosen.found.iter().flatten());
    let names: Vec<String> = all.map(|(id, _)| part_name(*id)).collect();
    let mut labels: Vec<&str> = names.iter().map(String::as_str).collect();
    labels.extend(["q", "parts"]);
    let place = desk.place(title, Room::Products).await?;
    let bundle = bundles.bundles.iter().find(|bundle| Some(bundle.variant_id) == variant);
    let mut shown = PortalPage::new(place)
        .above(&[("Products", &desk.at("products")), (&product.input.title, &here)])
        .errors(filled.summary(&labels))
        .notice(bundle.and_then(gone));
    if product.input.variants.len() > 1 {
        let other = |input: &VariantInput| {
            let id = input.id?;
            let parts = bundles.bundles.iter().find(|bundle| bundle.variant_id == id);
            let text = parts.map_or_else(|| "No bundle".to_owned(), |bundle| contents(&bundle.parts));
            Some((cards::variant(&input.options), text, format!("{here}/bundle?variant={id}")))
        };
        let variants = product.input.variants.iter().filter_map(other);
        let facts = variants.fold(Facts::new("Variants"), |facts, (name, text, href)| facts.linked(&name, text, href));
        shown = shown.block(&Panel::new("Variants").with(&facts));
    }
    let words = Words::soft(
        "A bundle has its own price and no stock of its own: there are as many as its parts suffice for. Leave all parts \
         empty and it is an ordinary product again. Orders keep what they were placed with.",
    );
    Ok(shown.block(&Panel::new("").with(&words).with(&form(desk, product, variant, &chosen, filled))))
}

fn form(desk: &Desk, product: &ProductEdit, variant: Option<VariantId>, chosen: &Chosen, filled: &Filled) -> Form {
    let here = desk.at(&format!("products/{}", product.id));
    let field = |(id, label): &Choice| {
        Field::number(&part_name(*id), label).between(0, PART_QUANTITY_MAX).optional().filled(filled)
    };
    let form = Form::new(format!("{here}/bundle"), &desk.csrf(), "Save the bundle")
        .hidden("variant", variant.map(|id| id.to_string()).unwrap_or_default())
        .hidden("version", product.version.to_string())
        .hidden("sought", filled.value("q"));
    let form = chosen.choices.iter().fold(form, |form, (id, label)| form.hidden(&label_name(*id), label.as_str()));
    let form = match chosen.choices.as_slice() {
        [] => form.with(&Words::new("Nothing lies in it yet. Search for what is to lie in it.")),
        parts => form.with(&Words::new("How many of each lie in one bundle")).fields(parts.iter().map(field).collect()),
    };
    let search = Field::search("q", "Search your products for more").optional().class("small").filled(filled);
    let form = form.with(&search);
    let form = match &chosen.found {
        None => form,
        Some(found) if found.is_empty() => form
            .with(&Words::soft("Nothing on sale has these words in its title or SKU, or it is in the list already.")),
        Some(found) => {
            let form = form.with(&Words::new("Found: enter how many of it lie in one bundle"));
            let form = form.fields(found.iter().map(field).collect());
            found.iter().fold(form, |form, (id, label)| form.hidden(&label_name(*id), label.as_str()))
        }
    };
    form.other("do", "search", "Search").cancel("Cancel", here)
}

/// Parts with a quantity, in the order of the form, and everything that had a field.
struct Sent {
    parts: Vec<(VariantId, String)>,
    choices: Vec<Choice>,
}

fn sent(fields: &Fields) -> Sent {
    let labels: BTreeMap<&str, &str> =
        fields.pairs().filter_map(|(name, value)| Some((name.strip_prefix(LABEL)?, value))).collect();
    let mut sent = Sent { parts: Vec::new(), choices: Vec::new() };
    for (name, value) in fields.pairs() {
        let Some(key) = name.strip_prefix(PART) else { continue };
        let Ok(id) = key.parse::<VariantId>() else { continue };
        let value = value.trim();
        if value.is_empty() || value == "0" {
            continue;
        }
        sent.parts.push((id, value.to_owned()));
        sent.choices.push((id, labels.get(key).copied().unwrap_or("Part").chars().take(300).collect()));
    }
    sent
}

fn read(sent: &Sent) -> Result<SetParts> {
    let mut errors = Vec::new();
    let mut wrong = |field: String, reason: String| errors.push(kernel::FieldError { field, reason });
    let mut parts = Vec::with_capacity(sent.parts.len());
    for (variant_id, typed) in &sent.parts {
        match typed.parse::<i64>().ok().filter(|n| (1..=PART_QUANTITY_MAX).contains(n)) {
            Some(quantity) => parts.push(PartInput { variant_id: *variant_id, quantity }),
            None => wrong(part_name(*variant_id), format!("Enter a whole number from 1 to {PART_QUANTITY_MAX}.")),
        }
    }
    if parts.len() > PARTS_MAX {
        wrong("parts".to_owned(), format!("A bundle has at most {PARTS_MAX} different parts."));
    }
    if errors.is_empty() { Ok(SetParts { parts }) } else { Err(kernel::Error::invalid_fields(errors)) }
}

/// `POST /vendor/{vendor_id}/products/{id}/bundle`: searches for parts and keeps what was typed, or saves.
pub async fn save(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let (product, bundles) = find(&desk, id).await?;
    let variant = chosen(&product, &fields);
    let sent = sent(&fields);
    // Who presses Enter in the search field has not finished.
    let seeks = !fields.get("q").trim().is_empty() && fields.get("q") != fields.get("sought");
    if fields.get("do") == "search" || seeks {
        let found = search(&desk, &fields, variant, &sent.choices).await?;
        let chosen = Chosen { choices: sent.choices, found: Some(found) };
        let page = page(&mut desk, &product, &bundles, variant, chosen, &fields.filled()).await?;
        return render::page(&page);
    }
    let result = match (read(&sent), variant) {
        (Ok(input), Some(variant)) => {
            let version = fields.parsed("version").unwrap_or(product.version);
            at_version(&desk, version).set_parts(&desk.who, vendor_id, id, variant, &input).await
        }
        (Err(error), _) => Err(error),
        (Ok(_), None) => Err(kernel::Error::not_found("variant")),
    };
    match result {
        Ok(bundle) => {
            let text = match bundle.parts.as_slice() {
                [] => "Saved: it is an ordinary product.".to_owned(),
                parts => format!("Saved: it is made of {}.", contents(parts)),
            };
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&desk.at(&format!("products/{id}"))))
        }
        Err(error) => {
            let named = |field: &str| field_of(field, &sent);
            let (status, filled) = fields.refused(renamed(error, named))?;
            let chosen = Chosen { choices: sent.choices.clone(), found: None };
            let page = page(&mut desk, &product, &bundles, variant, chosen, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

/// `parts[1].variant_id` is wrong at the field of the second part.
fn field_of(field: &str, sent: &Sent) -> String {
    let index = field.strip_prefix("parts[").and_then(|rest| rest.split(']').next()).and_then(|n| n.parse().ok());
    let part = index.and_then(|index: usize| sent.parts.get(index));
    part.map_or_else(|| field.to_owned(), |(id, _)| part_name(*id))
}

/// Variants on sale whose product's title or SKUs have the words, but for those that are in the form already.
async fn search(desk: &Desk, fields: &Fields, bundle: Option<VariantId>, known: &[Choice]) -> Result<Vec<Choice>> {
    let query = OwnProductQuery {
        q: fields.some("q"),
        status: Some(ProductStatus::Published),
        limit: Some(FOUND),
        after: None,
    };
    let page = desk.app.catalog.own_products(&desk.who, desk.vendor_id, &query).await?;
    let variants = page.items.iter().flat_map(|product| {
        let title = &product.input.title;
        product.input.variants.iter().filter_map(move |v| Some((v.id?, label(title, &v.options, &v.sku))))
    });
    let new = |(id, _): &Choice| Some(*id) != bundle && !known.iter().any(|(other, _)| other == id);
    Ok(variants.filter(new).take(PARTS_MAX * 2).collect())
}
