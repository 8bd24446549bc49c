//! Bringing changes into the index, with an index that only counts.

use std::sync::{Arc, Mutex, PoisonError};

use contracts::catalog::ProductCard;
use futures::future::{BoxFuture, ready};
use kernel::{ProductId, Result};
use runtime::Caches;
use testkit::on_both_databases;

use super::{a_market, services};
use crate::{
    ANSWERS, Search, Settings,
    index::{Change, Found, Question, SearchIndex, TextPlace, Weighed},
    ops,
};

/// Remembers how many changes came each time, and up to which number.
#[derive(Default)]
struct Counting(Mutex<Vec<(usize, i64)>>);

impl Counting {
    fn applied(&self) -> Vec<(usize, i64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl SearchIndex for Counting {
    fn last_seq(&self) -> BoxFuture<'_, Result<i64>> {
        Box::pin(ready(Ok(self.applied().last().map_or(0, |(_, seq)| *seq))))
    }
    fn start_over(&self) -> BoxFuture<'_, Result<()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Box::pin(ready(Ok(())))
    }
    fn apply(&self, changes: Vec<Change>, seq: i64) -> BoxFuture<'_, Result<()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((changes.len(), seq));
        Box::pin(ready(Ok(())))
    }
    fn caught_up(&self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(ready(Ok(false)))
    }
    fn ask<'a>(&'a self, _: &'a Question) -> BoxFuture<'a, Result<Found>> {
        Box::pin(ready(Ok(Found::default())))
    }
    fn nearest<'a>(&'a self, _: &'a [String]) -> BoxFuture<'a, Result<Option<Vec<String>>>> {
        Box::pin(ready(Ok(None)))
    }
    fn weigh<'a>(&'a self, _: ProductId, _: &'a [TextPlace]) -> BoxFuture<'a, Result<Option<Vec<Weighed>>>> {
        Box::pin(ready(Ok(None)))
    }
    fn suggest<'a>(
        &'a self,
        _: &'a [String],
        _: bool,
        _: usize,
        _: Option<&'static str>,
    ) -> BoxFuture<'a, Result<Vec<ProductCard>>> {
        Box::pin(ready(Ok(Vec::new())))
    }
}

#[tokio::test]
async fn many_at_once_do_the_work_once() {
    on_both_databases(services, |app| async move {
        a_market(&app).await;
        let env = app.system.env("search").unwrap();
        let index = Arc::new(Counting::default());
        let answers = Caches::local().open("search.answers", ANSWERS);
        let search = Search::new(env.clone(), &Settings::default(), index.clone(), answers).await.unwrap();
        let search = Arc::new(search);
        let (one, two, three) = tokio::join!(ops::bring_in(&search), ops::bring_in(&search), ops::bring_in(&search));
        one.and(two).and(three).unwrap();
        let last = app.count("search", "SELECT value FROM counter WHERE id = 1").await;
        assert_eq!(index.applied(), [(5, last)]);
    })
    .await;
}

#[tokio::test]
async fn the_last_piece_counts_though_it_is_full() {
    on_both_databases(services, |app| async move {
        a_market(&app).await;
        let env = app.system.env("search").unwrap();
        // All five belong to one change, as when their store is renamed.
        let touch = "UPDATE documents SET seq = (SELECT value FROM counter WHERE id = 1)";
        env.db.write(async move |tx| tx.exec(touch, db::params![]).await).await.unwrap();
        let newest = app.count("search", "SELECT value FROM counter WHERE id = 1").await;
        for piece in [1, 5] {
            let index = Arc::new(Counting::default());
            let answers = Caches::local().open("search.answers", ANSWERS);
            let search = Search::new(env.clone(), &Settings::default(), index.clone(), answers).await.unwrap();
            ops::bring_in_by(&Arc::new(search), piece).await.unwrap();
            assert_eq!(index.applied().iter().map(|(products, _)| products).sum::<usize>(), 5);
            assert_eq!(index.applied().last(), Some(&(piece as usize, newest)));
        }
    })
    .await;
}

#[tokio::test]
async fn indexing_anew_tells_how_far_it_is() {
    on_both_databases(services, |app| async move {
        a_market(&app).await;
        let env = app.system.env("search").unwrap();
        let index = Arc::new(Counting::default());
        let answers = Caches::local().open("search.answers", ANSWERS);
        let search = Arc::new(Search::new(env.clone(), &Settings::default(), index.clone(), answers).await.unwrap());
        ops::bring_in(&search).await.unwrap();
        let newest = app.count("search", "SELECT value FROM counter WHERE id = 1").await;
        assert_eq!(ops::index_anew(&search).await.unwrap().behind, 5);
        index.apply(Vec::new(), newest + 2).await.unwrap();
        assert_eq!(ops::index_state(&search).await.unwrap().behind, 3);
        ops::bring_in(&search).await.unwrap();
        assert_eq!(ops::index_state(&search).await.unwrap().behind, 0);
        assert_eq!(index.applied().last().map(|(products, _)| *products), Some(3));
    })
    .await;
}
