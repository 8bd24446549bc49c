//! `souk check`: runs every invariant over the data of an installation that is not being served
//! (or, on PostgreSQL, beside one that is); with `--providers` also against what the providers of payments say.

use std::{process::ExitCode, time::Duration};

use futures::future::BoxFuture;
use invariants::{Finding, Mode, PspPayment, PspTransfer, PspTruth};
use kernel::{Clock, Result, SystemClock, Timestamp};
use payments::{Audited, Auditor};
use sandbox::{Sandbox, Store};

use super::{output, serve};
use crate::{compose::Souk, config::Config, installation, telemetry};

/// For so many days are providers asked, unless it is said otherwise.
pub const DAYS: u64 = 30;

/// Prints one line per invariant; fails if one is violated. With `days` the providers are asked about the payments of those.
pub async fn run(config: Config, json: bool, days: Option<u64>) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    // An empty folder would be filled with empty databases, in which everything holds.
    installation::demand(&config)?;
    Ok(if all_holds(&config, json, days).await? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints one line per invariant; true if none is violated.
pub async fn all_holds(config: &Config, json: bool, days: Option<u64>) -> Result<bool> {
    let souk = serve::start(config, &[]).await?;
    let findings = found(config, &souk, days).await;
    souk.system.stop().await;
    let findings = findings?;
    for finding in &findings {
        output::print_line(&if json { serde_json::to_string(finding)? } else { line(finding) })?;
    }
    Ok(findings.iter().all(Finding::holds))
}

async fn found(config: &Config, souk: &Souk, days: Option<u64>) -> Result<Vec<Finding>> {
    let books = souk.sandbox.clone().map(Books);
    let psp = books.as_ref().map(|books| books as &dyn PspTruth);
    let databases = souk.system.databases();
    let now = invariants::last_alive(&databases, SystemClock.now()).await?;
    let mut findings = invariants::check(&databases, psp, now, Mode::Live).await?;
    if let (Some(days), Some(env)) = (days, souk.system.env("payments")) {
        let since = now.minus(Duration::from_secs(days * 24 * 3600));
        for auditor in payments::auditors(config.payments.clone(), env, since)? {
            tracing::info!(provider = auditor.provider(), days, "asking about all payments");
            let said = Said::of(&auditor).await?;
            findings.extend(invariants::check_provider(&databases, &said, now).await?);
        }
    }
    Ok(findings)
}

fn line(finding: &Finding) -> String {
    let (id, title, checked) = (finding.id, finding.title, finding.checked);
    let silence = silence(finding);
    let title = match &finding.asked {
        Some(provider) => format!("{title}, says {provider}"),
        None => title.to_owned(),
    };
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

/// What a provider has said of its payments.
struct Said {
    provider: &'static str,
    since: Timestamp,
    payments: Vec<PspPayment>,
}

impl Said {
    async fn of(auditor: &Auditor) -> Result<Self> {
        let payment = |(position, one): (i64, Audited)| PspPayment {
            position,
            id: one.id,
            reference: one.reference,
            currency: one.captured.currency.to_string(),
            captured_minor: one.captured.amount_minor,
            // What has gone back is not asked for: the reconciler looks back at it.
            refunded_minor: 0,
            returning_minor: 0,
            created_at: one.created_at,
        };
        let payments = (1..).zip(auditor.ask().await?).map(payment).collect();
        Ok(Self { provider: auditor.provider(), since: auditor.since(), payments })
    }
}

impl PspTruth for Said {
    fn provider(&self) -> &str {
        self.provider
    }
    fn since(&self) -> Timestamp {
        self.since
    }
    fn page(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>> {
        let from = self.payments.partition_point(|payment| payment.position <= after);
        let page = self.payments[from..].iter().take(limit).cloned().collect();
        Box::pin(std::future::ready(Ok(page)))
    }
    fn transfers(&self, _: i64, _: usize) -> BoxFuture<'_, Result<Vec<PspTransfer>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
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
            asked: None,
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
