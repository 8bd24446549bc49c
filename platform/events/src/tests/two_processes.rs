//! Two processes on one PostgreSQL: each is a pool, a line and a relay of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use contracts::Envelope;
use db::{Dialect, Options, params};
use kernel::Result;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    Bench, Noted,
    relay::{Listening, relay},
};
use crate::{Job, JobHandler, JobRunner};

/// Longer than any test: what arrives before was called for, not found by looking.
const NEVER: Duration = Duration::from_secs(3_600);

struct Process {
    bench: Bench,
    bus: Arc<Listening>,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Process {
    fn start(bench: Bench, poll: Duration) -> Self {
        let (bus, stop) = (Arc::new(Listening::default()), CancellationToken::new());
        let mut relay = relay(&bench, bus.clone());
        relay.poll = poll;
        let running = tokio::spawn(Arc::new(relay).run(stop.clone()));
        Self { bench, bus, stop, running }
    }

    fn heard(&self) -> Vec<Arc<Envelope>> {
        self.bus.heard.lock().unwrap().clone()
    }

    async fn stop(self) -> Vec<Arc<Envelope>> {
        self.stop.cancel();
        self.running.await.unwrap();
        let heard = self.bus.heard.lock().unwrap();
        heard.clone()
    }
}

/// Waits until nothing is left to be sent. Fails after a time in which nobody would have looked by himself.
async fn drained(bench: &Bench) {
    let unsent = "SELECT count(*) FROM outbox WHERE sent_at IS NULL";
    let drained = async {
        while bench.count(unsent).await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), drained).await.expect("every event is relayed");
}

fn texts(heard: &[Arc<Envelope>]) -> Vec<String> {
    heard.iter().map(|e| e.decode::<Noted>().unwrap().text).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_written_by_one_is_relayed_by_the_other_at_once() {
    let first = Bench::new(Dialect::Postgres, "called").await;
    let second = Process::start(first.elsewhere().await, NEVER);
    second.bench.publish("a", "own").await.unwrap();
    drained(&first).await;
    let first = Process::start(first, NEVER);
    first.bench.publish("a", "other's").await.unwrap();
    drained(&first.bench).await;
    assert_eq!(texts(&second.heard()), ["own", "other's"]);

    assert_eq!(second.stop().await.len(), 2);
    first.bench.publish("a", "taken over").await.unwrap();
    drained(&first.bench).await;
    assert_eq!(texts(&first.heard()), ["taken over"], "what the other has sent is not sent again");
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_relays_publish_everything_once_and_in_order() {
    let first = Process::start(Bench::new(Dialect::Postgres, "two_relays").await, NEVER);
    let second = Process::start(first.bench.elsewhere().await, NEVER);
    let writing = [&first, &second].map(|process| async move {
        for n in 0..150 {
            process.bench.publish(&format!("{}", n % 10), "x").await.unwrap();
        }
    });
    futures::future::join_all(writing).await;
    drained(&first.bench).await;
    let second = second.stop().await;
    let first = first.stop().await;
    assert!(first.is_empty() || second.is_empty(), "one of them was on duty all the time");

    let heard = [first, second].concat();
    let mut versions: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for event in &heard {
        versions.entry(&event.subject).or_default().push(event.aggregateversion);
    }
    let in_order: Vec<i64> = (1..=30).collect();
    assert_eq!(versions.len(), 10);
    assert!(versions.values().all(|seen| *seen == in_order), "{versions:?}");
    assert_eq!(heard.iter().map(|e| e.id).collect::<BTreeSet<_>>().len(), 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duty_ends_with_its_connection() {
    let bench = Bench::new(Dialect::Postgres, "cut_off").await;
    let elsewhere = bench.elsewhere().await;
    let (mine, theirs) = (bench.db.duty("work"), elsewhere.db.duty("work"));
    assert!(mine.take().await.unwrap());
    assert!(mine.take().await.unwrap(), "it stays ours");
    assert!(!bench.db.duty("work").take().await.unwrap(), "within a process it is one's, too");
    assert!(!theirs.take().await.unwrap());
    assert!(theirs.take().await.is_ok_and(|taken| !taken) && elsewhere.db.duty("other work").take().await.unwrap());

    let cut = "SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
               WHERE l.locktype = 'advisory' AND (l.classid::bigint << 32 | l.objid::bigint)
               = hashtextextended(current_schema() || '.work', 0)";
    bench.db.one(cut, params![]).await.unwrap();
    // The other connection, of the same process, is told by the end of the stream.
    tokio::time::timeout(Duration::from_secs(20), mine.called()).await.expect("the end is noticed");
    // The server says so before it frees what the connection held.
    let freed = async {
        while !theirs.take().await.unwrap() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), freed).await.expect("the server frees it");
    assert!(!mine.take().await.unwrap(), "a new connection holds nothing");

    theirs.give_up().await;
    tokio::time::timeout(Duration::from_secs(20), mine.called()).await.expect("the others are told");
    assert!(mine.take().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_share_the_jobs_and_do_none_twice() {
    let bench = Bench::new(Dialect::Postgres, "two_workers").await;
    let elsewhere = bench.elsewhere().await;
    let jobs = bench.jobs.clone();
    bench
        .db
        .write(async move |tx| {
            for n in 0..200 {
                jobs.enqueue(tx, "count", &n.to_string(), &()).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let done: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    async fn count(done: Arc<std::sync::Mutex<Vec<String>>>, job: Job) -> Result<()> {
        done.lock().unwrap().push(job.key);
        Ok(())
    }
    let runner = |bench: &Bench| {
        let handlers = vec![JobHandler::new("count", done.clone(), count)];
        JobRunner::new("test", bench.db.clone(), bench.jobs.clone(), bench.random.clone(), handlers)
    };
    let (one, other) = (runner(&bench), runner(&elsewhere));
    let work = |runner: JobRunner| async move { while runner.run_due().await.unwrap() > 0 {} };
    tokio::join!(work(one), work(other));
    let mut done = done.lock().unwrap().clone();
    done.sort_by_key(|key| key.parse::<u32>().unwrap());
    assert_eq!(done, (0..200).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(bench.count("SELECT count(*) FROM jobs").await, 0);
}

/// A job that waits for the database must not keep from it what the runner itself asks there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_do_not_starve_their_runner_of_connections() {
    let bench = Bench::new(Dialect::Postgres, "starved_jobs").await;
    // One connection to read on, one to write on.
    let impatient = Options { pool_size: 2, connect_timeout: Duration::from_secs(2), ..Options::named("narrow") };
    let narrow = bench.elsewhere_with(impatient).await;
    let attempts: Arc<std::sync::Mutex<Vec<i64>>> = Arc::default();
    type State = (db::Db, Arc<std::sync::Mutex<Vec<i64>>>);
    async fn look((db, attempts): State, job: Job) -> Result<()> {
        for _ in 0..3 {
            db.all("SELECT text FROM notes", params![]).await?;
        }
        attempts.lock().unwrap().push(job.attempts);
        Ok(())
    }
    let handlers = vec![JobHandler::new("look", (narrow.db.clone(), attempts.clone()), look)];
    let runner = JobRunner::new("test", narrow.db.clone(), narrow.jobs.clone(), narrow.random.clone(), handlers);
    let stop = CancellationToken::new();
    let running = tokio::spawn(Arc::new(runner).run(stop.clone()));
    for n in 0..100 {
        let jobs = narrow.jobs.clone();
        narrow.db.write(async move |tx| jobs.enqueue(tx, "look", &n.to_string(), &()).await).await.unwrap();
    }
    let all_done = async {
        while bench.count("SELECT count(*) FROM jobs").await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all_done).await.expect("the jobs are done");
    stop.cancel();
    running.await.unwrap();
    assert_eq!(*attempts.lock().unwrap(), vec![1; 100], "none had to be tried again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_inboxes_take_an_event_in_once() {
    let bench = Bench::new(Dialect::Postgres, "two_inboxes").await;
    let elsewhere = bench.elsewhere().await;
    for n in 0..50 {
        bench.publish("a", &format!("{n}")).await.unwrap();
    }
    let batch = relay(&bench, Arc::new(Listening::default())).unsent(50).await.unwrap();
    let (one, other) = (bench.inbox(), elsewhere.inbox());
    let (first, second) = tokio::join!(one.receive(&batch), other.receive(&batch));
    first.unwrap();
    second.unwrap();
    for inbox in [&one, &other] {
        while inbox.retry_due().await.unwrap().0 > 0 {}
        bench.clock.advance(Duration::from_secs(60));
        while inbox.retry_due().await.unwrap().0 > 0 {}
    }
    assert_eq!(bench.notes().await, (0..50).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
}
