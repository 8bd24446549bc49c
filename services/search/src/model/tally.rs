//! What is searched, counted without whoever searches.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::query;

/// Different terms that are remembered until they are written.
const TERMS_MAX: usize = 500;
/// Words, and characters, of a term; what is longer is a text and not a term.
const WORDS_MAX: usize = 6;
const LENGTH_MAX: usize = 60;
/// Digits of a term; more are somebody's number.
const DIGITS_MAX: usize = 6;

/// What was searched since it was written last.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counted>);

/// How often was searched, and what was not found how often.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub searches: i64,
    pub missed: i64,
    /// By words.
    pub terms: BTreeMap<String, i64>,
}

impl Tally {
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a query string: the first page of words alone, for what is chosen besides is not looked for.
    pub fn note(&self, text: &str, finds_nothing: bool) {
        let Some(words) = searched(text) else { return };
        let mut counted = self.counted();
        counted.searches += 1;
        if !finds_nothing {
            return;
        }
        counted.missed += 1;
        let Some(term) = term_of(&words) else { return };
        if counted.terms.len() < TERMS_MAX || counted.terms.contains_key(&term) {
            *counted.terms.entry(term).or_default() += 1;
        }
    }

    /// What was counted, to be written; counting begins anew.
    pub fn take(&self) -> Counted {
        std::mem::take(&mut self.counted())
    }

    /// What could not be written counts with what came since.
    pub fn give_back(&self, unwritten: Counted) {
        let mut counted = self.counted();
        counted.searches += unwritten.searches;
        counted.missed += unwritten.missed;
        for (term, times) in unwritten.terms {
            if counted.terms.len() < TERMS_MAX || counted.terms.contains_key(&term) {
                *counted.terms.entry(term).or_default() += times;
            }
        }
    }
}

impl Counted {
    pub fn is_empty(&self) -> bool {
        self.searches == 0
    }
}

/// The words of a query string that asks for the first page of words and nothing else.
fn searched(text: &str) -> Option<String> {
    let mut words = None;
    for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
        match key.as_ref() {
            "q" => words = Some(value.into_owned()),
            "sort" | "limit" | "lang" => {}
            _ if value.is_empty() => {}
            _ => return None,
        }
    }
    words.filter(|words| !words.trim().is_empty())
}

/// What is kept of words: normalised, and nothing that may be somebody's address or number.
fn term_of(typed: &str) -> Option<String> {
    let words = query::words(typed);
    let term = words.join(" ");
    let digits = term.chars().filter(char::is_ascii_digit).count();
    let is_term = (1..=WORDS_MAX).contains(&words.len()) && term.chars().count() <= LENGTH_MAX;
    (is_term && digits <= DIGITS_MAX && !typed.contains('@')).then_some(term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_alone_are_counted_and_what_is_not_found_is_kept() {
        let tally = Tally::default();
        for (text, finds_nothing) in [
            ("q=mug&sort=relevance&limit=24", false),
            ("q=Xylophone", true),
            ("q=x%C3%BDlophone+&vendor=", true),
            ("q=mug&after=abc", false),
            ("q=mug&vendor=potter", true),
            ("category=kitchen", true),
            ("q=", true),
            ("q=+", true),
        ] {
            tally.note(text, finds_nothing);
        }
        let terms = BTreeMap::from([("xylophone".to_owned(), 2)]);
        assert_eq!(tally.take(), Counted { searches: 3, missed: 2, terms });
        assert!(tally.take().is_empty());
    }

    #[test]
    fn what_may_say_who_it_was_is_not_kept() {
        let too_many = "one two three four five six seven";
        for typed in ["ada@example.com", "ada @ example", "+49 170 1234567", "4242 4242 4242 4242", too_many, "!"] {
            assert_eq!(term_of(typed), None, "{typed}");
        }
        assert_eq!(term_of(&"a".repeat(61)), None);
        assert_eq!(term_of("iPhone 15, 256 GB").as_deref(), Some("iphone 15 256 gb"));
    }

    #[test]
    fn terms_are_bounded_and_what_was_not_written_comes_back() {
        let tally = Tally::default();
        for n in 0..TERMS_MAX + 10 {
            tally.note(&format!("q=word{n}"), true);
        }
        tally.note("q=word3", true);
        let counted = tally.take();
        assert_eq!((counted.searches, counted.missed), (TERMS_MAX as i64 + 11, TERMS_MAX as i64 + 11));
        assert_eq!((counted.terms.len(), counted.terms["word3"]), (TERMS_MAX, 2));
        tally.note("q=word3", true);
        tally.give_back(counted);
        let counted = tally.take();
        assert_eq!((counted.terms.len(), counted.terms["word3"]), (TERMS_MAX, 3));
    }
}
