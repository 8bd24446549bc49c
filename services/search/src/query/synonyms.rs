//! Words that mean the same, as questions use them.

use std::collections::BTreeMap;

use contracts::search::SynonymGroup;

use crate::index::Stems;

/// Other ways to say one thing that are looked for; more of them say nothing more.
const WAYS_MAX: usize = 20;

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its words as typed.
    pub typed: Vec<String>,
    /// What means the same: all words of one of these.
    pub also: Vec<Vec<String>>,
}

/// What else is looked for where something is typed.
#[derive(Clone, Default)]
pub struct Synonyms {
    /// By the stems of what is typed, in each language.
    ways: BTreeMap<String, Vec<Vec<String>>>,
    /// Words of the longest that has any.
    longest: usize,
    stems: Option<Stems>,
}

impl Synonyms {
    /// As the administration has written them.
    pub fn new(groups: &[SynonymGroup], stems: &Stems) -> Self {
        let mut this = Self { stems: Some(stems.clone()), ..Self::default() };
        for group in groups {
            let cut = |texts: &[String]| texts.iter().map(|text| super::words(text)).collect::<Vec<_>>();
            let (typed, means) = (cut(&group.words), cut(&group.means));
            for words in typed.iter().filter(|words| !words.is_empty()) {
                // Without a direction each means all others.
                this.add(words, if means.is_empty() { &typed } else { &means }, stems);
            }
        }
        this
    }

    fn add(&mut self, words: &[String], also: &[Vec<String>], stems: &Stems) {
        self.longest = self.longest.max(words.len());
        for key in stems.keys(words) {
            let ways = self.ways.entry(key).or_default();
            for way in also.iter().filter(|way| !way.is_empty() && *way != words) {
                if ways.len() < WAYS_MAX && !ways.contains(way) {
                    ways.push(way.clone());
                }
            }
        }
    }

    /// The things that some words ask for: the longest that has synonyms first.
    pub fn wanted(&self, words: &[String]) -> Vec<Wanted> {
        let mut wanted = Vec::with_capacity(words.len());
        let mut rest = words;
        while !rest.is_empty() {
            let found = (1..=self.longest.min(rest.len())).rev().find_map(|n| Some((n, self.of(&rest[..n])?)));
            let (length, also) = found.unwrap_or((1, Vec::new()));
            wanted.push(Wanted { typed: rest[..length].to_vec(), also });
            rest = &rest[length..];
        }
        wanted
    }

    fn of(&self, words: &[String]) -> Option<Vec<Vec<String>>> {
        let keys = self.stems.as_ref()?.keys(words);
        let ways: Vec<Vec<String>> = keys.iter().find_map(|key| self.ways.get(key))?.clone();
        Some(ways).filter(|ways| !ways.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Language;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn wanted(words: &[&str]) -> Vec<(String, Vec<String>)> {
        let groups = [
            SynonymGroup { words: texts(&["Sofa", "couch", "settee"]), means: vec![] },
            SynonymGroup { words: texts(&["kicks"]), means: texts(&["trainers", "running shoe"]) },
            SynonymGroup { words: texts(&["cell phone", "mobile"]), means: vec![] },
            SynonymGroup { words: texts(&["--", "couch"]), means: vec![] },
        ];
        let synonyms = Synonyms::new(&groups, &Stems::of(&[Language::En]));
        let said = |w: &Wanted| (w.typed.join(" "), w.also.iter().map(|way| way.join(" ")).collect());
        synonyms.wanted(&texts(words)).iter().map(said).collect()
    }

    #[test]
    fn equal_words_mean_each_other_and_others_go_one_way() {
        assert_eq!(wanted(&["sofas"]), [("sofas".to_owned(), texts(&["couch", "settee"]))]);
        assert_eq!(wanted(&["settee"]), [("settee".to_owned(), texts(&["sofa", "couch"]))]);
        assert_eq!(wanted(&["kicks"]), [("kicks".to_owned(), texts(&["trainers", "running shoe"]))]);
        assert_eq!(wanted(&["trainers"]), [("trainers".to_owned(), vec![])]);
    }

    #[test]
    fn several_words_may_be_one_thing() {
        let asked = wanted(&["blue", "cell", "phones", "cell"]);
        let things = [("blue", vec![]), ("cell phones", vec!["mobile"]), ("cell", vec![])];
        assert_eq!(asked, things.map(|(typed, also)| (typed.to_owned(), texts(&also))));
        assert_eq!(wanted(&["mobile"]), [("mobile".to_owned(), texts(&["cell phone"]))]);
        assert!(wanted(&[]).is_empty());
    }
}
