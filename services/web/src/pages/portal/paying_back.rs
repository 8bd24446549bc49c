//! Paying something back for which nothing comes back: what the pages of vendors and admins share.

use contracts::orders::{OrderLine, PayBack, VendorOrderStatus, VendorOrderView};
use kernel::Result;

use super::Form;
use crate::{
    fmt::Fmt,
    forms::{Fields, Reader},
    pages::shop::withdrawals::{lines, name_of, pieces_field},
    ui::{Check, Field, Filled},
};

/// What it is called.
pub const TITLE: &str = "Pay something back";
/// What becomes of it, said before.
pub const EFFECT: &str = "For what the buyer keeps or never got: nothing has to come back. The pieces go back at what was paid for them, \
                          out of the store's balance, and cannot be returned afterwards.";

/// True if something of a part was sent.
pub fn is_offered(part: &VendorOrderView) -> bool {
    matches!(
        part.status,
        VendorOrderStatus::PartiallyShipped | VendorOrderStatus::Shipped | VendorOrderStatus::Delivered
    )
}

/// The form, a field for each line and a tick for the delivery.
pub fn form(fmt: &Fmt, csrf: &str, part: &VendorOrderView, (action, back): (String, &str), filled: &Filled) -> Form {
    let field = |line: &OrderLine| pieces_field(line, line.kept(), format!("For how many of {}.", line.kept()), filled);
    let form = Form::new(action, csrf, "Pay it back")
        .hidden("key", filled.value("key"))
        .fields(part.lines.iter().filter(|line| line.kept() > 0).map(field).collect());
    let form = match part.shipping.is_zero() {
        true => form,
        false => form
            .with(&Check::new("shipping", format!("The delivery, too: {}", fmt.money(part.shipping))).filled(filled)),
    };
    form.with(&Field::text("reason", "Why").max_length(500).hint("The buyer reads it.").filled(filled))
        .danger()
        .cancel("Pay nothing back", back)
}

/// Names of the fields, for what is wrong with them.
pub fn names(part: &VendorOrderView) -> Vec<String> {
    let lines = part.lines.iter().map(|line| name_of(line.id));
    ["lines", "shipping", "reason"].map(str::to_owned).into_iter().chain(lines).collect()
}

/// What was typed.
///
/// # Errors
/// What is wrong with it, field by field.
pub fn read(fields: &Fields) -> Result<PayBack> {
    let mut reader = Reader::new(fields);
    let lines = lines(&mut reader, fields);
    let shipping = reader.ticked("shipping");
    let reason = reader.text("reason", "Say why; the buyer reads it.");
    if lines.is_empty() && !shipping && reader.ok() {
        reader.wrong("lines", "Say for what money goes back.");
    }
    if reader.ok() { Ok(PayBack { lines, shipping, reason }) } else { Err(reader.error()) }
}
