//! Returns: what buyers want to send back, and what becomes of it.

use axum::http::StatusCode;
use contracts::orders::{
    ApproveReturn, ApprovedLine, ReceiveReturn, ReceivedLine, Remedy, ReturnAnswer, ReturnKind, ReturnLineView,
    ReturnQuery, ReturnStatus, ReturnView, SendReturn, SetVendorReturnPolicy,
};
use kernel::{LineId, Result, ReturnId, VendorId};

use super::{Desk, Room, labels};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{Ask, Facts, Form, List, Paging, Panel, PortalPage, Split, Words, or_none, returns, words},
        shop::{exchanges, returns as shop},
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Check, Column, Empty, Field, Filled, Link, Notice, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/returns`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("returns"), &asked, &["status"]);
    listed(&mut desk, StatusCode::OK, &paging, &Filled::default()).await
}

async fn listed(desk: &mut Desk, status: StatusCode, paging: &Paging, filled: &Filled) -> Shown {
    let wanted = ReturnQuery { status: words::named(paging.filter("status")), limit: Some(25), after: paging.after() };
    let page = desk.app.orders.vendor_returns(&desk.who, desk.vendor_id, &wanted).await?;
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "return", "returns");
    let empty = if paging.narrowed() {
        Empty::new("refresh", "No returns in this state", "Look at all returns instead.")
            .action("Show all returns", desk.at("returns"))
    } else {
        Empty::new("refresh", "No returns yet", "What buyers want to send back appears here.")
            .action("Look at your orders", desk.at("orders"))
    };
    let table = returns::table(&desk.fmt, &page.items, empty, |of| desk.at(&format!("returns/{}", of.id)));
    let list = List::new(table.target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let policy = policy(desk, filled).await;
    let tabs = paging.tabs("Returns by state", "status", &returns::STATES);
    let place = desk.place("Returns", Room::Returns).await?;
    let page = PortalPage::new(place).errors(filled.summary(&["days"])).block(&tabs).block(&list);
    render::page_with(status, &policy.iter().fold(page, |page, panel| page.block(panel)))
}

/// For how long this store takes things back.
async fn policy(desk: &Desk, filled: &Filled) -> Option<Panel> {
    let policy = desk.app.orders.vendor_return_policy(&desk.who, desk.vendor_id).await;
    let policy = or_none("the return policy", policy)?;
    let text = format!(
        "Buyers can return what they bought for {} after it was delivered. The marketplace asks for {}.",
        desk.fmt.counted(policy.days, "day", "days"),
        desk.fmt.counted(policy.market_days, "day", "days")
    );
    let panel = Panel::new("Time to return").narrow().with(&Words::new(text));
    if !desk.owner {
        return Some(panel);
    }
    let own = policy.own_days.map(|days| days.to_string()).unwrap_or_default();
    let typed = if filled.value("days").is_empty() { Filled::with([("days", own)]) } else { filled.clone() };
    let field = Field::number("days", "Your own time, in days")
        .between(0, contracts::orders::RETURN_DAYS_MAX)
        .hint("More than the marketplace asks for. Leave it empty for the marketplace's.")
        .optional()
        .filled(&typed);
    Some(panel.with(&Form::new(desk.at("returns/policy"), &desk.csrf(), "Save").quiet().with(&field)))
}

/// `POST /vendor/{vendor_id}/returns/policy`
pub async fn save_policy(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let days = posted.fields.some("days").map(|_| reader.whole("days", 0..=contracts::orders::RETURN_DAYS_MAX));
    let input = SetVendorReturnPolicy { days };
    let result = if reader.ok() {
        desk.app.orders.set_vendor_return_policy(&desk.who, vendor_id, &input).await
    } else {
        Err(reader.error())
    };
    match result {
        Ok(policy) => {
            let days = desk.fmt.counted(policy.days, "day", "days");
            desk.visit.say(Message::good(format!("Buyers have {days} to return something."))).await?;
            Ok(desk.visit.go(&desk.at("returns")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let paging = Paging::of(desk.at("returns"), &Fields::default(), &[]);
            listed(&mut desk, status, &paging, &filled).await
        }
    }
}

/// `GET /vendor/{vendor_id}/returns/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ReturnId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    page(&mut desk, StatusCode::OK, id, None).await
}

pub(super) async fn page(desk: &mut Desk, status: StatusCode, id: ReturnId, filled: Option<&Filled>) -> Shown {
    let of = desk.app.orders.vendor_return(&desk.who, desk.vendor_id, id).await?;
    let fmt = desk.fmt;
    let place = desk.place(format!("Return {}", of.number), Room::Returns).await?;
    let mut main = vec![Panel::new("What goes back").flush().with(&lines(desk, &of))];
    main.extend(answer_form(desk, &of, filled));
    let label = labels::of_return(desk, &of).await;
    let typed = filled.cloned().unwrap_or_default();
    main.extend(label.as_ref().map(|some| labels::panel(desk, labels::Goods::Return(id), some, &typed)));
    if !of.photos.is_empty() {
        main.push(shop::photos(&of));
    }
    main.push(Panel::new("What has happened").with(&words::timeline(&fmt, &of.timeline.iter().collect::<Vec<_>>())));
    let mut names: Vec<String> =
        ["reason", "instructions", "condition", "carrier", "tracking_number"].map(str::to_owned).into();
    names.extend(labels::FIELDS.map(str::to_owned));
    for line in &of.lines {
        names.extend([field_of("lines", line.line_id), field_of("restock", line.line_id)]);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut page = PortalPage::new(place)
        .above(&[("Returns", &desk.at("returns"))])
        .badge(shop::badge_of(of.kind, of.status))
        .errors(filled.and_then(|filled| filled.summary(&names)))
        .notice(failed(&of))
        .reload(labels::under_way(label.as_ref()))
        .action("Open the order", desk.at(&format!("orders/{}", of.vendor_order_id)));
    let failed = of.status == ReturnStatus::Received && of.refund_failure.is_some();
    match of.status {
        ReturnStatus::Requested if of.kind == ReturnKind::Return => {
            page = page.danger("Refuse", desk.at(&format!("returns/{id}/refuse")))
        }
        ReturnStatus::Approved | ReturnStatus::Sent => {
            page = page.danger("Close", desk.at(&format!("returns/{id}/close")));
        }
        ReturnStatus::Received if failed => page = page.danger("Close", desk.at(&format!("returns/{id}/close"))),
        _ => {}
    }
    render::page_with(status, &page.block(&Split { main, side: vec![about(&fmt, &of)] }))
}

fn failed(of: &ReturnView) -> Option<Notice> {
    let why = of.refund_failure.as_ref().filter(|_| of.status == ReturnStatus::Received)?;
    let text =
        format!("{}. Send it once more, or close the return if the buyer was paid in another way.", words::plain(why));
    Some(Notice::new(Tone::Danger, "The refund did not arrive.", text))
}

fn lines(desk: &Desk, of: &ReturnView) -> Table {
    let fmt = &desk.fmt;
    let columns = [Column::new("Product"), Column::new("SKU")].into_iter();
    let numbers = ["Asked", "Taken back", "Received", "On sale again", "Goes back"].map(Column::number);
    let some = |n: i64| if n > 0 { fmt.count(n) } else { String::new() };
    let row = |line: &ReturnLineView| Row {
        id: line.line_id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&line.title, desk.at(&format!("products/{}", line.product_id))),
                exchanges::described(of, line),
            ),
            Cell::text(&line.sku),
            Cell::Number(fmt.count(line.quantity)),
            Cell::Number(line.approved.map(|n| fmt.count(n)).unwrap_or_default()),
            Cell::Number(some(line.received)),
            Cell::Number(some(line.restocked)),
            Cell::Number(exchanges::worth(fmt, of, line)),
        ],
    };
    let rows = of.lines.iter().map(row).collect();
    Table::new("What goes back", columns.chain(numbers).collect(), rows, Empty::new("box", "Nothing", ""))
}

fn about(fmt: &Fmt, of: &ReturnView) -> Panel {
    let facts = Facts::new("About this return")
        .fact("Why", shop::why(of.kind, of.reason))
        .fact("Wanted", if of.remedy == Remedy::Exchange { "Another variant" } else { "The money" })
        .maybe("Exchange", exchanges::state(of))
        .maybe("Sent instead with", of.new_carrier.as_ref())
        .maybe("Its number", of.new_tracking_number.as_ref())
        .maybe(if of.asked_by.is_buyer() { "The buyer's words" } else { "The reason" }, of.text.as_ref())
        .maybe("Your answer", of.answer.as_ref())
        .maybe("How to send it", of.instructions.as_ref())
        .maybe("Sent with", of.carrier.as_ref())
        .maybe("Number", of.tracking_number.as_ref())
        .maybe("State on arrival", of.condition.as_ref());
    let facts =
        if of.refund_shipping.is_zero() { facts } else { facts.fact("Delivery", fmt.money(of.refund_shipping)) };
    let facts = if of.refund.is_zero() { facts } else { facts.fact("Goes back in all", fmt.money(of.refund)) };
    Panel::new("About this return").with(&facts)
}

/// The name of a line's field.
fn field_of(what: &str, line: LineId) -> String {
    format!("{what}.{line}")
}

/// What the vendor does next.
fn answer_form(desk: &Desk, of: &ReturnView, filled: Option<&Filled>) -> Option<Panel> {
    let at = |verb: &str| desk.at(&format!("returns/{}/{verb}", of.id));
    match of.status {
        ReturnStatus::Requested if of.kind == ReturnKind::Return => {
            Some(Panel::new("Take it back").with(&approve_form(desk, of, filled, at("approve"))))
        }
        ReturnStatus::Approved | ReturnStatus::Sent => {
            Some(Panel::new("It has arrived").with(&receive_form(desk, of, filled, at("receive"))))
        }
        ReturnStatus::Received if of.remedy == Remedy::Exchange => {
            let none = Filled::default();
            let shown = filled.unwrap_or(&none);
            let fields = vec![
                Field::text("carrier", "Carrier").max_length(60).filled(shown),
                Field::text("tracking_number", "Tracking number").max_length(80).filled(shown),
            ];
            let send = Form::new(at("exchange"), &desk.csrf(), "Sent instead").fields(fields);
            let pay = Form::new(at("refund"), &desk.csrf(), "Pay it back instead").quiet();
            Some(Panel::new("Send what is wanted instead").with(&send).with(&pay))
        }
        ReturnStatus::Received if of.refund_failure.is_some() => {
            Some(Panel::new("Refund").with(&Form::new(at("retry"), &desk.csrf(), "Send it once more")))
        }
        _ => None,
    }
}

/// A number of pieces of a line.
fn pieces(what: &str, line: &ReturnLineView, label: &str, most: i64, filled: Option<&Filled>) -> Field {
    let name = field_of(what, line.line_id);
    let field = Field::number(&name, &format!("{label}: {}", line.title)).between(0, most);
    match filled {
        Some(filled) => field.filled(filled),
        None => field.value(most.to_string()),
    }
}

fn approve_form(desk: &Desk, of: &ReturnView, filled: Option<&Filled>, action: String) -> Form {
    let none = Filled::default();
    let shown = filled.unwrap_or(&none);
    let fields = of.lines.iter().map(|line| pieces("lines", line, "Taken back", line.quantity, filled)).collect();
    Form::new(action, &desk.csrf(), "Take it back")
        .fields(fields)
        .with(&Field::lines("instructions", "Where to send it, and how", 3).optional().max_length(1_000).filled(shown))
        .with(&Field::text("reason", "Why not everything").optional().max_length(500).filled(shown))
}

fn receive_form(desk: &Desk, of: &ReturnView, filled: Option<&Filled>, action: String) -> Form {
    let none = Filled::default();
    let shown = filled.unwrap_or(&none);
    let exchanged = of.remedy == Remedy::Exchange;
    let taken = of.lines.iter().filter(|line| line.approved.unwrap_or(0) > 0);
    let fields = taken.flat_map(|line| {
        let most = line.approved.unwrap_or(0);
        [pieces("lines", line, "Arrived", most, filled), pieces("restock", line, "Back on sale", most, filled)]
    });
    let form = Form::new(action, &desk.csrf(), if exchanged { "It has arrived" } else { "Refund what has arrived" })
        .fields(fields.collect())
        .with(&Field::text("condition", "In which state").optional().max_length(500).filled(shown));
    if exchanged || of.shipping_left.is_zero() {
        return form;
    }
    let text = format!("Refund the delivery too: {}", desk.fmt.money(of.shipping_left));
    form.with(&Check::new("refund_shipping", text).filled(shown))
}

/// Pieces of each line, as typed.
fn numbers(reader: &mut Reader<'_>, fields: &Fields, what: &str) -> Vec<(LineId, i64)> {
    let named = fields.pairs().filter_map(|(name, _)| {
        let id = name.strip_prefix(what)?.strip_prefix('.')?.parse::<LineId>().ok()?;
        Some((name.to_owned(), id))
    });
    named.collect::<Vec<_>>().into_iter().map(|(name, id)| (id, reader.whole(&name, 0..=10_000))).collect()
}

/// `POST /vendor/{vendor_id}/returns/{id}/approve`
pub async fn approve(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let lines = numbers(&mut reader, &posted.fields, "lines");
    let input = ApproveReturn {
        lines: lines.into_iter().map(|(line_id, quantity)| ApprovedLine { line_id, quantity }).collect(),
        instructions: reader.optional("instructions"),
        reason: reader.optional("reason"),
    };
    let result = if reader.ok() {
        desk.app.orders.approve_return(&desk.who, vendor_id, id, &input).await
    } else {
        Err(reader.error())
    };
    done(desk, id, &posted.fields, result, "The buyer is told that it may be sent.").await
}

/// `POST /vendor/{vendor_id}/returns/{id}/receive`
pub async fn receive(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let arrived = numbers(&mut reader, &posted.fields, "lines");
    let restocked = numbers(&mut reader, &posted.fields, "restock");
    let back = |id: LineId| restocked.iter().find(|(line, _)| *line == id).map_or(0, |(_, pieces)| *pieces);
    let input = ReceiveReturn {
        lines: arrived
            .into_iter()
            .map(|(line_id, received)| ReceivedLine { line_id, received, restocked: back(line_id) })
            .collect(),
        refund_shipping: reader.ticked("refund_shipping"),
        condition: reader.optional("condition"),
    };
    let result = if reader.ok() {
        desk.app.orders.receive_return(&desk.who, vendor_id, id, &input).await
    } else {
        Err(reader.error())
    };
    done(desk, id, &posted.fields, result, "Noted. The buyer is told.").await
}

/// `POST /vendor/{vendor_id}/returns/{id}/exchange`
pub async fn exchange(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let input = SendReturn {
        carrier: reader.text("carrier", "Say who carries it."),
        tracking_number: reader.text("tracking_number", "Enter the number on the parcel's label."),
    };
    let result = if reader.ok() {
        desk.app.orders.send_exchange(&desk.who, vendor_id, id, &input).await
    } else {
        Err(reader.error())
    };
    done(desk, id, &posted.fields, result, "The buyer is told that it is on its way.").await
}

/// `POST /vendor/{vendor_id}/returns/{id}/refund`
pub async fn refund(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = desk.app.orders.refund_exchange(&desk.who, vendor_id, id).await;
    done(desk, id, &posted.fields, result, "The money is on its way back to the buyer.").await
}

/// `POST /vendor/{vendor_id}/returns/{id}/retry`
pub async fn retry(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = desk.app.orders.retry_return_refund(&desk.who, vendor_id, id).await;
    done(desk, id, &posted.fields, result, "The refund is sent once more.").await
}

async fn done(mut desk: Desk, id: ReturnId, fields: &Fields, result: Result<ReturnView>, said: &str) -> Shown {
    match result {
        Ok(_) => {
            desk.visit.say(Message::good(said)).await?;
            Ok(desk.visit.go(&desk.at(&format!("returns/{id}"))))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, id, Some(&filled)).await
        }
    }
}

/// What a page that asks is about.
#[derive(Clone, Copy)]
enum No {
    Refuse,
    Close,
}

impl No {
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Refuse => ("refuse", "Refuse", "The buyer keeps it, and reads your reason. This cannot be undone."),
            Self::Close => (
                "close",
                "Close",
                "Nothing more goes back with this return. The buyer reads your reason. This cannot be undone.",
            ),
        }
    }
}

/// `GET /vendor/{vendor_id}/returns/{id}/refuse`
pub async fn ask_refuse(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ReturnId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    ask(&mut desk, StatusCode::OK, id, No::Refuse, &Filled::default()).await
}

/// `GET /vendor/{vendor_id}/returns/{id}/close`
pub async fn ask_close(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ReturnId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    ask(&mut desk, StatusCode::OK, id, No::Close, &Filled::default()).await
}

async fn ask(desk: &mut Desk, status: StatusCode, id: ReturnId, no: No, filled: &Filled) -> Shown {
    let of = desk.app.orders.vendor_return(&desk.who, desk.vendor_id, id).await?;
    let (verb, word, effect) = no.words();
    let here = desk.at(&format!("returns/{id}"));
    let reason = Field::text("reason", "Why").max_length(500).filled(filled);
    let form = Form::new(format!("{here}/{verb}"), &desk.csrf(), word).with(&reason);
    let place = desk.place(format!("{word} return {}?", of.number), Room::Returns).await?;
    let ask = Ask { effect, form, back: Link::new("Back", &here) };
    let page = ask.page(place, &[("Returns", &desk.at("returns")), (&of.number, &here)]);
    render::page_with(status, &page.errors(filled.summary(&["reason"])))
}

/// `POST /vendor/{vendor_id}/returns/{id}/refuse`
pub async fn refuse(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    say_no((vendor_id, id), posted, No::Refuse).await
}

/// `POST /vendor/{vendor_id}/returns/{id}/close`
pub async fn close(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    say_no((vendor_id, id), posted, No::Close).await
}

async fn say_no((vendor_id, id): (VendorId, ReturnId), posted: Posted, no: No) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let input = ReturnAnswer { reason: reader.text("reason", "Say why; the buyer reads it.") };
    let result = match no {
        _ if !reader.ok() => Err(reader.error()),
        No::Refuse => desk.app.orders.refuse_return(&desk.who, vendor_id, id, &input).await,
        No::Close => desk.app.orders.close_return(&desk.who, vendor_id, id, &input).await,
    };
    match result {
        Ok(of) => {
            desk.visit.say(Message::good(format!("Return {} is over. The buyer is told.", of.number))).await?;
            Ok(desk.visit.go(&desk.at(&format!("returns/{id}"))))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            ask(&mut desk, status, id, no, &filled).await
        }
    }
}
