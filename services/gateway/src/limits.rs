//! Rate limits per client: a token bucket each, remembered while it matters.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};

type Buckets = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// What is left of a client's allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests at once.
    pub limit: u32,
    /// Of which are left.
    pub remaining: u32,
    /// Seconds until the bucket is full again.
    pub reset_s: u64,
    /// The client has to wait.
    pub exceeded: bool,
}

/// One kind of limit.
pub struct Limit {
    buckets: Buckets,
    burst: u32,
    interval: Duration,
    clock: DefaultClock,
}

impl Limit {
    /// `per_period` requests in `period` in the long run, `burst` at once; `None` if turned off.
    pub fn new(per_period: u32, period: Duration, burst: u32) -> Option<Self> {
        let burst = NonZeroU32::new(burst.max(1))?;
        let interval = period.checked_div(NonZeroU32::new(per_period)?.get())?;
        let quota = Quota::with_period(interval)?.allow_burst(burst);
        let buckets = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Some(Self { buckets, burst: burst.get(), interval, clock: DefaultClock::default() })
    }

    /// Takes one request off a client's allowance.
    pub fn take(&self, client: IpAddr) -> Allowance {
        match self.buckets.check_key(&network(client)) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let reset_s = (self.interval * (self.burst - remaining)).as_secs();
                Allowance { limit: self.burst, remaining, reset_s, exceeded: false }
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                Allowance { limit: self.burst, remaining: 0, reset_s: wait.as_secs() + 1, exceeded: true }
            }
        }
    }

    /// Forgets clients whose buckets are full again.
    pub fn forget_idle(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// A client with IPv6 owns a whole /64, so that is what is counted.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => {
                let s = v6.segments();
                IpAddr::V6(std::net::Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
            }
        },
    }
}
