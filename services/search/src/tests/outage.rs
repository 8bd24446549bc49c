//! The service while its server is away, lost what it had, or has not been there yet.

use std::{net::TcpListener, time::Duration};

use db::Dialect;
use kernel::Kind;
use testkit::TestApp;

use super::{a_market, engines::engine, fake::Fake, outside, publish, search, titles};

/// As long as it takes until it is tried again.
const AGAIN: Duration = Duration::from_secs(6);

async fn app(url: &str) -> TestApp {
    TestApp::start(Dialect::Sqlite, vec![crate::service(outside(url))]).await
}

#[tokio::test]
async fn an_outage_is_said_and_nothing_is_lost() {
    let fake = Fake::start();
    let app = app(&fake.url).await;
    a_market(&app).await;
    assert_eq!(search(&app, "q=mug").await.total, 1);

    fake.state().is_down = true;
    let answer = app.guest().get("/api/v1/search?q=bowl").await;
    assert_eq!(answer.header("retry-after"), Some("5"));
    let problem = answer.expect_problem(503, "unavailable");
    assert!(problem["detail"].as_str().unwrap().contains("does not answer"), "{problem}");
    app.guest().get("/api/v1/search/suggestions?q=bo").await.expect_problem(503, "unavailable");
    assert_eq!(search(&app, "q=mug").await.total, 1, "what was found a moment ago is still said");
    publish(&app, "Red vase", "Potter", "kitchen", 3_000, &[]).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(
        app.count("search", "SELECT count(*) FROM jobs WHERE kind = 'bring_in' AND state = 'queued'").await,
        1,
        "to be tried again"
    );

    fake.state().is_down = false;
    assert_eq!(search(&app, "q=vase").await.total, 0);
    app.advance(AGAIN).await;
    assert_eq!(search(&app, "q=vase").await.total, 1);
    assert_eq!(app.count("search", "SELECT count(*) FROM jobs WHERE kind = 'bring_in'").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn answers_hear_of_changes_that_were_shown_at_the_second_try() {
    let fake = Fake::start();
    let app = app(&fake.url).await;
    a_market(&app).await;
    assert_eq!(search(&app, "q=ceramic").await.total, 2);
    fake.fail("_refresh", 503, 1);
    publish(&app, "Ceramic vase", "Potter", "kitchen", 3_000, &[]).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(search(&app, "q=ceramic").await.total, 2, "written, and not shown yet");
    app.advance(AGAIN).await;
    assert_eq!(search(&app, "q=ceramic").await.total, 3);
    app.finish().await;
}

#[tokio::test]
async fn a_server_that_comes_later_is_filled_then() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}");
    let app = app(&url).await;
    let index = engine(&outside(&url)).await.unwrap();
    assert_eq!(index.ready().unwrap_err().kind(), Kind::Unavailable, "nobody is sent here yet");
    a_market(&app).await;
    app.guest().get("/api/v1/search?q=mug").await.expect_problem(503, "unavailable");

    let fake = Fake::start_at(address);
    index.look().await;
    assert!(index.ready().unwrap_err().detail().contains("being filled"), "there, and empty");
    app.guest().get("/api/v1/search?q=mug").await.expect_problem(503, "unavailable");
    app.advance(AGAIN).await;
    index.look().await;
    index.ready().unwrap();
    assert_eq!(search(&app, "").await.total, 5);
    fake.state().is_down = true;
    index.look().await;
    assert_eq!(index.ready().unwrap_err().kind(), Kind::Unavailable);
    app.finish().await;
}

#[tokio::test]
async fn a_lost_index_is_made_anew_from_the_rows() {
    let fake = Fake::start();
    let app = app(&fake.url).await;
    a_market(&app).await;
    fake.state().indexes.clear();
    app.guest().get("/api/v1/search?q=linen").await.expect_problem(503, "unavailable");
    publish(&app, "Red vase", "Potter", "kitchen", 3_000, &[]).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(search(&app, "").await.total, 6);
    assert_eq!(titles(&app, "q=linen").await, ["Linen towels"]);
    app.finish().await;
}

#[tokio::test]
async fn an_index_of_other_rows_is_made_anew() {
    let fake = Fake::start();
    let before = app(&fake.url).await;
    a_market(&before).await;
    publish(&before, "Red vase", "Potter", "kitchen", 3_000, &[]).await;
    before.advance(Duration::from_secs(1)).await;
    assert_eq!(search(&before, "").await.total, 6);
    before.finish().await;

    let after = app(&fake.url).await;
    assert_eq!(search(&after, "").await.total, 6, "until it has caught up");
    a_market(&after).await;
    assert_eq!(search(&after, "").await.total, 5);
    assert_eq!(search(&after, "q=vase").await.total, 0);
    after.finish().await;
}

#[tokio::test]
async fn two_processes_answer_from_one_index() {
    let fake = Fake::start();
    let writer = app(&fake.url).await;
    a_market(&writer).await;
    let reader = engine(&outside(&fake.url)).await.unwrap();
    reader.ready().unwrap();
    assert_eq!(super::engines::found(&reader, &["mug"]).await, ["Blue ceramic mug"]);
    writer.finish().await;
}
