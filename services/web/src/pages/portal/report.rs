//! Charts and tiles of a report.

use contracts::{
    analytics::{Metric, Report},
    shared::DayValue,
};
use kernel::Money;

use super::fields;
use crate::{
    chart::{Chart, Series, Unit},
    fmt::Fmt,
    forms::Fields,
    ui::{Change, Link, Tab, Tabs, Tile},
};

/// Where there should be figures.
pub const AWAY: &str = "The figures cannot be had at the moment. Load the page again in a minute.";

/// Periods one can look at.
const PERIODS: [u32; 2] = [30, 90];

/// Days asked for in an address: 30 or 90.
pub fn period(asked: &Fields) -> u32 {
    asked.parsed("days").filter(|days| PERIODS.contains(days)).unwrap_or(PERIODS[0])
}

/// Tabs of the periods of the page at `path`.
pub fn periods(path: &str, days: u32) -> Tabs {
    let tab = |n: u32| Tab {
        link: Link::new(format!("{n} days"), format!("{path}?days={n}")),
        count: None,
        current: n == days,
    };
    Tabs { label: "Period".to_owned(), tabs: PERIODS.map(tab).to_vec() }
}

/// A number with its change and its trend.
pub fn tile(fmt: &Fmt, label: &str, unit: Unit, metric: &Metric, more_is_good: bool) -> Tile {
    let value = match unit {
        Unit::Count => fmt.count(metric.total),
        Unit::Money(currency) => fmt.money(Money::new(metric.total, currency)),
    };
    let against = format!("the {} days before", metric.days.len());
    Tile::new(label, value)
        .change(Change::between(fmt, metric.total, metric.previous, more_is_good, &against))
        .spark(&values(&metric.days))
}

/// Sales by day against the period before.
pub fn sales(fmt: &Fmt, report: &Report) -> Chart {
    against(fmt, "Sales by day", Unit::Money(report.currency), &report.sales)
}

/// A number by day against the period before.
pub fn against(fmt: &Fmt, title: &str, unit: Unit, metric: &Metric) -> Chart {
    let (now, before) = (values(&metric.days), values(&metric.previous_days));
    let days = metric.days.len();
    Chart::line(
        fmt,
        title,
        unit,
        &labels(fmt, &metric.days),
        Series { name: &format!("Last {days} days"), values: &now },
        Some(Series { name: &format!("{days} days before"), values: &before }),
    )
}

/// A count by day as bars.
pub fn bars(fmt: &Fmt, title: &str, name: &str, metric: &Metric) -> Chart {
    let now = values(&metric.days);
    Chart::bars(fmt, title, Unit::Count, &labels(fmt, &metric.days), Series { name, values: &now })
}

fn values(days: &[DayValue]) -> Vec<i64> {
    days.iter().map(|day| day.value).collect()
}

fn labels(fmt: &Fmt, days: &[DayValue]) -> Vec<String> {
    days.iter().map(|day| fields::day(&day.date).map_or_else(|| day.date.clone(), |at| fmt.day(at))).collect()
}
