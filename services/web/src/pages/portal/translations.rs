//! Fields for what something is called in the further languages of the shop.

use contracts::catalog::{
    CategoryTexts, ProductTexts, Translations,
    limits::{DESCRIPTION_MAX, SEO_DESCRIPTION_MAX, SEO_TITLE_MAX, SUMMARY_MAX, TITLE_MAX},
};
use kernel::Languages;

use crate::{
    language::english,
    ui::{Field, Filled, Fold},
};

/// Begins the names of the fields.
pub const PREFIX: &str = "translations.";

fn name(code: &str, text: &str) -> String {
    format!("{PREFIX}{code}.{text}")
}

/// Names of a product's fields in the further languages.
pub fn product_names(shop: &Languages) -> Vec<String> {
    names(shop, ProductTexts::NAMES)
}

/// Names of a category's fields in the further languages.
pub fn category_names(shop: &Languages) -> Vec<String> {
    names(shop, CategoryTexts::NAMES)
}

fn names<const N: usize>(shop: &Languages, texts: [&str; N]) -> Vec<String> {
    shop.further().iter().flat_map(|code| texts.map(|text| name(code, text))).collect()
}

/// What a product's fields are filled with.
pub fn of_product(translations: &Translations<ProductTexts>) -> Vec<(String, String)> {
    let of = |(code, texts): (&String, &ProductTexts)| {
        let pairs = ProductTexts::NAMES.into_iter().zip(texts.all());
        pairs.map(|(text, value)| (name(code, text), value.clone())).collect::<Vec<_>>()
    };
    translations.iter().flat_map(of).collect()
}

/// What a category's fields are filled with.
pub fn of_category(translations: &Translations<CategoryTexts>) -> Vec<(String, String)> {
    let of = |(code, texts): (&String, &CategoryTexts)| {
        let pairs = CategoryTexts::NAMES.into_iter().zip(texts.all());
        pairs.map(|(text, value)| (name(code, text), value.clone())).collect::<Vec<_>>()
    };
    translations.iter().flat_map(of).collect()
}

/// What was sent of a product. What is known in a language that the form does not have stays.
pub fn product<'a>(
    shop: &Languages,
    known: Option<&Translations<ProductTexts>>,
    sent: impl Fn(&str) -> &'a str,
) -> Translations<ProductTexts> {
    let mut all = known.cloned().unwrap_or_default();
    for code in shop.further() {
        let mut texts = ProductTexts::default();
        for (text, value) in ProductTexts::NAMES.into_iter().zip(texts.all_mut()) {
            sent(&name(code, text)).trim().clone_into(value);
        }
        all.insert((*code).to_owned(), texts);
    }
    all.retain(|_, texts| !texts.is_empty());
    all
}

/// What was sent of a category, likewise.
pub fn category<'a>(
    shop: &Languages,
    known: Option<&Translations<CategoryTexts>>,
    sent: impl Fn(&str) -> &'a str,
) -> Translations<CategoryTexts> {
    let mut all = known.cloned().unwrap_or_default();
    for code in shop.further() {
        let mut texts = CategoryTexts::default();
        for (text, value) in CategoryTexts::NAMES.into_iter().zip(texts.all_mut()) {
            sent(&name(code, text)).trim().clone_into(value);
        }
        all.insert((*code).to_owned(), texts);
    }
    all.retain(|_, texts| !texts.is_empty());
    all
}

/// The fields of a product, folded away language by language.
pub fn product_folds(shop: &Languages, filled: &Filled) -> Vec<Fold> {
    let fold = |code: &'static str| {
        let fields = vec![
            line(code, "title", "Title", TITLE_MAX),
            lines(code, "summary", "In one or two sentences", 2).max_length(SUMMARY_MAX),
            lines(code, "description_html", "Description", 8).max_length(DESCRIPTION_MAX),
            line(code, "seo_title", "Title for search engines", SEO_TITLE_MAX),
            lines(code, "seo_description", "Description for search engines", 2).max_length(SEO_DESCRIPTION_MAX),
        ];
        folded(code, fields, filled)
    };
    shop.further().iter().copied().map(fold).collect()
}

/// The fields of a category, folded away language by language.
pub fn category_folds(shop: &Languages, filled: &Filled) -> Vec<Fold> {
    let fold = |code: &'static str| {
        let fields = vec![
            line(code, "name", "Name", 80),
            lines(code, "description", "A sentence about it", 2).max_length(500),
            line(code, "seo_title", "Title for search engines", SEO_TITLE_MAX),
            lines(code, "seo_description", "Description for search engines", 2).max_length(SEO_DESCRIPTION_MAX),
        ];
        folded(code, fields, filled)
    };
    shop.further().iter().copied().map(fold).collect()
}

fn label(code: &'static str, label: &str) -> String {
    format!("{label} in {}", english(code))
}

fn line(code: &'static str, text: &str, called: &str, max: usize) -> Field {
    Field::text(&name(code, text), &label(code, called)).max_length(max)
}

fn lines(code: &'static str, text: &str, called: &str, rows: u32) -> Field {
    Field::lines(&name(code, text), &label(code, called), rows)
}

fn folded(code: &'static str, fields: Vec<Field>, filled: &Filled) -> Fold {
    let finish = |field: Field| field.optional().attribute("lang", code).filled(filled);
    let fields: Vec<Field> = fields.into_iter().map(finish).collect();
    Fold { title: format!("In {}", english(code)), open: fields.iter().any(Field::has_content), fields }
}
