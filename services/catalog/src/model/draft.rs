//! What a vendor wants a product to be, checked and put in order.

use std::collections::BTreeSet;

use contracts::catalog::{
    AttributeValue, BundlePart, ProductInput, ProductOption, ProductStatus, ProductTexts, Translations, VariantInput,
};
use kernel::{CategoryId, Currency, Error, FieldError, MediaId, ProductId, Result, Slug, Timestamp, VariantId};

use super::{
    product::StoredPicture,
    sale::SaleDraft,
    text::{Html, sanitise},
    translations::clean_products,
};

/// A product as its vendor wants it: lengths and ranges hold, variants and options agree, texts
/// are clean. What only the database knows is checked when it is saved.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub title: String,
    pub slug: Option<Slug>,
    pub summary: String,
    pub description: Html,
    pub category_id: CategoryId,
    pub currency: Currency,
    pub attributes: Vec<AttributeValue>,
    pub options: Vec<ProductOption>,
    pub variants: Vec<VariantDraft>,
    pub tags: Vec<String>,
    pub status: ProductStatus,
    pub brand: String,
    pub seo_title: String,
    pub seo_description: String,
    /// Only if it is scheduled.
    pub publish_at: Option<Timestamp>,
    /// Only if it is on sale or will be.
    pub unpublish_at: Option<Timestamp>,
    pub related: Vec<ProductId>,
    pub translations: Translations<ProductTexts>,
    /// Pictures a new product begins with.
    pub pictures: Vec<StoredPicture>,
    /// A time in which it costs less; only files say something of it.
    pub sale: SaleDraft,
}

/// A variant as its vendor wants it.
#[derive(Debug, Clone)]
pub(crate) struct VariantDraft {
    pub id: Option<VariantId>,
    pub sku: String,
    pub options: Vec<String>,
    pub price_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub weight_g: i64,
    pub barcode: Option<String>,
    pub picture_id: Option<MediaId>,
    pub initial_stock: Option<i64>,
    /// What it is made of; as before if nothing is said.
    pub parts: Option<Vec<BundlePart>>,
}

impl Draft {
    /// Sanitises and checks. Lengths and ranges have been checked before.
    pub fn new(input: ProductInput) -> Result<Self> {
        let description = sanitise(&input.description_html);
        Self::with_description(input, description)
    }

    /// The same with a description that is sanitised already.
    pub fn with_description(input: ProductInput, description: Html) -> Result<Self> {
        let mut errors = Vec::new();
        let draft = Self {
            title: clean(&input.title),
            slug: input.slug,
            summary: clean(&input.summary),
            description,
            category_id: input.category_id,
            currency: input.currency,
            attributes: input.attributes.into_iter().map(clean_attribute).collect(),
            options: input.options.into_iter().map(clean_option).collect(),
            variants: input.variants.into_iter().map(clean_variant).collect(),
            tags: clean_tags(&input.tags),
            status: input.status,
            brand: clean(&input.brand),
            seo_title: clean(&input.seo_title),
            seo_description: clean(&input.seo_description),
            publish_at: input.publish_at.filter(|_| input.status == ProductStatus::Scheduled),
            unpublish_at: input
                .unpublish_at
                .filter(|_| matches!(input.status, ProductStatus::Scheduled | ProductStatus::Published)),
            related: input.related,
            translations: clean_products(input.translations),
            pictures: Vec::new(),
            sale: SaleDraft::AsBefore,
        };
        if draft.title.chars().count() < 2 {
            errors.push(complaint("title", "Give it a title."));
        }
        check_attributes(&draft.attributes, &mut errors);
        check_moments(&draft, &mut errors);
        check_related(&draft.related, &mut errors);
        check_options(&draft.options, &mut errors);
        check_variants(&draft.options, &draft.variants, &mut errors);
        if errors.is_empty() { Ok(draft) } else { Err(Error::invalid_fields(errors)) }
    }
}

fn complaint(field: impl Into<String>, reason: impl Into<String>) -> FieldError {
    FieldError { field: field.into(), reason: reason.into() }
}

/// One line without control characters and without needless spaces.
pub(super) fn clean(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn clean_attribute(value: AttributeValue) -> AttributeValue {
    AttributeValue {
        key: clean(&value.key),
        label: clean(&value.label),
        value: clean(&value.value),
        unit: value.unit.map(|unit| clean(&unit)).filter(|unit| !unit.is_empty()),
        kind: value.kind,
    }
}

fn clean_option(option: ProductOption) -> ProductOption {
    ProductOption { name: clean(&option.name), values: option.values.iter().map(|value| clean(value)).collect() }
}

fn clean_variant(variant: VariantInput) -> VariantDraft {
    VariantDraft {
        id: variant.id,
        sku: clean(&variant.sku),
        options: variant.options.iter().map(|value| clean(value)).collect(),
        price_minor: variant.price_minor,
        compare_at_minor: variant.compare_at_minor,
        weight_g: variant.weight_g,
        barcode: variant.barcode.map(|code| clean(&code)).filter(|code| !code.is_empty()),
        picture_id: variant.picture_id,
        initial_stock: variant.initial_stock,
        parts: None,
    }
}

/// Distinct words in their order, whatever their case.
fn clean_tags(tags: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    tags.iter().map(|tag| clean(tag)).filter(|tag| !tag.is_empty() && seen.insert(tag.to_lowercase())).collect()
}

fn check_attributes(attributes: &[AttributeValue], errors: &mut Vec<FieldError>) {
    let mut keys = BTreeSet::new();
    for (index, value) in attributes.iter().enumerate() {
        if value.key.is_empty() {
            errors.push(complaint(format!("attributes[{index}].key"), "Name it."));
        } else if !keys.insert(&value.key) {
            errors.push(complaint(format!("attributes[{index}].key"), "This is given twice."));
        }
        if value.value.is_empty() {
            errors.push(complaint(format!("attributes[{index}].value"), "Give it a value, or leave it out."));
        }
    }
}

/// Whether they lie ahead is checked when it is saved.
fn check_moments(draft: &Draft, errors: &mut Vec<FieldError>) {
    if draft.status == ProductStatus::Scheduled && draft.publish_at.is_none() {
        errors.push(complaint("publish_at", "Say when it goes on sale."));
    }
    if let (Some(on), Some(off)) = (draft.publish_at, draft.unpublish_at)
        && off <= on
    {
        errors.push(complaint("unpublish_at", "It can go off sale only after it has gone on sale."));
    }
}

fn check_related(related: &[ProductId], errors: &mut Vec<FieldError>) {
    let mut seen = BTreeSet::new();
    let twice = related.iter().enumerate().filter(|(_, id)| !seen.insert(**id));
    errors.extend(twice.map(|(index, _)| complaint(format!("related[{index}]"), "This product is there twice.")));
}

fn check_options(options: &[ProductOption], errors: &mut Vec<FieldError>) {
    let mut names = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        if option.name.is_empty() {
            errors.push(complaint(format!("options[{index}].name"), "Name what can be chosen."));
        } else if !names.insert(option.name.to_lowercase()) {
            errors.push(complaint(format!("options[{index}].name"), "This option is there twice."));
        }
        let mut values = BTreeSet::new();
        for (at, value) in option.values.iter().enumerate() {
            if value.is_empty() || !values.insert(value.to_lowercase()) {
                let reason = if value.is_empty() { "Name the choice." } else { "This choice is there twice." };
                errors.push(complaint(format!("options[{index}].values[{at}]"), reason));
            }
        }
    }
}

fn check_variants(options: &[ProductOption], variants: &[VariantDraft], errors: &mut Vec<FieldError>) {
    let (mut ids, mut skus, mut combinations) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    if options.is_empty() && variants.len() > 1 {
        errors.push(complaint(
            "variants[1]",
            "Without options there is exactly one variant. Add an option to tell them apart.",
        ));
        return;
    }
    for (index, variant) in variants.iter().enumerate() {
        let mut complain =
            |field: &str, reason: String| errors.push(complaint(format!("variants[{index}].{field}"), reason));
        if variant.id.is_some_and(|id| !ids.insert(id)) {
            complain("id", "This variant is there twice.".to_owned());
        }
        if variant.sku.is_empty() {
            complain("sku", "Give it a SKU.".to_owned());
        } else if !skus.insert(&variant.sku) {
            complain("sku", format!("The SKU “{}” is there twice.", variant.sku));
        }
        if variant.compare_at_minor.is_some_and(|before| before <= variant.price_minor) {
            complain("compare_at_minor", "The price before must be higher than the price.".to_owned());
        }
        if variant.options.len() != options.len() {
            complain("options", format!("Choose one value for each of the {} options.", options.len()));
            continue;
        }
        let unknown = options.iter().zip(&variant.options).find(|(option, value)| !option.values.contains(value));
        if let Some((option, value)) = unknown {
            complain("options", format!("“{value}” is none of the choices of “{}”.", option.name));
        } else if !combinations.insert(&variant.options) {
            complain("options", "Another variant has the same choices.".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(options: &[(&str, &[&str])], variants: &[(&str, &[&str])]) -> ProductInput {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        ProductInput {
            title: "  A\tblue \0 mug ".to_owned(),
            slug: None,
            summary: "Two\nlines".to_owned(),
            description_html: "<p>Fine</p>".to_owned(),
            category_id: CategoryId::derived("test", &["mugs"]),
            currency: Currency::EUR,
            attributes: vec![],
            options: options
                .iter()
                .map(|(name, values)| ProductOption { name: (*name).to_owned(), values: texts(values) })
                .collect(),
            variants: variants
                .iter()
                .map(|(sku, options)| VariantInput {
                    id: None,
                    sku: (*sku).to_owned(),
                    options: texts(options),
                    price_minor: 1000,
                    compare_at_minor: None,
                    weight_g: 0,
                    barcode: None,
                    picture_id: None,
                    initial_stock: None,
                })
                .collect(),
            tags: vec!["Blue".to_owned(), " blue ".to_owned(), "tea".to_owned()],
            status: ProductStatus::Draft,
            brand: " Kiln\t& Co ".to_owned(),
            seo_title: String::new(),
            seo_description: String::new(),
            publish_at: None,
            unpublish_at: None,
            related: vec![],
            translations: Translations::new(),
        }
    }

    fn refused(input: ProductInput) -> Vec<String> {
        Draft::new(input).unwrap_err().fields().iter().map(|e| e.field.clone()).collect()
    }

    #[test]
    fn texts_are_cleaned() {
        let draft = Draft::new(input(&[], &[(" M-1 ", &[])])).unwrap();
        assert_eq!((draft.title.as_str(), draft.summary.as_str()), ("A blue mug", "Two lines"));
        assert_eq!(draft.tags, ["Blue", "tea"]);
        assert_eq!(draft.brand, "Kiln & Co");
        assert_eq!(draft.variants[0].sku, "M-1");
    }

    #[test]
    fn moments_belong_to_what_is_on_sale_or_will_be() {
        let at = |seconds| Some(Timestamp::from_seconds(seconds));
        let with = |status, publish_at, unpublish_at| ProductInput {
            status,
            publish_at,
            unpublish_at,
            ..input(&[], &[("1", &[])])
        };
        assert_eq!(refused(with(ProductStatus::Scheduled, None, at(9))), ["publish_at"]);
        assert_eq!(refused(with(ProductStatus::Scheduled, at(9), at(9))), ["unpublish_at"]);
        let moments = |status| {
            let draft = Draft::new(with(status, at(1), at(2))).unwrap();
            (draft.publish_at, draft.unpublish_at)
        };
        assert_eq!(moments(ProductStatus::Scheduled), (at(1), at(2)));
        assert_eq!(moments(ProductStatus::Published), (None, at(2)));
        assert_eq!(moments(ProductStatus::Draft), (None, None));
        assert_eq!(moments(ProductStatus::Archived), (None, None));
        let id = ProductId::derived("test", &["p"]);
        assert_eq!(refused(ProductInput { related: vec![id, id], ..input(&[], &[("1", &[])]) }), ["related[1]"]);
    }

    #[test]
    fn variants_and_options_agree() {
        let sizes: (&str, &[&str]) = ("Size", &["S", "L"]);
        let colours: (&str, &[&str]) = ("Colour", &["Sand", "Moss"]);
        assert!(Draft::new(input(&[sizes, colours], &[("1", &["S", "Sand"]), ("2", &["L", "Sand"])])).is_ok());
        assert_eq!(refused(input(&[], &[("1", &[]), ("2", &[])])), ["variants[1]"]);
        assert_eq!(refused(input(&[], &[("1", &["S"])])), ["variants[0].options"]);
        assert_eq!(refused(input(&[sizes], &[("1", &[])])), ["variants[0].options"]);
        assert_eq!(refused(input(&[sizes], &[("1", &["M"])])), ["variants[0].options"]);
        assert_eq!(refused(input(&[sizes], &[("1", &["S"]), ("2", &["S"])])), ["variants[1].options"]);
        assert_eq!(refused(input(&[sizes], &[("1", &["S"]), (" 1", &["L"])])), ["variants[1].sku"]);
        assert_eq!(refused(input(&[sizes, ("size", &["a"])], &[("1", &["S", "a"])])), ["options[1].name"]);
        assert_eq!(refused(input(&[("Size", &["S", "s"])], &[("1", &["S"])])), ["options[0].values[1]"]);
        let mut twice = input(&[sizes], &[("1", &["S"]), ("2", &["L"])]);
        let id = Some(VariantId::derived("test", &["v"]));
        twice.variants.iter_mut().for_each(|v| v.id = id);
        assert_eq!(refused(twice), ["variants[1].id"]);
        let mut cheap = input(&[], &[("1", &[])]);
        cheap.variants[0].compare_at_minor = Some(1000);
        assert_eq!(refused(cheap), ["variants[0].compare_at_minor"]);
        let mut empty = input(&[], &[(" \t", &[])]);
        empty.title = " \n ".to_owned();
        assert_eq!(refused(empty), ["title", "variants[0].sku"]);
    }
}
