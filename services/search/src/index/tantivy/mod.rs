//! The embedded engine: Tantivy, one writer thread that exists only while it writes.

mod collect;
mod fields;
mod words;

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use ::tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term,
    directory::MmapDirectory,
    query::{AllQuery, BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{IndexRecordOption, Value},
};
use contracts::{catalog::ProductCard, search::SearchSort};
use futures::future::{BoxFuture, ready};
use kernel::{Error, Result};

use self::{collect::Facets, fields::Fields};
use super::{Change, Found, Question, SearchIndex};

/// Memory of the writer, while there is one. The engine's minimum is 15 MB.
const WRITER_BYTES: usize = 20_000_000;
/// How much more a word in the title says than one in the description.
const BOOST_TITLE: f32 = 4.0;
const BOOST_KEYWORDS: f32 = 2.0;

/// The embedded index. Writing happens on a thread for what blocks; questions are answered where they are asked, for
/// they take less than sending them there would.
pub struct Tantivy(Arc<Engine>);

/// The index, its reader, its one writer at a time.
struct Engine {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// One writer at a time.
    writing: Mutex<()>,
    /// There may be files of a writer that did not come to its commit.
    untidy: AtomicBool,
}

fn broken(cause: impl std::fmt::Display) -> Error {
    Error::internal(format!("search index: {cause}"))
}

impl Tantivy {
    /// Opens the index in `dir`, or in memory if `dir` is empty. An index of another shape is thrown
    /// away: it is made from the rows.
    pub fn open(dir: &Path) -> Result<Self> {
        let (schema, fields) = fields::schema();
        let index = if dir.as_os_str().is_empty() {
            Index::create_in_ram(schema)
        } else {
            std::fs::create_dir_all(dir).map_err(broken)?;
            let opened = Index::open_or_create(MmapDirectory::open(dir).map_err(broken)?, schema.clone());
            match opened {
                Ok(index) => index,
                Err(error) => {
                    tracing::warn!(%error, "the search index is of another shape and is made anew");
                    std::fs::remove_dir_all(dir).map_err(broken)?;
                    std::fs::create_dir_all(dir).map_err(broken)?;
                    Index::create_in_dir(dir, schema).map_err(broken)?
                }
            }
        };
        fields::register_analyzers(&index);
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(64)
            .try_into()
            .map_err(broken)?;
        let untidy = AtomicBool::new(true);
        Ok(Self(Arc::new(Engine { index, reader, fields, writing: Mutex::new(()), untidy })))
    }

    /// Writes, on a thread for it.
    fn write(&self, write: impl FnOnce(&Engine) -> Result<()> + Send + 'static) -> BoxFuture<'_, Result<()>> {
        let engine = self.0.clone();
        let writing = tokio::task::spawn_blocking(move || write(&engine));
        Box::pin(async move { writing.await.map_err(Error::internal)? })
    }
}

impl Engine {
    /// A writer. If the one before, of this process or of one that was killed, did not come to its commit, what it left
    /// is removed first: the next would give its files the same names.
    fn writer(&self) -> Result<IndexWriter> {
        let writer = self.index.writer_with_num_threads(1, WRITER_BYTES).map_err(broken)?;
        if self.untidy.swap(true, Ordering::Relaxed) {
            writer.garbage_collect_files().wait().map_err(broken)?;
        }
        Ok(writer)
    }

    /// Every word must be found, in the title, the keywords or the text.
    fn text_query(&self, words: &[String], at_least: usize) -> Box<dyn Query> {
        if words.is_empty() {
            return Box::new(AllQuery);
        }
        let clauses = words.iter().map(|word| (Occur::Should, self.word_query(word))).collect();
        Box::new(BooleanQuery::with_minimum_required_clauses(clauses, at_least))
    }

    fn word_query(&self, word: &str) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for stem in words::tokens(&self.index, fields::STEMMED, word) {
            let fields =
                [(self.fields.title, BOOST_TITLE), (self.fields.keywords, BOOST_KEYWORDS), (self.fields.body, 1.0)];
            for (field, boost) in fields {
                let term = TermQuery::new(Term::from_field_text(field, &stem), IndexRecordOption::WithFreqs);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(term), boost))));
            }
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn card(&self, searcher: &Searcher, address: DocAddress) -> Result<ProductCard> {
        let document: TantivyDocument = searcher.doc(address).map_err(broken)?;
        let card = document.get_first(self.fields.card).and_then(|v| v.as_bytes().map(<[u8]>::to_vec));
        Ok(serde_json::from_slice(&card.ok_or_else(|| broken("a document without its card"))?)?)
    }

    fn look(&self, searcher: &Searcher, question: &Question, words: &[String], at_least: usize) -> Result<Found> {
        let query = self.text_query(words, at_least);
        // Without words nothing is more relevant than something else: the newest comes first.
        let sort =
            if words.is_empty() && question.sort == SearchSort::Relevance { SearchSort::Newest } else { question.sort };
        let collected = searcher.search(&*query, &Facets { question: question.clone(), sort }).map_err(broken)?;
        let hits = collected.page(question.offset, question.limit);
        let hits = hits.into_iter().map(|address| self.card(searcher, address)).collect::<Result<Vec<_>>>()?;
        Ok(Found { total: collected.total(), hits, counts: collected.counts, corrected: None })
    }

    fn last_seq(&self) -> Result<i64> {
        let payload = self.index.load_metas().map_err(broken)?.payload;
        Ok(payload.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn apply(&self, changes: &[Change], seq: i64) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let writer = self.writer()?;
        for change in changes {
            writer.delete_term(Term::from_field_text(self.fields.id, &change.product_id.to_string()));
            if let Some(entry) = &change.entry {
                writer.add_document(self.fields.document(change.product_id, entry)?).map_err(broken)?;
            }
        }
        self.commit(writer, seq)
    }

    /// What was written, with the number up to which it goes.
    fn commit(&self, mut writer: IndexWriter, seq: i64) -> Result<()> {
        let mut commit = writer.prepare_commit().map_err(broken)?;
        commit.set_payload(&seq.to_string());
        commit.commit().map_err(broken)?;
        self.untidy.store(false, Ordering::Relaxed);
        writer.wait_merging_threads().map_err(broken)?;
        self.reader.reload().map_err(broken)
    }

    fn start_over(&self) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let writer = self.writer()?;
        writer.delete_all_documents().map_err(broken)?;
        self.commit(writer, 0)
    }

    fn ask(&self, question: &Question) -> Result<Found> {
        let searcher = self.reader.searcher();
        let typed = &question.words;
        if typed.is_empty() {
            return self.look(&searcher, question, &[], 0);
        }
        let corrected = words::correct(&self.index, &searcher, &self.fields, typed)?;
        let words = corrected.as_ref().unwrap_or(typed);
        if words.is_empty() {
            return Ok(Found::default());
        }
        let mut found = self.look(&searcher, question, words, words.len())?;
        if found.total == 0 && words.len() > 1 {
            // Nothing has all of the words: show what has all but one.
            found = self.look(&searcher, question, words, words.len() - 1)?;
        }
        found.corrected = corrected;
        Ok(found)
    }

    fn suggest(&self, typed: &[String], limit: usize) -> Result<Vec<ProductCard>> {
        let searcher = self.reader.searcher();
        let Some(query) = words::prefix_query(&self.index, &self.fields, typed) else { return Ok(Vec::new()) };
        let question = Question { limit, ..Question::default() };
        let collected = searcher.search(&*query, &Facets { question, sort: SearchSort::Relevance }).map_err(broken)?;
        collected.page(0, limit).into_iter().map(|address| self.card(&searcher, address)).collect()
    }
}

impl SearchIndex for Tantivy {
    fn last_seq(&self) -> BoxFuture<'_, Result<i64>> {
        Box::pin(ready(self.0.last_seq()))
    }
    fn start_over(&self) -> BoxFuture<'_, Result<()>> {
        self.write(Engine::start_over)
    }
    fn apply(&self, changes: Vec<Change>, seq: i64) -> BoxFuture<'_, Result<()>> {
        self.write(move |engine| engine.apply(&changes, seq))
    }
    fn caught_up(&self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(ready(Ok(false)))
    }
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Found>> {
        Box::pin(ready(self.0.ask(question)))
    }
    fn suggest<'a>(&'a self, words: &'a [String], limit: usize) -> BoxFuture<'a, Result<Vec<ProductCard>>> {
        Box::pin(ready(self.0.suggest(words, limit)))
    }
}
