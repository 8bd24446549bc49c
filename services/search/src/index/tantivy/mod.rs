//! The embedded engine: Tantivy, one writer thread that exists only while it writes.

mod collect;
mod columns;
mod fields;
mod query;
mod score;
mod suggested;
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
    collector::TopDocs,
    directory::MmapDirectory,
    index::IndexSettings,
    query::{BooleanQuery, Query, TermQuery},
    schema::{IndexRecordOption, Value},
};
use contracts::{catalog::ProductCard, search::SearchSort};
use futures::future::{BoxFuture, ready};
use kernel::{Error, ProductId, Result};

use self::{collect::Facets, columns::Unpacked, fields::Fields, score::Weights};
use super::{Change, Found, Language, Question, SearchIndex, Stems, TextPlace, Weighed, forgiven, imaginable};
use crate::{
    model::Titles,
    query::{Synonyms, Wanted},
};

/// Memory of the writer, while there is one. The engine's minimum is 15 MB.
const WRITER_BYTES: usize = 20_000_000;
/// Bytes of cards that are packed together, and unpacked for each of them that is shown: a page's cards lie far apart.
const CARDS_BYTES: usize = 4096;

/// The embedded index. Writing happens on a thread for what blocks; questions are answered where they are asked, for
/// they take less than sending them there would.
pub struct Tantivy(Arc<Engine>);

/// The index, its reader, its one writer at a time.
struct Engine {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    stems: Stems,
    columns: Unpacked,
    /// One writer at a time.
    writing: Mutex<()>,
    /// There may be files of a writer that did not come to its commit.
    untidy: AtomicBool,
}

fn broken(cause: impl std::fmt::Display) -> Error {
    Error::internal(format!("search index: {cause}"))
}

impl Tantivy {
    /// Opens the index in `dir`, or in memory if `dir` is empty. An index of another shape or of other languages is
    /// thrown away: it is made from the rows.
    pub fn open(dir: &Path, languages: &[Language]) -> Result<Self> {
        let (schema, fields) = fields::schema(languages);
        let settings = IndexSettings { docstore_blocksize: CARDS_BYTES, ..IndexSettings::default() };
        let new = || Index::builder().schema(schema.clone()).settings(settings.clone());
        let index = if dir.as_os_str().is_empty() {
            new().create_in_ram().map_err(broken)?
        } else {
            std::fs::create_dir_all(dir).map_err(broken)?;
            match new().open_or_create(MmapDirectory::open(dir).map_err(broken)?) {
                Ok(index) => index,
                Err(error) => {
                    tracing::warn!(%error, "the search index is of another shape and is made anew");
                    std::fs::remove_dir_all(dir).map_err(broken)?;
                    std::fs::create_dir_all(dir).map_err(broken)?;
                    new().create_in_dir(dir).map_err(broken)?
                }
            }
        };
        fields::register_analyzers(&index, languages);
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(64)
            .try_into()
            .map_err(broken)?;
        let (untidy, stems) = (AtomicBool::new(true), Stems::of(languages));
        let columns = Unpacked::default();
        Ok(Self(Arc::new(Engine { index, reader, fields, stems, columns, writing: Mutex::new(()), untidy })))
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

    fn card(&self, searcher: &Searcher, address: DocAddress, language: Option<&'static str>) -> Result<ProductCard> {
        let document: TantivyDocument = searcher.doc(address).map_err(broken)?;
        let card = document.get_first(self.fields.card).and_then(|v| v.as_bytes().map(<[u8]>::to_vec));
        let kept = card.ok_or_else(|| broken("a document without its card"))?;
        let mut card: ProductCard = serde_json::from_slice(&kept)?;
        if let Some(language) = language {
            serde_json::from_slice::<Titles>(&kept)?.say(&mut card, language);
        }
        Ok(card)
    }

    fn look(&self, searcher: &Searcher, question: &Question, wanted: &[Wanted], at_least: usize) -> Result<Found> {
        let query = query::matching(self, wanted, at_least);
        // Without words nothing is more relevant than something else: the newest comes first.
        let sort = if wanted.is_empty() && question.sort == SearchSort::Relevance {
            SearchSort::Newest
        } else {
            question.sort
        };
        let weights = if sort == SearchSort::Relevance {
            Weights::of(self, searcher, wanted).map_err(broken)?
        } else {
            Weights::default()
        };
        let facets = Facets { question, sort, columns: &self.columns, weights: &weights };
        let mut collected = searcher.search(&*query, &facets).map_err(broken)?;
        let (total, counts) = (collected.total, std::mem::take(&mut collected.counts));
        let hits = collected.page(question.offset, question.limit);
        let card = |address| self.card(searcher, address, question.language);
        let hits = hits.into_iter().map(card).collect::<Result<Vec<_>>>()?;
        Ok(Found { total, hits, counts, corrected: None, is_partial: false })
    }

    fn last_seq(&self) -> Result<i64> {
        let payload = self.index.load_metas().map_err(broken)?.payload;
        Ok(payload.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn apply(&self, changes: &[Change], seq: i64) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let writer = self.writer()?;
        let mut stems = self.stems.clone();
        for change in changes {
            writer.delete_term(Term::from_field_text(self.fields.id, &change.product_id.to_string()));
            if let Some(entry) = &change.entry {
                writer.add_document(self.fields.document(change.product_id, entry, &mut stems)?).map_err(broken)?;
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
        self.reader.reload().map_err(broken)?;
        self.columns.follow(&self.reader.searcher()).map_err(broken)
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
        let mut wanted = question.synonyms.wanted(typed);
        let corrected = words::correct(self, &searcher, &wanted, forgiven)?;
        if let Some(words) = &corrected {
            wanted = question.synonyms.wanted(words);
        }
        if wanted.is_empty() {
            return Ok(Found::default());
        }
        let mut found = self.look(&searcher, question, &wanted, wanted.len())?;
        if found.total == 0 && wanted.len() > 1 {
            // Nothing has all that is wanted: show what has all but one.
            found = self.look(&searcher, question, &wanted, wanted.len() - 1)?;
            found.is_partial = found.total > 0;
        }
        found.corrected = corrected;
        Ok(found)
    }

    fn nearest(&self, typed: &[String]) -> Result<Option<Vec<String>>> {
        let wanted = Synonyms::default().wanted(typed);
        let nearest = words::correct(self, &self.reader.searcher(), &wanted, imaginable)?;
        Ok(nearest.filter(|words| !words.is_empty()))
    }

    fn weigh(&self, product_id: ProductId, places: &[TextPlace]) -> Result<Option<Vec<Weighed>>> {
        let searcher = self.reader.searcher();
        let product =
            TermQuery::new(Term::from_field_text(self.fields.id, &product_id.to_string()), IndexRecordOption::Basic);
        let found = searcher.search(&product, &TopDocs::with_limit(1).order_by_score()).map_err(broken)?;
        let Some((_, address)) = found.first() else { return Ok(None) };
        let weigh = |place: &TextPlace| {
            let query = BooleanQuery::new(query::in_place(self, &place.word, place.field));
            // The engine cannot explain what is not there.
            let score = query.explain(&searcher, *address).map_or(0.0, |explained| explained.value());
            let products = query.count(&searcher).map_err(broken)? as u64;
            Ok(Weighed { score, products })
        };
        places.iter().map(weigh).collect::<Result<Vec<_>>>().map(Some)
    }

    fn suggest(
        &self,
        typed: &[String],
        is_forgiving: bool,
        limit: usize,
        language: Option<&'static str>,
    ) -> Result<Vec<ProductCard>> {
        let query = words::beginning(&self.fields, typed, is_forgiving).filter(|_| limit > 0);
        let Some(query) = query else { return Ok(Vec::new()) };
        let searcher = self.reader.searcher();
        let found = searcher.search(&*query, &suggested::best(limit)).map_err(broken)?;
        found.into_iter().map(|(_, address)| self.card(&searcher, address, language)).collect()
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
    fn nearest<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Option<Vec<String>>>> {
        Box::pin(ready(self.0.nearest(words)))
    }
    fn weigh<'a>(
        &'a self,
        product_id: ProductId,
        places: &'a [TextPlace],
    ) -> BoxFuture<'a, Result<Option<Vec<Weighed>>>> {
        Box::pin(ready(self.0.weigh(product_id, places)))
    }
    fn suggest<'a>(
        &'a self,
        words: &'a [String],
        is_forgiving: bool,
        limit: usize,
        language: Option<&'static str>,
    ) -> BoxFuture<'a, Result<Vec<ProductCard>>> {
        Box::pin(ready(self.0.suggest(words, is_forgiving, limit, language)))
    }
}
