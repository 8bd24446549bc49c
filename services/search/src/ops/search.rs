use contracts::search::SearchPage;
use kernel::Result;
use runtime::cache::{Found, Ready};

use crate::{Search, query};

/// The answer to a query string, as JSON.
pub async fn search(app: &Search, text: &str) -> Result<Ready> {
    let mut making = match app.answers.find(text).await {
        Found::Ready(ready) => return Ok(ready),
        Found::Nothing(making) => making,
    };
    let query = query::parse(text)?;
    making.from(text).await;
    let question = query::question(&query)?;
    let found = app.index.ask(&question).await?;
    let end = question.offset + found.hits.len();
    let page = SearchPage {
        next: if (end as u64) < found.total { query::cursor(end) } else { None },
        items: found.hits,
        total: found.total,
        corrected: found.corrected.map(|words| words.join(" ")),
        facets: query::facets(found.counts, &query, &app.names.load()),
    };
    Ok(making.keep(Ready::json(&page)?))
}
