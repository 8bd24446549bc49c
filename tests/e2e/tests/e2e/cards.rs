//! Numbers of payment cards never stay: whatever input they are sent into, no table and no log holds them.

use futures::{StreamExt, stream};
use http::Method;
use kernel::cards;

use crate::{
    http::Call,
    rows,
    schema::{Change, operations, sample, texts},
    stage::Stage,
};

/// A right number that nothing else in the market has.
const CARD: &str = "4000056655665556";
/// The same as people write it.
const WRITTEN: &str = "4000 0566-5566 5556";

/// Fields for long numbers that are something else.
const OTHER_NUMBERS: &[&str] = &["barcode", "sku", "tracking_number", "iban", "account_number", "bank_code"];

/// Tables of keys and counters, whose long numbers may look like a card's by chance: only the one that was
/// sent must not be there.
const NUMBERS_BY_CHANCE: &[&str] = &["signing_keys", "journal_cursors", "counter"];

fn holds_it(text: &str) -> bool {
    let bare = text.replace([' ', '-', '+'], "");
    // PostgreSQL writes bytes in hex.
    let hex: String = CARD.bytes().map(|byte| format!("{byte:02x}")).collect();
    bare.contains(CARD) || bare.contains(&hex)
}

/// JSON bodies with the number in one text each; all have to be refused.
fn bodies(stage: &Stage) -> Vec<(String, Call<'_>)> {
    let mut calls = Vec::new();
    for operation in operations(&stage.document) {
        let Some(schema) = &operation.body else { continue };
        let path = stage.path(&operation.path, 0, |_| None);
        let base = sample(&stage.document, schema, &stage.known(0), "");
        let mut places = Vec::new();
        texts(&base, "", &mut places);
        places.retain(|place| !place.split('/').any(|name| OTHER_NUMBERS.contains(&name)));
        for place in places {
            for number in [CARD.to_owned(), format!("my card: {WRITTEN}.")] {
                let change = Change { pointer: place.clone(), value: Some(number.clone().into()) };
                let call = stage.market.http.call(operation.method.clone(), path.clone());
                let call = stage.dress(&operation, call).json(&change.apply(&base));
                calls.push((format!("{} {} with {place} = {number}", operation.method, operation.path), call));
            }
        }
    }
    calls
}

/// The number in queries, headers, paths and forms, where some may be let through but none may stay.
fn around(stage: &Stage) -> Vec<(String, Call<'_>)> {
    let http = &stage.market.http;
    let mut calls = Vec::new();
    for operation in operations(&stage.document).iter().filter(|operation| operation.method == Method::GET) {
        let path = stage.path(&operation.path, 0, |_| None);
        for parameter in operation.parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let path = format!("{path}?{name}={}", WRITTEN.replace(' ', "+"));
            calls.push((format!("GET {path}"), stage.dress(operation, http.call(Method::GET, path.clone()))));
        }
        let path = stage.path(&operation.path, 0, |_| Some(CARD.to_owned()));
        calls.push((format!("GET {path}"), stage.dress(operation, http.call(Method::GET, path.clone()))));
    }
    let log_in = serde_json::json!({"email": "buyer@market.example", "password": "wrong-horse-7-battery"});
    let agent = http.post("/api/v1/sessions", &log_in).header("user-agent", WRITTEN);
    calls.push(("a log-in by a strange browser".to_owned(), agent));
    calls.push(("a page".to_owned(), http.get(format!("/search?q={CARD}")).header("user-agent", CARD)));
    let form = http.call(Method::POST, "/login").raw("application/x-www-form-urlencoded", format!("email={CARD}"));
    calls.push(("a form".to_owned(), form));
    let event = serde_json::json!({"id": CARD, "type": WRITTEN});
    calls.push(("an event that nobody signed".to_owned(), http.post("/webhooks/sandbox", &event)));
    calls
}

/// Sends all and hands back their status; 0 if none came.
async fn send(calls: Vec<(String, Call<'_>)>) -> Vec<(String, u16)> {
    let calls = calls.into_iter().map(async |(what, call)| {
        // After an early refusal the server closes the connection, which another request may just have been given.
        let mut reply = call.clone().send().await;
        for _ in 0..3 {
            if reply.is_err() {
                reply = call.clone().send().await;
            }
        }
        (what, reply.map_or(0, |reply| reply.status))
    });
    stream::iter(calls).buffer_unordered(16).collect().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_card_number_stays() {
    let mut stage = Stage::logging("debug").await;
    let refused = send(bodies(&stage)).await;
    let made = refused.len();
    assert!(made > 100, "too few inputs: {made}");
    let taken: Vec<_> = refused.iter().filter(|(_, status)| !(400..500).contains(status)).collect();
    assert!(taken.is_empty(), "{} of {made} were not refused: {taken:#?}", taken.len());
    let broken = send(around(&stage)).await;
    let broken: Vec<_> = broken.iter().filter(|(_, status)| *status == 0 || *status >= 500).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    stage.souk.stop().await;

    let texts = rows::texts(&stage.souk);
    let held: Vec<_> = texts.iter().filter(|(_, text)| holds_it(text)).collect();
    assert!(held.is_empty(), "kept: {held:#?}");
    let asked = |table: &str| !NUMBERS_BY_CHANCE.iter().any(|name| table.ends_with(name));
    let alike: Vec<_> = texts.iter().filter(|(table, text)| asked(table) && cards::card_like(text)).collect();
    assert!(alike.is_empty(), "like a card: {alike:#?}");
    let log = stage.souk.all_logged();
    assert!(log.contains("request refused"), "nothing was logged");
    let told: Vec<_> = log.lines().filter(|line| holds_it(line) || cards::card_like(line)).collect();
    assert!(told.is_empty(), "logged: {told:#?}");
    println!("cards: {made} inputs refused the number, {} texts and the log are without it", texts.len());
}
