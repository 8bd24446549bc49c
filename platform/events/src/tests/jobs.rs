use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use db::{Dialect, Tx, params};
use kernel::{Clock, Error, Result};
use tokio_util::sync::CancellationToken;

use super::{BOTH, Bench};
use crate::{Job, JobHandler, JobRunner, jobs::LOOK_AT};

#[derive(Clone, Default)]
struct Seen {
    runs: Arc<AtomicI64>,
    failing: Arc<AtomicI64>,
}

async fn count(seen: Seen, job: Job) -> Result<()> {
    assert_eq!(job.payload::<String>()?, "payload");
    if seen.failing.fetch_sub(1, Ordering::SeqCst) > 0 {
        return Err(Error::unavailable("Not now."));
    }
    seen.runs.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

async fn tick(seen: Seen, _: Job) -> Result<()> {
    seen.runs.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

fn runner(bench: &Bench, handlers: Vec<JobHandler>) -> JobRunner {
    JobRunner::new("test", bench.db.clone(), bench.jobs.clone(), bench.random.clone(), handlers)
}

async fn enqueue(bench: &Bench, key: &'static str, after: Duration) {
    let (jobs, due) = (bench.jobs.clone(), bench.clock.now().plus(after));
    bench.db.write(async move |tx| jobs.enqueue_at(tx, "count", key, &"payload", due).await).await.unwrap();
}

#[tokio::test]
async fn a_job_runs_once_when_due_and_again_only_if_it_failed() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "jobs").await;
        let seen = Seen::default();
        let runner = runner(&bench, vec![JobHandler::new("count", seen.clone(), count)]);
        enqueue(&bench, "a", Duration::from_secs(10)).await;
        enqueue(&bench, "a", Duration::ZERO).await;
        assert_eq!(runner.run_due().await.unwrap(), 0, "the same key counts once, at its first time");
        bench.clock.advance(Duration::from_secs(10));
        seen.failing.store(2, Ordering::SeqCst);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(runner.run_due().await.unwrap(), 0, "a failed job waits before it is tried again");
        for _ in 0..5 {
            bench.clock.advance(Duration::from_secs(1));
            runner.run_due().await.unwrap();
        }
        assert_eq!(seen.runs.load(Ordering::SeqCst), 1);
        assert_eq!(bench.count("SELECT count(*) FROM jobs").await, 0);
    }
}

#[tokio::test]
async fn timers_can_be_cancelled_and_hopeless_jobs_are_given_up() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "timers").await;
        let seen = Seen::default();
        let runner = runner(&bench, vec![JobHandler::new("count", seen.clone(), count)]);
        enqueue(&bench, "a", Duration::from_secs(1)).await;
        let jobs = bench.jobs.clone();
        bench.db.write(async move |tx| jobs.cancel(tx, "count", "a").await).await.unwrap();
        enqueue(&bench, "b", Duration::ZERO).await;
        seen.failing.store(1_000, Ordering::SeqCst);
        for _ in 0..40 {
            bench.clock.advance(Duration::from_secs(400));
            runner.run_due().await.unwrap();
        }
        assert_eq!(seen.runs.load(Ordering::SeqCst), 0);
        assert_eq!(bench.count("SELECT count(*) FROM jobs WHERE state = 'dead' AND attempts = 16").await, 1);
    }
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_cannot_finish() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "lease").await;
        enqueue(&bench, "a", Duration::ZERO).await;
        let slow: Arc<std::sync::Mutex<Vec<Job>>> = Arc::default();
        async fn keep(slow: Arc<std::sync::Mutex<Vec<Job>>>, job: Job) -> Result<()> {
            slow.lock().unwrap().push(job);
            // It goes on working although its lease runs out.
            Err(Error::conflict("lease_lost", "Still at it."))
        }
        let runner = runner(&bench, vec![JobHandler::new("count", slow.clone(), keep)]);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(runner.run_due().await.unwrap(), 0, "it is leased");
        bench.clock.advance(Duration::from_secs(16));
        assert_eq!(runner.run_due().await.unwrap(), 1, "another worker takes over");
        let jobs = slow.lock().unwrap().clone();
        let (first, second) = (jobs[0].clone(), jobs[1].clone());
        let zombie = bench.db.write(async move |tx| {
            tx.exec("INSERT INTO notes VALUES (1, 'zombie')", params![]).await?;
            first.finish(tx).await
        });
        assert_eq!(zombie.await.unwrap_err().code(), "lease_lost");
        let owner = bench.db.write(async move |tx| {
            tx.exec("INSERT INTO notes VALUES (2, 'owner')", params![]).await?;
            second.finish(tx).await
        });
        owner.await.unwrap();
        assert_eq!(bench.notes().await, ["owner"]);
    }
}

/// A job whose last transaction finishes it is not removed once more; one whose transaction was not kept is.
#[tokio::test]
async fn what_has_finished_itself_needs_no_other_transaction() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "finish").await;
        async fn finish(db: db::Db, job: Job) -> Result<()> {
            let keep = job.key == "kept";
            let finished = db.write(async move |tx| {
                job.finish(tx).await?;
                if keep { Ok(()) } else { Err(Error::conflict("undone", "Not so.")) }
            });
            assert_eq!(finished.await.is_ok(), keep);
            Ok(())
        }
        let runner = runner(&bench, vec![JobHandler::new("count", bench.db.clone(), finish)]);
        for (key, transactions) in [("kept", 2), ("undone", 2)] {
            enqueue(&bench, key, Duration::ZERO).await;
            let before = bench.db.observe().writes;
            assert_eq!(runner.run_due().await.unwrap(), 1);
            assert_eq!(bench.db.observe().writes - before, transactions, "{key}: taken, and finished or removed");
            assert_eq!(bench.count("SELECT count(*) FROM jobs").await, 0);
        }
    }
}

#[tokio::test]
async fn the_next_is_due_before_all_held_ones_are_free() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "next").await;
        async fn hold((): (), _: Job) -> Result<()> {
            Err(Error::conflict("lease_lost", "Still at it."))
        }
        let runner = runner(&bench, vec![JobHandler::new("count", (), hold)]);
        assert_eq!(runner.next_due().await.unwrap(), None);
        let (jobs, due) = (bench.jobs.clone(), bench.clock.now());
        let many = async move |tx: &mut Tx| {
            for key in 0..=LOOK_AT {
                jobs.enqueue_at(tx, "count", &key.to_string(), &"payload", due).await?;
            }
            Ok(())
        };
        bench.db.write(many).await.unwrap();
        assert_eq!(runner.next_due().await.unwrap(), Some(due));
        while runner.run_due().await.unwrap() > 0 {}
        assert_eq!(runner.next_due().await.unwrap(), Some(due.plus(Duration::from_secs(15))), "all are held");
        enqueue(&bench, "later", Duration::from_secs(20)).await;
        assert_eq!(runner.next_due().await.unwrap(), Some(due.plus(Duration::from_secs(15))));
        enqueue(&bench, "sooner", Duration::from_secs(10)).await;
        assert_eq!(
            runner.next_due().await.unwrap(),
            Some(due.plus(Duration::from_secs(10))),
            "behind all that are held"
        );
    }
}

#[tokio::test]
async fn what_repeats_is_set_up_once_and_comes_again() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "every").await;
        let seen = Seen::default();
        let runner = runner(&bench, vec![JobHandler::new("tick", seen.clone(), tick).every(Duration::from_secs(60))]);
        runner.prepare().await.unwrap();
        runner.prepare().await.unwrap();
        for expected in 1..=3 {
            runner.run_due().await.unwrap();
            assert_eq!(runner.run_due().await.unwrap(), 0);
            assert_eq!(seen.runs.load(Ordering::SeqCst), expected);
            bench.clock.advance(Duration::from_secs(60));
        }
    }
}

#[tokio::test]
async fn a_job_at_work_keeps_its_lease_and_one_of_a_dead_worker_is_taken_over() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "renewal").await;
        enqueue(&bench, "a", Duration::ZERO).await;
        async fn last(_: (), _: Job) -> Result<()> {
            std::future::pending().await
        }
        let lease = Duration::from_millis(60);
        let mut slow = runner(&bench, vec![JobHandler::new("count", (), last)]);
        slow.lease = lease;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(Arc::new(slow).run(stop));
        let seen = Seen::default();
        let other = runner(&bench, vec![JobHandler::new("count", seen.clone(), count)]);
        for _ in 0..3 {
            bench.clock.advance(lease);
            let renewed = format!("SELECT count(*) FROM jobs WHERE lease_until > {}", bench.clock.now().micros());
            while bench.count(&renewed).await == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(other.run_due().await.unwrap(), 0, "it is at work");
        }
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());
        bench.clock.advance(lease);
        assert_eq!(other.run_due().await.unwrap(), 1);
        assert_eq!(seen.runs.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_given_up_and_holds_up_no_other() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "unreadable").await;
        let seen = Seen::default();
        let runner = runner(&bench, vec![JobHandler::new("count", seen.clone(), count)]);
        let meddle =
            "INSERT INTO jobs (id, kind, key, payload, due_at, created_at, lease_until, fence, attempts, state, error)
             VALUES ('no-such-id', 'count', 'odd', 'null', 0, 0, 0, 0, 0, 'queued', '')";
        bench.db.write(async move |tx| tx.exec(meddle, params![]).await).await.unwrap();
        enqueue(&bench, "a", Duration::ZERO).await;
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(seen.runs.load(Ordering::SeqCst), 1);
        let left = bench.db.all("SELECT id, state, error FROM jobs", params![]).await.unwrap();
        let [dead] = &left[..] else { panic!("{} jobs", left.len()) };
        let text = |column| dead.get::<String>(column).unwrap();
        assert_eq!((text("id").as_str(), text("state").as_str()), ("no-such-id", "dead"));
        assert!(text("error").contains("JobId"), "{}", text("error"));
    }
}

/// Each claim is a transaction: where jobs end by the dozen, they are begun by the dozen.
#[tokio::test]
async fn many_quick_jobs_take_few_claims() {
    const JOBS: u64 = 1_000;
    let bench = Bench::new(Dialect::Sqlite, "claims").await;
    let seen = Seen::default();
    let runner = Arc::new(runner(&bench, vec![JobHandler::new("count", seen.clone(), count)]));
    let (jobs, now) = (bench.jobs.clone(), bench.clock.now());
    bench
        .db
        .write(async move |tx| {
            for n in 0..JOBS {
                jobs.enqueue_at(tx, "count", &n.to_string(), &"payload", now).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let before = bench.db.observe().writes;
    let stop = CancellationToken::new();
    let running = tokio::spawn(runner.run(stop.clone()));
    while bench.count("SELECT count(*) FROM jobs").await > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    running.await.unwrap();
    assert_eq!(seen.runs.load(Ordering::SeqCst), JOBS as i64);
    let claims = bench.db.observe().writes - before - JOBS;
    assert!(claims < JOBS / 4, "{claims} claims");
}
