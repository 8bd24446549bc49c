use contracts::{catalog::ProductCard, search::Suggestion};
use kernel::Result;

use crate::{Search, query};

/// Suggestions in all, and of categories and stores among them.
const ALL: usize = 8;
const NAMES: usize = 2;

/// What a beginning may mean: categories and stores by name, then products.
pub async fn suggest(app: &Search, text: &str) -> Result<Vec<Suggestion>> {
    let words = query::words(text);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let names = app.names.load();
    let begins = |name: &str| {
        let known = query::words(name);
        words.iter().all(|typed| known.iter().any(|word| word.starts_with(typed.as_str())))
    };
    let named = |kind: &str, names: &std::collections::BTreeMap<String, String>| {
        let matching = names.iter().filter(|(_, name)| begins(name)).take(NAMES);
        matching
            .map(|(slug, name)| Suggestion {
                kind: kind.to_owned(),
                text: name.clone(),
                slug: slug.clone(),
                picture_url: None,
            })
            .collect::<Vec<_>>()
    };
    let mut suggestions = named("category", &names.categories);
    suggestions.extend(named("vendor", &names.vendors));
    let left = ALL - suggestions.len();
    suggestions.extend(app.index.suggest(&words, left).await?.into_iter().map(product));
    Ok(suggestions)
}

fn product(card: ProductCard) -> Suggestion {
    let picture_url = card.picture.and_then(|p| p.sizes.into_iter().next()).map(|size| size.url);
    Suggestion { kind: "product".to_owned(), text: card.title, slug: card.slug.to_string(), picture_url }
}
