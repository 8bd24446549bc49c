//! Which index is asked, and which one is written.
//!
//! Indexes are called `souk-products-<n>`; the alias `souk-products` names the one that is asked. An index that is
//! missing, of another shape or of other rows is replaced: the next one is made and filled from the rows while the
//! old one answers, and then the alias moves and the old one goes in one step. Each index has an alias of its own for
//! writing (`souk-writing-<n>`), so that a write that comes too late finds nothing instead of making the index anew.
//!
//! Several processes may do this at once: they choose the same number, fill the same index, and a second move of the
//! alias changes nothing.

use http::StatusCode;
use kernel::{Error, Result};
use serde_json::{Value, json};

use super::{
    server::{Ask, Body, Server, away},
    shape::{LAST_CHANGE, SHAPE, template},
};
use crate::index::{Settings, language::code_of};

/// The indexes of an installation.
pub struct Indexes {
    /// Names the index that is asked.
    pub alias: String,
    prefix: String,
    template: Value,
    languages: String,
}

/// An index that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub number: u64,
    /// Whether it is the one that is asked.
    pub is_asked: bool,
}

/// What there is.
struct Present {
    number: u64,
    /// Whether it holds what this program would write, in its languages.
    is_ours: bool,
    is_asked: bool,
}

impl Indexes {
    pub fn new(settings: &Settings) -> Self {
        let prefix = settings.prefix.clone();
        let template = template(settings, &format!("{prefix}-products-*"));
        let languages = code_of(&settings.languages);
        Self { alias: format!("{prefix}-products"), prefix, template, languages }
    }

    fn index(&self, number: u64) -> String {
        format!("{}-products-{number}", self.prefix)
    }

    /// The alias through which an index is written.
    pub fn writing(&self, number: u64) -> String {
        format!("{}-writing-{number}", self.prefix)
    }

    /// All there are.
    fn list(&self) -> Ask {
        Ask::get(format!("/{}-products-*?filter_path=*.aliases,*.mappings._meta,*.settings.index.uuid", self.prefix))
    }

    /// Makes the template known.
    fn put_template(&self) -> Ask {
        Ask::put(format!("/_index_template/{}-products", self.prefix), self.template.clone())
    }

    fn create(&self, number: u64) -> Ask {
        let aliases = json!({ self.writing(number): {} });
        Ask::put(format!("/{}", self.index(number)), json!({ "aliases": aliases }))
    }

    /// The alias, and only `new` behind it; in one step with the end of `old`.
    fn switch(&self, new: u64, old: &[u64]) -> Ask {
        let mut actions = vec![json!({"add": {"index": self.index(new), "alias": self.alias}})];
        actions.extend(old.iter().map(|number| json!({"remove_index": {"index": self.index(*number)}})));
        Ask::post("/_aliases".to_owned(), Body::Json(json!({ "actions": actions })))
    }

    async fn present(&self, server: &Server) -> Result<Vec<Present>> {
        let answer = server.ask(&self.list()).await?;
        // A server that was never written to may say that there is no such index.
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        let body = answer.or_error("the list of indexes")?;
        let begin = format!("{}-products-", self.prefix);
        let all = body.as_object().into_iter().flatten().filter_map(|(name, index)| {
            let number = name.strip_prefix(&begin)?.parse().ok()?;
            let meta = &index["mappings"]["_meta"];
            let is_ours = meta["shape"].as_u64() == Some(SHAPE) && meta["languages"] == self.languages.as_str();
            Some(Present { number, is_ours, is_asked: index["aliases"].get(&self.alias).is_some() })
        });
        Ok(all.collect())
    }

    /// The index to write: the newest of our shape, or a new one. One of another shape is replaced at the start of a
    /// process alone: two versions of the program that run side by side would take it from each other for ever.
    pub async fn target(&self, server: &Server, at_start: bool) -> Result<Target> {
        let present = self.present(server).await?;
        let ours = present.iter().filter(|index| index.is_ours);
        match ours.max_by_key(|index| index.number) {
            Some(index) => Ok(Target { number: index.number, is_asked: index.is_asked }),
            None if !at_start && present.iter().any(|index| index.is_asked) => Err(away(
                "another version of this program, or one of other languages, has made the index anew: this process is to be replaced",
            )),
            None => self.make_after(server, &present).await,
        }
    }

    /// A new index, whatever there is.
    pub async fn make(&self, server: &Server) -> Result<Target> {
        let present = self.present(server).await?;
        self.make_after(server, &present).await
    }

    async fn make_after(&self, server: &Server, present: &[Present]) -> Result<Target> {
        let number = present.iter().map(|index| index.number).max().unwrap_or(0) + 1;
        server.write(&self.put_template()).await?.or_error("the template of the index")?;
        let answer = server.write(&self.create(number)).await?;
        // Another process has just made it. Whether it is of our shape is looked at below.
        if answer.error_type() != "resource_already_exists_exception" {
            answer.or_error("a new index")?;
            tracing::info!(index = self.index(number), "a new search index is filled");
        }
        let made = self.present(server).await?.into_iter().find(|index| index.number == number);
        match made {
            Some(made) if made.is_ours => Ok(Target { number, is_asked: made.is_asked }),
            _ => Err(away("another version of this program makes its index at the same time")),
        }
    }

    /// Number of the last change that an index holds.
    pub async fn last_seq(&self, server: &Server, target: &Target) -> Result<i64> {
        let path = format!("/{}/_doc/{LAST_CHANGE}", self.writing(target.number));
        let answer = server.ask(&Ask::get(path)).await?;
        if answer.status == StatusCode::NOT_FOUND && answer.body["found"] == json!(false) {
            return Ok(0);
        }
        let body = answer.or_error("the number of the last change")?;
        body["_source"]["seq"].as_i64().ok_or_else(|| Error::internal("an index without the number of its last change"))
    }

    /// Makes what was written to be found.
    pub async fn refresh(&self, server: &Server, target: &Target) -> Result<()> {
        let ask = Ask::post(format!("/{}/_refresh", self.writing(target.number)), Body::None);
        server.write(&ask).await?.or_error("to show what was written").map(drop)
    }

    /// From now on `target` is asked; those before it, and whatever was asked until now, are removed.
    pub async fn ask_from_now_on(&self, server: &Server, target: &Target) -> Result<()> {
        let present = self.present(server).await?;
        let is_old = |index: &&Present| index.number < target.number || index.is_asked && index.number != target.number;
        let old: Vec<u64> = present.iter().filter(is_old).map(|index| index.number).collect();
        server.write(&self.switch(target.number, &old)).await?.or_error("another index behind the alias")?;
        tracing::info!(index = self.index(target.number), "another search index is asked from now on");
        Ok(())
    }

    /// Whether there is an index to be asked.
    pub async fn can_be_asked(&self, server: &Server) -> Result<bool> {
        let answer = server.ask(&Ask::get(format!("/_alias/{}", self.alias))).await?;
        match answer.status {
            StatusCode::NOT_FOUND => Ok(false),
            _ => answer.or_error("whether there is an index").map(|_| true),
        }
    }

    /// For the check at the start.
    pub async fn may_be_listed(&self, server: &Server) -> Result<StatusCode> {
        Ok(server.ask(&self.list()).await?.status)
    }
}

#[cfg(test)]
impl Indexes {
    /// Every request that is made here, by the name of its type in the official client.
    pub fn requests(&self) -> Vec<(&'static str, Ask)> {
        vec![
            ("IndicesPutIndexTemplateRequest", self.put_template()),
            ("IndicesCreateRequest", self.create(2)),
            ("IndicesUpdateAliasesRequest", self.switch(2, &[1])),
        ]
    }
}
