//! One vendor's token opens nothing of another's: every operation of a shop answers for somebody else's
//! ids exactly as for ids that name nothing.

use http::Method;
use serde_json::{Value, json};

use crate::{
    http::{Call, Reply},
    market::text_of,
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

/// An operation in one's own shop whose body names one thing, which is another vendor's.
struct Naming {
    method: Method,
    path: String,
    theirs: String,
    body: Box<dyn Fn(&str) -> Value>,
}

fn naming(method: Method, path: String, theirs: &str, body: impl Fn(&str) -> Value + 'static) -> Naming {
    Naming { method, path, theirs: theirs.to_owned(), body: Box::new(body) }
}

/// A line of the order that shop `n` has.
async fn line_of(stage: &Stage, n: usize) -> String {
    let path = format!("/api/v1/vendors/{}/orders/{}", stage.ids[n]["vendors"], stage.ids[n]["orders"]);
    let order = stage.market.http.get(path).bearer(&stage.market.shops[n].owner.access).ok().await;
    text_of(&order["order"]["lines"][0]["id"])
}

/// Whatever a vendor can name in a body that might be somebody else's.
async fn namings(stage: &Stage) -> Vec<Naming> {
    let base = format!("/api/v1/vendors/{}", stage.ids[0]["vendors"]);
    let mut all = of_products(stage, &base).await;
    all.extend(of_stock(stage, &base));
    let (order, theirs) = (format!("{base}/orders/{}", stage.ids[0]["orders"]), line_of(stage, 1).await);
    all.push(naming(
        Method::POST,
        format!("{order}/withdrawals"),
        &theirs,
        |id| json!({"lines": [{"line_id": id, "quantity": 1}]}),
    ));
    all.push(naming(
        Method::POST,
        format!("{order}/shipment/ship"),
        &theirs,
        |id| json!({"carrier": "DHL", "tracking_number": "1", "lines": [{"line_id": id, "quantity": 1}]}),
    ));
    all
}

/// Their products and variants, in what is said of one's own.
async fn of_products(stage: &Stage, base: &str) -> Vec<Naming> {
    let product = format!("{base}/products/{}", stage.ids[0]["products"]);
    let (theirs, their_variant) = (&stage.ids[1]["products"], &stage.ids[1]["stock"]);
    let own = stage.market.http.get(&product).bearer(&stage.market.shops[0].owner.access).ok().await;
    let input = own["input"].clone();
    let begins = "2030-01-01T00:00:00Z";
    vec![
        naming(Method::PUT, product.clone(), their_variant, move |id| {
            let mut input = input.clone();
            input["variants"][0]["id"] = id.into();
            input
        }),
        naming(
            Method::PUT,
            format!("{product}/variants/{}/parts", stage.ids[0]["stock"]),
            their_variant,
            |id| json!({"parts": [{"variant_id": id, "quantity": 1}]}),
        ),
        naming(
            Method::PUT,
            format!("{product}/prices"),
            their_variant,
            |id| json!({"variants": [{"variant_id": id, "quantity_prices": [{"from": 2, "price_minor": 1}]}]}),
        ),
        naming(
            Method::POST,
            format!("{base}/discounts"),
            theirs,
            move |id| json!({"name": "Mine", "percent_bp": 100, "starts_at": begins, "product_ids": [id]}),
        ),
        naming(Method::POST, format!("{base}/promotions"), theirs, move |id| {
            json!({"name": "Mine", "code": "MINE", "currency": "EUR", "starts_at": begins, "product_ids": [id],
                "effect": {"type": "amount_off", "amount_minor": 100}})
        }),
    ]
}

/// Their variants and locations, in what is said of one's own stock.
fn of_stock(stage: &Stage, base: &str) -> Vec<Naming> {
    let (own, other) = (&stage.ids[0], &stage.ids[1]);
    let (variant, place) = (own["stock"].clone(), own["stock-locations"].clone());
    let (their_variant, their_place) = (&other["stock"], &other["stock-locations"]);
    let (stock, counts) = (format!("{base}/stock/{variant}"), format!("{base}/stock-counts"));
    let from = place.clone();
    vec![
        naming(
            Method::POST,
            format!("{stock}/adjustments"),
            their_place,
            |id| json!({"change": {"add": 1}, "location_id": id, "reason": "delivery"}),
        ),
        naming(
            Method::POST,
            format!("{stock}/transfers"),
            their_place,
            move |id| json!({"from": from, "to": id, "quantity": 1}),
        ),
        naming(
            Method::POST,
            format!("{stock}/transfers"),
            their_place,
            move |id| json!({"from": id, "to": place, "quantity": 1}),
        ),
        naming(
            Method::POST,
            counts.clone(),
            their_variant,
            |id| json!({"counts": [{"variant_id": id, "counted": 1}], "reason": "a count"}),
        ),
        naming(
            Method::POST,
            counts,
            their_place,
            move |id| json!({"location_id": id, "counts": [{"variant_id": variant, "counted": 1}], "reason": "a count"}),
        ),
        naming(Method::PUT, format!("{base}/stock-location-order"), their_place, |id| json!({"locations": [id]})),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_vendors_is_nothing_in_a_body_to_ones_own_shop() {
    let mut stage = Stage::set().await;
    let cases = namings(&stage).await;
    let before = rows::read(&stage.souk);
    let mut wrong = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let mut answers = Vec::new();
        for (kind, id) in [("theirs", case.theirs.as_str()), ("nobody's", NOBODY)] {
            let call = stage.market.http.call(case.method.clone(), &case.path).key(&format!("named-{n}-{kind}"));
            let reply = call.bearer(&stage.market.shops[0].owner.access).json(&(case.body)(id)).reply().await;
            let (status, document) = said(&reply);
            answers.push((status, document.to_string().replace(id, "…")));
        }
        if answers[0] != answers[1] || !(400..500).contains(&answers[0].0) {
            wrong.push(format!("{} {}: {answers:?}", case.method, case.path));
        }
    }
    assert!(wrong.is_empty(), "{} of {} name what is not theirs:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    let changed = rows::difference(&before, &rows::read(&stage.souk));
    assert!(changed.is_empty(), "a stranger's things were changed:\n{}", changed.join("\n"));
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
