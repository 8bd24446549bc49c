//! Returns: one form across all vendors of an order, then a page for each vendor's return.

use askama::Template;
use axum::http::StatusCode;
use contracts::orders::{
    AskedReturn, OrderReturns, RETURN_PHOTOS_MAX, RequestReturn, ReturnKind, ReturnReason, ReturnStatus, ReturnView,
    ReturnWish, ReturnableLine, ReturnablePart, SendReturn,
};
use kernel::{Error, Kind, OrderId, Result, ReturnId};

use super::{cards, exchanges, order, return_notices, withdrawals};
use crate::{
    fmt::Fmt,
    forms::{Fields, File, Posted, Reader, Uploaded},
    pages::{
        account::form::FormPage,
        portal::{Facts, Form, Panel, Words, download, words},
        upload,
    },
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Html, Link, Notice, Row, Shell, Table, Tone, component},
    visit::{Path, Visit},
};

/// Reasons to choose from, in the words of the shop.
const REASONS: [(ReturnReason, &str); 8] = [
    (ReturnReason::ChangedMind, "I do not want it any more"),
    (ReturnReason::DoesNotFit, "It does not fit"),
    (ReturnReason::Damaged, "It arrived damaged"),
    (ReturnReason::Defective, "It does not work"),
    (ReturnReason::WrongItem, "Something else was sent"),
    (ReturnReason::NotAsDescribed, "It is not what the page said"),
    (ReturnReason::TooLate, "It came too late"),
    (ReturnReason::Other, "Something else"),
];

/// A reason as it is read.
pub fn reason(of: ReturnReason) -> &'static str {
    REASONS.iter().find(|(reason, _)| *reason == of).map_or("", |(_, text)| text)
}

/// How far a return is, in a word.
pub fn badge(status: ReturnStatus) -> Badge {
    match status {
        ReturnStatus::Requested => Badge::new("Asked for", Tone::Warning),
        ReturnStatus::Approved => Badge::new("To be sent", Tone::Accent),
        ReturnStatus::Refused => Badge::new("Refused", Tone::Danger),
        ReturnStatus::Sent => Badge::new("On its way", Tone::Accent),
        ReturnStatus::Received => Badge::new("Received", Tone::Accent),
        ReturnStatus::Refunded => Badge::new("Refunded", Tone::Success),
        ReturnStatus::Exchanged => Badge::new("Exchanged", Tone::Success),
        ReturnStatus::Closed => Badge::new("Closed", Tone::Neutral),
        ReturnStatus::Cancelled => Badge::new("Called off", Tone::Neutral),
    }
}

/// The same for what was taken out of an order before it left, too.
pub fn badge_of(kind: ReturnKind, status: ReturnStatus) -> Badge {
    match (kind, status) {
        (ReturnKind::Withdrawal, ReturnStatus::Requested) => Badge::new("Being taken out", Tone::Warning),
        (ReturnKind::Withdrawal, ReturnStatus::Received) => Badge::new("Taken out", Tone::Accent),
        (ReturnKind::Kept, ReturnStatus::Received) => Badge::new("Being paid back", Tone::Accent),
        (ReturnKind::Withdrawal, ReturnStatus::Refused) => Badge::new("Stays in the order", Tone::Neutral),
        (_, status) => badge(status),
    }
}

/// Why, as it is read.
pub fn why(kind: ReturnKind, of: ReturnReason) -> &'static str {
    match kind {
        ReturnKind::Withdrawal => "Taken out before it was sent",
        ReturnKind::Kept => "Paid back, nothing has to be sent",
        ReturnKind::Return => reason(of),
    }
}

/// What can be returned to one vendor.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<fieldset class="field"><legend>{{ legend }}</legend><p class="hint">{{ hint }}</p>{% for field in fields %}{{ field }}{% endfor %}</fieldset>"#,
    ext = "html"
)]
struct Group {
    legend: String,
    hint: String,
    fields: Vec<Field>,
}

/// Room for photos in the form.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<fieldset class="field"><legend>Photos <span class="optional">(optional)</span></legend><label for="f-photo">Add up to {{ most }} photos</label><input type="file" id="f-photo" name="photo" accept="{{ accept }}" multiple aria-describedby="f-photo-hint"><p class="hint" id="f-photo-hint">What is wrong with it? JPEG, PNG, WebP or GIF, up to 10 MB each. Where and when they were taken is removed.</p></fieldset>"#,
    ext = "html"
)]
struct PhotoField {
    most: usize,
    accept: &'static str,
}

component!(Group, PhotoField);

/// The page of a return.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/return.html")]
pub struct ReturnPage {
    shell: Shell,
    order: Link,
    badge: Badge,
    notice: Option<Notice>,
    blocks: Vec<Html>,
}

/// Returns of an order, for its page; nothing if there are none.
pub fn table(fmt: &Fmt, of: &OrderReturns) -> Option<Table> {
    if of.returns.is_empty() {
        return None;
    }
    let row = |one: &ReturnView| Row {
        id: one.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&one.number, format!("/orders/{}/returns/{}", one.order_id, one.id)),
                one.vendor_name.clone(),
            ),
            Cell::Badge(badge_of(one.kind, one.status)),
            Cell::Number(if one.refund.is_zero() { String::new() } else { fmt.money(one.refund) }),
        ],
    };
    let columns = vec![Column::new("Return"), Column::new("State"), Column::number("Goes back")];
    Some(Table::new("Returns", columns, of.returns.iter().map(row).collect(), Empty::new("box", "No returns", "")))
}

async fn find(visit: &Visit, id: OrderId) -> Result<OrderReturns> {
    match visit.orders(id).returns(&visit.who(), id).await {
        Err(error) if error.is(Kind::NotFound) && visit.principal().is_none() => {
            Err(Error::unauthenticated("Log in to see this order."))
        }
        answer => answer,
    }
}

/// `GET /orders/{id}/returns/new`
pub async fn new(mut visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let found = find(&visit, id).await?;
    if found.returnable.is_empty() {
        visit.say(Message::bad("Nothing of this order can be returned now.")).await?;
        return Ok(visit.go(&format!("/orders/{id}")));
    }
    let filled = Filled::with([("key", visit.app.random.token())]);
    form(&mut visit, StatusCode::OK, id, &found.returnable, &filled).await
}

async fn form(visit: &mut Visit, status: StatusCode, id: OrderId, parts: &[ReturnablePart], filled: &Filled) -> Shown {
    let (fmt, others) = (visit.fmt, exchanges::offered(visit, parts).await);
    let mut names = vec!["lines".to_owned(), "reason".to_owned(), "text".to_owned()];
    for line in parts.iter().flat_map(|part| &part.lines) {
        names.extend([format!("lines.{}", line.line_id), format!("exchange.{}", line.line_id)]);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut page = FormPage::new("Return something", format!("/orders/{id}/returns/new"), "Ask for the return")
        .lead("Say what goes back and why. Each shop gets its part of this form and answers you by mail.")
        .hidden("key", filled.value("key"))
        .upload()
        .errors(filled, &names);
    for part in parts {
        page = page.field(&group(&fmt, part, &others, filled));
    }
    let reasons = [(String::new(), "Choose a reason".to_owned())]
        .into_iter()
        .chain(REASONS.iter().map(|(reason, text)| (words::word(reason), (*text).to_owned())));
    page.field(&Field::select("reason", "Why", reasons).filled(filled))
        .field(&Field::lines("text", "In your words", 4).optional().max_length(1_000).filled(filled))
        .field(&PhotoField { most: RETURN_PHOTOS_MAX, accept: upload::ACCEPT })
        .after("Keep everything", format!("/orders/{id}"))
        .show(visit, status)
        .await
}

fn group(fmt: &Fmt, part: &ReturnablePart, others: &exchanges::Offered, filled: &Filled) -> Group {
    let quantity = |line: &ReturnableLine| {
        let options =
            if line.options.is_empty() { String::new() } else { format!(", {}", cards::variant(&line.options)) };
        Field::number(&format!("lines.{}", line.line_id), &format!("{}{options}", line.title))
            .between(0, line.quantity)
            .hint(format!("How many of {} go back.", line.quantity))
            .optional()
            .filled(filled)
    };
    let fields = part.lines.iter().flat_map(|line| [Some(quantity(line)), exchanges::field(line, others, filled)]);
    Group {
        legend: part.vendor_name.clone(),
        hint: format!("Can be returned until {}.", fmt.date(part.until)),
        fields: fields.flatten().collect(),
    }
}

/// `POST /orders/{id}/returns/new`: the form, then its photos.
pub async fn request(Path(id): Path<OrderId>, Uploaded { mut visit, fields, files }: Uploaded) -> Shown {
    let client = visit.orders(id).with_header("idempotency-key", fields.get("key"));
    let result = match read(&fields) {
        Ok(input) => client.request_return(&visit.who(), id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(asked) => {
            let refused = add_photos(&visit, id, &asked, files).await;
            let message = if refused.is_empty() {
                Message::good("Your return is asked for. Wait with sending until the shop has answered.")
            } else {
                Message::bad(format!("Your return is asked for, but not every photo was taken: {}", refused.join(" ")))
            };
            visit.say(message).await?;
            Ok(visit.go(&format!("/orders/{id}")))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            let found = find(&visit, id).await?;
            form(&mut visit, status, id, &found.returnable, &filled).await
        }
    }
}

fn read(fields: &Fields) -> Result<RequestReturn> {
    let mut reader = Reader::new(fields);
    let wish = |(line_id, quantity)| ReturnWish {
        line_id,
        quantity,
        exchange_for: fields.parsed(&format!("exchange.{line_id}")),
    };
    let lines: Vec<ReturnWish> = withdrawals::pieces(&mut reader, fields).into_iter().map(wish).collect();
    if lines.is_empty() && reader.ok() {
        reader.wrong("lines", "Say how many of something go back.");
    }
    let reason = words::named::<ReturnReason>(fields.get("reason"));
    if reason.is_none() {
        reader.wrong("reason", "Choose a reason.");
    }
    match reason {
        Some(reason) if reader.ok() => Ok(RequestReturn { lines, reason, text: reader.optional("text") }),
        _ => Err(reader.error()),
    }
}

/// All returns of a form show its photos, so the first one takes them. Says what could not be taken: whatever becomes
/// of the photos, the return is asked for.
async fn add_photos(visit: &Visit, id: OrderId, asked: &[AskedReturn], files: Vec<File>) -> Vec<String> {
    let Some(first) = asked.first() else { return Vec::new() };
    let (client, path) = (visit.orders(id), format!("/api/v1/orders/{id}/returns/{}/photos", first.id));
    let mut refused = Vec::new();
    for file in files {
        let name = file.name.clone();
        match upload::send(&client.0, &visit.who(), &path, file, "").await {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), Kind::Internal | Kind::Unavailable) => {
                tracing::warn!(%error, "a photo of a return was not kept");
                refused.push(format!("{name}: It could not be kept just now."));
            }
            Err(error) => refused.push(format!("{name}: {}", words::sentence(&error))),
        }
    }
    refused
}

/// `GET /orders/{id}/returns/{return_id}`
pub async fn show(mut visit: Visit, Path((id, return_id)): Path<(OrderId, ReturnId)>) -> Shown {
    page(&mut visit, StatusCode::OK, (id, return_id), &Filled::default()).await
}

async fn page(visit: &mut Visit, status: StatusCode, (id, of): (OrderId, ReturnId), filled: &Filled) -> Shown {
    let found = find(visit, id).await?.returns.into_iter().find(|one| one.id == of);
    let one = found.ok_or_else(|| Error::not_found("return"))?;
    visit.bind_forms();
    let shell = visit.shell(format!("Return {}", one.number)).await;
    let (fmt, csrf) = (visit.fmt, visit.csrf());
    let mut panels = vec![Panel::new("What goes back").flush().with(&lines(&fmt, &one))];
    panels.extend(next_step(&one, &csrf, filled));
    panels.push(about(&fmt, &one));
    if !one.photos.is_empty() {
        panels.push(photos(&one));
    }
    panels.push(Panel::new("What has happened").with(&order::history(&fmt, &one.timeline)));
    let page = ReturnPage {
        shell: Shell { private: true, ..shell },
        order: Link::new("Back to the order", format!("/orders/{id}")),
        badge: badge_of(one.kind, one.status),
        notice: return_notices::of(&fmt, &one),
        blocks: panels.iter().map(Html::of).collect(),
    };
    render::page_with(status, &page)
}

/// What goes back, line by line.
pub fn lines(fmt: &Fmt, of: &ReturnView) -> Table {
    let columns = vec![
        Column::new("Product"),
        Column::number("Asked"),
        Column::number("Taken back"),
        Column::number("Received"),
        Column::number("Goes back"),
    ];
    let row = |line: &contracts::orders::ReturnLineView| Row {
        id: line.line_id.to_string(),
        cells: vec![
            Cell::Text(line.title.clone(), exchanges::described(of, line)),
            Cell::Number(fmt.count(line.quantity)),
            Cell::Number(line.approved.map(|n| fmt.count(n)).unwrap_or_default()),
            Cell::Number(if line.received > 0 { fmt.count(line.received) } else { String::new() }),
            Cell::Number(exchanges::worth(fmt, of, line)),
        ],
    };
    Table::new("What goes back", columns, of.lines.iter().map(row).collect(), Empty::new("box", "Nothing", ""))
}

fn about(fmt: &Fmt, of: &ReturnView) -> Panel {
    let facts = Facts::new("About this return")
        .fact("Shop", &of.vendor_name)
        .fact("Why", why(of.kind, of.reason))
        .maybe(if of.asked_by.is_buyer() { "Your words" } else { "The reason" }, of.text.as_ref())
        .maybe("The shop's answer", of.answer.as_ref())
        .maybe("How to send it", of.instructions.as_ref())
        .maybe("Sent with", of.carrier.as_ref())
        .maybe("Number", of.tracking_number.as_ref())
        .maybe("State on arrival", of.condition.as_ref());
    let facts = if of.refund_shipping.is_zero() {
        facts
    } else {
        facts.fact("Delivery that goes back", fmt.money(of.refund_shipping))
    };
    let facts = if of.refund.is_zero() { facts } else { facts.fact("Goes back in all", fmt.money(of.refund)) };
    Panel::new("About this return").with(&facts)
}

/// Photos of the form.
pub fn photos(of: &ReturnView) -> Panel {
    of.photos.iter().enumerate().fold(Panel::new("Photos"), |panel, (n, stored)| {
        let alt =
            if stored.alt.is_empty() { format!("Photo {} of return {}", n + 1, of.number) } else { stored.alt.clone() };
        panel.with(&crate::ui::Picture { alt, ..cards::thumb(stored) })
    })
}

fn at(of: &ReturnView, verb: &str) -> String {
    format!("/orders/{}/returns/{}/{verb}", of.order_id, of.id)
}

fn next_step(of: &ReturnView, csrf: &str, filled: &Filled) -> Vec<Panel> {
    let keep = || {
        let form = Form::new(at(of, "cancel"), csrf, "Keep it after all").quiet();
        Panel::new("Changed your mind?").with(&form)
    };
    match of.status {
        ReturnStatus::Requested if of.kind == ReturnKind::Return => vec![keep()],
        ReturnStatus::Approved => vec![send_it(of, csrf, filled), keep()],
        _ => Vec::new(),
    }
}

/// What the buyer does with what is taken back: with the shop's label there is nothing to be typed.
fn send_it(of: &ReturnView, csrf: &str, filled: &Filled) -> Panel {
    let send = Form::new(at(of, "send"), csrf, "It is on its way");
    let Some(label) = &of.label else {
        let fields = vec![
            Field::text("carrier", "Carrier").max_length(60).hint("Such as DHL or Post.").filled(filled),
            Field::text("tracking_number", "Tracking number or label").max_length(80).filled(filled),
        ];
        let hint = Words::soft("Note the number once you have handed the parcel over.");
        return Panel::new("Send it").with(&send.fields(fields)).with(&hint);
    };
    let facts = Facts::new("Label").fact("Carrier", &label.carrier).fact("Number", &label.tracking_number);
    let sent = send.quiet().hidden("carrier", &label.carrier).hidden("tracking_number", &label.tracking_number);
    let hint =
        format!("{} pays for it. Once {} has the parcel, this page says so by itself.", of.vendor_name, label.carrier);
    Panel::new("Send it").link("Print the label", at(of, "label")).with(&facts).with(&Words::soft(hint)).with(&sent)
}

/// `GET /orders/{id}/returns/{return_id}/label`
pub async fn label(visit: Visit, Path((id, of)): Path<(OrderId, ReturnId)>) -> Shown {
    download::paper(&visit.orders(id).0, &visit, format!("/api/v1/orders/{id}/returns/{of}/label")).await
}

/// `POST /orders/{id}/returns/{return_id}/send`
pub async fn send(Path((id, of)): Path<(OrderId, ReturnId)>, Posted { mut visit, fields }: Posted) -> Shown {
    let mut reader = Reader::new(&fields);
    let input = SendReturn {
        carrier: reader.text("carrier", "Say who carries it."),
        tracking_number: reader.text("tracking_number", "Enter the number on the parcel's label."),
    };
    let result = if reader.ok() {
        visit.orders(id).send_return(&visit.who(), id, of, &input).await
    } else {
        Err(reader.error())
    };
    match result {
        Ok(_) => {
            visit.say(Message::good("Noted. The shop knows that it is on its way.")).await?;
            Ok(visit.go(&format!("/orders/{id}/returns/{of}")))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut visit, status, (id, of), &filled).await
        }
    }
}

/// `POST /orders/{id}/returns/{return_id}/cancel`
pub async fn cancel(Path((id, of)): Path<(OrderId, ReturnId)>, Posted { mut visit, .. }: Posted) -> Shown {
    match visit.orders(id).cancel_return(&visit.who(), id, of).await {
        Ok(_) => visit.say(Message::good("You keep it. The shop is told.")).await?,
        Err(error) if error.is(Kind::Conflict) => visit.say(Message::bad(error.detail())).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(visit.go(&format!("/orders/{id}/returns/{of}")))
}
