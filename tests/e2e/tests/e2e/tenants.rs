//! One vendor's token opens nothing of another's: every operation of a shop answers for somebody else's
//! ids exactly as for ids that name nothing.

use http::Method;
use serde_json::{Value, json};

use crate::{
    http::{Call, Reply},
    rows,
    schema::{For, Operation, operations, sample},
    stage::{NOBODY, Stage},
};

/// What an answer says, without what differs for every request.
fn said(reply: &Reply) -> (u16, Value) {
    let mut document = if reply.is_problem() { reply.json() } else { json!(String::from_utf8_lossy(&reply.body)) };
    if let Some(fields) = document.as_object_mut() {
        fields.remove("request_id");
    }
    (reply.status, document)
}

/// A call as the owner of the first shop.
fn call<'a>(stage: &'a Stage, operation: &Operation, path: String, key: &str) -> Call<'a> {
    let call = stage.market.http.call(operation.method.clone(), path).key(key);
    let call = call.bearer(&stage.market.shops[0].owner.access);
    match &operation.body {
        Some(schema) => call.json(&sample(&stage.document, schema, &stage.known(1), "")),
        None if operation.raw => call.raw("text/csv", "sku\n"),
        None => call,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_vendors_looks_like_what_is_not_there() {
    let mut stage = Stage::set().await;
    let before = rows::read(&stage.souk);
    let (mut asked, mut wrong) = (0, Vec::new());
    for operation in operations(&stage.document).iter().filter(|operation| operation.who == For::Vendor) {
        let nowhere = |_: &str| Some(NOBODY.to_owned());
        let theirs = stage.path(&operation.path, 1, |_| None);
        let missing = stage.path(&operation.path, 1, nowhere);
        let mut pairs = vec![("in their shop", theirs, missing)];
        // Their things, asked for in one's own shop.
        if operation.path.matches('{').count() > 1 {
            let own = stage.ids[0]["vendors"].clone();
            let mine = |segment: &str| (segment == "vendors").then(|| own.clone());
            let theirs = stage.path(&operation.path, 1, mine);
            let missing = stage.path(&operation.path, 1, |segment| mine(segment).or(Some(NOBODY.to_owned())));
            pairs.push(("in one's own shop", theirs, missing));
        }
        for (place, theirs, missing) in pairs {
            let foreign = said(&call(&stage, operation, theirs, &format!("tenant-{asked}")).reply().await);
            let nothing = said(&call(&stage, operation, missing, &format!("tenant-{asked}-none")).reply().await);
            asked += 1;
            if foreign != nothing || foreign.0 < 400 {
                let name = format!("{} {} {place}", operation.method, operation.path);
                wrong.push(format!("{name}:\n  theirs: {foreign:?}\n  nobody's: {nothing:?}"));
            }
        }
    }
    assert!(asked > 30, "only {asked} operations of a shop");
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{}", wrong.len(), wrong.join("\n"));
    let changed = rows::difference(&before, &rows::read(&stage.souk));
    assert!(changed.is_empty(), "a stranger changed something:\n{}", changed.join("\n"));
    println!("tenants: {asked} questions about another vendor's things, all answered as if there were none");
    stage.souk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_its_buyers_only() {
    let mut stage = Stage::set().await;
    let http = &stage.market.http;
    let paths = [
        (Method::GET, format!("/api/v1/orders/{}", stage.common["orders"])),
        (Method::GET, format!("/api/v1/orders/{}/events", stage.common["orders"])),
        (Method::POST, format!("/api/v1/orders/{}/cancel", stage.common["orders"])),
        (Method::PUT, format!("/api/v1/me/addresses/{}", stage.common["addresses"])),
        (Method::DELETE, format!("/api/v1/me/addresses/{}", stage.common["addresses"])),
    ];
    let address = json!({"address": {"name": "Eve", "line1": "Kai 2", "city": "Kiel", "country": "DE"}});
    let before = rows::read(&stage.souk);
    for (method, path) in paths {
        let body = if method == Method::PUT { address.clone() } else { json!({}) };
        let stranger = http.call(method.clone(), &path).bearer(&stage.market.shops[1].owner.access).json(&body);
        let reply = stranger.reply().await;
        assert_eq!(reply.status, 404, "{method} {path}: {reply}");
        let wrong_token = http.call(method.clone(), &path).header("order-token", "nonsense").json(&body).reply().await;
        assert!(matches!(wrong_token.status, 401 | 404), "{method} {path}: {wrong_token}");
    }
    assert_eq!(rows::difference(&before, &rows::read(&stage.souk)), Vec::<String>::new());
    stage.souk.stop().await;
}
