//! In which of the shop's languages a visitor reads what is sold, and in which papers and mails are written. The words of the
//! pages themselves are English.

use axum::http::{HeaderMap, header};
use kernel::Languages;

use crate::{
    app::App,
    cookies,
    forms::Fields,
    render::query,
    ui::{Link, Tongue},
};

/// Language of the pages' own words.
pub const WORDS: &str = "en";
/// Parameter that names a language in an address.
const PARAMETER: &str = "lang";

/// What languages are called: in English, and by those who speak them.
const NAMES: [(&str, &str, &str); 17] = [
    ("ar", "Arabic", "العربية"),
    ("da", "Danish", "Dansk"),
    ("de", "German", "Deutsch"),
    ("el", "Greek", "Ελληνικά"),
    ("en", "English", "English"),
    ("es", "Spanish", "Español"),
    ("fi", "Finnish", "Suomi"),
    ("fr", "French", "Français"),
    ("hu", "Hungarian", "Magyar"),
    ("it", "Italian", "Italiano"),
    ("nl", "Dutch", "Nederlands"),
    ("no", "Norwegian", "Norsk"),
    ("pt", "Portuguese", "Português"),
    ("ro", "Romanian", "Română"),
    ("ru", "Russian", "Русский"),
    ("sv", "Swedish", "Svenska"),
    ("tr", "Turkish", "Türkçe"),
];

/// A language in English; its code if it has no name here.
pub fn english(code: &'static str) -> &'static str {
    NAMES.iter().find(|(known, ..)| *known == code).map_or(code, |(_, name, _)| *name)
}

fn own_name(code: &'static str) -> &'static str {
    NAMES.iter().find(|(known, ..)| *known == code).map_or(code, |(.., name)| *name)
}

/// What a request says of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The language to read in.
    pub code: &'static str,
    /// True if the browser does not remember it yet.
    pub is_new: bool,
    /// True if the visitor has chosen it, now or before.
    pub is_chosen: bool,
}

/// The language that the address names, else the one that the browser remembers, else the main one.
pub fn asked(app: &App, path: &str, headers: &HeaderMap) -> Asked {
    let shop = &app.languages;
    if !shop.are_several() {
        return Asked { code: shop.main(), is_new: false, is_chosen: false };
    }
    let kept = cookies::read(headers, app.cookies.language).and_then(|code| shop.find(code));
    let named = shop.find(parameters(path).get(PARAMETER));
    match (named, kept) {
        (Some(code), kept) => Asked { code, is_new: kept.unwrap_or(shop.main()) != code, is_chosen: true },
        (None, kept) => Asked { code: kept.unwrap_or(shop.main()), is_new: false, is_chosen: kept.is_some() },
    }
}

/// The language of papers and mails for a visitor: the one that was chosen here, else what the browser likes best, of those
/// that there are words for; else English.
pub fn written(asked: Asked, headers: &HeaderMap) -> &'static str {
    let there = words::languages();
    let chosen = if asked.is_chosen { there.find(asked.code) } else { None };
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.or_else(|| there.liked(accepted()?)).unwrap_or(there.main())
}

fn parameters(path: &str) -> Fields {
    Fields::parse(path.split_once('?').map_or("", |(_, query)| query).as_bytes())
}

/// The page at `path` in each of the shop's languages; none in a shop of one.
pub fn choices(shop: &Languages, path: &str, current: &'static str) -> Vec<Tongue> {
    if !shop.are_several() {
        return Vec::new();
    }
    let place = path.split('?').next().unwrap_or("/");
    let asked = parameters(path);
    let choice = |code: &'static str| {
        let mut pairs: Vec<(&str, &str)> = asked.pairs().filter(|(name, _)| *name != PARAMETER).collect();
        pairs.push((PARAMETER, code));
        let link = Link::new(own_name(code), format!("{place}?{}", query(&pairs)));
        Tongue { code, link, is_main: code == shop.main(), is_current: code == current }
    };
    shop.all().iter().copied().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn papers_are_in_the_language_that_was_chosen_or_that_the_browser_likes() {
        let written = |code: &'static str, is_chosen: bool, accepted: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted))]);
            super::written(Asked { code, is_new: false, is_chosen }, &headers)
        };
        assert_eq!(written("en", false, "de-AT,en;q=0.8"), "de");
        assert_eq!(written("en", true, "de-AT,en;q=0.8"), "en");
        assert_eq!(written("fr", true, "de"), "fr");
        assert_eq!(written("it", true, "it, es;q=0.5"), "es");
        assert_eq!(written("it", false, "it"), "en");
        assert_eq!(super::written(Asked { code: "de", is_new: false, is_chosen: false }, &HeaderMap::new()), "en");
    }

    #[test]
    fn a_page_leads_to_itself_in_each_language() {
        let shop = Languages::new(&["en", "de"]);
        let hrefs = |path: &str| choices(&shop, path, "de").into_iter().map(|t| t.link.href).collect::<Vec<_>>();
        assert_eq!(hrefs("/p/mug"), ["/p/mug?lang=en", "/p/mug?lang=de"]);
        assert_eq!(hrefs("/search?q=a+b&lang=de")[0], "/search?q=a+b&lang=en");
        assert!(choices(&Languages::default(), "/", "en").is_empty());
        assert_eq!(choices(&shop, "/", "de")[1].link.text, "Deutsch");
    }
}
