//! Taking items out of an order before they are sent: the buyer's page, and what the pages of vendors and admins share.

use axum::http::StatusCode;
use contracts::orders::{
    ItemsWithdrawn, OrderLine, OrderStatus, OrderView, ParcelLine, VendorOrderView, WithdrawItems,
};
use kernel::{LineId, OrderId, Result};

use super::{cards, order, packages::to_send};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::account::form::FormPage,
    render::Shown,
    session::Message,
    ui::{Field, Filled},
    visit::{Path, Visit},
};

/// What becomes of it, said before.
pub const EFFECT: &str = "What was paid for these pieces goes back, or is not collected, with the delivery of a shop that sends nothing then. \
                          What was taken off by promotions is not counted anew.";

/// True if something of an order can be taken out; a last piece is the whole order, which is called off.
pub fn is_offered(order: &OrderView) -> bool {
    let pieces: i64 =
        order.vendor_orders.iter().flat_map(|part| part.lines.iter().map(move |line| to_send(part, line))).sum();
    // What a courier has to collect goes with the first parcel.
    let open = order.status == OrderStatus::Paid || (order.status == OrderStatus::Promised && order.is_unsent());
    open && pieces > i64::from(order.can_cancel)
}

/// A field for each line of a part of which something is still to be sent.
pub fn fields(part: &VendorOrderView, filled: &Filled) -> Vec<Field> {
    let field = |line: &OrderLine| {
        let left = to_send(part, line);
        (left > 0).then(|| pieces_field(line, left, format!("How many of {left} are taken out."), filled))
    };
    part.lines.iter().filter_map(field).collect()
}

/// A field for some of the pieces of a line.
pub fn pieces_field(line: &OrderLine, most: i64, hint: String, filled: &Filled) -> Field {
    let options = if line.options.is_empty() { String::new() } else { format!(", {}", cards::variant(&line.options)) };
    Field::number(&name_of(line.id), &format!("{}{options}", line.title))
        .between(0, most)
        .hint(hint)
        .optional()
        .filled(filled)
}

/// Why; for all sides.
pub fn why(filled: &Filled) -> Field {
    Field::text("reason", "Why").optional().max_length(500).filled(filled)
}

/// Names of the fields, for what is wrong with them.
pub fn names<'a>(parts: impl IntoIterator<Item = &'a VendorOrderView>) -> Vec<String> {
    let lines = parts.into_iter().flat_map(|part| part.lines.iter().map(|line| name_of(line.id)));
    ["lines".to_owned(), "reason".to_owned()].into_iter().chain(lines).collect()
}

/// Name of the field for the pieces of a line.
pub fn name_of(line: LineId) -> String {
    format!("lines.{line}")
}

/// What was typed.
///
/// # Errors
/// What is wrong with it, field by field.
pub fn read(fields: &Fields) -> Result<WithdrawItems> {
    let mut reader = Reader::new(fields);
    let lines = lines(&mut reader, fields);
    if lines.is_empty() && reader.ok() {
        reader.wrong("lines", "Say how many of something are taken out.");
    }
    if reader.ok() { Ok(WithdrawItems { lines, reason: reader.optional("reason") }) } else { Err(reader.error()) }
}

/// What was typed in fields of [`pieces_field`], as the API wants it.
pub fn lines(reader: &mut Reader<'_>, fields: &Fields) -> Vec<ParcelLine> {
    pieces(reader, fields).into_iter().map(|(line_id, quantity)| ParcelLine { line_id, quantity }).collect()
}

/// How many of which lines, in fields named `lines.` and a line's id; nothing of those left empty.
pub(super) fn pieces(reader: &mut Reader<'_>, fields: &Fields) -> Vec<(LineId, i64)> {
    let mut pieces = Vec::new();
    for (name, value) in fields.pairs() {
        let Some(line_id) = name.strip_prefix("lines.").and_then(|id| id.parse::<LineId>().ok()) else { continue };
        match value.trim() {
            "" | "0" => {}
            number => match number.parse::<i64>() {
                Ok(quantity) if quantity > 0 => pieces.push((line_id, quantity)),
                _ => reader.wrong(name, "Enter a whole number."),
            },
        }
    }
    pieces
}

/// What is said when it is done.
pub fn done(of: &ItemsWithdrawn) -> Message {
    Message::good(if of.cancelled {
        "Nothing was left, so the order was cancelled."
    } else {
        "It is being taken out. A mail says what goes back."
    })
}

/// `GET /orders/{id}/withdraw`
pub async fn new(mut visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let found = order::find(&visit, id).await?;
    if !is_offered(&found) {
        visit.say(Message::bad("Nothing can be taken out of this order now.")).await?;
        return Ok(visit.go(&format!("/orders/{id}")));
    }
    let filled = Filled::with([("key", visit.app.random.token())]);
    form(&mut visit, StatusCode::OK, &found, &filled).await
}

async fn form(visit: &mut Visit, status: StatusCode, order: &OrderView, filled: &Filled) -> Shown {
    let (id, names) = (order.id, names(&order.vendor_orders));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let page = FormPage::new("Take items out", format!("/orders/{id}/withdraw"), "Take them out")
        .lead(format!("As long as they are not on their way. {EFFECT}"))
        .hidden("key", filled.value("key"))
        .errors(filled, &names);
    let fields = order.vendor_orders.iter().flat_map(|part| fields(part, filled));
    let page = fields.fold(page, |page, field| page.field(&field));
    page.field(&why(filled)).after("Keep everything", format!("/orders/{id}")).show(visit, status).await
}

/// `POST /orders/{id}/withdraw`
pub async fn withdraw(Path(id): Path<OrderId>, Posted { mut visit, fields }: Posted) -> Shown {
    let client = visit.orders(id).with_header("idempotency-key", fields.get("key"));
    let result = match read(&fields) {
        Ok(input) => client.withdraw_items(&visit.who(), id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(of) => {
            visit.say(done(&of)).await?;
            Ok(visit.go(&format!("/orders/{id}")))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            let found = order::find(&visit, id).await?;
            form(&mut visit, status, &found, &filled).await
        }
    }
}
