//! Runs the invariants over the live data every few minutes. A violation is an error in the log and
//! counts in `invariant_violations_total{id}`: that is what an alert is for.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use db::Db;
use invariants::{Finding, Mode};
use kernel::Clock;
use runtime::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// Looks again and again, until `stop`.
pub async fn watch(databases: BTreeMap<&'static str, Db>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    // A counter that is not there cannot be alerted on.
    for (id, _) in invariants::ALL {
        metrics::counter!("invariant_violations_total", "id" => *id).absolute(0);
    }
    loop {
        tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(EVERY) => {} }
        // The provider's books are compared by `payments` itself, as they grow.
        let looked = invariants::check(&databases, None, clock.now(), Mode::Live);
        let found = tokio::select! { () = stop.cancelled() => return, found = looked => found };
        match found {
            Ok(findings) => findings.iter().filter(|finding| !finding.holds()).for_each(report),
            Err(error) => tracing::warn!(%error, "the invariants could not be checked"),
        }
    }
}

fn report(finding: &Finding) {
    tracing::error!(
        id = finding.id,
        title = finding.title,
        violated = finding.violated,
        first = finding.violations.first().map_or("", String::as_str),
        "an invariant is violated"
    );
    metrics::counter!("invariant_violations_total", "id" => finding.id).increment(finding.violated);
}
