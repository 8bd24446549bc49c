use bytes::Bytes;
use contracts::search::SearchPage;
use kernel::Result;

use crate::{Search, query};

/// The answer to a query string, as JSON.
pub fn search(app: &Search, text: &str) -> Result<Bytes> {
    if let Some(answer) = app.answers.get(text) {
        return Ok(answer);
    }
    let query = query::parse(text)?;
    let question = query::question(&query)?;
    let found = app.index.ask(&question)?;
    let end = question.offset + found.hits.len();
    let page = SearchPage {
        next: if (end as u64) < found.total { query::cursor(end) } else { None },
        items: found.hits,
        total: found.total,
        corrected: found.corrected.map(|words| words.join(" ")),
        facets: query::facets(found.counts, &query, &app.names.load()),
    };
    let answer = Bytes::from(serde_json::to_vec(&page)?);
    app.answers.insert(text.to_owned(), answer.clone());
    Ok(answer)
}
