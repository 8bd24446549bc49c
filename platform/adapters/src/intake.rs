//! What a consumer does with the messages it was given, whichever broker they come from.

use std::{sync::Arc, time::Duration};

use contracts::Envelope;
use events::{Inbox, back_off};
use kernel::{Random, Result};
use tokio_util::sync::CancellationToken;

/// Beyond this many failures the pause does not grow: 5 s.
const SLOWEST: i64 = 8;

/// What becomes of messages.
#[derive(Clone, Copy)]
pub(crate) enum Duty {
    /// They are taken in.
    TakeIn,
    /// They are noted as dead letters, after so many deliveries in vain.
    Bury(i64),
}

/// Does what is to be done with messages, oldest first. While the database is in trouble it tries
/// again, for giving the messages back would only bring them again. False if it was told to stop
/// before it was done.
pub(crate) async fn fulfil(
    duty: Duty,
    inbox: &Arc<Inbox>,
    messages: &[&[u8]],
    random: &dyn Random,
    stop: &CancellationToken,
) -> bool {
    let mut failures = 0;
    while let Err(error) = attempt(duty, inbox, messages).await {
        failures += 1;
        tracing::warn!(consumer = inbox.name(), %error, failures, "events cannot be taken in, will retry");
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep(pause(failures, random)) => {}
        }
    }
    true
}

async fn attempt(duty: Duty, inbox: &Arc<Inbox>, messages: &[&[u8]]) -> Result<()> {
    match duty {
        Duty::TakeIn => offer(inbox, messages).await,
        Duty::Bury(attempts) => {
            let why = "Delivered again and again; whoever took it in may have died of it.";
            for message in messages {
                inbox.bury(message, attempts, why).await?;
            }
            Ok(())
        }
    }
}

async fn offer(inbox: &Arc<Inbox>, messages: &[&[u8]]) -> Result<()> {
    let mut events = Vec::with_capacity(messages.len());
    for message in messages {
        match serde_json::from_slice::<Envelope>(message) {
            Ok(envelope) if inbox.wants(&envelope) => events.push(Arc::new(envelope)),
            // Another version of this service has asked for it.
            Ok(_) => metrics::counter!("souk_events_unwanted_total", "consumer" => inbox.name()).increment(1),
            Err(_) => inbox.bury(message, 1, "This is no event.").await?,
        }
    }
    inbox.receive(&events).await
}

/// Pause after so many failures in a row.
pub(crate) fn pause(failures: i64, random: &dyn Random) -> Duration {
    back_off(failures.min(SLOWEST), random)
}
