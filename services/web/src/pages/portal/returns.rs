//! Returns in lists, of vendors and of admins.

use contracts::orders::ReturnSummary;

use crate::{
    fmt::Fmt,
    pages::shop::returns::{badge_of, why},
    ui::{Badge, Cell, Column, Empty, Link, Row, Table, Tone},
};

/// States by which lists are narrowed.
pub const STATES: [(&str, &str); 10] = [
    ("", "All"),
    ("requested", "Asked for"),
    ("approved", "To be sent"),
    ("sent", "On its way"),
    ("received", "Received"),
    ("refunded", "Refunded"),
    ("exchanged", "Exchanged"),
    ("refused", "Refused"),
    ("closed", "Closed"),
    ("cancelled", "Called off"),
];

/// Returns as rows; `at` says where one leads.
pub fn table(fmt: &Fmt, returns: &[ReturnSummary], empty: Empty, at: impl Fn(&ReturnSummary) -> String) -> Table {
    let columns = ["Return", "Why", "State", "Asked for"].map(Column::new).into_iter();
    let columns = columns.chain([Column::number("Pieces"), Column::number("Goes back")]).collect();
    let row = |of: &ReturnSummary| Row {
        id: of.id.to_string(),
        cells: vec![
            Cell::Code(Link::new(&of.number, at(of)), of.vendor_name.clone()),
            Cell::text(why(of.kind, of.reason)),
            Cell::Badge(if of.refund_failed {
                Badge::new("Refund failed", Tone::Danger)
            } else {
                badge_of(of.kind, of.status)
            }),
            Cell::When(fmt.when(of.created_at)),
            Cell::Number(fmt.count(of.items)),
            Cell::Number(if of.refund.is_zero() { String::new() } else { fmt.money(of.refund) }),
        ],
    };
    Table::new("Returns", columns, returns.iter().map(row).collect(), empty)
}
