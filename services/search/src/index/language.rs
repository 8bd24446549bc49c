//! Words of a text, and the stems by which forms of a word are one.

use std::sync::LazyLock;

use ::tantivy::tokenizer::{
    AsciiFoldingFilter, Language as Stemming, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
    TextAnalyzerBuilder, Token,
};
use serde::Deserialize;

/// Bytes of the longest word that is searched.
const WORD_MAX: usize = 60;

/// A language whose words have forms that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "a language is named by its code")]
pub enum Language {
    Ar,
    Da,
    De,
    El,
    En,
    Es,
    Fi,
    Fr,
    Hu,
    It,
    Nl,
    No,
    Pt,
    Ro,
    Ru,
    Sv,
    Tr,
}

impl Language {
    /// Its code, its rules here, and the name of those in Elasticsearch.
    fn known(self) -> (&'static str, Stemming, &'static str) {
        match self {
            Self::Ar => ("ar", Stemming::Arabic, "arabic"),
            Self::Da => ("da", Stemming::Danish, "danish"),
            Self::De => ("de", Stemming::German, "german"),
            Self::El => ("el", Stemming::Greek, "greek"),
            Self::En => ("en", Stemming::English, "porter2"),
            Self::Es => ("es", Stemming::Spanish, "spanish"),
            Self::Fi => ("fi", Stemming::Finnish, "finnish"),
            Self::Fr => ("fr", Stemming::French, "french"),
            Self::Hu => ("hu", Stemming::Hungarian, "hungarian"),
            Self::It => ("it", Stemming::Italian, "italian"),
            Self::Nl => ("nl", Stemming::Dutch, "dutch"),
            Self::No => ("no", Stemming::Norwegian, "norwegian"),
            Self::Pt => ("pt", Stemming::Portuguese, "portuguese"),
            Self::Ro => ("ro", Stemming::Romanian, "romanian"),
            Self::Ru => ("ru", Stemming::Russian, "russian"),
            Self::Sv => ("sv", Stemming::Swedish, "swedish"),
            Self::Tr => ("tr", Stemming::Turkish, "turkish"),
        }
    }
    /// `en`
    pub fn code(self) -> &'static str {
        self.known().0
    }
    /// What its stemmer is called in Elasticsearch.
    pub fn stemmer_outside(self) -> &'static str {
        self.known().2
    }
}

/// `en_de`: tells indexes of other languages apart.
pub fn code_of(languages: &[Language]) -> String {
    languages.iter().map(|language| language.code()).collect::<Vec<_>>().join("_")
}

fn folding() -> TextAnalyzerBuilder<impl ::tantivy::tokenizer::Tokenizer> {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
}

/// Cuts a text into whole words, in lower case and without accents.
pub fn whole() -> TextAnalyzer {
    folding().build()
}

/// The words of a text, as they are indexed.
pub fn words(text: &str) -> Vec<String> {
    static WHOLE: LazyLock<TextAnalyzer> = LazyLock::new(whole);
    let mut words = Vec::new();
    WHOLE.clone().token_stream(text).process(&mut |token| words.push(token.text.clone()));
    words
}

/// Finds the stems of words in some languages. Cloned for whoever uses it.
#[derive(Clone)]
pub struct Stems(Vec<TextAnalyzer>);

impl Stems {
    /// In these languages; without any, a word is its own stem.
    pub fn of(languages: &[Language]) -> Self {
        let stemming = |language: &Language| folding().filter(Stemmer::new(language.known().1)).build();
        Self(if languages.is_empty() { vec![whole()] } else { languages.iter().map(stemming).collect() })
    }

    /// The stems of a text's words: where languages differ several at a place.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut all: Vec<Token> = Vec::new();
        for analyzer in &mut self.0 {
            let others = std::mem::take(&mut all);
            let mut stream = analyzer.token_stream(text);
            let mut known = others.into_iter().peekable();
            while stream.advance() {
                let token = stream.token();
                while known.peek().is_some_and(|k| k.position < token.position) {
                    all.extend(known.next());
                }
                let mut is_new = true;
                while let Some(same_place) = known.next_if(|k| k.position == token.position) {
                    is_new &= same_place.text != token.text;
                    all.push(same_place);
                }
                if is_new {
                    all.push(token.clone());
                }
            }
            all.extend(known);
        }
        all
    }

    /// The stems of a word, each once.
    pub fn stems(&self, word: &str) -> Vec<String> {
        self.clone().tokens(word).into_iter().map(|token| token.text).collect()
    }

    /// Some words as a text by which their forms are the same, for each language.
    pub fn keys(&self, words: &[String]) -> Vec<String> {
        let key = |analyzer: &TextAnalyzer| {
            let mut stems = Vec::new();
            analyzer.clone().token_stream(&words.join(" ")).process(&mut |token| stems.push(token.text.clone()));
            stems.join(" ")
        };
        self.0.iter().map(key).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(words("Größe: CRÈME-brûlée, 2.5 l"), ["grosse", "creme", "brulee", "2", "5", "l"]);
        assert_eq!(words("Чашка"), ["чашка"]);
        assert!(words("\u{1f600} -- \"'").is_empty());
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let english = Stems::of(&[Language::En]);
        assert_eq!(english.stems("mugs"), english.stems("mug"));
        assert_ne!(english.stems("tassen"), english.stems("tasse"));
        let both = Stems::of(&[Language::En, Language::De]);
        let shared = |one: &str, other: &str| {
            let (one, other) = (both.stems(one), both.stems(other));
            one.iter().any(|stem| other.contains(stem))
        };
        assert!(shared("mugs", "mug") && shared("tassen", "tasse") && !shared("tassen", "teller"));
        assert_eq!(both.stems("mug"), ["mug"], "where languages agree there is one");
        assert_eq!(Stems::of(&[]).stems("Mugs"), ["mugs"]);
    }

    #[test]
    fn stems_keep_their_places() {
        let places: Vec<(usize, String)> = Stems::of(&[Language::En, Language::De])
            .tokens("blaue Tassen")
            .into_iter()
            .map(|t| (t.position, t.text))
            .collect();
        assert_eq!(places.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [0, 0, 1, 1]);
        assert!(places.contains(&(1, "tass".to_owned())) && places.contains(&(1, "tassen".to_owned())));
    }
}
