//! What processes share through Redis. Each test stands for several processes by several [`Caches`].

use std::{net::SocketAddr, sync::Arc, time::Duration};

use kernel::{Random, Secret, SystemRandom};
use runtime::{
    cache::{Cache, Caches, Found, Ready, SharedCache, Size},
    limits::{Bucket, SharedBuckets, Taken},
};
use tokio_util::sync::CancellationToken;

use super::{proxy::Proxy, skip};
use crate::{Redis, redis::Settings};

const SIZE: Size = Size { bytes: 1_000_000, cells: 1_024, lifetime: Duration::from_secs(60) };
const SOON: Duration = Duration::from_secs(10);

fn server() -> SocketAddr {
    let address = std::env::var("SOUK_TEST_REDIS").unwrap_or_else(|_| "127.0.0.1:6379".to_owned());
    address.parse().expect("SOUK_TEST_REDIS is an address")
}

fn redis(at: SocketAddr, prefix: &str) -> Redis {
    Redis::new(&Settings { url: Secret::new(format!("redis://{at}")), prefix: prefix.to_owned() }).unwrap()
}

/// A prefix that no other test has, if there is a server.
fn prefix() -> Option<String> {
    if std::net::TcpStream::connect(server()).is_err() {
        skip("Redis");
        return None;
    }
    Some(format!("souk-test-{}", SystemRandom.token()))
}

/// A process with one cache.
struct Process {
    cache: Arc<Cache>,
    stop: CancellationToken,
}

impl Process {
    fn start(at: SocketAddr, prefix: &str) -> Self {
        let shared: Arc<dyn SharedCache> = Arc::new(redis(at, prefix));
        let caches = Caches::shared(shared, Arc::new(SystemRandom));
        let (cache, stop) = (caches.open("things", SIZE), CancellationToken::new());
        tokio::spawn(caches.run(stop.clone()));
        Self { cache, stop }
    }

    /// The answer; made, from the thing of this name, if none is found.
    async fn ask(&self, name: &str, make: &str) -> String {
        let ready = match self.cache.find(name).await {
            Found::Ready(ready) => ready,
            Found::Nothing(mut making) => {
                making.from(name).await;
                making.keep(Ready::json(&make).unwrap())
            }
        };
        serde_json::from_slice(&ready.bytes).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Until `is_so`.
async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, waiting).await.unwrap_or_else(|_| panic!("{what}: not in time"));
}

#[tokio::test]
async fn what_one_has_made_the_other_serves() {
    let Some(prefix) = prefix() else { return };
    let (one, other) = (Process::start(server(), &prefix), Process::start(server(), &prefix));
    assert_eq!(one.ask("mug", "first").await, "first");
    // It is written in the background; asking under other names does not disturb.
    let shared = redis(server(), &prefix);
    eventually("written", async || shared.read(vec!["answer:things:mug".to_owned()]).await.unwrap()[0].is_some()).await;
    assert_eq!(other.ask("mug", "second").await, "first");
}

#[tokio::test]
async fn what_one_has_changed_the_others_forget() {
    let Some(prefix) = prefix() else { return };
    let (one, other) = (Process::start(server(), &prefix), Process::start(server(), &prefix));
    assert_eq!(one.ask("mug", "old").await, "old");
    eventually("shared", async || other.ask("mug", "old").await == "old" && other.cache.get("mug").is_some()).await;
    one.cache.forget(["mug"]);
    assert_eq!(one.ask("mug", "new").await, "new", "who has changed it never serves the old one");
    eventually("forgotten", async || other.ask("mug", "new").await == "new").await;
    assert_eq!(one.ask("cup", "cup").await, "cup");
}

#[tokio::test]
async fn an_outage_costs_speed_only_and_what_was_missed_counts() {
    let Some(prefix) = prefix() else { return };
    let cable = Proxy::to(server()).await;
    let (near, far) = (Process::start(server(), &prefix), Process::start(cable.address, &prefix));
    assert_eq!(near.ask("mug", "old").await, "old");
    eventually("shared", async || far.ask("mug", "old").await == "old" && far.cache.get("mug").is_some()).await;

    cable.silence(true);
    let begin = std::time::Instant::now();
    for n in 0..50 {
        assert_eq!(far.ask(&format!("made in the dark {n}"), "alone").await, "alone");
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "an outage is not waited for again and again");
    // Far changes something that it cannot tell, and does not hear what near changes.
    far.cache.forget(["untold"]);
    near.cache.forget(["mug"]);
    cable.silence(false);
    cable.cut();
    eventually("what was missed is forgotten", async || far.cache.get("mug").is_none()).await;
    assert_eq!(near.ask("untold", "before").await, "before");
    eventually("what was not told is told", async || near.ask("untold", "after").await == "after").await;
}

#[tokio::test]
async fn losing_everything_at_once_is_harmless() {
    let Some(prefix) = prefix() else { return };
    let (one, other) = (Process::start(server(), &prefix), Process::start(server(), &prefix));
    one.cache.forget(["mug"]);
    assert_eq!(one.ask("mug", "old").await, "old");
    // As a flush would, for this prefix alone.
    let client = ::redis::Client::open(format!("redis://{}", server())).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = ::redis::cmd("KEYS").arg(format!("{prefix}:*")).query_async(&mut connection).await.unwrap();
    for key in keys {
        let () = ::redis::cmd("DEL").arg(key).query_async(&mut connection).await.unwrap();
    }
    assert_eq!(other.ask("mug", "made anew").await, "made anew");
    one.cache.forget(["mug"]);
    assert_eq!(one.ask("mug", "new").await, "new");
}

#[tokio::test]
async fn a_bucket_is_one_for_all_who_take_from_it() {
    let Some(prefix) = prefix() else { return };
    let (one, other) = (redis(server(), &prefix), redis(server(), &prefix));
    let bucket = Bucket { interval: Duration::from_secs(60), burst: 5 };
    let take = async |from: &Redis| from.take("limit:client".to_owned(), bucket).await.unwrap();
    for left in [4, 3] {
        assert!(matches!(take(&one).await, Taken::Granted { remaining, .. } if remaining == left));
    }
    for left in [2, 1, 0] {
        let taken = take(&other).await;
        let full = Duration::from_secs(60 * (5 - u64::from(left)));
        assert!(
            matches!(taken, Taken::Granted { remaining, full_in } if remaining == left && full_in <= full),
            "{taken:?}"
        );
    }
    for from in [&one, &other] {
        let taken = take(from).await;
        let soon = |wait: Duration| wait <= Duration::from_secs(60) && wait > Duration::from_secs(50);
        assert!(matches!(taken, Taken::Refused { wait, .. } if soon(wait)), "{taken:?}");
    }
    let apart = one.take("limit:other client".to_owned(), bucket).await.unwrap();
    assert!(matches!(apart, Taken::Granted { remaining: 4, .. }));
    // What was taken comes back, one after the other.
    let quick = Bucket { interval: Duration::from_millis(50), burst: 1 };
    assert!(matches!(one.take("limit:quick".to_owned(), quick).await.unwrap(), Taken::Granted { .. }));
    assert!(matches!(one.take("limit:quick".to_owned(), quick).await.unwrap(), Taken::Refused { .. }));
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert!(matches!(one.take("limit:quick".to_owned(), quick).await.unwrap(), Taken::Granted { .. }));
}

#[test]
fn an_address_that_is_none_is_refused() {
    let wrong = Settings { url: Secret::new("http://cache".to_owned()), prefix: "x".to_owned() };
    assert_eq!(Redis::new(&wrong).err().unwrap().fields()[0].field, "cache.url");
}
