//! What a period was to the marketplace, out of the ledger.

use std::sync::Arc;

use contracts::{
    payments::{MoneyDay, MoneyReport, MoneySums},
    payouts::StatementQuery,
};
use csv::{Terminator, WriterBuilder};
use kernel::{Error, Money, Result, Timestamp};

use super::statement::span_of;
use crate::{
    Payments,
    store::{self, Booked},
};

/// Days that a report has at most.
const DAYS: i64 = 366;
const COLUMNS: [&str; 13] = [
    "day",
    "sales",
    "refunds",
    "commission",
    "commission_tax",
    "promotions",
    "disputes",
    "dispute_fees",
    "provider_fees",
    "payouts",
    "labels",
    "credit",
    "currency",
];

/// The report of a period.
pub async fn money_report(app: &Arc<Payments>, query: StatementQuery) -> Result<MoneyReport> {
    let span = span_of(&query)?;
    if span.until.day() - span.from.day() > DAYS {
        return Err(Error::invalid("to", "Ask for a year at most."));
    }
    let mut report = MoneyReport {
        currency: query.currency,
        from: query.from,
        to: query.to,
        total: MoneySums::default(),
        days: Vec::new(),
    };
    for booked in store::booked_by_day(&app.db, &span).await? {
        let date = Timestamp::of_day(booked.day).date();
        if report.days.last().is_none_or(|day| day.date != date) {
            report.days.push(MoneyDay { date, sums: MoneySums::default() });
        }
        if let Some(day) = report.days.last_mut() {
            add(&mut day.sums, &booked)?;
        }
        add(&mut report.total, &booked)?;
    }
    Ok(report)
}

/// Adds what was booked where it belongs, with the sign a person expects.
fn add(sums: &mut MoneySums, booked: &Booked) -> Result<()> {
    let (sum, is_credit) = match booked.what.as_str() {
        "sales" => (&mut sums.sales_minor, false),
        "refunds" => (&mut sums.refunds_minor, true),
        "commission" => (&mut sums.commission_minor, true),
        "commission_tax" => (&mut sums.commission_tax_minor, true),
        "promotions" => (&mut sums.promotions_minor, false),
        "disputes" => (&mut sums.disputes_minor, true),
        "fees" => (&mut sums.dispute_fees_minor, false),
        "provider_fees" => (&mut sums.provider_fees_minor, false),
        "payouts" => (&mut sums.payouts_minor, false),
        "labels" => (&mut sums.labels_minor, true),
        "credit" => (&mut sums.credit_minor, true),
        other => return Err(Error::internal(format!("a report has no line for {other:?}"))),
    };
    let amount = if is_credit { booked.amount_minor.checked_neg() } else { Some(booked.amount_minor) };
    *sum = amount
        .and_then(|amount| sum.checked_add(amount))
        .ok_or_else(|| Error::internal("a report is beyond what can be counted"))?;
    Ok(())
}

/// The report as a CSV file: a line for each day.
pub async fn money_file(app: &Arc<Payments>, query: StatementQuery) -> Result<Vec<u8>> {
    let report = money_report(app, query).await?;
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(Error::internal)?;
    for day in &report.days {
        let sums = &day.sums;
        let figures = [
            sums.sales_minor,
            sums.refunds_minor,
            sums.commission_minor,
            sums.commission_tax_minor,
            sums.promotions_minor,
            sums.disputes_minor,
            sums.dispute_fees_minor,
            sums.provider_fees_minor,
            sums.payouts_minor,
            sums.labels_minor,
            sums.credit_minor,
        ];
        let mut row = vec![day.date.clone()];
        row.extend(figures.map(|minor| Money::new(minor, report.currency).decimal()));
        row.push(report.currency.code().to_owned());
        writer.write_record(&row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.error()))
}
