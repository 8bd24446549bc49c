//! What products and categories say in further languages of the shop.

use std::collections::BTreeMap;

use contracts::catalog::{CategoryTexts, CategoryView, ProductTexts, SnapshotTexts, Translations};
use kernel::{FieldError, Languages};

use super::{
    Category, Product,
    draft::clean,
    text::{sanitise, words},
};

/// Texts as they are kept: in order, and only of languages in which something is said.
pub(crate) fn clean_products(translations: Translations<ProductTexts>) -> Translations<ProductTexts> {
    let tidy = |(code, mut texts): (String, ProductTexts)| {
        let description = sanitise(&texts.description_html).html;
        for text in [&mut texts.title, &mut texts.summary, &mut texts.seo_title, &mut texts.seo_description] {
            *text = clean(text);
        }
        texts.description_html = description;
        (code, texts)
    };
    translations.into_iter().map(tidy).filter(|(_, texts)| !texts.is_empty()).collect()
}

/// The same of a category.
pub(crate) fn clean_categories(translations: Translations<CategoryTexts>) -> Translations<CategoryTexts> {
    let tidy = |(code, mut texts): (String, CategoryTexts)| {
        for text in texts.all_mut() {
            *text = clean(text);
        }
        (code, texts)
    };
    translations.into_iter().map(tidy).filter(|(_, texts)| !texts.is_empty()).collect()
}

/// Complaints about languages that are none of the shop's further ones. What was said in one before may stay.
pub(crate) fn strange_languages<T>(
    shop: &Languages,
    known: Option<&Translations<T>>,
    wanted: &Translations<T>,
) -> Vec<FieldError> {
    let is_strange = |code: &&String| {
        !shop.further().contains(&code.as_str()) && known.is_none_or(|known| !known.contains_key(*code))
    };
    let reason = match shop.further() {
        [] => "This shop has one language, so nothing is translated.".to_owned(),
        further => format!("This shop is translated into: {}.", further.join(", ")),
    };
    let complain = |code: &String| {
        let code: String = code.chars().take(20).collect();
        FieldError { field: format!("translations.{code}"), reason: reason.clone() }
    };
    wanted.keys().filter(is_strange).map(complain).collect()
}

/// Puts a translation in the place of a text, and notes its name.
fn lay(name: &str, translation: String, text: &mut String, translated: &mut Vec<String>) {
    if !translation.is_empty() {
        *text = translation;
        translated.push(name.to_owned());
    }
}

/// A text for search engines. Where it is not translated and what it stands for is, that is told instead.
fn lay_over(name: &str, of: &str, translation: String, text: &mut String, translated: &mut Vec<String>) {
    if translation.is_empty() && translated.iter().any(|known| known == of) {
        text.clear();
    }
    lay(name, translation, text, translated);
}

/// Makes a product say what it says in another language; names of the texts that it has in it.
pub(crate) fn say_product(product: &mut Product, language: &str) -> Vec<String> {
    let Some(texts) = product.translations.remove(language) else { return Vec::new() };
    let mut said = Vec::new();
    lay("title", texts.title, &mut product.title, &mut said);
    lay("summary", texts.summary, &mut product.summary, &mut said);
    lay("description_html", texts.description_html, &mut product.description_html, &mut said);
    lay_over("seo_title", "title", texts.seo_title, &mut product.seo_title, &mut said);
    lay_over("seo_description", "summary", texts.seo_description, &mut product.seo_description, &mut said);
    said
}

/// A category as it is shown in another language.
pub(crate) fn say_category(mut view: CategoryView, language: &str) -> CategoryView {
    let texts = std::mem::take(&mut view.translations).remove(language).unwrap_or_default();
    let mut said = Vec::new();
    lay("name", texts.name, &mut view.name, &mut said);
    lay("description", texts.description, &mut view.description, &mut said);
    lay_over("seo_title", "name", texts.seo_title, &mut view.seo_title, &mut said);
    lay_over("seo_description", "description", texts.seo_description, &mut view.seo_description, &mut said);
    CategoryView { translated: said, ..view }
}

/// What others are told of a product's texts and of the names of its categories.
pub(crate) fn told(product: &Product, categories: &[Category]) -> Translations<SnapshotTexts> {
    let own = |(code, texts): (&String, &ProductTexts)| {
        let told = SnapshotTexts {
            title: texts.title.clone(),
            summary: texts.summary.clone(),
            description_text: words(&texts.description_html),
            categories: BTreeMap::new(),
        };
        (code.clone(), told)
    };
    let mut told: Translations<SnapshotTexts> = product.translations.iter().map(own).collect();
    for category in categories {
        for (code, name) in category.names() {
            let texts = told.entry(code.to_owned()).or_default();
            texts.categories.insert(category.slug.to_string(), name.to_owned());
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(code: &str, title: &str) -> Translations<ProductTexts> {
        BTreeMap::from([(code.to_owned(), ProductTexts { title: title.to_owned(), ..ProductTexts::default() })])
    }

    #[test]
    fn texts_are_put_in_order_and_empty_languages_left_out() {
        let mut wanted = one("de", "  Blaue \n Tasse ");
        wanted.insert("fr".to_owned(), ProductTexts { summary: " \t".to_owned(), ..ProductTexts::default() });
        let html = "<p onclick=x>Schön</p><script>alert(1)</script>".to_owned();
        wanted.insert("it".to_owned(), ProductTexts { description_html: html, ..ProductTexts::default() });
        let kept = clean_products(wanted);
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["de", "it"]);
        assert_eq!((kept["de"].title.as_str(), kept["it"].description_html.as_str()), ("Blaue Tasse", "<p>Schön</p>"));
    }

    #[test]
    fn only_languages_of_the_shop_and_those_of_before() {
        let shop = Languages::new(&["en", "de"]);
        let fields = |known: Option<&str>, code: &str| {
            let known = known.map(|known| one(known, "x"));
            let errors = strange_languages(&shop, known.as_ref(), &one(code, "x"));
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(None, "de"), [] as [&str; 0]);
        assert_eq!(fields(None, "en"), ["translations.en"], "the main language has its own fields");
        assert_eq!(fields(None, "fr"), ["translations.fr"]);
        assert_eq!(fields(Some("fr"), "fr"), [] as [&str; 0], "a language that the shop had before");
        assert_eq!(strange_languages(&Languages::default(), None, &one("de", "x")).len(), 1);
    }
}
