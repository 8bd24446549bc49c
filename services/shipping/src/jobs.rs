//! Work outside transactions: what is asked of carriers.

use std::{sync::Arc, time::Duration};

use contracts::carriers::LabelStatus;
use events::Job;
use futures::{StreamExt, stream};
use kernel::{LabelId, Result};
use serde::{Deserialize, Serialize};

use crate::{Shipping, ops, store};

/// Buys a label, gives it back, or fetches its paper.
pub(crate) const LABEL: &str = "label";
/// Handles a carrier's event.
pub(crate) const NEWS: &str = "news";
/// Asks how a parcel is getting on.
pub(crate) const FOLLOW: &str = "follow";

/// How often labels are looked at that wait for a carrier.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether prices have to be asked for.
pub(crate) const RATES_EVERY: Duration = Duration::from_secs(300);
/// How often old events are forgotten.
pub(crate) const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// Labels looked at in one round.
const BATCH: i64 = 100;
/// Of which so many at a time.
const AT_ONCE: usize = 8;
/// How long handled events are kept: longer than any carrier repeats them.
const KEEP_NEWS: Duration = Duration::from_secs(30 * 24 * 3600);
/// When a label is looked at again that could not be cleared up.
const LATER: Duration = Duration::from_secs(600);

/// An event that was noted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Arrived {
    /// Which carrier's.
    pub provider: String,
    /// The carrier's id of the event.
    pub event_id: String,
}

/// Does what is to be done for a label.
pub(crate) async fn label(app: Arc<Shipping>, job: Job) -> Result<()> {
    ops::carry_label::carry_label(&app, job.payload::<LabelId>()?).await
}

/// Handles a carrier's event.
pub(crate) async fn news(app: Arc<Shipping>, job: Job) -> Result<()> {
    ops::follow::handle(&app, &job.payload()?).await
}

/// Asks how a parcel is getting on.
pub(crate) async fn follow(app: Arc<Shipping>, job: Job) -> Result<()> {
    ops::follow::follow(&app, job.payload::<LabelId>()?).await
}

/// Looks at labels that wait for a carrier, and at parcels that nobody tells of. One that cannot be cleared up does not
/// keep the others from it.
pub(crate) async fn look(app: Arc<Shipping>, _: Job) -> Result<()> {
    if app.carrier.is_none() {
        return Ok(());
    }
    let due = store::labels::due(&app.db, app.clock.now(), BATCH).await?;
    stream::iter(due).for_each_concurrent(AT_ONCE, |id| look_at(&app, id)).await;
    Ok(())
}

async fn look_at(app: &Arc<Shipping>, id: LabelId) {
    let later = app.clock.now().plus(LATER);
    let done = async {
        // First of all the next time is set, so that one that always fails does not hide others.
        app.db.write(async move |tx| store::labels::set_check(tx, id, Some(later)).await).await?;
        match store::labels::read_one(&app.db, id).await? {
            Some(label) if label.status == LabelStatus::Bought && label.file.is_some() => {
                ops::follow::follow(app, id).await
            }
            _ => ops::carry_label::carry_label(app, id).await,
        }
    };
    if let Err(error) = done.await {
        tracing::warn!(label = %id, %error, "a label could not be looked after, will try again");
    }
}

/// Asks the carrier what parcels cost.
pub(crate) async fn rates(app: Arc<Shipping>, _: Job) -> Result<()> {
    ops::carrier_rates::refresh(&app).await
}

/// Forgets old events.
pub(crate) async fn forget(app: Arc<Shipping>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(KEEP_NEWS);
    app.db.write(async move |tx| store::news::forget(tx, before).await).await.map(drop)
}
