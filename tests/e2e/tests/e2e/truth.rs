//! What really is: the gateway's journal, the stock, the ledger, every order, the invariants.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Output,
};

use serde_json::Value;

use crate::{
    guest::is_settled,
    http::{Call, Http},
    market::{Article, Market, text_of},
    process::{Gateway, SECRET_KEY, Souk},
};

/// All items of a paged list, by `after`.
pub async fn all_items<'a>(http: &'a Http, path: &str, dress: impl Fn(Call<'a>) -> Call<'a>) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = dress(http.get(format!("{path}{mark}limit=100{after}"))).ok().await;
        items.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

/// What the gateway holds of each order: money taken, less money given back or on its way back.
pub async fn money_held(gateway: &Gateway) -> BTreeMap<String, i64> {
    sums(gateway, &[("captured_minor", 1), ("refunded_minor", -1), ("refund_pending_minor", -1)]).await
}

/// What the gateway has given back of each order, or is about to.
pub async fn money_returned(gateway: &Gateway) -> BTreeMap<String, i64> {
    sums(gateway, &[("refunded_minor", 1), ("refund_pending_minor", 1)]).await
}

/// Sums of the gateway's journal by order.
async fn sums(gateway: &Gateway, columns: &[(&str, i64)]) -> BTreeMap<String, i64> {
    let journal = all_items(&gateway.http, "/v1/journal", |call| call.bearer(SECRET_KEY)).await;
    let mut sums = BTreeMap::new();
    for row in &journal {
        let sum: i64 = columns.iter().map(|(key, sign)| sign * row[*key].as_i64().expect("an amount")).sum();
        *sums.entry(text_of(&row["reference"])).or_insert(0) += sum;
    }
    sums
}

/// Fails if the gateway charged anybody twice or its own books are wrong.
pub async fn no_double_charge(gateway: &Gateway) {
    let summary = gateway.http.get("/v1/journal/summary").bearer(SECRET_KEY).ok().await;
    assert_eq!(summary["charged_twice"], serde_json::json!([]), "{summary}");
    assert_eq!(summary["unbalanced"], serde_json::json!([]), "{summary}");
}

/// Fails unless the ledger adds up to zero in every currency.
pub async fn ledger_is_zero(market: &Market) {
    let balance = market.as_admin(market.http.get("/api/v1/admin/ledger/trial-balance")).ok().await;
    let sums = balance["sums"].as_array().expect("sums");
    assert!(sums.iter().all(|sum| sum["amount_minor"] == 0), "{balance}");
}

/// All orders, as an admin sees them.
pub async fn all_orders(market: &Market) -> Vec<Value> {
    all_items(&market.http, "/api/v1/admin/orders", |call| market.as_admin(call)).await
}

/// Stock of an article: on hand, promised.
pub async fn stock_of(market: &Market, article: &Article) -> (i64, i64) {
    let shop = market.shops.iter().find(|shop| shop.id == article.shop_id).expect("its shop");
    let path = format!("/api/v1/vendors/{}/stock/{}", shop.id, article.variant_id);
    let stock = market.http.get(path).bearer(&shop.owner.access).ok().await;
    (stock["on_hand"].as_i64().expect("on hand"), stock["reserved"].as_i64().expect("reserved"))
}

/// What is not at rest yet: open orders, undelivered messages, money that does not fit its order.
pub async fn unrest(market: &Market, gateway: &Gateway) -> Vec<String> {
    unrest_with(market, gateway, &BTreeMap::new()).await
}

/// The same where so much was to go back of some orders that stay paid.
pub async fn unrest_with(market: &Market, gateway: &Gateway, refunds: &BTreeMap<String, i64>) -> Vec<String> {
    let mut unrest = Vec::new();
    let orders = all_orders(market).await;
    let held = money_held(gateway).await;
    for order in &orders {
        let (id, status) = (text_of(&order["id"]), &order["status"]);
        let due = match status.as_str() {
            Some("paid") => {
                let total = order["total"]["amount_minor"].as_i64().expect("a total");
                total - refunds.get(&id).copied().unwrap_or(0)
            }
            _ => 0,
        };
        let held = held.get(&id).copied().unwrap_or(0);
        if !is_settled(status) {
            unrest.push(format!("order {id} is {status}"));
        } else if held != due {
            unrest.push(format!("order {id} is {status}, {due} is due, the gateway holds {held}"));
        }
    }
    let known: BTreeSet<String> = orders.iter().map(|order| text_of(&order["id"])).collect();
    for (reference, amount) in held.iter().filter(|(reference, amount)| !known.contains(*reference) && **amount != 0) {
        unrest.push(format!("the gateway holds {amount} for {reference}, which is no order"));
    }
    let backlogs = market.as_admin(market.http.get("/api/v1/admin/backlogs")).ok().await;
    for backlog in backlogs.as_array().expect("backlogs") {
        if ["outbox", "retrying", "dead", "jobs_due"].iter().any(|key| backlog[*key] != 0) {
            unrest.push(backlog.to_string());
        }
    }
    unrest
}

/// Runs `souk check --json` on data that nobody serves now: every invariant holds.
pub fn invariants_hold(souk: &Souk) -> usize {
    let (output, lines) = check(souk);
    assert!(output.status.success(), "souk check: {}", String::from_utf8_lossy(&output.stdout));
    assert!(!lines.is_empty(), "souk check said nothing");
    lines.len()
}

/// Runs `souk check --json`.
pub fn check(souk: &Souk) -> (Output, Vec<Value>) {
    let output = souk.run(&["check", "--json"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line}"));
    let lines = text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect();
    (output, lines)
}
