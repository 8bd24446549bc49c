//! Bad input: whatever is surely wrong gets a clear 4xx and changes nothing; whatever is merely hostile
//! never gets a 5xx. The requests come from the served OpenAPI document, so no operation is forgotten.

use futures::{StreamExt, stream};
use http::Method;
use serde_json::{Value, json};

use crate::{
    http::{Call, Reply},
    rows,
    schema::{Change, For, Operation, mistakes, operations, sample, texts},
    stage::{NOBODY, Stage},
    truth,
};

/// Texts that have broken programs before.
const HOSTILE: &[&str] = &[
    "'; DROP TABLE orders; --",
    "\" OR \"1\"=\"1",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}%s%n%x",
    "line\r\nSet-Cookie: a=b\r\n\r\nbody",
    "👩‍👩‍👧‍👦🏴‍☠️ \u{202e}txet\u{202c} \u{feff}",
    "../../../../etc/passwd",
    "%00%0a%ff",
    "\u{fffd}\u{1f4a9}\u{0300}\u{0300}\u{0300}",
];

/// A request that was made and what was said.
struct Said {
    what: String,
    reply: Result<Reply, String>,
}

impl Said {
    /// Why this is no clear refusal.
    fn unclear(&self) -> Option<String> {
        match &self.reply {
            Ok(reply) if (400..500).contains(&reply.status) && reply.is_problem() => None,
            Ok(reply) => Some(format!("{}: {reply}", self.what)),
            Err(cause) => Some(format!("{}: no answer ({cause})", self.what)),
        }
    }
    /// Why this is worse than a refusal.
    fn broken(&self) -> Option<String> {
        match &self.reply {
            Ok(reply) if reply.status < 400 => None,
            _ => self.unclear(),
        }
    }
}

struct Request<'a> {
    what: String,
    call: Call<'a>,
}

async fn make(requests: Vec<Request<'_>>) -> Vec<Said> {
    let calls = requests.into_iter().map(async |Request { what, call }| {
        // After an early refusal the server closes the connection, which another request may just have been given.
        let mut reply = call.clone().send().await;
        for _ in 0..3 {
            if reply.is_err() {
                reply = call.clone().send().await;
            }
        }
        Said { what, reply }
    });
    stream::iter(calls).buffer_unordered(16).collect().await
}

fn report(what: &str, made: usize, wrong: Vec<String>) {
    assert!(
        wrong.is_empty(),
        "{} of {made} {what}:\n{}",
        wrong.len(),
        wrong.iter().take(60).map(|w| format!("{w}\n")).collect::<String>()
    );
}

/// Everything wrong that can be sent to an operation with a JSON body.
fn wrong_bodies<'a>(stage: &'a Stage, operation: &Operation, out: &mut Vec<Request<'a>>) {
    let Some(schema) = &operation.body else { return };
    let (http, path) = (&stage.market.http, stage.path(&operation.path, 0, |_| None));
    let base = sample(&stage.document, schema, &stage.known(0), "");
    let name = format!("{} {}", operation.method, operation.path);
    let call = || stage.dress(operation, http.call(operation.method.clone(), path.clone()));
    for change in mistakes(&stage.document, schema, &base) {
        let shown: String =
            change.value.as_ref().map_or("left out".to_owned(), Value::to_string).chars().take(60).collect();
        let what = format!("{name} with {} = {shown}", change.pointer);
        out.push(Request { what, call: call().json(&change.apply(&base)) });
    }
    let mut all_texts = Vec::new();
    texts(&base, "", &mut all_texts);
    if let Some(pointer) = all_texts.first() {
        let change = Change { pointer: pointer.clone(), value: Some("x".repeat(1 << 20).into()) };
        out.push(Request { what: format!("{name} with 1 MiB in {pointer}"), call: call().json(&change.apply(&base)) });
    }
    let text = base.to_string();
    let mut whole = vec![
        ("cut off", "application/json", text.as_bytes()[..text.len() / 2].to_vec()),
        ("something behind", "application/json", format!("{text} {{}}").into_bytes()),
        ("an array", "application/json", b"[]".to_vec()),
        ("not UTF-8", "application/json", vec![b'{', b'"', 0xff, 0xfe, b'"', b':', b'1', b'}']),
        ("nested deeply", "application/json", "[".repeat(20_000).into_bytes()),
        ("as text", "text/plain", text.clone().into_bytes()),
        ("as a form", "application/x-www-form-urlencoded", b"a=b".to_vec()),
        ("as XML", "application/xml", b"<a/>".to_vec()),
    ];
    if operation.body_required {
        whole.push(("empty", "application/json", Vec::new()));
        whole.push(("null", "application/json", b"null".to_vec()));
    }
    for (what, media, body) in whole {
        out.push(Request { what: format!("{name} {what}"), call: call().raw(media, body) });
    }
    let untyped = call().raw("application/json", text).without_type();
    out.push(Request { what: format!("{name} without a type"), call: untyped });
}

/// Wrong query parameters, one at a time.
fn wrong_queries<'a>(stage: &'a Stage, operation: &Operation, out: &mut Vec<Request<'a>>) {
    let path = stage.path(&operation.path, 0, |_| None);
    for parameter in operation.parameters.iter().filter(|p| p["in"] == "query") {
        let (name, schema) = (parameter["name"].as_str().unwrap_or_default(), &parameter["schema"]);
        let wrong: &[&str] = match (name, schema["type"].as_str()) {
            ("limit", _) => &["0", "-1", "101", "many", "1e3", "99999999999999999999", "%00"],
            ("after", _) => &["nonsense", "%00", "%FF%FE", "AAAA%3D%3D%3D"],
            (_, Some("integer")) => &["many", "1.5", "99999999999999999999", "%00"],
            (_, Some("boolean")) => &["maybe", "%00"],
            _ if schema["format"] == "uuid" => &["not-an-id", "%27%20OR%201=1", "%00"],
            _ => &["%00"],
        };
        for value in wrong {
            let what = format!("{} {}?{name}={value}", operation.method, operation.path);
            let call = stage.market.http.call(operation.method.clone(), format!("{path}?{name}={value}"));
            out.push(Request { what, call: stage.dress(operation, call) });
        }
    }
}

/// What is the name of nothing.
const NO_NAMES: &[&str] = &["not-an-id", "%27%20OR%201=1%20--", "%3Cscript%3E", "%00", "%FF%FE", "..%2F..%2Fetc"];

/// More than any upload may have that is read at once. What is read as it comes has no limit that a test could reach.
static LONG: [u8; 12 << 20] = [0; 12 << 20];

/// What is not JSON: a body that is missing, and one that is too long.
fn wrong_uploads<'a>(
    stage: &'a Stage,
    operation: &Operation,
    empty: &mut Vec<Request<'a>>,
    long: &mut Vec<Request<'a>>,
) {
    if !operation.raw {
        return;
    }
    let path = stage.path(&operation.path, 0, |_| None);
    let call = || stage.dress(operation, stage.market.http.call(operation.method.clone(), path.clone()));
    let name = format!("{} {}", operation.method, operation.path);
    for media in ["image/png", "text/csv", "application/octet-stream"] {
        out(empty, format!("{name} with nothing as {media}"), call().raw(media, ""));
        if !operation.path.ends_with("/imports") && !operation.path.contains("/files") {
            out(long, format!("{name} with 12 MiB as {media}"), call().raw(media, &LONG[..]));
        }
    }
}

/// Names that are none, for what looks at a name without refusing those that stand for nothing: no 5xx.
fn asked_by_wrong_names<'a>(stage: &'a Stage, operation: &Operation, out: &mut Vec<Request<'a>>) {
    let segments: Vec<&str> = operation.path.split('/').collect();
    let before: Vec<&str> = segments.windows(2).filter(|pair| pair[1].starts_with('{')).map(|pair| pair[0]).collect();
    for (target, value) in before.iter().flat_map(|target| NO_NAMES.iter().map(move |value| (*target, *value))) {
        let path = stage.path(&operation.path, 0, |segment| (segment == target).then(|| value.to_owned()));
        let mut call = stage.dress(operation, stage.market.http.call(operation.method.clone(), path));
        if let Some(schema) = &operation.body {
            call = call.json(&sample(&stage.document, schema, &stage.known(0), ""));
        }
        out.push(Request { what: format!("{} {} for {target} = {value}", operation.method, operation.path), call });
    }
}

/// Ids that are none, or nobody's, one at a time; and methods that a path does not have.
fn wrong_paths<'a>(stage: &'a Stage, operation: &Operation, methods: &[Method], out: &mut Vec<Request<'a>>) {
    let segments: Vec<&str> = operation.path.split('/').collect();
    let before: Vec<&str> = segments.windows(2).filter(|pair| pair[1].starts_with('{')).map(|pair| pair[0]).collect();
    let long = "a".repeat(5_000);
    for target in before {
        // Reports and lists of what a name has none of are empty, not missing.
        let is_id = operation.path.contains(&format!("{target}/{{id}}")) || operation.path.contains("_id}");
        for value in [NOBODY].iter().chain(NO_NAMES).copied().chain([long.as_str()]) {
            if !is_id && value == NOBODY {
                continue;
            }
            let path = stage.path(&operation.path, 0, |segment| (segment == target).then(|| value.to_owned()));
            let mut call = stage.dress(operation, stage.market.http.call(operation.method.clone(), path.clone()));
            if let Some(schema) = &operation.body {
                call = call.json(&sample(&stage.document, schema, &stage.known(0), ""));
            }
            let value: String = value.chars().take(20).collect();
            out.push(Request { what: format!("{} {} for {target} = {value}", operation.method, operation.path), call });
        }
    }
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        if !methods.contains(&method) {
            let call = stage.market.http.call(method.clone(), stage.path(&operation.path, 0, |_| None));
            out.push(Request { what: format!("{method} {}", operation.path), call: stage.dress(operation, call) });
        }
    }
}

/// Operations that look at a name without refusing those that stand for nothing.
const ASKED_BY_NAME: &[&str] =
    &["/payment/refresh", "/rating", "/products/{product_id}/reviews", "/customers/{account_id}/groups"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_refused_clearly_and_changes_nothing() {
    let mut stage = Stage::set().await;
    let all = operations(&stage.document);
    let before = rows::read(&stage.souk);
    let (mut requests, mut by_name, mut long) = (Vec::new(), Vec::new(), Vec::new());
    for operation in &all {
        wrong_bodies(&stage, operation, &mut requests);
        wrong_uploads(&stage, operation, &mut requests, &mut long);
        wrong_queries(&stage, operation, &mut requests);
        let methods: Vec<Method> = all.iter().filter(|o| o.path == operation.path).map(|o| o.method.clone()).collect();
        if !ASKED_BY_NAME.iter().any(|name| operation.path.ends_with(name)) {
            wrong_paths(&stage, operation, &methods, &mut requests);
        } else {
            asked_by_wrong_names(&stage, operation, &mut by_name);
        }
    }
    let made = requests.len() + by_name.len() + long.len();
    assert!(!by_name.is_empty() && !long.is_empty());
    let said = make(requests).await;
    report("refusals are unclear", made, said.iter().filter_map(Said::unclear).collect());
    let said = make(by_name).await;
    report("answers are broken", made, said.iter().filter_map(Said::broken).collect());
    // Whoever is refused before the end may find the connection closed instead of the answer.
    let said = make(long).await;
    let answered = said.iter().filter(|said| said.reply.is_ok());
    report("refusals are unclear", made, answered.filter_map(Said::unclear).collect());
    let changed = rows::difference(&before, &rows::read(&stage.souk));
    assert!(changed.is_empty(), "refused requests changed something:\n{}", changed.join("\n"));
    println!("input: {made} wrong requests to {} operations, nothing changed", all.len());
    stage.souk.stop().await;
    truth::invariants_hold(&stage.souk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_texts_are_texts() {
    let mut stage = Stage::set().await;
    let all = operations(&stage.document);
    let mut requests = Vec::new();
    for operation in &all {
        let path = stage.path(&operation.path, 0, |_| None);
        let call = || stage.dress(operation, stage.market.http.call(operation.method.clone(), path.clone()));
        let name = format!("{} {}", operation.method, operation.path);
        if let Some(schema) = &operation.body {
            let base = sample(&stage.document, schema, &stage.known(0), "");
            let mut places = Vec::new();
            texts(&base, "", &mut places);
            for (pointer, text) in places.iter().flat_map(|p| HOSTILE.iter().map(move |text| (p, *text))) {
                let change = Change { pointer: pointer.clone(), value: Some(text.into()) };
                out(&mut requests, format!("{name} with {pointer} = {text:?}"), call().json(&change.apply(&base)));
            }
        }
        if operation.raw {
            for (media, body) in [
                ("image/jpeg", vec![0xff, 0xd8, 0xff, 0, 1, 2]),
                ("image/png", b"\x89PNG\r\n\x1a\n".to_vec()),
                ("text/csv", vec![0xff, b',', b'"', b'\n', b'=', b'1']),
                ("image/svg+xml", b"<svg/>".to_vec()),
                ("application/json", b"{}".to_vec()),
            ] {
                out(&mut requests, format!("{name} as {media}"), call().raw(media, body));
            }
        }
        for parameter in operation.parameters.iter().filter(|p| p["in"] == "query") {
            let parameter = parameter["name"].as_str().unwrap_or_default();
            for text in HOSTILE {
                let query: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
                let call = stage.market.http.call(operation.method.clone(), format!("{path}?{parameter}={query}"));
                if operation.method == Method::GET {
                    out(&mut requests, format!("{name}?{parameter}={text:?}"), stage.dress(operation, call));
                }
            }
        }
    }
    let made = requests.len();
    let said = make(requests).await;
    report("answers are broken", made, said.iter().filter_map(Said::broken).collect());
    println!("input: {made} hostile requests to {} operations, no 5xx", all.len());
    stage.souk.stop().await;
    truth::invariants_hold(&stage.souk);
}

fn out<'a>(requests: &mut Vec<Request<'a>>, what: String, call: Call<'a>) {
    requests.push(Request { what, call });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_enters_without_the_right_token() {
    let mut stage = Stage::set().await;
    let all = operations(&stage.document);
    let before = rows::read(&stage.souk);
    let buyer = stage.buyer.access.clone();
    let mut requests = Vec::new();
    for operation in all.iter().filter(|operation| operation.who != For::Everybody) {
        let path = stage.path(&operation.path, 0, |_| None);
        let body =
            operation.body.as_ref().map_or(json!({}), |schema| sample(&stage.document, schema, &stage.known(0), ""));
        let call = || stage.market.http.call(operation.method.clone(), path.clone()).key("intruder").json(&body);
        let name = format!("{} {}", operation.method, operation.path);
        out(&mut requests, format!("{name} by nobody"), call());
        out(&mut requests, format!("{name} with nonsense"), call().bearer("nonsense"));
        let (head, rest) = buyer.split_once('.').expect("a token");
        let forged = format!("eyJhbGciOiJub25lIn0.{}.", rest.split('.').next().unwrap_or_default());
        assert!(!head.is_empty());
        out(&mut requests, format!("{name} with a token that nobody signed"), call().bearer(&forged));
        if matches!(operation.who, For::Admin | For::Vendor) {
            out(&mut requests, format!("{name} by a buyer"), call().bearer(&buyer));
        }
    }
    let made = requests.len();
    let said = make(requests).await;
    let allowed = |said: &Said| {
        said.unclear().or_else(|| {
            let status = said.reply.as_ref().map_or(0, |reply| reply.status);
            (!matches!(status, 401 | 403 | 404)).then(|| format!("{}: {status}", said.what))
        })
    };
    report("doors are open", made, said.iter().filter_map(allowed).collect());
    let changed = rows::difference(&before, &rows::read(&stage.souk));
    assert!(changed.is_empty(), "intruders changed something:\n{}", changed.join("\n"));
    println!("input: {made} intrusions refused");
    stage.souk.stop().await;
}
