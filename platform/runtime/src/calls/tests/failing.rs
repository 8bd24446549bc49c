//! Instances that die, hang, fail and come back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use kernel::Kind;
use tokio::{io::AsyncReadExt, net::TcpListener, time::Instant};

use super::{Caller, Machine, PATIENCE, SECOND};
use crate::discovery::Settings;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_killed_under_load_costs_no_repeatable_call_and_is_taken_back() {
    let (a, b) = (Machine::start(), Machine::start());
    let (gone, stays) = (a.address(), b.address());
    let caller = Arc::new(Caller::of(&[&a, &b]));
    let over = Arc::new(AtomicBool::new(false));
    let load: Vec<_> = (0..8)
        .map(|_| {
            let (caller, over) = (caller.clone(), over.clone());
            tokio::spawn(async move {
                let mut answered = 0;
                while !over.load(Ordering::SeqCst) {
                    let reply = caller.get("/work?2", PATIENCE).await.unwrap_or_else(|e| panic!("{e:?}"));
                    assert_eq!((reply.status, &reply.body[..]), (200, &b"done"[..]));
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(a.begun() > 0 && b.begun() > 0, "both are asked");
    let address = a.kill();
    let out_after = caller.until(&gone, false).await;
    assert!(out_after < 2 * SECOND, "left out after {out_after:?}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(caller.is_in(&stays));
    let again = Machine::at(address);
    caller.until(&gone, true).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(again.begun() > 0, "it is asked again");
    over.store(true, Ordering::SeqCst);
    for task in load {
        assert!(task.await.unwrap() > 50);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_hangs_is_left_out_and_its_calls_are_made_elsewhere() {
    let (a, b) = (Machine::start(), Machine::start());
    let caller = Caller::of(&[&a, &b]);
    a.mood.hangs.store(true, Ordering::SeqCst);
    let begin = Instant::now();
    // Of ten at once, some meet the one that hangs.
    let calls = (0..10).map(|_| caller.get("/work", PATIENCE));
    for reply in futures::future::join_all(calls).await {
        assert_eq!(reply.unwrap().status, 200);
    }
    assert!(begin.elapsed() < 3 * SECOND, "{:?}", begin.elapsed());
    assert!(!caller.is_in(&a.address()));
    assert_eq!(b.finished(), 10);
    let begin = Instant::now();
    for _ in 0..20 {
        caller.get("/work", PATIENCE).await.unwrap();
    }
    assert!(begin.elapsed() < SECOND, "nobody waits for it any more");
    a.mood.hangs.store(false, Ordering::SeqCst);
    caller.until(&a.address(), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_takes_long_is_waited_for() {
    let (a, b) = (Machine::start(), Machine::start());
    let caller = Caller::of(&[&a, &b]);
    assert_eq!(caller.get("/work?1800", PATIENCE).await.unwrap().status, 200);
    assert_eq!(a.begun() + b.begun(), 1, "and not asked for twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_fails_again_and_again_is_left_out_until_it_is_ready() {
    let (a, b) = (Machine::start(), Machine::start());
    let caller = Caller::of(&[&a, &b]);
    a.mood.fails.store(true, Ordering::SeqCst);
    let ready = Arc::new(AtomicBool::new(false));
    let check = ready.clone();
    a.mood.readiness.require(move || match check.load(Ordering::SeqCst) {
        true => Ok(()),
        false => Err(kernel::Error::unavailable("not yet")),
    });
    let mut failed = 0;
    for _ in 0..100 {
        failed += usize::from(caller.get("/work", PATIENCE).await.unwrap().status == 500);
    }
    assert_eq!(failed, 5, "an answer is an answer: it is not asked for again");
    tokio::time::sleep(2 * SECOND).await;
    assert!(!caller.is_in(&a.address()), "it does not say that it is ready");
    a.mood.fails.store(false, Ordering::SeqCst);
    ready.store(true, Ordering::SeqCst);
    caller.until(&a.address(), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retries_are_bounded_by_a_budget() {
    let (a, b) = (Machine::start(), Machine::start());
    let caller = Caller::of(&[&a, &b]);
    for machine in [&a, &b] {
        machine.mood.busy.store(true, Ordering::SeqCst);
    }
    let begin = Instant::now();
    for _ in 0..1000 {
        assert_eq!(caller.get("/work", PATIENCE).await.unwrap().status, 503);
    }
    // A fifth of the calls, and ten a second over ten seconds and however long it took.
    let allowed = 200 + 100 + 10 * usize::try_from(begin.elapsed().as_secs() + 1).unwrap();
    let retries = a.begun() + b.begun() - 1000;
    assert!(retries <= allowed, "{retries} retries, {allowed} allowed");
}

/// A server that takes requests, and breaks the connection instead of answering.
async fn breaker_of_connections() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            if stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {
                count.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    (address, taken)
}

#[tokio::test]
async fn what_must_not_happen_twice_is_not_sent_twice() {
    let (address, taken) = breaker_of_connections().await;
    let caller = Caller::at(vec![address]);
    let error = caller.post("/work", Vec::new()).await.unwrap_err();
    assert_eq!((error.kind(), taken.load(Ordering::SeqCst)), (Kind::Unavailable, 1));
    let key = vec![("idempotency-key", "k".to_owned())];
    caller.post("/work", key).await.unwrap_err();
    assert_eq!(taken.load(Ordering::SeqCst), 1 + 4, "with a key, four times");
}

#[tokio::test]
async fn what_was_not_sent_may_be_sent_elsewhere_whatever_it_is() {
    let there = Machine::start();
    let nobody = Machine::start().kill();
    let caller = Caller::at(vec![nobody.to_string(), there.address().to_string()]);
    for _ in 0..20 {
        assert_eq!(caller.post("/work", Vec::new()).await.unwrap().status, 200);
    }
    assert_eq!(there.begun(), 20);
    assert!(!caller.is_in(&nobody.to_string().parse().unwrap()));
}

#[tokio::test]
async fn nobody_there_is_said_at_once() {
    let caller = Caller::at(Vec::new());
    let error = caller.get("/work", PATIENCE).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert_eq!(error.detail(), "No instance of the service “orders” is known.");
}

#[tokio::test]
async fn whom_discovery_has_forgotten_is_still_asked() {
    let there = Machine::start();
    let caller = Caller::of(&[&there]);
    assert_eq!(caller.get("/work", PATIENCE).await.unwrap().status, 200);
    caller.network.discovery().reload(&Settings::default()).unwrap();
    assert_eq!(caller.get("/work", PATIENCE).await.unwrap().status, 200);
    there.kill();
    let error = caller.get("/work", PATIENCE).await.unwrap_err();
    assert_eq!(error.detail(), "The service “orders” does not answer.");
}
