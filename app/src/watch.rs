//! Runs the invariants over the live data every few minutes. A violation is an error in the log and
//! counts in `invariant_violations_total{id}`: that is what an alert is for.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use db::Db;
use invariants::{Finding, Mode};
use kernel::Clock;
use runtime::CancellationToken;

/// How often a program that serves looks.
pub const EVERY: Duration = Duration::from_secs(5 * 60);

/// Looks again and again, `every` so often, until `stop`.
pub async fn watch(
    databases: BTreeMap<&'static str, Db>,
    clock: Arc<dyn Clock>,
    every: Duration,
    stop: CancellationToken,
) {
    // A counter that is not there cannot be alerted on.
    for (id, _) in invariants::ALL {
        metrics::counter!("invariant_violations_total", "id" => *id).absolute(0);
    }
    loop {
        tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(every) => {} }
        tokio::select! { () = stop.cancelled() => return, () = look(&databases, &*clock) => {} }
    }
}

/// Looks once. The provider's books are compared by `payments` itself, as they grow.
async fn look(databases: &BTreeMap<&'static str, Db>, clock: &dyn Clock) {
    match invariants::check(databases, None, clock.now(), Mode::Live).await {
        Ok(findings) => findings.iter().filter(|finding| !finding.holds()).for_each(report),
        Err(error) => tracing::warn!(%error, "the invariants could not be checked"),
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

#[cfg(test)]
mod tests {
    use db::{Location, Options, params};
    use kernel::SystemClock;
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    const SPOILED: &str = "INSERT INTO stock
            (variant_id, product_id, vendor_id, sku, title, search_text, active, on_hand, reserved, low_threshold, updated_at)
         VALUES ('v', 'p', 's', 'MUG', 'Mug', 'mug', 1, 5, 0, 0, 0)";

    #[tokio::test]
    async fn what_is_violated_is_counted_and_nothing_else() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let page = recorder.handle();
        let _recording = metrics::set_default_local_recorder(&recorder);
        let counted = |id: &str| -> Option<u64> {
            let begins = format!("invariant_violations_total{{id=\"{id}\"}} ");
            page.render().lines().find_map(|line| line.strip_prefix(begins.as_str())?.parse().ok())
        };
        let db = Db::open(Location::SqliteMemory, Options::named("inventory")).await.unwrap();
        inventory::service(inventory::Settings::default()).migrate(&db).await.unwrap();
        let (databases, stop) = (BTreeMap::from([("inventory", db.clone())]), CancellationToken::new());
        look(&databases, &SystemClock).await;
        assert_eq!(counted("S1"), None, "nothing was wrong");

        let watching = watch(databases, Arc::new(SystemClock), Duration::ZERO, stop.clone());
        let spoiling = async {
            while counted("S1").is_none() {
                tokio::task::yield_now().await;
            }
            assert_eq!(counted("S1"), Some(0), "a counter is there before it counts");
            // Five pieces that nobody has brought.
            db.write(async |tx| tx.exec(SPOILED, params![]).await).await.unwrap();
            while counted("S1") == Some(0) {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        tokio::join!(watching, spoiling);
        assert!(counted("S1") >= Some(1) && counted("M1") == Some(0), "{}", page.render());
    }
}
