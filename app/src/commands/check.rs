//! `souk check`: runs every invariant over the data of an installation that is not being served
//! (or, on PostgreSQL, beside one that is).

use std::process::ExitCode;

use futures::future::BoxFuture;
use invariants::{Finding, Mode, PspPayment, PspTransfer, PspTruth};
use kernel::{Clock, Result, SystemClock};
use sandbox::{Sandbox, Store};

use super::{output, serve};
use crate::{config::Config, installation, telemetry};

/// Prints one line per invariant; fails if one is violated.
pub async fn run(config: Config, json: bool) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    // An empty folder would be filled with empty databases, in which everything holds.
    installation::demand(&config)?;
    Ok(if all_holds(&config, json).await? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints one line per invariant; true if none is violated.
pub async fn all_holds(config: &Config, json: bool) -> Result<bool> {
    let souk = serve::start(config, &[]).await?;
    let books = souk.sandbox.clone().map(Books);
    let psp = books.as_ref().map(|books| books as &dyn PspTruth);
    let databases = souk.system.databases();
    let now = invariants::last_alive(&databases, SystemClock.now()).await?;
    let findings = invariants::check(&databases, psp, now, Mode::Live).await;
    souk.system.stop().await;
    let findings = findings?;
    for finding in &findings {
        output::print_line(&if json { serde_json::to_string(finding)? } else { line(finding) })?;
    }
    Ok(findings.iter().all(Finding::holds))
}

fn line(finding: &Finding) -> String {
    let (id, title, checked) = (finding.id, finding.title, finding.checked);
    let silence = silence(finding);
    if finding.holds() {
        return format!("{id:<4} ok        {title} ({checked} checked{silence})");
    }
    let mut text = format!("{id:<4} VIOLATED  {title} ({} times, {checked} checked{silence})", finding.violated);
    for violation in &finding.violations {
        text.push_str(&format!("\n       {violation}"));
    }
    text
}

/// What was not looked at, so that nobody takes it for fine.
fn silence(finding: &Finding) -> String {
    match finding.not_compared.as_slice() {
        [] => String::new(),
        providers => format!("; not compared: no journal of {} here", providers.join(", ")),
    }
}

/// The journal of the embedded sandbox gateway.
struct Books(Sandbox);

impl PspTruth for Books {
    fn provider(&self) -> &str {
        "sandbox"
    }
    fn page(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>> {
        Box::pin(async move {
            let rows = self.0.read(move |store| store.journal(after, limit)).await?;
            let row = |row: sandbox::JournalRow| PspPayment {
                position: row.seq,
                id: row.id,
                reference: row.reference,
                currency: row.currency.to_string(),
                captured_minor: row.captured_minor,
                refunded_minor: row.refunded_minor,
                returning_minor: row.refund_pending_minor,
                created_at: row.created_at,
            };
            Ok(rows.into_iter().map(row).collect())
        })
    }
    fn transfers(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspTransfer>>> {
        Box::pin(async move {
            let rows = self.0.read(move |store| store.transfers(after, limit)).await?;
            let row = |(position, transfer): (i64, sandbox::Transfer)| PspTransfer {
                position,
                id: transfer.id,
                reference: transfer.reference,
                currency: transfer.currency.to_string(),
                amount_minor: transfer.amount_minor,
            };
            Ok(rows.into_iter().map(row).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(not_compared: &[&str], violations: &[&str]) -> Finding {
        let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        Finding {
            id: "M5",
            title: "No money without an order",
            checked: 0,
            violated: violations.len() as u64,
            violations: all(violations),
            not_compared: all(not_compared),
        }
    }

    #[test]
    fn what_was_not_compared_is_said_and_is_no_violation() {
        let whole = finding(&[], &[]);
        assert_eq!(line(&whole), "M5   ok        No money without an order (0 checked)");
        let blind = finding(&["paypal", "stripe"], &[]);
        let said =
            "M5   ok        No money without an order (0 checked; not compared: no journal of paypal, stripe here)";
        assert!(blind.holds());
        assert_eq!(line(&blind), said);
        let wrong = finding(&["stripe"], &["pay_1 is of nobody"]);
        let said = "M5   VIOLATED  No money without an order (1 times, 0 checked; not compared: no journal of stripe here)\n       pay_1 is of nobody";
        assert!(!wrong.holds());
        assert_eq!(line(&wrong), said);
    }

    #[test]
    fn the_same_is_said_to_programs() {
        let told = |finding: &Finding| serde_json::to_value(finding).expect("it is plain");
        assert_eq!(told(&finding(&[], &[])).get("not_compared"), None);
        assert_eq!(told(&finding(&["stripe"], &[]))["not_compared"], serde_json::json!(["stripe"]));
    }
}
