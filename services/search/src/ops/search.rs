use contracts::search::SearchPage;
use kernel::Result;
use runtime::cache::{Found, Ready};

use super::{in_use, instead::instead};
use crate::{Search, index::Question, query};

/// The answer to a query string, as JSON, in another language than the main one if one is asked for.
pub async fn search(app: &Search, text: &str, language: Option<&'static str>) -> Result<Ready> {
    let ready = answer(app, text, language).await?;
    app.tally.note(text, finds_nothing(&ready));
    Ok(ready)
}

async fn answer(app: &Search, text: &str, language: Option<&'static str>) -> Result<Ready> {
    let in_use = in_use(app).await?;
    let key = match language {
        Some(language) => format!("search {} {language}?{text}", in_use.tag),
        None => format!("search {}?{text}", in_use.tag),
    };
    let mut making = match app.answers.find(&key).await {
        Found::Ready(ready) => return Ok(ready),
        Found::Nothing(making) => making,
    };
    let query = query::parse(text)?;
    making.from(&key).await;
    let question = Question { language, ..query::question(&query, in_use.synonyms.clone())? };
    let found = app.index.ask(&question).await?;
    let end = question.offset + found.hits.len();
    let is_lost = found.total == 0 && !question.words.is_empty();
    let page = SearchPage {
        next: if (end as u64) < found.total { query::cursor(end) } else { None },
        items: found.hits,
        total: found.total,
        corrected: found.corrected.map(|words| words.join(" ")),
        partial: found.is_partial,
        instead: if is_lost { Some(instead(app, &question).await?) } else { None },
        facets: query::facets(found.counts, &query, &app.names.load(), language, app.currency),
    };
    Ok(making.keep(Ready::json(&page)?))
}

/// How an answer begins that finds nothing, so that one that was kept ready need not be read.
const NOTHING: &[u8] = br#"{"items":[],"total":0,"#;

fn finds_nothing(answer: &Ready) -> bool {
    answer.bytes.starts_with(NOTHING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_finds_nothing_is_known_by_its_beginning() {
        let page = |total: u64| SearchPage {
            items: Vec::new(),
            total,
            corrected: None,
            partial: false,
            instead: None,
            facets: Vec::new(),
            next: None,
        };
        assert!(finds_nothing(&Ready::json(&page(0)).unwrap()));
        assert!(!finds_nothing(&Ready::json(&page(7)).unwrap()), "only a page behind the last");
    }
}
