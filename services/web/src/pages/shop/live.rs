//! The live page of an order: the browser is told when something changed, and fetches what it is now.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse,
    sse::{Event, KeepAlive, Sse},
};
use contracts::orders::OrdersClient;
use futures::stream::{self, Stream};
use kernel::{Error, Identity, OrderId};
use tokio::sync::OwnedSemaphorePermit;

use super::order::{changes, find};
use crate::{
    render::Shown,
    visit::{Path, Query, Visit},
};

/// Between two looks while much happens, and afterwards.
const SOON: Duration = Duration::from_secs(1);
const LATER: Duration = Duration::from_secs(5);
/// Looks at the quick pace, and in all; then the browser asks anew.
const LOOKS_SOON: u32 = 120;
const LOOKS: u32 = 240;

/// Follows one order for one browser.
struct Follower {
    orders: OrdersClient,
    who: Identity,
    id: OrderId,
    seen: i64,
    looks: u32,
    over: bool,
    /// One of the streams that may be open at once; given back when the browser hangs up.
    _place: OwnedSemaphorePermit,
}

/// `GET /orders/{id}/live?v=`: `changed` for each change since version `v`, `done` with the last one.
pub async fn follow(visit: Visit, Path(id): Path<OrderId>, Query(asked): Query) -> Shown {
    let order = find(&visit, id).await?;
    let full = |_| Error::unavailable("Too many pages are followed just now. Load the page again to see what changed.");
    let place = visit.app.live.clone().try_acquire_owned().map_err(full)?;
    let seen = asked.parsed("v").unwrap_or(order.version);
    let follower =
        Follower { orders: visit.orders(id), who: visit.who(), id, seen, looks: 0, over: false, _place: place };
    let stream = Sse::new(events(follower)).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)));
    Ok(([("cache-control", "no-store"), ("x-accel-buffering", "no")], stream).into_response())
}

fn events(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(Event::default().event(event).data(follower.seen.to_string())), follower))
    })
}

impl Follower {
    /// Waits for the next change; nothing once there are no more, or the order cannot be read.
    async fn next(&mut self) -> Option<&'static str> {
        while !self.over && self.looks < LOOKS {
            if self.looks > 0 {
                tokio::time::sleep(if self.looks < LOOKS_SOON { SOON } else { LATER }).await;
            }
            self.looks += 1;
            let order = self.orders.order(&self.who, self.id).await.ok()?;
            self.over = !changes(&order);
            if order.version != self.seen || self.over {
                self.seen = order.version;
                return Some(if self.over { "done" } else { "changed" });
            }
        }
        None
    }
}
