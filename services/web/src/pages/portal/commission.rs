//! What was taken of a sale, and why.

use contracts::{
    commission::{CommissionCharge, PartCommission},
    orders::VendorOrderView,
};

use crate::{
    fmt::Fmt,
    ui::{Cell, Column, Empty, Row, Table},
};

/// What commission was taken of a vendor's part; `note` stands under what it was taken of.
pub fn rows(fmt: &Fmt, part: &PartCommission, sold: Option<&VendorOrderView>, note: &str) -> Vec<Row> {
    let row = |(i, charge): (usize, &CommissionCharge)| Row {
        id: format!("commission-{}-{i}", part.vendor_id),
        cells: vec![
            Cell::Text(charged(sold, charge), note.to_owned()),
            Cell::text(&charge.reason),
            Cell::Number(fmt.money(charge.commission)),
        ],
    };
    part.charges.iter().enumerate().map(row).collect()
}

/// What a commission is for.
fn charged(sold: Option<&VendorOrderView>, charge: &CommissionCharge) -> String {
    let Some(id) = charge.line_id else { return "Delivery, and goods without a rule".to_owned() };
    let line = sold.and_then(|sold| sold.lines.iter().find(|line| line.id == id));
    line.map_or_else(|| "An item".to_owned(), |line| line.title.clone())
}

/// These rows.
pub fn table(rows: Vec<Row>) -> Table {
    let empty = Empty::new("chart", "Not kept", "This order is from before it was kept how its commission came about.");
    let columns = vec![Column::new("For"), Column::new("Why"), Column::number("Commission")];
    Table::new("Commission", columns, rows, empty)
}
