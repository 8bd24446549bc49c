//! Charts drawn on the server: an SVG that stretches with its box, words around it in HTML, the
//! exact value under the pointer, and the same numbers as a table for those who cannot see it.
//! Nothing runs in the browser. All arithmetic is on integers.

use askama::Template;
use kernel::{Currency, Money};

use crate::{fmt::Fmt, ui::component};

/// Size of the drawing; it is stretched to its box, so only the resolution matters.
const WIDTH: i64 = 1000;
const HEIGHT: i64 = 300;
/// Lines of the grid aimed at, besides the zero line.
const INTERVALS: i64 = 4;
/// Labels along the bottom that still fit on a phone.
const LABELS: usize = 5;

/// What the values of a chart count.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// Things: orders, visitors.
    Count,
    /// Minor units of a currency.
    Money(Currency),
}

impl Unit {
    fn exact(self, fmt: &Fmt, value: i64) -> String {
        match self {
            Self::Count => fmt.count(value),
            Self::Money(currency) => fmt.money(Money::new(value, currency)),
        }
    }
    fn short(self, fmt: &Fmt, value: i64) -> String {
        match self {
            Self::Count => fmt.compact(value),
            Self::Money(currency) => fmt.money_compact(Money::new(value, currency)),
        }
    }
    /// The smallest step between two lines of the grid.
    fn smallest_step(self) -> i64 {
        match self {
            Self::Count => 1,
            Self::Money(currency) => 10_i64.pow(currency.decimals()),
        }
    }
}

/// One line or one row of bars.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// One value per label; a missing one is taken for zero.
    pub values: &'a [i64],
}

impl Series<'_> {
    fn at(&self, i: usize) -> i64 {
        self.values.get(i).copied().unwrap_or(0)
    }
}

/// A line of the grid.
#[derive(Debug)]
struct GridLine {
    y: i64,
    zero: bool,
}

/// The place of one label: its hover value, and its name where there is room.
#[derive(Debug)]
struct Slot {
    label: String,
    tip: String,
    named: bool,
    late: bool,
}

/// A row of the table behind a chart.
#[derive(Debug)]
struct Row {
    label: String,
    cells: Vec<String>,
}

/// A chart with its axis, legend and table. Print it: `{{ chart }}`.
#[derive(Debug, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    title: String,
    summary: String,
    axis: Vec<String>,
    grid: Vec<GridLine>,
    area: String,
    line: String,
    before: String,
    bars: String,
    quiet: bool,
    slots: Vec<Slot>,
    names: Vec<String>,
    rows: Vec<Row>,
}

/// Values become heights.
#[derive(Debug, PartialEq)]
struct Scale {
    low: i64,
    high: i64,
    step: i64,
}

impl Scale {
    /// Round bounds around `low..=high` and zero, with about [`INTERVALS`] steps of 1, 2 or 5
    /// times a power of ten.
    fn around(low: i64, high: i64, smallest: i64) -> Self {
        let (low, high) = (low.min(0), high.max(0));
        let span = i128::from(high) - i128::from(low);
        let step = (0..20_u32)
            .flat_map(|power| [1, 2, 5].map(|factor| factor * i128::from(smallest) * 10_i128.pow(power)))
            .find(|step| step * i128::from(INTERVALS) >= span)
            .unwrap_or(span);
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let down = low.div_euclid(step);
        let up = if high.rem_euclid(step) == 0 { high / step } else { high.div_euclid(step) + 1 };
        let up = if up == down { up + INTERVALS } else { up };
        Self { low: down.saturating_mul(step), high: up.saturating_mul(step), step }
    }

    /// Height on the drawing; 0 is at the top.
    fn y(&self, value: i64) -> i64 {
        let span = (i128::from(self.high) - i128::from(self.low)).max(1);
        let from_top = (i128::from(self.high) - i128::from(value)) * i128::from(HEIGHT) / span;
        i64::try_from(from_top).unwrap_or(HEIGHT)
    }

    /// The values of the grid's lines from top to bottom.
    fn ticks(&self) -> Vec<i64> {
        let mut tick = self.high;
        let mut all = vec![tick];
        while tick > self.low {
            tick = tick.saturating_sub(self.step);
            all.push(tick);
        }
        all
    }
}

impl Chart {
    /// A line with the area under it, and the period before as a dashed line.
    pub fn line(
        fmt: &Fmt,
        title: &str,
        unit: Unit,
        labels: &[String],
        now: Series<'_>,
        before: Option<Series<'_>>,
    ) -> Self {
        let mut chart = Self::frame(fmt, title, unit, labels, now, before);
        let scale = scale_of(unit, &now, before.as_ref(), labels.len());
        let path = points(&now, labels.len(), &scale);
        chart.line = polyline(&path);
        if let (Some(first), Some(last)) = (path.first(), path.last()) {
            let zero = scale.y(0);
            chart.area = format!("{}L{} {zero}L{} {zero}z", chart.line, last.0, first.0);
        }
        if let Some(before) = before {
            chart.before = polyline(&points(&before, labels.len(), &scale));
        }
        chart
    }

    /// One bar per label.
    pub fn bars(fmt: &Fmt, title: &str, unit: Unit, labels: &[String], now: Series<'_>) -> Self {
        let mut chart = Self::frame(fmt, title, unit, labels, now, None);
        let scale = scale_of(unit, &now, None, labels.len());
        let slot = WIDTH / i64::try_from(labels.len().max(1)).unwrap_or(1);
        let (zero, half) = (scale.y(0), (slot * 35 / 100).max(1));
        for (x, y) in points(&now, labels.len(), &scale) {
            chart.bars.push_str(&format!("M{} {zero}V{y}H{}V{zero}z", x - half, x + half));
        }
        chart
    }

    fn frame(
        fmt: &Fmt,
        title: &str,
        unit: Unit,
        labels: &[String],
        now: Series<'_>,
        before: Option<Series<'_>>,
    ) -> Self {
        let scale = scale_of(unit, &now, before.as_ref(), labels.len());
        let ticks = scale.ticks();
        let every = labels.len().div_ceil(LABELS).max(1);
        let row = |i: usize| {
            let mut cells = vec![unit.exact(fmt, now.at(i))];
            cells.extend(before.map(|b| unit.exact(fmt, b.at(i))));
            cells
        };
        let names: Vec<String> = std::iter::once(&now).chain(before.as_ref()).map(|s| s.name.to_owned()).collect();
        let slot = |(i, label): (usize, &String)| Slot {
            tip: std::iter::once(label.clone())
                .chain(row(i).iter().zip(&names).map(|(value, name)| format!("{name} {value}")))
                .collect::<Vec<_>>()
                .join("\n"),
            label: label.clone(),
            named: (labels.len() - 1 - i).is_multiple_of(every),
            late: i * 2 >= labels.len(),
        };
        Self {
            title: title.to_owned(),
            summary: summary(fmt, title, unit, labels, &now),
            axis: ticks.iter().map(|t| unit.short(fmt, *t)).collect(),
            grid: ticks.iter().map(|t| GridLine { y: scale.y(*t), zero: *t == 0 }).collect(),
            area: String::new(),
            line: String::new(),
            before: String::new(),
            bars: String::new(),
            quiet: (0..labels.len()).all(|i| now.at(i) == 0 && before.is_none_or(|b| b.at(i) == 0)),
            slots: labels.iter().enumerate().map(slot).collect(),
            rows: labels.iter().enumerate().map(|(i, label)| Row { label: label.clone(), cells: row(i) }).collect(),
            names,
        }
    }
}

/// What a chart says in one sentence.
fn summary(fmt: &Fmt, title: &str, unit: Unit, labels: &[String], now: &Series<'_>) -> String {
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return title.to_owned() };
    let values = || (0..labels.len()).map(|i| now.at(i));
    let (low, high) = (values().min().unwrap_or(0), values().max().unwrap_or(0));
    format!(
        "{title}, {first} to {last}: between {} and {}, last {}. The table below has every value.",
        unit.exact(fmt, low),
        unit.exact(fmt, high),
        unit.exact(fmt, now.at(labels.len() - 1)),
    )
}

fn scale_of(unit: Unit, now: &Series<'_>, before: Option<&Series<'_>>, n: usize) -> Scale {
    let both = || (0..n).map(|i| now.at(i)).chain((0..n).filter_map(|i| before.map(|b| b.at(i))));
    Scale::around(both().min().unwrap_or(0), both().max().unwrap_or(0), unit.smallest_step())
}

/// The middle of each label's slot at the height of its value.
fn points(series: &Series<'_>, n: usize, scale: &Scale) -> Vec<(i64, i64)> {
    let slots = i64::try_from(n.max(1)).unwrap_or(1);
    (0..n).zip(0_i64..).map(|(i, slot)| ((2 * slot + 1) * WIDTH / (2 * slots), scale.y(series.at(i)))).collect()
}

fn polyline(points: &[(i64, i64)]) -> String {
    points.iter().enumerate().fold(String::new(), |mut path, (i, (x, y))| {
        path.push_str(&format!("{}{x} {y}", if i == 0 { 'M' } else { 'L' }));
        path
    })
}

/// A trend without axis, beside a number that says what it is. Decoration for a screen reader.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<svg class="spark" viewBox="0 0 1000 300" preserveAspectRatio="none" aria-hidden="true"><path class="a" d="{{ area }}"/><path class="l" d="{{ line }}"/></svg>"#,
    ext = "html"
)]
pub struct Spark {
    line: String,
    area: String,
}

impl Spark {
    /// The trend of `values`, from edge to edge.
    pub fn of(values: &[i64]) -> Self {
        let series = Series { name: "", values };
        let (low, high) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
        let scale = Scale { low: low.min(0), high: high.max(low.min(0).saturating_add(1)), step: 1 };
        let last = i64::try_from(values.len().saturating_sub(1).max(1)).unwrap_or(1);
        let points: Vec<_> =
            (0..values.len()).zip(0_i64..).map(|(i, n)| (n * WIDTH / last, scale.y(series.at(i)))).collect();
        let line = polyline(&points);
        let area = match points.last() {
            Some((x, _)) => format!("{line}L{x} {HEIGHT}L0 {HEIGHT}z"),
            None => String::new(),
        };
        Self { line, area }
    }
}

/// A row of horizontal bars: best sellers, causes, countries.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Where it leads; plain text without.
    pub href: Option<String>,
    /// The value as text.
    pub value: String,
    /// Length in hundredths of the longest.
    pub percent: i64,
}

/// Horizontal bars, longest first as given.
#[derive(Debug, Clone, Template)]
#[template(path = "components/bars.html")]
pub struct Bars {
    bars: Vec<Bar>,
}

impl Bars {
    /// Bars of `(label, href, value)`.
    pub fn of(fmt: &Fmt, unit: Unit, rows: &[(String, Option<String>, i64)]) -> Self {
        let longest = rows.iter().map(|(.., value)| *value).max().unwrap_or(0);
        let bars = rows.iter().map(|(label, href, value)| Bar {
            label: label.clone(),
            href: href.clone(),
            value: unit.exact(fmt, *value),
            percent: share(*value, longest),
        });
        Self { bars: bars.collect() }
    }
}

/// `part` in hundredths of `whole`, at least 1 for anything there is.
pub fn share(part: i64, whole: i64) -> i64 {
    match i128::from(part) * 100 / i128::from(whole.max(1)) {
        0 if part > 0 => 1,
        n => i64::try_from(n.clamp(0, 100)).unwrap_or(0),
    }
}

component!(Chart, Spark, Bars);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fmt::Locale;

    fn fmt() -> Fmt {
        Fmt::new(Locale::En, "2026-11-20T13:45:00Z".parse().unwrap())
    }
    fn days(n: usize) -> Vec<String> {
        (1..=n).map(|d| format!("{d} Nov")).collect()
    }

    #[test]
    fn axes_are_round() {
        assert_eq!(Scale::around(0, 37, 1), Scale { low: 0, high: 40, step: 10 });
        assert_eq!(Scale::around(0, 1_234_500, 100), Scale { low: 0, high: 1_500_000, step: 500_000 });
        assert_eq!(Scale::around(0, 0, 100), Scale { low: 0, high: 400, step: 100 });
        assert_eq!(Scale::around(-30, 50, 1), Scale { low: -40, high: 60, step: 20 });
        assert_eq!(Scale::around(0, 3, 1).ticks(), [3, 2, 1, 0]);
        let wide = Scale::around(i64::MIN, i64::MAX, 1);
        assert!(wide.y(i64::MIN) <= HEIGHT && wide.y(i64::MAX) >= 0);
    }

    #[test]
    fn a_line_chart_draws_and_tells_the_same_numbers() {
        let (now, before) = ([0, 10_000, 20_000], [5_000, 5_000, 5_000]);
        let chart = Chart::line(
            &fmt(),
            "Sales",
            Unit::Money(Currency::EUR),
            &days(3),
            Series { name: "This period", values: &now },
            Some(Series { name: "Before", values: &before }),
        );
        assert_eq!(chart.line, "M166 300L500 150L833 0");
        assert_eq!(chart.area, "M166 300L500 150L833 0L833 300L166 300z");
        assert_eq!(chart.before, "M166 225L500 225L833 225");
        assert_eq!(chart.axis.first().map(String::as_str), Some("200\u{a0}€"));
        let html = chart.to_string();
        assert!(html.contains("<td class=\"n\">200.00\u{a0}€</td>"), "{html}");
        assert!(html.contains("role=\"img\""));
    }

    #[test]
    fn hostile_labels_stay_text() {
        let labels = ["<script>alert(1)</script>".to_owned()];
        let html = Chart::bars(&fmt(), "\"><b>", Unit::Count, &labels, Series { name: "n", values: &[1] }).to_string();
        assert!(!html.contains("<script>") && !html.contains("<b>\""), "{html}");
    }

    #[test]
    fn nothing_to_draw_is_no_trouble() {
        for values in [&[][..], &[0], &[i64::MAX, i64::MIN], &[-5, -5]] {
            let labels = days(values.len());
            let series = Series { name: "n", values };
            for chart in [
                Chart::line(&fmt(), "t", Unit::Count, &labels, series, Some(series)),
                Chart::bars(&fmt(), "t", Unit::Count, &labels, series),
            ] {
                assert!(!chart.to_string().contains("NaN"));
            }
            assert!(Spark::of(values).to_string().starts_with("<svg"));
        }
        assert_eq!((share(0, 0), share(1, 1_000), share(5, 5), share(-1, 5)), (0, 1, 100, 0));
    }
}
