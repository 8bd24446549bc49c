//! What can be set about the gateway's behaviour, its bad days included.

use std::time::Duration;

use kernel::{Random, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    card::Behaviour,
    model::{Delivery, DeliveryState, EventKind},
};

/// An idempotency key is forgotten after this long.
pub const KEY_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Events and their deliveries are kept this long.
pub const EVENT_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// Cards that may be tried on one payment.
pub const MAX_ATTEMPTS: u32 = 10;

/// How long `payment.processing` of the out-of-order card is held back.
const OUT_OF_ORDER: Duration = Duration::from_millis(1_500);
/// Waiting times between attempts to deliver, in milliseconds: fast first, three days in all.
const BACK_OFF_MS: &[u64] = &[
    50, 200, 1_000, 2_000, 5_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 900_000, 1_800_000,
    3_600_000, 10_800_000, 21_600_000, 43_200_000, 43_200_000, 43_200_000, 43_200_000, 43_200_000,
];

/// Faults that strike at random, each in so many of a thousand cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// A webhook is sent twice.
    pub duplicate_per_mille: u16,
    /// A webhook is held back up to two seconds, so that later ones overtake it.
    pub reorder_per_mille: u16,
    /// A webhook is sent `delay_ms` late.
    pub delay_per_mille: u16,
    /// How late.
    pub delay_ms: u64,
    /// The first attempt of a webhook gets lost.
    pub drop_first_per_mille: u16,
    /// A merchant's POST is done, but its answer is held back for `timeout_answer_ms`.
    pub timeout_per_mille: u16,
    /// A merchant's POST is answered 503 and nothing is done.
    pub unavailable_per_mille: u16,
}

/// Settings of the core.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Where the hosted pages are, without a slash at the end.
    pub base_url: String,
    /// How many endpoints are told about events.
    pub endpoints: usize,
    /// How long `processing` and pending refunds last.
    pub processing: Duration,
    /// How late late things are.
    pub late: Duration,
    /// How long a payment may wait for its buyer.
    pub patience: Duration,
    /// What is kept of each capture, in basis points.
    pub fee_bp: u16,
    /// Faults that strike at random.
    pub faults: Faults,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080/sandbox".to_owned(),
            endpoints: 1,
            processing: Duration::from_secs(2),
            late: Duration::from_secs(45),
            patience: Duration::from_secs(24 * 3600),
            fee_bp: 0,
            faults: Faults::default(),
        }
    }
}

/// Whether something that happens in `per_mille` of a thousand cases happens now.
pub fn strikes(per_mille: u16, rng: &dyn Random) -> bool {
    per_mille > 0 && rng.below(1_000) < u64::from(per_mille)
}

/// How long to wait after `attempts` failed ones; none when it is time to give up.
/// A tenth of chance keeps many deliveries from coming back in step.
pub fn back_off(attempts: u32, rng: &dyn Random) -> Option<Duration> {
    let index = usize::try_from(attempts.saturating_sub(1)).ok()?;
    let millis = *BACK_OFF_MS.get(index)?;
    Some(Duration::from_millis(millis + rng.below(millis / 10 + 1)))
}

impl Rules {
    /// When and how often an event is sent to each endpoint.
    pub fn deliveries(&self, kind: EventKind, behaviour: Behaviour, now: Timestamp, rng: &dyn Random) -> Vec<Delivery> {
        (0..self.endpoints).flat_map(|endpoint| self.deliveries_to(endpoint, kind, behaviour, now, rng)).collect()
    }

    fn deliveries_to(
        &self,
        endpoint: usize,
        kind: EventKind,
        behaviour: Behaviour,
        now: Timestamp,
        rng: &dyn Random,
    ) -> Vec<Delivery> {
        let mut first = now;
        if behaviour == Behaviour::OutOfOrderWebhooks && kind == EventKind::Processing {
            first = first.plus(OUT_OF_ORDER);
        }
        if behaviour == Behaviour::LateWebhooks {
            first = first.plus(self.late);
        }
        if strikes(self.faults.reorder_per_mille, rng) {
            first = first.plus(Duration::from_millis(200 + rng.below(1_800)));
        }
        if strikes(self.faults.delay_per_mille, rng) {
            first = first.plus(Duration::from_millis(self.faults.delay_ms));
        }
        let mut dues = vec![first];
        if behaviour == Behaviour::DuplicateWebhooks {
            dues.extend([first.plus(Duration::from_millis(50)), first.plus(Duration::from_millis(400))]);
        }
        if strikes(self.faults.duplicate_per_mille, rng) {
            dues.push(first.plus(Duration::from_millis(rng.below(1_000))));
        }
        let lost = strikes(self.faults.drop_first_per_mille, rng);
        dues.into_iter()
            .map(|due| {
                let pause = if lost { back_off(1, rng).unwrap_or_default() } else { Duration::ZERO };
                Delivery {
                    endpoint,
                    state: DeliveryState::Pending,
                    attempts: u32::from(lost),
                    due: due.plus(pause),
                    last_status: None,
                }
            })
            .collect()
    }
}
