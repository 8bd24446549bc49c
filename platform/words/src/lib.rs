//! What papers and letters say to a buyer, in each language that there are words for.
//!
//! A language is one file: a table with every text and every sentence. A sentence is a function of what it tells, so the
//! compiler refuses a language that lacks one, or takes other arguments; plurals are what the function decides. A further
//! language is a further file, named in [`ALL`].

mod de;
mod en;
mod es;
mod fr;
mod table;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use kernel::Languages;

pub use table::Words;

/// Every language that there are words for, English first.
static ALL: [&Words; 4] = [&en::WORDS, &de::WORDS, &fr::WORDS, &es::WORDS];

/// English: what is said where nobody knows another language of the reader's.
pub fn english() -> &'static Words {
    &en::WORDS
}

/// The words of a language tag (`de-AT` is `de`); English if there are none, or no tag.
pub fn of(tag: Option<&str>) -> &'static Words {
    let code = tag.unwrap_or_default().split(['-', '_']).next().unwrap_or_default().trim();
    ALL.into_iter().find(|words| words.code.eq_ignore_ascii_case(code)).unwrap_or(english())
}

/// The languages that there are words for, English as the main one. Which of what is sold was translated is another matter.
pub fn languages() -> &'static Languages {
    static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| Languages::new(&ALL.map(|words| words.code)));
    &LANGUAGES
}
