//! For how long it is looked again at what was compared before. Pure.

use std::time::Duration;

use kernel::{Error, Result};
use serde::Deserialize;

/// The longest time for which a journal is gone through again.
const OVERLAP_DAYS_MAX: u64 = 90;
/// The longest time for which payments are looked at again.
const LOOK_BACK_DAYS_MAX: u64 = 365;

/// For how long providers' books are gone through again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReconcileSettings {
    /// Payments in a provider's journal are compared again for so many days after they were opened.
    pub overlap_days: u64,
    /// For so many days after an order was placed the provider is asked what has become of its payment; 0: not at all.
    pub look_back_days: u64,
}

impl Default for ReconcileSettings {
    fn default() -> Self {
        Self { overlap_days: 7, look_back_days: 120 }
    }
}

impl ReconcileSettings {
    /// Refuses settings with which money would be missed, or too much be asked.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: String| Err(Error::invalid(format!("payments.reconcile.{name}"), reason));
        if !(1..=OVERLAP_DAYS_MAX).contains(&self.overlap_days) {
            return wrong("overlap_days", format!("Use between 1 and {OVERLAP_DAYS_MAX} days."));
        }
        if self.look_back_days > LOOK_BACK_DAYS_MAX {
            return wrong("look_back_days", format!("Use at most {LOOK_BACK_DAYS_MAX} days, or 0."));
        }
        Ok(())
    }
    /// For how long a journal is gone through again.
    pub fn overlap(&self) -> Duration {
        days(self.overlap_days)
    }
    /// For how long payments are looked at again.
    pub fn look_back(&self) -> Duration {
        days(self.look_back_days)
    }
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 3600)
}
