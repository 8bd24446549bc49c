use contracts::{catalog::ProductCard, search::Suggestion};
use kernel::Result;
use runtime::cache::{Found, Ready};

use crate::{
    Search,
    model::Directory,
    query::{self, Beginning},
};

/// Suggestions in all, and of categories and stores among them.
const ALL: usize = 8;
const NAMES: usize = 2;
/// Bytes from which on a beginning says something of products: one letter begins half of them.
const TELLING: usize = 2;

/// What a beginning may mean, as JSON: categories and stores by name, then products. Typing errors are forgiven if
/// nothing at all begins as it was typed.
pub async fn suggest(app: &Search, text: &str, language: Option<&'static str>) -> Result<Ready> {
    let words = query::words(text);
    let key = match language {
        Some(language) => format!("suggest {language}?{}", words.join(" ")),
        None => format!("suggest?{}", words.join(" ")),
    };
    let mut making = match app.answers.find(&key).await {
        Found::Ready(ready) => return Ok(ready),
        Found::Nothing(making) => making,
    };
    making.from(&key).await;
    let mut suggestions = Vec::new();
    if !words.is_empty() {
        suggestions = meant(app, &words, false, language).await?;
        if suggestions.is_empty() {
            suggestions = meant(app, &words, true, language).await?;
        }
    }
    Ok(making.keep(Ready::json(&suggestions)?))
}

async fn meant(
    app: &Search,
    words: &[String],
    is_forgiving: bool,
    language: Option<&'static str>,
) -> Result<Vec<Suggestion>> {
    let names = app.names.load();
    let beginning = if is_forgiving { Beginning::forgiving(words) } else { Beginning::exact(words) };
    let mut suggestions = named("category", names.categories_in(language), &beginning);
    suggestions.extend(named("vendor", &names.vendors, &beginning));
    if words.last().is_some_and(|last| last.len() >= TELLING) {
        let left = ALL - suggestions.len();
        let found = app.index.suggest(words, is_forgiving, left, language).await?;
        suggestions.extend(found.into_iter().map(product));
    }
    Ok(suggestions)
}

fn named(kind: &str, names: &Directory, beginning: &Beginning<'_>) -> Vec<Suggestion> {
    let suggestion = |(slug, name): (&str, &str)| Suggestion {
        kind: kind.to_owned(),
        text: name.to_owned(),
        slug: slug.to_owned(),
        picture_url: None,
    };
    names.beginning(beginning).take(NAMES).map(suggestion).collect()
}

fn product(card: ProductCard) -> Suggestion {
    let picture_url = card.picture.and_then(|p| p.sizes.into_iter().next()).map(|size| size.url);
    Suggestion { kind: "product".to_owned(), text: card.title, slug: card.slug.to_string(), picture_url }
}
