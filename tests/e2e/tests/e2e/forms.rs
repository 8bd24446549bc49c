//! Bad input in the forms of the pages: every form that a guest, a buyer, a vendor's owner and an admin can reach is
//! sent with everything that is wrong, field by field. None is answered with a 5xx, what is refused changes
//! nothing, and what is kept is shown as the text it is.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use futures::{StreamExt, stream};
use http::{Method, header};
use serde_json::Value;

use crate::{
    http::{Call, Http, Reply},
    market::PASSWORD,
    pages::{Form, Pairs, forms, is_id, links, shape},
    rows,
    stage::{NOBODY, Stage},
    truth,
};

/// Ends an attribute and a tag, and would do something.
const MARKUP: &str = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";
/// How it looks on a page that does not escape it.
const UNESCAPED: &[&str] = &["<img src=x onerror", "<script>alert(1)"];
const CONTROL: &str = "a\0b\u{1}\u{7f}\r\n\u{202e}ü\u{1f375}";

/// Ends of addresses of forms that take away what other forms are about, or the session of who sends them. They come
/// last, after the pages have been looked at again.
const LAST: &[&str] = &[
    "logout", "login", "register", "password", "end", "remove", "archive", "suspend", "close", "cancel", "reject",
    "dismiss", "promote", "withdraw",
];

/// Refusals that are kept on purpose: an order that could not be paid, a file in which everything is wrong.
const KEPT: &[&str] = &["/checkout?", "/imports?", "/admin/orders/new?"];

/// Most pages of one visitor.
const PAGES_MAX: usize = 400;
/// How long all of it may take on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(180);

/// Somebody with a browser.
struct Visitor {
    name: &'static str,
    http: Http,
    cookies: BTreeMap<String, String>,
    /// Where the pages begin that are this visitor's, or with `!` where they are not.
    area: Vec<String>,
    starts: Vec<String>,
}

/// What was found.
#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
    requests: usize,
    refused: usize,
    pages: usize,
}

impl Findings {
    /// Looks at an answer.
    fn see(&mut self, what: &str, reply: &Result<Reply, String>) {
        let reply = match reply {
            Ok(reply) => reply,
            Err(cause) => return self.wrong.push(format!("{what}: no answer ({cause})")),
        };
        if reply.status >= 500 {
            return self.wrong.push(format!("{what}: status {}", reply.status));
        }
        let html = text_of(reply);
        if let Some(found) = UNESCAPED.iter().find_map(|mark| html.find(mark)) {
            let around: String =
                html.chars().skip(html[..found].chars().count().saturating_sub(120)).take(200).collect();
            self.wrong.push(format!("{what}: shown as it is: {around}"));
        }
    }
}

fn is_page(reply: &Reply) -> bool {
    reply.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The page of an answer; nothing if it is none.
fn text_of(reply: &Reply) -> String {
    if is_page(reply) { String::from_utf8_lossy(&reply.body).into_owned() } else { String::new() }
}

fn is_refusal(reply: &Result<Reply, String>) -> bool {
    reply.as_ref().is_ok_and(|reply| (400..500).contains(&reply.status))
}

/// After an early refusal the server closes the connection, which another request may just have been given.
async fn answer(call: Call<'_>) -> Result<Reply, String> {
    let mut reply = call.clone().send().await;
    for _ in 0..3 {
        if reply.is_err() {
            reply = call.clone().send().await;
        }
    }
    reply
}

impl Visitor {
    fn new(name: &'static str, http: &Http, area: &[&str], starts: Vec<String>) -> Self {
        let area = area.iter().map(|start| (*start).to_owned()).collect();
        Self { name, http: http.clone(), cookies: BTreeMap::new(), area, starts }
    }
    fn dressed(&self, method: Method, path: &str) -> Call<'_> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.http.call(method, path.replace(' ', "%20")).header("cookie", &cookies.join("; "))
    }
    fn call(&self, form: &Form, pairs: &[(String, String)]) -> Call<'_> {
        let (media, body) = form.body(pairs);
        self.dressed(Method::POST, &form.action).raw(&media, body)
    }
    /// Takes what the answer asks the browser to keep.
    fn keep(&mut self, reply: &Reply) {
        let lines = reply.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        for (name, value) in lines.filter_map(|line| line.split(';').next()?.split_once('=')) {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
    async fn look(&mut self, path: &str, findings: &mut Findings) -> Option<Reply> {
        findings.pages += 1;
        let reply = answer(self.dressed(Method::GET, path)).await;
        findings.see(&format!("{} GET {path}", self.name), &reply);
        let reply = reply.ok()?;
        self.keep(&reply);
        Some(reply)
    }
    /// Sends the form of a page that goes to `action`, as it should be sent.
    async fn do_as_asked(&mut self, path: &str, action: &str, with: &[(&str, &str)]) {
        let page = answer(self.dressed(Method::GET, path)).await.expect("a page");
        self.keep(&page);
        let form = forms(path, &text_of(&page)).into_iter().find(|form| form.action == action);
        let form = form.unwrap_or_else(|| panic!("{path} has no form for {action}: {page}"));
        let mut pairs = form.filled();
        for (name, value) in with {
            set(&mut pairs, name, Some((*value).to_owned()));
        }
        let reply = answer(self.call(&form, &pairs)).await.expect("an answer");
        assert_eq!(reply.status, 303, "{} {action}: {reply}", self.name);
        self.keep(&reply);
    }
    fn belongs(&self, path: &str) -> bool {
        let of = |start: &str| path.starts_with(start);
        let elsewhere = ["/assets", "/media", "/api", "/sandbox", "/mailbox"];
        let (not, own): (Vec<&String>, Vec<&String>) = self.area.iter().partition(|start| start.starts_with('!'));
        !elsewhere.iter().any(|start| of(start))
            && !path.ends_with("/live")
            && !not.iter().any(|start| of(&start[1..]))
            && own.iter().any(|start| of(start))
    }
    /// Goes to every page that a page leads to, one of each kind, and collects the forms.
    async fn walk(&mut self, findings: &mut Findings) -> Vec<Form> {
        let mut queue: VecDeque<String> = self.starts.clone().into();
        let (mut seen, mut all, mut visited) = (BTreeSet::new(), Vec::new(), 0);
        while let Some(path) = queue.pop_front() {
            if visited == PAGES_MAX || !seen.insert(shape(&path)) {
                continue;
            }
            visited += 1;
            let Some(reply) = self.look(&path, findings).await else { continue };
            let html = text_of(&reply);
            let to = reply.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
            let next: Vec<String> = links(&html).into_iter().chain(to).filter(|to| self.belongs(to)).collect();
            queue.extend(next);
            if reply.status == 200 {
                all.extend(forms(&path, &html));
            }
        }
        all
    }
}

/// Gives a field another value, or none.
fn set(pairs: &mut Pairs, name: &str, value: Option<String>) {
    let at = pairs.iter().position(|(known, _)| known == name).unwrap_or(pairs.len());
    pairs.retain(|(known, _)| known != name);
    if let Some(value) = value {
        pairs.insert(at.min(pairs.len()), (name.to_owned(), value));
    }
}

/// What is wrong with every field in turn, what is surely refused before what may be taken.
fn mistakes(stage: &Stage, form: &Form) -> Vec<(String, Pairs)> {
    let wrong: [(&str, Option<String>); 10] = [
        ("left out", None),
        ("empty", Some(String::new())),
        ("a word", Some("no such thing".to_owned())),
        ("below", Some("-1".to_owned())),
        ("above", Some("99999999999999999999".to_owned())),
        ("the greatest number", Some(i64::MAX.to_string())),
        ("no number", Some("1e309".to_owned())),
        ("64 KB", Some("x".repeat(64 * 1024))),
        ("control characters", Some(CONTROL.to_owned())),
        ("markup", Some(MARKUP.to_owned())),
    ];
    let (filled, names) = (form.filled(), form.names());
    let mut all = Vec::new();
    let mut with = |name: &str, how: &str, value: Option<String>| {
        let mut pairs = filled.clone();
        set(&mut pairs, name, value);
        all.push((format!("{name} {how}"), pairs));
    };
    for field in form.fields.iter().filter(|field| is_id(&field.value)) {
        with(&field.name, "of another shop", Some(foreign(stage, &field.value)));
    }
    for (how, value) in &wrong {
        for name in &names {
            with(name, how, value.clone());
        }
    }
    all
}

/// The same thing of the other shop, or what does not exist.
fn foreign(stage: &Stage, id: &str) -> String {
    let known = stage.ids[0].iter().find(|(_, own)| *own == id).and_then(|(what, _)| stage.ids[1].get(what));
    known.cloned().unwrap_or_else(|| NOBODY.to_owned())
}

/// What is refused whatever is in the fields: forms of other sites, what is no form, what is too long.
fn surely_refused(form: &Form) -> Vec<(&'static str, Form, Pairs)> {
    let with = |token: Option<&str>| {
        let mut pairs = form.filled();
        set(&mut pairs, "csrf", token.map(str::to_owned));
        pairs
    };
    let mut all = vec![
        ("without its token", form.clone(), with(None)),
        ("with a made-up token", form.clone(), with(Some("made-up"))),
        ("with the token of nobody", form.clone(), with(Some(MARKUP))),
    ];
    if !form.multipart {
        let mut long = form.filled();
        long.push(("more".to_owned(), "x".repeat(400_000)));
        all.push(("with 400 KB", form.clone(), long));
        all.push(("as a form with files", Form { multipart: true, ..form.clone() }, form.filled()));
    } else {
        all.push(("as a form without files", Form { multipart: false, ..form.clone() }, form.filled()));
    }
    all
}

/// The form of a vendor at the address of the other vendor's.
fn of_the_other(stage: &Stage, form: &Form) -> Option<Form> {
    let (own, other) = (&stage.ids[0]["vendors"], &stage.ids[1]["vendors"]);
    let rest = form.action.strip_prefix(&format!("/vendor/{own}"))?;
    Some(Form { action: format!("/vendor/{other}{rest}"), ..form.clone() })
}

/// The form of a vendor at an address of its own for something of the other vendor's.
fn about_the_others(stage: &Stage, form: &Form) -> Option<Form> {
    let own = format!("/vendor/{}", stage.ids[0]["vendors"]);
    let rest = form.action.strip_prefix(&own)?;
    let parts: Vec<String> =
        rest.split('/').map(|part| if is_id(part) { foreign(stage, part) } else { part.to_owned() }).collect();
    let action = format!("{own}{}", parts.join("/"));
    (action != form.action).then(|| Form { action, ..form.clone() })
}

async fn furnished(stage: &Stage) -> Vec<Visitor> {
    let http = &stage.market.http;
    let paths = |all: &[&str]| all.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    let product = format!("/p/{}", stage.common["slug"]);
    let order = format!("/orders/{}", stage.common["orders"]);
    let mut buyer =
        paths(&["/account", "/account/wishes", "/account/addresses", "/account/addresses/new", "/cart", "/checkout"]);
    buyer.extend(["", "/cancel", "/address", "/withdraw", "/returns/new"].map(|page| format!("{order}{page}")));
    buyer.extend([product.clone(), format!("/account/reviews/{}", stage.ids[0]["products"]), "/sell".to_owned()]);
    let mut guest = paths(&["/", "/login", "/register", "/forgot", "/track", "/sell", "/search?q=table", "/stores"]);
    guest.extend([product.clone(), "/cart".to_owned(), "/checkout".to_owned()]);
    let base = format!("/vendor/{}", stage.ids[0]["vendors"]);
    let rooms = [
        ("products", "products"),
        ("stock", "stock"),
        ("discounts", "discounts"),
        ("promotions", "promotions"),
        ("price-lists", "price-lists"),
        ("delivery", "shipping-methods"),
        ("imports", "imports"),
        ("orders", "orders"),
    ];
    let mut owner = vec![base.clone()];
    owner.extend(rooms.map(|(room, kind)| format!("{base}/{room}/{}", stage.ids[0][kind])));
    let admin = paths(&["/admin", "/admin/payments/review", "/admin/orders/new", "/admin/ranking?q=table"]);
    let elsewhere = ["/", "!/admin", "!/vendor/"];
    let mut all = vec![
        Visitor::new("buyer", http, &elsewhere, buyer),
        Visitor::new("guest", http, &elsewhere, guest),
        Visitor::new("owner", http, &[base.as_str()], owner),
        Visitor::new("admin", http, &["/admin"], admin),
    ];
    let emails = [
        (0, stage.buyer.email.as_str()),
        (2, stage.market.shops[0].owner.email.as_str()),
        (3, stage.market.admin.email.as_str()),
    ];
    for (who, email) in emails {
        all[who].do_as_asked("/login", "/login", &[("email", email), ("password", PASSWORD)]).await;
    }
    for visitor in &mut all[..2] {
        visitor.do_as_asked(&product, "/cart", &[]).await;
    }
    all
}

/// What is the other shop's, as it sees it.
async fn of_the_other_shop(stage: &Stage) -> Vec<Value> {
    let base = format!("/api/v1/vendors/{}", stage.ids[1]["vendors"]);
    let mut all = Vec::new();
    for what in ["products", "discounts", "promotions", "price-lists", "shipping-methods", "stock", "orders"] {
        let call = stage.market.http.get(format!("{base}/{what}"));
        all.push(call.bearer(&stage.market.shops[1].owner.access).ok().await);
    }
    all
}

/// What has changed since `before`, but for the sessions of browsers, which wait with messages and renew their tokens, and
/// for files as they came in: they are there before anybody can say what is wrong with the rest, and swept later.
fn changes(stage: &Stage, before: &rows::Rows) -> Vec<String> {
    let mut changed = rows::difference(before, &rows::read(&stage.souk));
    const BY_THEMSELVES: [&str; 3] = ["web.", "identity.refresh_tokens", "catalog.import_files"];
    changed.retain(|line| !BY_THEMSELVES.iter().any(|name| line.starts_with(name)));
    changed
}

/// Everything that is surely refused, with what it is; false where it may also be without effect.
fn refusals<'a>(stage: &Stage, asked: &[(usize, Form)], visitors: &'a [Visitor]) -> Vec<(String, bool, Call<'a>)> {
    let mut calls = Vec::new();
    for (who, form) in asked {
        let visitor = &visitors[*who];
        let name = format!("{} POST {}", visitor.name, form.action);
        for (how, form, pairs) in surely_refused(form) {
            calls.push((format!("{name} {how}"), true, visitor.call(&form, &pairs)));
        }
        if let Some(form) = of_the_other(stage, form) {
            calls.push((format!("{name} at the other shop's"), true, visitor.call(&form, &form.filled())));
        }
        if let Some(form) = about_the_others(stage, form) {
            calls.push((format!("{name} about the other shop's"), false, visitor.call(&form, &form.filled())));
        }
    }
    calls
}

/// Sends everything that is surely refused; none of it may change anything.
async fn refuse_all(stage: &Stage, asked: &[(usize, Form)], visitors: &[Visitor], findings: &mut Findings) {
    let mut changed = Vec::new();
    // What moves by itself meanwhile does not do so twice.
    for _ in 0..2 {
        stage.rest().await;
        let before = rows::read(&stage.souk);
        let calls = refusals(stage, asked, visitors).into_iter();
        let calls = calls.map(|(what, surely, call)| async move { (what, surely, answer(call).await) });
        let said: Vec<_> = stream::iter(calls).buffer_unordered(4).collect().await;
        findings.requests += said.len();
        for (what, surely, reply) in &said {
            // Whoever is refused before the end may find the connection closed instead of the answer.
            if reply.is_err() && what.ends_with("400 KB") {
                continue;
            }
            findings.see(what, reply);
            findings.refused += usize::from(is_refusal(reply));
            if *surely && !is_refusal(reply) {
                findings.wrong.push(format!("{what}: not refused, {:?}", reply.as_ref().map(|reply| reply.status)));
            }
        }
        stage.rest().await;
        changed = changes(stage, &before);
        if changed.is_empty() {
            return;
        }
    }
    findings.wrong.push(format!("refused forms changed something:\n{}", changed.join("\n")));
}

/// Sends a form with everything that is wrong, then what was refused once more, to see that it changes nothing.
async fn try_form(stage: &Stage, visitor: &Visitor, form: &Form, findings: &mut Findings) {
    let refused = send_wrong(stage, visitor, form, findings).await;
    if refused.is_empty() || KEPT.iter().any(|end| shape(&form.action).ends_with(end)) {
        return;
    }
    let mut changed = Vec::new();
    // What moves by itself meanwhile does not do so three times.
    for _ in 0..3 {
        stage.rest().await;
        let before = rows::read(&stage.souk);
        for pairs in refused.values().take(6) {
            if !is_refusal(&answer(visitor.call(form, pairs)).await) {
                return;
            }
        }
        changed = changes(stage, &before);
        if changed.is_empty() {
            return;
        }
    }
    let name = format!("{} POST {}", visitor.name, form.action);
    findings.wrong.push(format!("{name} was refused and changed something:\n{}", changed.join("\n")));
}

/// Sends a form with everything that is wrong; hands back what was refused, the first of each field.
async fn send_wrong(stage: &Stage, visitor: &Visitor, form: &Form, findings: &mut Findings) -> BTreeMap<String, Pairs> {
    let name = format!("{} POST {}", visitor.name, form.action);
    let all = mistakes(stage, form);
    findings.requests += all.len();
    let calls = all.into_iter().map(|(what, pairs)| async move {
        let reply = answer(visitor.call(form, &pairs)).await;
        (what, pairs, reply)
    });
    let said: Vec<_> = stream::iter(calls).buffered(3).collect().await;
    let mut refused: BTreeMap<String, Pairs> = BTreeMap::new();
    for (what, pairs, reply) in said {
        findings.see(&format!("{name} with {what}"), &reply);
        if is_refusal(&reply) {
            findings.refused += 1;
            refused.entry(what.split(' ').next().unwrap_or_default().to_owned()).or_insert(pairs);
        }
    }
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_takes_bad_input_well() {
    let mut stage = Stage::set().await;
    let begin = Instant::now();
    let mut visitors = furnished(&stage).await;
    let mut findings = Findings::default();
    let (mut asked, mut known) = (Vec::new(), BTreeSet::new());
    for (who, visitor) in visitors.iter_mut().enumerate() {
        let found = visitor.walk(&mut findings).await;
        assert!(found.len() > 5, "{} found {} forms", visitor.name, found.len());
        asked.extend(found.into_iter().filter(|form| known.insert(form.shape())).map(|form| (who, form)));
    }
    assert!(asked.len() > 50, "only {} forms", asked.len());
    refuse_all(&stage, &asked, &visitors, &mut findings).await;
    let is_last = |form: &Form| {
        let path = form.action.split('?').next().unwrap_or_default();
        path.rsplit('/').next().is_some_and(|end| LAST.contains(&end))
    };
    let (last, first): (Vec<_>, Vec<_>) = asked.iter().partition(|(_, form)| is_last(form));
    for (who, form) in first.iter().filter(|(who, _)| *who != 2) {
        try_form(&stage, &visitors[*who], form, &mut findings).await;
    }
    stage.rest().await;
    let before = of_the_other_shop(&stage).await;
    for (who, form) in first.iter().filter(|(who, _)| *who == 2) {
        try_form(&stage, &visitors[*who], form, &mut findings).await;
    }
    stage.rest().await;
    assert!(of_the_other_shop(&stage).await == before, "a form of one shop has changed what is the other's");
    for visitor in &mut visitors {
        visitor.walk(&mut findings).await;
    }
    for (who, form) in last {
        send_wrong(&stage, &visitors[*who], form, &mut findings).await;
    }
    let took = begin.elapsed();
    let Findings { wrong, requests, refused, pages } = findings;
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    println!("forms: {} forms, {requests} requests, {refused} refused, {pages} pages, {took:?}", asked.len());
    assert!(took < PATIENCE, "it took {took:?}");
    stage.souk.stop().await;
    truth::invariants_hold(&stage.souk);
}
