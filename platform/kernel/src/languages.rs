//! The languages in which a shop says what it sells.

use std::sync::Arc;

/// The languages of what is sold, by their codes: the main one, and those that names and descriptions may be translated
/// into. With the main one alone nothing is asked, kept or shown for any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages(Arc<[&'static str]>);

/// Without any other said.
const MAIN: &str = "en";

impl Default for Languages {
    fn default() -> Self {
        Self::new(&[MAIN])
    }
}

impl Languages {
    /// The main language first; each counts once. English if there is none.
    pub fn new(codes: &[&'static str]) -> Self {
        let mut known: Vec<&'static str> = Vec::with_capacity(codes.len());
        for code in codes {
            if !known.contains(code) {
                known.push(code);
            }
        }
        if known.is_empty() {
            known.push(MAIN);
        }
        Self(known.into())
    }
    /// The language in which everything is said.
    pub fn main(&self) -> &'static str {
        self.0.first().copied().unwrap_or(MAIN)
    }
    /// Those into which something may be translated.
    pub fn further(&self) -> &[&'static str] {
        self.0.get(1..).unwrap_or_default()
    }
    /// All of them, the main one first.
    pub fn all(&self) -> &[&'static str] {
        &self.0
    }
    /// Whether there is one beside the main one.
    pub fn are_several(&self) -> bool {
        self.0.len() > 1
    }
    /// One of them by a language tag: `de-AT` is `de`.
    pub fn find(&self, tag: &str) -> Option<&'static str> {
        let code = tag.split(['-', '_']).next().unwrap_or_default().trim();
        self.0.iter().copied().find(|known| known.eq_ignore_ascii_case(code))
    }
    /// The one that an `Accept-Language` header likes best; none if it likes none of them.
    pub fn liked(&self, accepted: &str) -> Option<&'static str> {
        let mut best: Option<(u32, &'static str)> = None;
        for entry in accepted.split(',').take(LIKED_MAX) {
            let (tag, weight) = entry.split_once(';').map_or((entry, None), |(tag, rest)| (tag, Some(rest)));
            let weight = weight.and_then(|rest| rest.trim().strip_prefix("q=")).map_or(1_000, thousandths);
            if weight > 0
                && let Some(code) = self.find(tag.trim())
                && best.is_none_or(|(most, _)| weight > most)
            {
                best = Some((weight, code));
            }
        }
        best.map(|(_, code)| code)
    }
}

/// Entries of a header that are looked at.
const LIKED_MAX: usize = 20;

/// `0.8` as 800; what is no weight is none.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    match whole {
        "1" => 1_000,
        "0" if digits => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_the_main_one_and_each_counts_once() {
        let shop = Languages::new(&["de", "en", "de"]);
        assert_eq!((shop.main(), shop.further(), shop.are_several()), ("de", &["en"][..], true));
        assert_eq!(Languages::new(&[]), Languages::default());
        assert_eq!((Languages::default().main(), Languages::default().are_several()), ("en", false));
    }

    #[test]
    fn tags_name_languages() {
        let shop = Languages::new(&["en", "de", "fr"]);
        assert_eq!(
            (shop.find("de-AT"), shop.find("DE"), shop.find("pt"), shop.find("")),
            (Some("de"), Some("de"), None, None)
        );
        for (header, liked) in [
            ("de", Some("de")),
            ("fr-CA, de;q=0.9", Some("fr")),
            ("pt, de;q=0.4, fr;q=0.5", Some("fr")),
            ("de;q=0, fr;q=0.1", Some("fr")),
            ("en-US,en;q=0.9,de;q=0.8", Some("en")),
            ("pt-BR", None),
            ("*", None),
            ("de;q=x", None),
            ("", None),
        ] {
            assert_eq!(shop.liked(header), liked, "{header}");
        }
    }
}
