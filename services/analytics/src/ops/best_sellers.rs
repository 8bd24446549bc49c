use std::{sync::Arc, time::Duration};

use kernel::{ProductId, Result, Timestamp};
use tokio::sync::Mutex;

use crate::{Analytics, model::Period, store};

const DAYS: u32 = 30;
const MOST: i64 = 24;
/// How long a list is shown before it is counted anew. Every sale of the period is looked at for it, and every
/// visitor of the entrance asks.
const STANDS: Duration = Duration::from_secs(60);

/// The list as it was counted last, and when that was.
pub type Counted = Mutex<Option<(Timestamp, Arc<[ProductId]>)>>;

/// Products that sold most in the last 30 days, as of a minute ago at most.
pub async fn best_sellers(app: &Analytics) -> Result<Arc<[ProductId]>> {
    // Held while counting: whoever asks meanwhile waits for the same list.
    let mut counted = app.best_sellers.lock().await;
    let now = app.clock.now();
    if let Some((at, list)) = &*counted
        && now.since(*at) < STANDS
    {
        return Ok(list.clone());
    }
    let list: Arc<[ProductId]> = store::best_sellers(&app.db, Period::last(DAYS, now), MOST).await?.into();
    *counted = Some((now, list.clone()));
    Ok(list)
}
