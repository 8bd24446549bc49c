//! Bringing changes into the index; looking after one that is outside.

use std::{sync::Arc, time::Duration};

use ::events::Job;
use kernel::Result;
use runtime::CancellationToken;

use crate::{Search, index::Elasticsearch, ops, store};

/// Brings into the index what has changed.
pub(crate) const BRING_IN: &str = "bring_in";

/// Takes over what was sold, so often.
pub(crate) const COUNT_SALES: &str = "count_sales";
pub(crate) const COUNT_SALES_EVERY: Duration = Duration::from_secs(10 * 60);

/// Forgets what was searched long ago, so often.
pub(crate) const FORGET_SEARCHES: &str = "forget_searches";
pub(crate) const FORGET_SEARCHES_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// How often what was searched is written.
const WRITE_SEARCHES: Duration = Duration::from_secs(30);

/// Pause after changes could not be brought in.
const AGAIN: Duration = Duration::from_secs(5);
/// How often a server outside is looked at.
const LOOK: Duration = Duration::from_secs(3);
/// How often names are read that another process may have brought in.
const READ_NAMES: Duration = Duration::from_secs(30);

pub(crate) async fn bring_in(app: Arc<Search>, job: Job) -> Result<()> {
    // The job is over before the work begins, so a change made meanwhile asks for a new one.
    // Should this process die at work, the rows still tell what is missing, and the next change or start does it.
    app.db.write(async move |tx| job.finish(tx).await).await?;
    let Err(error) = ops::bring_in(&app).await else { return Ok(()) };
    tracing::warn!(%error, "changes could not be brought into the search index; it is tried again soon");
    ask_for_it(&app, AGAIN).await
}

/// Takes over what was sold. Analytics that does not answer is asked again the next time.
pub(crate) async fn count_sales(app: Arc<Search>, _: Job) -> Result<()> {
    if let Err(error) = ops::count_sales(&app).await {
        tracing::warn!(%error, "what sold most could not be counted; it stays as it was");
    }
    Ok(())
}

/// Writes what was searched, again and again and at the end.
pub(crate) async fn write_searches(app: Arc<Search>, stop: CancellationToken) {
    loop {
        let is_over = stop.run_until_cancelled(tokio::time::sleep(WRITE_SEARCHES)).await.is_none();
        if let Err(error) = ops::write_searches(&app).await {
            tracing::warn!(%error, "what was searched could not be written; it is tried again");
        }
        if is_over {
            return;
        }
    }
}

/// Forgets what was searched long ago.
pub(crate) async fn forget_searches(app: Arc<Search>, _: Job) -> Result<()> {
    ops::forget_searches(&app).await
}

/// Has changes brought in as soon as jobs are worked off.
pub(crate) async fn bring_in_now(app: &Arc<Search>) -> Result<()> {
    ask_for_it(app, Duration::ZERO).await
}

async fn ask_for_it(app: &Arc<Search>, pause: Duration) -> Result<()> {
    let (jobs, due) = (app.jobs.clone(), app.clock.now().plus(pause));
    app.db.write(async move |tx| jobs.enqueue_at(tx, BRING_IN, "all", &(), due).await).await
}

/// Looks whether the server answers, again and again.
pub(crate) async fn look_at_server(index: Arc<Elasticsearch>, stop: CancellationToken) {
    let looking = async {
        loop {
            tokio::time::sleep(LOOK).await;
            index.look().await;
        }
    };
    stop.run_until_cancelled(looking).await;
}

/// Reads how facet values are called, again and again.
pub(crate) async fn read_names(app: Arc<Search>, stop: CancellationToken) {
    let reading = async {
        loop {
            tokio::time::sleep(READ_NAMES).await;
            match store::names(&app.db).await {
                Ok(names) => app.names.store(Arc::new(names)),
                Err(error) => tracing::warn!(%error, "the names of facets could not be read"),
            }
        }
    };
    stop.run_until_cancelled(reading).await;
}
