//! What is different about a product, in few words.

use contracts::catalog::FieldChange;
use kernel::{Money, Timestamp};

use super::{Product, Stored, Tree, Variant, product::status_text};

/// Most entries of one product.
const ENTRIES_MAX: usize = 40;
/// Most characters of one side.
const TEXT_MAX: usize = 120;

/// What an import makes different. A new product differs in everything, which is told short.
pub(crate) fn diff(before: Option<&Stored>, after: &Stored, tree: &Tree) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let (known, new) = (before.map(|b| told(&b.product, tree)), told(&after.product, tree));
    for (index, (field, text)) in new.into_iter().enumerate() {
        let was = known.as_ref().map(|known| known[index].1.as_str()).unwrap_or_default();
        push(&mut changes, field, was, &text);
    }
    let currency_before = before.map_or(after.product.currency, |b| b.product.currency);
    let variant_before = |v: &Variant| told_variant(v, Money::new(v.price_minor, currency_before));
    for variant in after.offered() {
        let known = before.and_then(|b| b.offered().find(|known| known.id == variant.id));
        let text = told_variant(variant, Money::new(variant.price_minor, after.product.currency));
        let was = known.map(variant_before).unwrap_or_default();
        push(&mut changes, &format!("variant {}", variant.sku), &was, &text);
    }
    for variant in before.into_iter().flat_map(Stored::offered) {
        if !after.offered().any(|kept| kept.id == variant.id) {
            push(&mut changes, &format!("variant {}", variant.sku), &variant_before(variant), "");
        }
    }
    changes.truncate(ENTRIES_MAX);
    changes
}

fn push(changes: &mut Vec<FieldChange>, field: &str, before: &str, after: &str) {
    if before != after {
        let side = |text: &str| (!text.is_empty()).then(|| short(text));
        changes.push(FieldChange { field: field.to_owned(), before: side(before), after: side(after) });
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX {
        return text.to_owned();
    }
    text.chars().take(TEXT_MAX - 1).chain(std::iter::once('…')).collect()
}

fn told(product: &Product, tree: &Tree) -> [(&'static str, String); 16] {
    let facts = product.attributes.iter().map(|a| format!("{}: {}{}", a.label, a.value, unit(a.unit.as_deref())));
    let options = product.options.iter().map(|option| format!("{}: {}", option.name, option.values.join(", ")));
    [
        ("title", product.title.clone()),
        ("status", status_text(product.status).to_owned()),
        ("category", tree.get(product.category_id).map_or_else(String::new, |c| c.name.clone())),
        ("currency", product.currency.to_string()),
        ("summary", product.summary.clone()),
        // Markup alone is a change too, and then both sides show it.
        ("description", product.description_html.clone()),
        ("facts", facts.collect::<Vec<_>>().join("; ")),
        ("options", options.collect::<Vec<_>>().join("; ")),
        ("tags", product.tags.join(", ")),
        ("brand", product.brand.clone()),
        ("title for search engines", product.seo_title.clone()),
        ("description for search engines", product.seo_description.clone()),
        ("on sale from", moment(product.publish_at)),
        ("on sale until", moment(product.unpublish_at)),
        ("translations", translations(product)),
        ("sale", sale(product)),
    ]
}

fn translations(product: &Product) -> String {
    let told = product.translations.iter().map(|(code, texts)| {
        let texts = texts.all().into_iter().filter(|text| !text.is_empty()).map(String::as_str);
        format!("{code}: {}", texts.collect::<Vec<_>>().join(" · "))
    });
    told.collect::<Vec<_>>().join("; ")
}

fn sale(product: &Product) -> String {
    product.sale.map_or_else(String::new, |sale| {
        let (whole, rest) = (sale.percent_bp / 100, sale.percent_bp % 100);
        let until = sale.ends_at.map_or_else(String::new, |end| format!(" until {end}"));
        format!("−{whole}.{rest:02} % from {}{until}", sale.starts_at)
    })
}

fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| at.to_string())
}

fn unit(unit: Option<&str>) -> String {
    unit.map_or_else(String::new, |unit| format!(" {unit}"))
}

fn told_variant(variant: &Variant, price: Money) -> String {
    let mut parts = Vec::new();
    if !variant.options.is_empty() {
        parts.push(variant.options.join(", "));
    }
    parts.push(price.to_string());
    if let Some(before) = variant.compare_at_minor {
        parts.push(format!("instead of {}", Money::new(before, price.currency).decimal()));
    }
    if variant.weight_g > 0 {
        parts.push(format!("{} g", variant.weight_g));
    }
    parts.extend(variant.barcode.clone());
    parts.join(" · ")
}
