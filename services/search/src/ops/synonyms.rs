//! Words that mean the same: written by the administration, used by every question.

use std::sync::Arc;

use contracts::search::{SynonymGroup, SynonymsInput, SynonymsView};
use kernel::{Error, Result};
use runtime::cache::{Found, Ready};
use souk_http::IfMatch;

use crate::{
    Search,
    query::{self, Synonyms},
    store,
};

/// Words that may be one thing.
const PHRASE_MAX: usize = 4;

/// The synonyms as questions use them, and a text that is another for others.
#[derive(Clone, Default)]
pub struct InUse {
    /// What an answer is remembered by beside its question: one that was made with others is never found again.
    pub tag: String,
    pub synonyms: Arc<Synonyms>,
}

/// The synonyms that count now. Whoever changes them makes all processes forget theirs.
pub async fn in_use(app: &Search) -> Result<Arc<InUse>> {
    let ready = match app.written.find("synonyms").await {
        Found::Ready(ready) => ready,
        Found::Nothing(mut making) => {
            making.from("synonyms").await;
            let view = store::synonyms(&app.db).await?;
            making.keep(Ready::json(&view)?)
        }
    };
    let in_use = app.in_use.load();
    if in_use.tag.as_bytes() == ready.etag.as_bytes() {
        return Ok(Arc::clone(&in_use));
    }
    let view: SynonymsView = serde_json::from_slice(&ready.bytes)?;
    let tag = ready.etag.to_str().unwrap_or_default().to_owned();
    let synonyms = Arc::new(Synonyms::new(&view.groups, &app.stems));
    let in_use = Arc::new(InUse { tag, synonyms });
    app.in_use.store(in_use.clone());
    Ok(in_use)
}

/// All of them, as they are written.
pub async fn synonyms(app: &Search) -> Result<SynonymsView> {
    store::synonyms(&app.db).await
}

/// Puts others in their place. They count for every search from now on.
pub async fn set_synonyms(app: &Search, seen: IfMatch, input: SynonymsInput) -> Result<SynonymsView> {
    let groups = checked(input.groups)?;
    let now = app.clock.now();
    let stored = app.db.write(async move |tx| store::put_synonyms(tx, &groups, seen.0, now).await).await?;
    // Forgotten even if somebody else was faster: that cannot do any harm.
    app.written.forget_all();
    match stored {
        Some(view) => Ok(view),
        None => Err(seen.check(0).err().unwrap_or_else(|| Error::internal("the synonyms have no row"))),
    }
}

fn checked(groups: Vec<SynonymGroup>) -> Result<Vec<SynonymGroup>> {
    let mut errors = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        let mut wrong = |field: &str, reason: String| {
            errors.push(kernel::FieldError { field: format!("groups[{n}].{field}"), reason });
        };
        for (field, texts) in [("words", &group.words), ("means", &group.means)] {
            for text in texts {
                match query::words(text).len() {
                    0 => wrong(field, format!("“{text}” has no letters or digits.")),
                    1..=PHRASE_MAX => {}
                    _ => wrong(field, format!("“{text}” is too long: up to {PHRASE_MAX} words may be one thing.")),
                }
            }
        }
        if group.means.is_empty() && group.words.len() < 2 {
            wrong("words", format!("“{}” has nothing that means the same.", group.words.join(", ")));
        }
    }
    if errors.is_empty() { Ok(groups) } else { Err(Error::invalid_fields(errors)) }
}
