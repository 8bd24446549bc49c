//! Follows an order: until the checkout is settled, or as a stream of everything that happens.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::response::sse::Event;
use futures::Stream;
use kernel::{OrderId, Result};

use crate::{Orders, live::Watch, store};

/// How long a stream lives; the browser comes back by itself.
const STREAM_FOR: Duration = Duration::from_secs(300);

/// Waits until the checkout is settled or the buyer has to act, at most `wait`. True if so.
pub async fn wait_until_settled(app: &Arc<Orders>, id: OrderId, wait: Duration) -> Result<bool> {
    let mut watch = app.live.watch(id);
    let settled = async {
        let mut is_waiting = store::is_waiting(&app.db, id).await?;
        while is_waiting {
            is_waiting = match watch.news().await {
                Some(is_waiting) => is_waiting,
                None => store::is_waiting(&app.db, id).await?,
            };
        }
        Ok(())
    };
    match tokio::time::timeout(wait, settled).await {
        Ok(done) => done.map(|()| true),
        Err(_) => Ok(false),
    }
}

struct Follower {
    app: Arc<Orders>,
    id: OrderId,
    watch: Watch,
    /// Version last sent.
    sent: i64,
    until: tokio::time::Instant,
    over: bool,
}

/// Everything that happens to an order, beginning with how it stands. Ends when the order's story
/// does, or after five minutes.
pub fn follow_order(
    app: &Arc<Orders>,
    id: OrderId,
) -> impl Stream<Item = std::result::Result<Event, Infallible>> + use<> {
    let watch = app.live.watch(id);
    let until = tokio::time::Instant::now() + STREAM_FOR;
    let follower = Follower { app: app.clone(), id, watch, sent: 0, until, over: false };
    futures::stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    })
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        while !self.over && tokio::time::Instant::now() < self.until {
            match self.look().await {
                Ok(Some(event)) => return Some(event),
                Ok(None) => drop(self.watch.news().await),
                Err(error) => {
                    tracing::warn!(order = %self.id, %error, "an order cannot be followed");
                    return None;
                }
            }
        }
        None
    }

    /// The order, if it has changed since it was last sent.
    async fn look(&mut self) -> Result<Option<Event>> {
        let (version, over) = store::watched(&self.app.db, self.id).await?;
        if version == self.sent {
            return Ok(None);
        }
        let Some(view) = store::read_view(&self.app.db, self.id).await? else { return Ok(None) };
        // Sent as what was read: a change in between comes as an event of its own.
        self.sent = view.version;
        self.over = over;
        let data = serde_json::to_string(&view)?;
        Ok(Some(Event::default().event("order").id(view.version.to_string()).data(data)))
    }
}
