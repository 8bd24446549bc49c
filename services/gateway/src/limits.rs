//! Rate limits: a token bucket for each client, account and store. Where processes share a place for
//! buckets they take from there; where it does not answer, each of them counts for itself.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use kernel::{AccountId, Principal, VendorId};
use runtime::{
    WhileItAnswers,
    limits::{Bucket, SharedBuckets, Taken},
};

use crate::Settings;

/// How long the shared buckets are waited for.
const PATIENCE: Duration = Duration::from_millis(50);

type Buckets = RateLimiter<Who, DashMapStateStore<Who>, DefaultClock, StateInformationMiddleware>;

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// An address, of IPv6 the network: a client there owns a whole /64.
    Client(IpAddr),
    /// An account, from wherever it calls.
    Account(AccountId),
    /// The staff of a store together.
    Store(VendorId),
}

impl Who {
    /// Who calls from this address.
    pub fn client(address: IpAddr) -> Self {
        Self::Client(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => {
                    let s = v6.segments();
                    IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
                }
            },
        })
    }

    fn key(self, kind: &str) -> String {
        match self {
            Self::Client(address) => format!("limit:{kind}:{address}"),
            Self::Account(id) => format!("limit:{kind}:{id}"),
            Self::Store(id) => format!("limit:{kind}:{id}"),
        }
    }
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests at once.
    pub limit: u32,
    /// Of which are left.
    pub remaining: u32,
    /// Seconds until the bucket is full again, or, if it is empty, until it is worth trying again.
    pub reset_s: u64,
    /// Whoever it is has to wait.
    pub exceeded: bool,
}

/// All limits of the edge.
pub struct Limits {
    general: Option<Limit>,
    sensitive: Option<Limit>,
    account: Option<Limit>,
    store: Option<Limit>,
    shared: Option<Shared>,
}

impl Limits {
    /// The limits that `settings` turn on.
    pub fn new(settings: &Settings, shared: Option<Arc<dyn SharedBuckets>>) -> Self {
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        let sensitive = settings.sensitive_per_minute;
        if !settings.limits {
            return Self { general: None, sensitive: None, account: None, store: None, shared: None };
        }
        Self {
            general: Limit::new("client", settings.requests_per_second, second, settings.burst),
            sensitive: Limit::new("sensitive", sensitive, minute, sensitive),
            account: Limit::new("account", settings.account_requests_per_second, second, settings.account_burst),
            store: Limit::new("store", settings.store_requests_per_second, second, settings.store_burst),
            shared: shared.map(|buckets| Shared { buckets, answering: WhileItAnswers::new("limits", PATIENCE) }),
        }
    }

    /// Takes one request off every allowance it counts for; tells of the one that is exceeded, or else of
    /// the one of which least is left. None if nothing is limited.
    pub async fn take(&self, client: IpAddr, is_sensitive: bool, person: Option<&Principal>) -> Option<Allowance> {
        let client = Who::client(client);
        let account = person.map(|person| Who::Account(person.account_id));
        let store = person.and_then(|person| person.vendors.first()).map(|of| Who::Store(of.vendor_id));
        let counted = [
            (&self.general, Some(client)),
            (&self.sensitive, is_sensitive.then_some(client)),
            (&self.account, account),
            (&self.store, store),
        ];
        let mut tightest: Option<Allowance> = None;
        for (limit, who) in counted {
            let (Some(limit), Some(who)) = (limit, who) else { continue };
            let allowance = limit.take(who, self.shared.as_ref()).await;
            if allowance.exceeded {
                return Some(allowance);
            }
            tightest = tightest.filter(|known| known.remaining <= allowance.remaining).or(Some(allowance));
        }
        tightest
    }

    /// Forgets those whose buckets are full again.
    pub fn forget_idle(&self) {
        [&self.general, &self.sensitive, &self.account, &self.store].into_iter().flatten().for_each(Limit::forget_idle);
    }
}

/// One kind of limit.
struct Limit {
    kind: &'static str,
    buckets: Buckets,
    bucket: Bucket,
    clock: DefaultClock,
}

impl Limit {
    /// `per_period` requests in `period` in the long run, `burst` at once; `None` if turned off.
    fn new(kind: &'static str, per_period: u32, period: Duration, burst: u32) -> Option<Self> {
        let burst = NonZeroU32::new(burst.max(1))?;
        let interval = period.checked_div(NonZeroU32::new(per_period)?.get())?;
        let quota = Quota::with_period(interval)?.allow_burst(burst);
        let buckets = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Some(Self { kind, buckets, bucket: Bucket { interval, burst: burst.get() }, clock: DefaultClock::default() })
    }

    async fn take(&self, who: Who, shared: Option<&Shared>) -> Allowance {
        let taken = match shared {
            Some(shared) => shared.answering.ask(shared.buckets.take(who.key(self.kind), self.bucket)).await,
            None => None,
        };
        let limit = self.bucket.burst;
        match taken.unwrap_or_else(|| self.take_here(who)) {
            Taken::Granted { remaining, full_in } => {
                Allowance { limit, remaining, reset_s: full_in.as_secs(), exceeded: false }
            }
            Taken::Refused { wait, .. } => {
                Allowance { limit, remaining: 0, reset_s: wait.as_secs() + 1, exceeded: true }
            }
        }
    }

    fn take_here(&self, who: Who) -> Taken {
        let Bucket { interval, burst } = self.bucket;
        match self.buckets.check_key(&who) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                Taken::Granted { remaining, full_in: interval * (burst - remaining) }
            }
            Err(not_until) => {
                Taken::Refused { wait: not_until.wait_time_from(self.clock.now()), full_in: interval * burst }
            }
        }
    }

    fn forget_idle(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// Buckets of several edges, asked only while they answer.
struct Shared {
    buckets: Arc<dyn SharedBuckets>,
    answering: WhileItAnswers,
}
