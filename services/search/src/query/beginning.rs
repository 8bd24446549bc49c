//! What is being typed, as a test of names.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};

use crate::index::{forgiven, forgiven_in_beginning};

/// Automata for one and two edits; swapped neighbours are one edit.
static BUILDERS: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|edits| LevenshteinAutomatonBuilder::new(edits, true)));

/// Words of which each has to begin a word of a name.
pub struct Beginning<'a> {
    words: Vec<Typed<'a>>,
}

enum Typed<'a> {
    As(&'a str),
    Near(DFA),
}

impl<'a> Beginning<'a> {
    /// Exactly as typed.
    pub fn exact(words: &'a [String]) -> Self {
        Self { words: words.iter().map(|word| Typed::As(word)).collect() }
    }

    /// With as many edits as are forgiven in words so long; fewer in the last, which is not at its end yet.
    pub fn forgiving(words: &'a [String]) -> Self {
        let last = words.len().saturating_sub(1);
        let typed = words.iter().enumerate().map(|(n, word)| {
            let edits = if n == last { forgiven_in_beginning(word) } else { forgiven(word) };
            match usize::from(edits).checked_sub(1).and_then(|n| BUILDERS.get(n)) {
                Some(builder) => Typed::Near(builder.build_prefix_dfa(word)),
                None => Typed::As(word),
            }
        });
        Self { words: typed.collect() }
    }

    /// Whether each of them begins one of these words.
    pub fn fits(&self, name: &[String]) -> bool {
        self.words.iter().all(|typed| name.iter().any(|word| typed.begins(word)))
    }
}

impl Typed<'_> {
    fn begins(&self, word: &str) -> bool {
        match self {
            Self::As(typed) => word.starts_with(typed),
            Self::Near(automaton) => matches!(automaton.eval(word), Distance::Exact(_)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(typed: &str, name: &str, is_forgiving: bool) -> bool {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let typed = words(typed);
        let beginning = if is_forgiving { Beginning::forgiving(&typed) } else { Beginning::exact(&typed) };
        beginning.fits(&words(name))
    }

    #[test]
    fn every_word_begins_one_of_the_name() {
        assert!(fits("kit", "home and kitchen", false) && fits("kit ho", "home and kitchen", false));
        assert!(!fits("kitx", "home and kitchen", false) && !fits("kit gar", "home and kitchen", false));
    }

    #[test]
    fn the_longer_a_word_the_more_is_forgiven() {
        assert!(!fits("kict", "kitchen", true), "four letters are exact while one types");
        assert!(fits("kicth", "kitchen", true) && fits("kitchan", "kitchen", true), "one edit from five on");
        assert!(!fits("kacthan", "kitchen", true));
        assert!(
            fits("instrumants", "instruments", true) && fits("instruumants", "instruments", true),
            "two from nine on"
        );
        assert!(!fits("kicthen", "kit", true), "a name is not longer than itself");
        assert!(fits("kict box", "kitchen boxes", true), "a word that is ended forgives as any other");
    }
}
