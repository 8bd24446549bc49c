//! What the callee makes of a call.

use std::time::Duration;

use axum::body::Body;
use contracts::{Call, Method};
use http::{HeaderValue, Request};
use kernel::{Identity, Kind};
use tokio::time::Instant;

use super::{Caller, Machine, PATIENCE, SECOND, tokens};
use crate::calls::{DEADLINE, IDENTITY, http_client};

async fn who(machine: &Machine, token: Option<HeaderValue>) -> (u16, String) {
    let mut request = Request::get(format!("http://{}/who", machine.address())).body(Body::empty()).unwrap();
    if let Some(token) = token {
        request.headers_mut().insert(IDENTITY, token);
    }
    let response = http_client().request(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(Body::new(response.into_body()), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_call_arrives_on_behalf_of_whoever_it_was_made_for() {
    let machine = Machine::start();
    let caller = Caller::of(&[&machine]);
    let call = Call::new(Method::get, "/who".to_owned(), Identity::Service("payments"));
    let reply = caller.orders.call(call).await.unwrap();
    assert_eq!(&reply.body[..], b"Some(Service(\"payments\"))");
    assert_eq!(&caller.get("/who", PATIENCE).await.unwrap().body[..], b"None");
}

#[tokio::test]
async fn a_token_for_another_service_or_of_somebody_else_is_refused() {
    let machine = Machine::start();
    let me = Identity::Service("payments");
    let good = tokens().token("orders", &me).unwrap();
    assert_eq!(who(&machine, good).await, (200, "Some(Service(\"payments\"))".to_owned()));
    let other = tokens().token("shipping", &me).unwrap();
    assert_eq!(who(&machine, other).await.0, 401, "replayed at another service");
    assert_eq!(who(&machine, Some(HeaderValue::from_static("forged"))).await.0, 401);
    assert_eq!(who(&machine, None).await, (200, "None".to_owned()));
}

#[tokio::test]
async fn work_ends_when_nobody_waits_any_longer() {
    let machine = Machine::start();
    let caller = Caller::of(&[&machine]);
    let begin = Instant::now();
    // The service gives up at the same moment: its word may come first.
    match caller.get("/work?3000", Duration::from_millis(300)).await {
        Ok(reply) => assert_eq!(reply.status, 503),
        Err(error) => assert_eq!(error.kind(), Kind::Unavailable),
    }
    assert!(begin.elapsed() < Duration::from_secs(2));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!((machine.begun(), machine.finished()), (1, 0));
}

#[tokio::test]
async fn what_is_handed_on_is_the_time_that_is_left() {
    let (far, near) = (Machine::start(), Machine::start());
    let (caller, onward) = (Caller::of(&[&near]), Caller::of(&[&far]));
    *near.mood.next.lock().unwrap() = Some(onward.orders.clone());
    // How many milliseconds the second one is given, after the first has spent some.
    let left = async |spent_ms: u64, timeout: Duration| {
        let reply = caller.get(&format!("/onward?{spent_ms}"), timeout).await.unwrap();
        assert_eq!(reply.status, 200);
        std::str::from_utf8(&reply.body).unwrap().parse::<u64>().unwrap()
    };
    let of_three_seconds = left(400, 3 * SECOND).await;
    assert!((1..=2_600).contains(&of_three_seconds), "{of_three_seconds} ms");
    // The first one has patience for ten seconds itself, however long its own caller waits.
    let of_a_minute = left(0, 60 * SECOND).await;
    assert!((1..=10_000).contains(&of_a_minute), "{of_a_minute} ms");
}

#[tokio::test]
async fn work_that_is_late_is_not_begun() {
    let machine = Machine::start();
    let request = Request::get(format!("http://{}/work", machine.address())).header(DEADLINE, "0");
    let response = http_client().request(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!((response.status().as_u16(), machine.begun()), (503, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_about_to_stop_is_left_out_and_finishes_what_it_has_begun() {
    let (a, b) = (Machine::start(), Machine::start());
    let caller = Caller::of(&[&a, &b]);
    let begun = async {
        let calls = (0..6).map(|_| caller.get("/work?700", PATIENCE));
        futures::future::join_all(calls).await
    };
    let told = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        a.mood.readiness.drain();
        let before = a.begun();
        // The first that still reaches it learns of it.
        for _ in 0..20 {
            assert_eq!(caller.get("/work", PATIENCE).await.unwrap().status, 200);
        }
        (before, a.begun())
    };
    let (replies, (before, after)) = futures::join!(begun, told);
    assert!(replies.iter().all(|reply| reply.as_ref().is_ok_and(|r| r.status == 200)));
    assert!(after - before <= 1, "{before} before, {after} after");
    assert!(!caller.is_in(&a.address()));
    assert_eq!(a.begun(), a.finished());
}
