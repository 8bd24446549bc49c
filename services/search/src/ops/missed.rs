//! What people search for and do not find.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use contracts::{
    analytics::Metric,
    search::{MissedReport, MissedTerm},
    shared::DayValue,
};
use csv::{Terminator, WriterBuilder};
use kernel::{Error, Result, Timestamp, text::guard_cell};

use crate::{Search, store};

/// Terms of a report, and of a file.
const LISTED: i64 = 100;
const IN_FILE: i64 = 5_000;
/// Days that are kept: a year and the year before.
const KEPT_DAYS: i64 = 2 * 366;

/// Writes what this process has counted.
pub async fn write_searches(app: &Arc<Search>) -> Result<()> {
    let counted = app.tally.take();
    if counted.is_empty() {
        return Ok(());
    }
    let day = app.clock.now().day();
    let counted = Arc::new(counted);
    let writing = counted.clone();
    let written = app.db.write(async move |tx| store::add_searches(tx, day, &writing).await).await;
    if written.is_err()
        && let Some(counted) = Arc::into_inner(counted)
    {
        app.tally.give_back(counted);
    }
    written
}

/// Forgets what no report shows any more.
pub async fn forget_searches(app: &Search) -> Result<()> {
    let before = app.clock.now().day() - KEPT_DAYS;
    app.db.write(async move |tx| store::forget_searches(tx, before).await).await
}

/// The last `days` days, today included, beside as many before.
pub async fn missed(app: &Arc<Search>, days: Option<u32>) -> Result<MissedReport> {
    let period = Period::last(days, app.clock.now())?;
    // What other processes have counted since they wrote last is missing.
    write_searches(app).await?;
    let by_day = store::searches(&app.db, period.before, period.to).await?;
    let series = |of: fn(&(i64, i64)) -> i64| period.metric(&by_day.iter().map(|(day, n)| (*day, of(n))).collect());
    Ok(MissedReport {
        searches: series(|(searches, _)| *searches),
        missed: series(|(_, missed)| *missed),
        terms: store::missed_terms(&app.db, period.bounds(), LISTED).await?,
    })
}

/// The terms as a file.
pub async fn missed_file(app: &Arc<Search>, days: Option<u32>) -> Result<Bytes> {
    let period = Period::last(days, app.clock.now())?;
    write_searches(app).await?;
    let terms = store::missed_terms(&app.db, period.bounds(), IN_FILE).await?;
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let row = |term: &MissedTerm| {
        [guard_cell(&term.words), term.times.to_string(), term.previous.to_string(), term.last.clone()]
    };
    let head = ["words", "times", "times_before", "last_day"].map(str::to_owned);
    for row in std::iter::once(head).chain(terms.iter().map(row)) {
        writer.write_record(row).map_err(Error::internal)?;
    }
    Ok(writer.into_inner().map_err(|e| Error::internal(e.error()))?.into())
}

/// Whole days that end today, and as many before.
struct Period {
    before: i64,
    from: i64,
    to: i64,
}

impl Period {
    fn last(days: Option<u32>, now: Timestamp) -> Result<Self> {
        let days = match days.unwrap_or(30) {
            days @ 1..=366 => i64::from(days),
            _ => return Err(Error::invalid("days", "Ask for 1 to 366 days.")),
        };
        let to = now.day() + 1;
        Ok(Self { before: to - 2 * days, from: to - days, to })
    }

    fn bounds(&self) -> (i64, i64, i64) {
        (self.before, self.from, self.to)
    }

    fn metric(&self, values: &BTreeMap<i64, i64>) -> Metric {
        let series = |from: i64, to: i64| -> Vec<DayValue> {
            let value = |day| values.get(&day).copied().unwrap_or(0);
            (from..to).map(|day| DayValue { date: Timestamp::of_day(day).date(), value: value(day) }).collect()
        };
        let (days, previous_days) = (series(self.from, self.to), series(self.before, self.from));
        let sum = |days: &[DayValue]| days.iter().map(|d| d.value).sum();
        Metric { total: sum(&days), previous: sum(&previous_days), days, previous_days }
    }
}
