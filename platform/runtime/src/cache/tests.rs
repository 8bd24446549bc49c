use std::{sync::Arc, time::Duration};

use super::{Cache, Caches, Found, Making, Ready, Size};

const SIZE: Size = Size { bytes: 1_000_000, cells: 1_024, lifetime: Duration::from_secs(30) };

fn cache() -> Arc<Cache> {
    Caches::local().open("test", SIZE)
}

fn ready(text: &str) -> Ready {
    Ready::json(&text).unwrap()
}

async fn making<'a>(cache: &'a Cache, key: &str) -> Making<'a> {
    match cache.find(key).await {
        Found::Ready(ready) => panic!("found {ready:?}"),
        Found::Nothing(making) => making,
    }
}

async fn keep(cache: &Cache, key: &str, source: i64, text: &str) {
    let mut making = making(cache, key).await;
    making.from(source).await;
    making.keep(ready(text));
}

#[tokio::test]
async fn what_was_read_before_a_commit_is_never_served_after_it() {
    let cache = cache();
    let mut made = making(&cache, "mug").await;
    made.from("mug").await;
    // The commit comes between reading and keeping.
    cache.forget(["mug"]);
    made.keep(ready("old"));
    assert_eq!(cache.get("mug"), None);
    let mut made = making(&cache, "mug").await;
    made.from("mug").await;
    made.keep(ready("new"));
    assert_eq!(cache.get("mug").unwrap().bytes, "\"new\"");
    cache.forget_all();
    assert_eq!(cache.get("mug"), None);
}

#[tokio::test]
async fn answers_fall_with_any_of_their_sources() {
    let cache = cache();
    keep(&cache, "one", 1, "one").await;
    let mut both = making(&cache, "both").await;
    both.from(2).await;
    both.from(3).await;
    both.keep(ready("both"));
    cache.forget([3_i64]);
    assert!(cache.get("one").is_some());
    assert!(cache.get("both").is_none());
}

#[tokio::test]
async fn what_nobody_knows_the_source_of_is_not_kept() {
    let cache = cache();
    making(&cache, "empty").await.keep(ready("empty"));
    assert!(cache.get("empty").is_none());
}

#[tokio::test]
async fn those_who_ask_at_once_wait_for_the_one_who_makes() {
    let cache = cache();
    let mut made = making(&cache, "mug").await;
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move {
                match cache.find("mug").await {
                    Found::Ready(ready) => ready,
                    Found::Nothing(_) => panic!("made twice"),
                }
            })
        })
        .collect();
    tokio::task::yield_now().await;
    made.from("mug").await;
    made.keep(ready("mug"));
    for asked in asking {
        assert_eq!(asked.await.unwrap().bytes, "\"mug\"");
    }
}

#[tokio::test]
async fn whoever_gives_up_making_leaves_it_to_the_next() {
    let cache = cache();
    drop(making(&cache, "mug").await);
    keep(&cache, "mug", 1, "mug").await;
    assert!(cache.get("mug").is_some());
}

#[test]
fn tags_follow_the_content() {
    assert_eq!(ready("a").etag, ready("a").etag);
    assert_ne!(ready("a").etag, ready("b").etag);
}

#[tokio::test]
async fn answers_grow_old_only_where_others_may_change_their_sources() {
    let size = Size { lifetime: Duration::from_millis(1), ..SIZE };
    let (sole, local) = (Caches::sole().open("test", size), Caches::local().open("test", size));
    keep(&sole, "mug", 1, "mug").await;
    keep(&local, "mug", 1, "mug").await;
    std::thread::sleep(Duration::from_millis(10));
    assert!(sole.get("mug").is_some());
    assert!(local.get("mug").is_none());
    sole.forget([1_i64]);
    assert!(sole.get("mug").is_none());
}
