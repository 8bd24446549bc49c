//! What was measured, as a table for people and as JSON.

use std::{fmt::Write, path::Path};

use serde::Serialize;

use crate::{Result, load::Outcome, scenarios::Scenario};

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Everything that was measured in one run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When.
    pub date: String,
    /// Which version of the code.
    pub commit: String,
    /// On what.
    pub machine: String,
    /// Processes that wanted to run before it began, besides this one: a busy machine measures less.
    pub load_before: String,
    /// Milliseconds in which the disk confirms 4 KB, median.
    pub sync_ms: f64,
    /// Seconds counted per scenario.
    pub seconds: u64,
    /// Scenarios.
    pub rows: Vec<Row>,
    /// What does not come per second.
    pub facts: Vec<Fact>,
}

/// A scenario at a size of the catalogue.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// `S1` …
    pub key: &'static str,
    /// For people.
    pub about: &'static str,
    /// Where, unless it is one process on SQLite.
    pub place: &'static str,
    /// Products on sale.
    pub products: usize,
    /// What it came to.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What the ceiling came to.
    pub ceiling: Option<Ceiling>,
}

/// What the machine can do at most.
#[derive(Debug, Clone, Serialize)]
pub struct Ceiling {
    /// What it is.
    pub what: &'static str,
    /// How often per second.
    pub per_second: f64,
}

/// A single figure.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// What it is.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

impl Row {
    /// A row without a ceiling.
    pub fn new(scenario: Scenario, place: &'static str, products: usize, outcome: Outcome) -> Self {
        Self { key: scenario.key(), about: scenario.about(), place, products, outcome, ceiling: None }
    }

    /// `S5 whole guest checkout, as a cluster`.
    fn name(&self) -> String {
        let place = if self.place.is_empty() { String::new() } else { format!(", {}", self.place) };
        format!("{} {}{place}", self.key, self.about)
    }
}

impl Report {
    /// Adds a single figure.
    pub fn fact(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.facts.push(Fact { what: what.into(), value, unit });
    }

    /// Sets the ceiling of the scenarios called `key` at `place` with so many products.
    pub fn ceiling(&mut self, key: &str, place: &str, products: usize, ceiling: &Ceiling) {
        let rows = self.rows.iter_mut().filter(|row| row.key == key && row.place == place && row.products == products);
        rows.for_each(|row| row.ceiling = Some(ceiling.clone()));
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> Result<String> {
        let mut text = String::new();
        writeln!(text, "Machine: {}. Commit {}, {}.", self.machine, self.commit, self.date)?;
        writeln!(
            text,
            "Load before the run: {}. The disk confirms 4 KB in {:.2} ms (median). {} s counted per scenario, \
             load generator on the same machine.\n",
            self.load_before, self.sync_ms, self.seconds
        )?;
        writeln!(
            text,
            "| scenario | products | at once | per second | p50 ms | p99 ms | failed | server CPU each | memory | ceiling /s | share |"
        )?;
        writeln!(text, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        for row in &self.rows {
            self.line(&mut text, row)?;
        }
        writeln!(text, "\n| figure | value |\n|---|--:|")?;
        for fact in &self.facts {
            writeln!(text, "| {} | {} {} |", fact.what, number(fact.value), fact.unit)?;
        }
        writeln!(text, "\nThe server's busiest threads (percent of one core):\n")?;
        for row in self.rows.iter().filter(|row| !row.outcome.threads.is_empty()) {
            let threads: Vec<String> = row.outcome.threads.iter().map(|(name, p)| format!("{name} {p:.0}")).collect();
            let place = if row.place.is_empty() { String::new() } else { format!(" {}", row.place) };
            writeln!(text, "- {}{place} at {}: {}", row.key, number(row.products as f64), threads.join(", "))?;
        }
        for row in self.rows.iter().filter(|row| !row.outcome.processes.is_empty()) {
            let mut each = row.outcome.processes.clone();
            each.sort_by(|a, b| b.1.total_cmp(&a.1));
            let each: Vec<String> = each.iter().map(|(name, us)| format!("{name} {us:.0}")).collect();
            writeln!(text, "\nProcessor time of each process per run of {} in µs: {}.", row.key, each.join(", "))?;
        }
        Ok(text)
    }

    fn line(&self, text: &mut String, row: &Row) -> Result<()> {
        let o = &row.outcome;
        let (ceiling, share) = match &row.ceiling {
            Some(c) => {
                let share = format!("{:.0} %", o.per_second * 100.0 / c.per_second.max(1.0));
                (format!("{} ({})", number(c.per_second), c.what), share)
            }
            None => ("–".to_owned(), "–".to_owned()),
        };
        writeln!(
            text,
            "| {} | {} | {} | **{}** | {:.2} | {:.2} | {} | {:.0} µs | {:.0} MB | {ceiling} | {share} |",
            row.name(),
            number(row.products as f64),
            o.concurrency,
            number(o.per_second),
            o.p50_ms,
            o.p99_ms,
            o.failures,
            o.server_cpu_us,
            o.memory_mb,
        )?;
        Ok(())
    }

    /// Writes the report as JSON.
    pub fn write_json(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(path, serde_json::to_string_pretty(self)?)?)
    }
}

/// `12,300`, `12.3`.
fn number(value: f64) -> String {
    if value < 100.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Puts `measured` between the marks of the page at `path`.
pub fn write_page(path: &Path, measured: &str) -> Result<()> {
    let page = std::fs::read_to_string(path)?;
    let (before, rest) = page.split_once(BEGIN).ok_or("the page has no mark for the beginning")?;
    let (_, after) = rest.split_once(END).ok_or("the page has no mark for the end")?;
    Ok(std::fs::write(path, format!("{before}{BEGIN}\n{measured}{END}{after}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(1234567.0), "1,234,567");
        assert_eq!(number(999.6), "1,000");
        assert_eq!(number(1.234), "1.23");
        assert_eq!(number(64.0), "64");
    }
}
