//! Elasticsearch or OpenSearch: an index outside, which any number of processes ask and write.
//!
//! Every document carries the number of its change as its version, and the server keeps the higher one: an older
//! change never overwrites a newer one, and processes that bring in the same changes at once do no harm.

mod indexes;
mod question;
#[cfg(test)]
mod requests;
mod server;
mod shape;
mod words;
mod write;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use contracts::catalog::ProductCard;
use futures::future::BoxFuture;
use http::StatusCode;
use kernel::{Error, Kind, ProductId, Result};
use runtime::{HttpOut, HyperOut};
use serde_json::Value;

use self::{
    indexes::{Indexes, Target},
    server::{Answer, Ask, Body, Server, away},
    shape::Line,
};
use super::{Change, Found, Question, SearchIndex, Settings, TextPlace, Weighed, forgiven, imaginable};
use crate::query::{Synonyms, Wanted};

/// An index in Elasticsearch.
pub struct Elasticsearch {
    server: Server,
    indexes: Indexes,
    /// The index that is written, as it was when it was last asked how far it is.
    target: Mutex<Option<Target>>,
    /// Whether this process has once brought an index up to date.
    has_caught_up: AtomicBool,
    /// Why questions would not be answered just now.
    trouble: Mutex<Option<String>>,
}

/// The way there, if the server has an authority of its own.
fn own_way(settings: &Settings) -> Result<Option<Arc<dyn HttpOut>>> {
    if settings.ca_file.as_os_str().is_empty() {
        return Ok(None);
    }
    let reason = format!("{} is no file of certificates in PEM.", settings.ca_file.display());
    let wrong = |e: Error| Error::invalid("search.ca_file", reason).caused_by(e);
    Ok(Some(Arc::new(HyperOut::believing(&settings.ca_file).map_err(wrong)?)))
}

impl Elasticsearch {
    /// Looks at the settings; nobody is asked.
    ///
    /// # Errors
    /// Invalid, with the setting's name.
    pub fn check_settings(settings: &Settings) -> Result<()> {
        own_way(settings)?;
        settings.check_server()?;
        settings.nodes().map(drop)
    }

    /// The index that the settings name. A server that does not answer is waited for later; one that answers and does
    /// not let us in is not. `out` is the way there unless the server has an authority of its own.
    ///
    /// # Errors
    /// Invalid, with the setting's name.
    pub async fn open(settings: &Settings, out: Arc<dyn HttpOut>) -> Result<Self> {
        let out = own_way(settings)?.unwrap_or(out);
        let this = Self {
            server: Server::new(settings, out)?,
            indexes: Indexes::new(settings),
            target: Mutex::default(),
            has_caught_up: AtomicBool::new(false),
            trouble: Mutex::new(Some("Elasticsearch has not answered yet.".to_owned())),
        };
        match this.check(settings).await {
            Err(error) if error.is(Kind::Unavailable) => {
                tracing::warn!(%error, "Elasticsearch does not answer; the search waits for it");
            }
            checked => checked?,
        }
        this.look().await;
        Ok(this)
    }

    /// Whether it is the right server, and whether it lets us in.
    async fn check(&self, settings: &Settings) -> Result<()> {
        let greeting = self.server.ask(&Ask::get("/".to_owned())).await?;
        refuse_if_shut_out(settings, greeting.status)?;
        let version = greeting.body["version"]["number"].as_str();
        if !greeting.status.is_success() || version.is_none() {
            let reason = "Somebody answers there who is neither Elasticsearch nor OpenSearch.";
            return Err(Error::invalid("search.urls", reason).caused_by(greeting.words()));
        }
        refuse_if_shut_out(settings, self.indexes.may_be_listed(&self.server).await?)?;
        let kind = greeting.body["version"]["distribution"].as_str().unwrap_or("elasticsearch");
        tracing::info!(version, kind, "the search is answered from outside");
        Ok(())
    }

    /// Looks whether questions are answered.
    pub async fn look(&self) {
        let trouble = match self.indexes.can_be_asked(&self.server).await {
            Ok(true) => None,
            Ok(false) => Some("The search index is being filled.".to_owned()),
            Err(error) => {
                tracing::debug!(%error, "Elasticsearch does not answer");
                Some("Elasticsearch does not answer.".to_owned())
            }
        };
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Fails, with the reason, if questions were not answered at the last look.
    pub fn ready(&self) -> Result<()> {
        match &*self.trouble.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => Err(Error::unavailable(reason.clone())),
            None => Ok(()),
        }
    }

    fn set_target(&self, target: Option<Target>) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }

    fn target(&self) -> Result<Target> {
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner);
        target.clone().ok_or_else(|| Error::internal("nobody has asked how far the index is"))
    }

    async fn search(&self, request: Value) -> Result<Value> {
        // Some of the hits would be a wrong answer.
        let path = format!("/{}/_search?allow_partial_search_results=false", self.indexes.alias);
        let answer: Answer = self.server.ask(&Ask::post(path, Body::Json(request))).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Err(away("there is no index yet"));
        }
        answer.or_error("a question")
    }

    async fn look_for(&self, question: &Question, wanted: &[Wanted], at_least: usize) -> Result<Found> {
        question::found(question, &self.search(question::request(question, wanted, at_least)).await?)
    }

    async fn answer(&self, question: &Question) -> Result<Found> {
        let mut wanted = question.synonyms.wanted(&question.words);
        if wanted.is_empty() {
            return self.look_for(question, &[], 0).await;
        }
        // Mostly all words are known and something has all of them: then this is all that is asked.
        let mut request = question::request(question, &wanted, wanted.len());
        words::add_to(&mut request, &wanted, forgiven);
        let answer = self.search(request).await?;
        let corrected = words::correct(&wanted, &answer);
        let mut found = match &corrected {
            Some(words) if words.is_empty() => return Ok(Found::default()),
            Some(words) => {
                wanted = question.synonyms.wanted(words);
                self.look_for(question, &wanted, wanted.len()).await?
            }
            None => question::found(question, &answer)?,
        };
        if found.total == 0 && wanted.len() > 1 {
            // Nothing has all that is wanted: show what has all but one.
            found = self.look_for(question, &wanted, wanted.len() - 1).await?;
            found.is_partial = found.total > 0;
        }
        found.corrected = corrected;
        Ok(found)
    }

    async fn nearest_to(&self, words: &[String]) -> Result<Option<Vec<String>>> {
        let wanted = Synonyms::default().wanted(words);
        let mut request = question::nothing();
        words::add_to(&mut request, &wanted, imaginable);
        let nearest = words::correct(&wanted, &self.search(request).await?);
        Ok(nearest.filter(|words| !words.is_empty()))
    }
}

/// Whoever is not let in at the start has been given the wrong settings.
fn refuse_if_shut_out(settings: &Settings, status: StatusCode) -> Result<()> {
    let key = if settings.api_key.expose().is_empty() { "search.username" } else { "search.api_key" };
    match status {
        StatusCode::UNAUTHORIZED => Err(Error::invalid(key, "Elasticsearch does not know this user or key.")),
        StatusCode::FORBIDDEN => {
            let reason = "Elasticsearch does not allow this user or key to use the indexes of the search.";
            Err(Error::invalid(key, reason))
        }
        _ => Ok(()),
    }
}

impl SearchIndex for Elasticsearch {
    fn last_seq(&self) -> BoxFuture<'_, Result<i64>> {
        Box::pin(async move {
            let at_start = !self.has_caught_up.load(Ordering::Relaxed);
            let target = self.indexes.target(&self.server, at_start).await?;
            let seq = self.indexes.last_seq(&self.server, &target).await?;
            self.set_target(Some(target));
            Ok(seq)
        })
    }

    fn start_over(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.set_target(Some(self.indexes.make(&self.server).await?));
            Ok(())
        })
    }

    fn apply(&self, changes: Vec<Change>, seq: i64) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let alias = self.indexes.writing(self.target()?.number);
            write::write(&self.server, &alias, changes.iter().map(Line::of).collect()).await?;
            // Only after all of them: whoever reads this number counts on it.
            if seq > 0 {
                write::write(&self.server, &alias, vec![Line::last_change(seq)]).await?;
            }
            Ok(())
        })
    }

    fn caught_up(&self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let target = self.target()?;
            self.indexes.refresh(&self.server, &target).await?;
            if !target.is_asked {
                self.indexes.ask_from_now_on(&self.server, &target).await?;
            }
            self.has_caught_up.store(true, Ordering::Relaxed);
            Ok(!target.is_asked)
        })
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Found>> {
        Box::pin(self.answer(question))
    }

    fn nearest<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Option<Vec<String>>>> {
        Box::pin(self.nearest_to(words))
    }

    fn weigh<'a>(
        &'a self,
        product_id: ProductId,
        places: &'a [TextPlace],
    ) -> BoxFuture<'a, Result<Option<Vec<Weighed>>>> {
        Box::pin(async move {
            let answer = self.search(question::weighing(product_id, places)).await?;
            Ok(question::weighed(places.len(), &answer))
        })
    }

    fn suggest<'a>(
        &'a self,
        words: &'a [String],
        is_forgiving: bool,
        limit: usize,
        language: Option<&'static str>,
    ) -> BoxFuture<'a, Result<Vec<ProductCard>>> {
        Box::pin(async move {
            match question::beginning_request(words, is_forgiving, limit) {
                Some(request) => question::hits(&self.search(request).await?, language),
                None => Ok(Vec::new()),
            }
        })
    }
}
