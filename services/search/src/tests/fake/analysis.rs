//! Analyzers, as the settings of an index describe them.

use serde_json::Value;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

use super::{Done, unknown};

pub fn analyze(analysis: &Value, analyzer: &str, text: &str) -> Done<Vec<String>> {
    let analyzer = &analysis["analyzer"][analyzer];
    let tokenizer = analyzer["tokenizer"].as_str().ok_or_else(|| unknown("no such analyzer"))?;
    let tokenizer = &analysis["tokenizer"][tokenizer];
    if tokenizer["type"] != "pattern" || tokenizer["pattern"] != "[^\\p{IsAlphabetic}\\p{N}]+" {
        return Err(unknown(format!("no such tokenizer: {tokenizer}")));
    }
    let mut tokens: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).map(str::to_owned).collect();
    for name in analyzer["filter"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        tokens = filter(tokens, name, &analysis["filter"])?;
    }
    Ok(tokens)
}

fn filter(tokens: Vec<String>, name: &str, filters: &Value) -> Done<Vec<String>> {
    let custom = &filters[name];
    let number = |key: &str| custom[key].as_u64().map(|n| n as usize).ok_or_else(|| unknown(format!("{name}: {key}")));
    let each = |change: &dyn Fn(&str) -> String| tokens.iter().map(|token| change(token)).collect();
    Ok(match (name, custom["type"].as_str()) {
        ("lowercase", None) => each(&|token| token.to_lowercase()),
        ("asciifolding", None) => each(&|token| deunicode::deunicode(token)),
        (_, Some("length")) => {
            let max = number("max")?;
            tokens.into_iter().filter(|token| token.chars().count() <= max).collect()
        }
        (_, Some("truncate")) => {
            let length = number("length")?;
            each(&|token| token.chars().take(length).collect())
        }
        (_, Some("edge_ngram")) => {
            let (min, max) = (number("min_gram")?, number("max_gram")?);
            let begin = |token: &String, n: usize| token.chars().take(n).collect();
            tokens
                .iter()
                .flat_map(|token| (min..=max.min(token.chars().count())).map(move |n| begin(token, n)))
                .collect()
        }
        (_, Some("stemmer")) if custom["language"] == "porter2" => each(&|token| stem(token, Language::English)),
        (_, Some("stemmer")) if custom["language"] == "german" => each(&|token| stem(token, Language::German)),
        (_, Some("multiplexer")) if custom["preserve_original"] == false => {
            let mut several = Vec::new();
            for token in tokens {
                let mut of_token: Vec<String> = Vec::new();
                for name in custom["filters"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    let one = filter(vec![token.clone()], name, filters)?;
                    of_token.extend(one.into_iter().filter(|stem| !of_token.contains(stem)).collect::<Vec<_>>());
                }
                several.extend(of_token);
            }
            several
        }
        _ => return Err(unknown(format!("no such filter: {name} {custom}"))),
    })
}

fn stem(token: &str, language: Language) -> String {
    let mut stemmer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build();
    let mut stem = String::new();
    stemmer.token_stream(token).process(&mut |token| stem.clone_from(&token.text));
    stem
}
