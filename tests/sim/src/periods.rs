//! The end of a period: the clock comes to it while all else goes on, and two schedulers at once make the runs that begin then.

use std::time::Duration;

use db::params;
use http::Method;
use kernel::{Clock, Error, Result, Timestamp};
use serde_json::json;

use crate::{
    shop,
    swarm::Swarm,
    world::{World, now},
};

/// A day like any other, on which nothing ends.
const NOON: &str = "2026-01-15T12:00:00Z";
/// A Sunday that is the last day of its month: the day, the week and the month all end at midnight.
const EVENING: &str = "2026-05-31T22:30:00Z";
/// How close to midnight the clock comes, at most.
const CLOSE_MS: u64 = 20_000;

/// When a history begins.
pub fn beginning(swarm: &Swarm) -> Result<Timestamp> {
    if swarm.evening { EVENING.parse() } else { NOON.parse() }
}

impl World {
    /// Whether the periods of the evening have ended.
    fn is_after_midnight(&self) -> Result<bool> {
        Ok(self.swarm.evening && self.clock.now().day() > EVENING.parse::<Timestamp>()?.day())
    }

    /// One vendor is paid daily, the other one as the platform has it: weekly.
    pub fn choose_schedules(&self) -> Result<()> {
        if !self.swarm.evening {
            return Ok(());
        }
        let vendor = shop::vendor(shop::VENDORS[1]);
        let path = format!("/api/v1/vendors/{vendor}/payout-terms");
        let daily = json!({"schedule": "daily"});
        match self.send(Method::PUT, &path, Some(&shop::owner(vendor)), &[], Some(&daily))?.status {
            200 => Ok(()),
            other => Err(Error::internal(format!("the schedule was not chosen: {other}"))),
        }
    }

    /// The clock comes to midnight; what was begun goes on over it.
    pub fn come_to_the_end(&mut self) -> Result<()> {
        if !self.swarm.evening || self.is_after_midnight()? {
            return Ok(());
        }
        let is_at = self.clock.now();
        let left = Timestamp::of_day(is_at.day() + 1).since(is_at);
        self.clock.advance(left.saturating_sub(Duration::from_millis(self.below(CLOSE_MS))));
        self.trace.mark("week and month ended");
        self.note("the week and the month end");
        Ok(())
    }

    /// Another scheduler begins what one has begun or done, as if it had looked before the other one wrote down that it is
    /// done, or held the job: the timers are due, and no run is known to be over.
    pub fn schedule_again(&mut self) -> Result<()> {
        if self.fates.is_dead() || !self.is_after_midnight()? || self.below(6) > 0 {
            return Ok(());
        }
        let Some(payments) = self.databases.get("payments").cloned() else { return Ok(()) };
        let at_work = "SELECT count(*) FROM jobs WHERE kind IN ('pay_out', 'issue_invoices') AND lease_until > $1";
        let at_work = self.count("payments", at_work, params![self.clock.now()])?;
        let paid = "SELECT count(*) FROM payouts WHERE period NOT LIKE 'manual %'";
        let paid = self.count("payments", paid, params![])?;
        let is_at = self.clock.now();
        let written = payments.write(async move |tx| {
            tx.exec("DELETE FROM payout_runs", params![]).await?;
            tx.exec("DELETE FROM invoice_runs", params![]).await?;
            let due = "UPDATE jobs SET due_at = $1, lease_until = 0 WHERE kind IN ('pay_out', 'issue_invoices')";
            tx.exec(due, params![is_at]).await
        });
        let timers = self.forgive("another scheduler", now(written));
        if timers > 0 && at_work + paid > 0 {
            self.trace.mark("run made by two schedulers");
        }
        self.note(format_args!("another scheduler: {at_work} at work, {paid} paid"));
        Ok(())
    }
}
