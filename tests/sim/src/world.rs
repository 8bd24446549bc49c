//! The world: databases that survive, a process that does not, and everything around it.

use std::{collections::BTreeMap, sync::Arc};

use axum::body::Body;
use bytes::Bytes;
use db::{Db, Location, Options};
use events::EventBus;
use futures::{FutureExt, future::LocalBoxFuture};
use http::{Method, Request, header};
use kernel::{Clock, Currency, Error, Identity, ManualClock, Random, Result, Secret, SeededRandom};
use runtime::{HttpOut, MemoryFiles, Platform, ServiceDef, System};
use sandbox::Rules;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    actors::Checkout,
    bus::SimBus,
    carriers::Post,
    cash,
    credits::Gift,
    faults::Fates,
    labels,
    lost::Lost,
    payees, periods,
    psp::SimPsp,
    shop::{self, Heralds},
    swarm::Swarm,
    trace::Trace,
};

/// Services that are simulated.
pub const SERVICES: [&str; 5] = ["inventory", "pricing", "orders", "payments", "shipping"];
/// Where the provider is.
pub const OUTSIDE: &str = "http://psp.sim";
/// Its keys.
pub const SECRET: &str = "sk_test_0123456789abcdef";

/// Everything there is.
pub struct World {
    pub clock: Arc<ManualClock>,
    pub random: Arc<SeededRandom>,
    pub trace: Arc<Trace>,
    pub fates: Arc<Fates>,
    pub bus: Arc<SimBus>,
    pub psp: Arc<SimPsp>,
    pub swarm: Swarm,
    pub databases: BTreeMap<&'static str, Db>,
    pub system: System,
    pub heralds: Heralds,
    pub checkouts: Vec<Checkout>,
    /// Gift cards and store credit that were asked for.
    pub gifts: Vec<Gift>,
    /// Refunds and shipments that were acknowledged: path and what was answered.
    pub acknowledged_refunds: i64,
    pub acknowledged_webhooks: Vec<String>,
    /// Webhooks that nobody will ever see.
    pub lost: Lost,
    pub acknowledged_parcels: Vec<(String, String)>,
    /// Payouts that have left the account, as the bank has said.
    pub acknowledged_payouts: Vec<String>,
    /// What the carrier tells.
    pub post: Post,
    /// The second places of stores, by their ids.
    pub cellars: BTreeMap<&'static str, String>,
    /// Payments whose money a courier has handed over.
    pub acknowledged_collections: Vec<String>,
    /// Promises that were seen broken on the way.
    pub broken: Vec<String>,
    /// Batches of jobs under way, a few per service at a time.
    pub tasks: BTreeMap<(&'static str, u64), LocalBoxFuture<'static, Result<usize>>>,
    platform: Platform,
}

/// An answer, or none: 0.
pub struct Reply {
    pub status: u16,
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Everything of ours resolves at once, or the simulation would not be one.
pub fn now<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    future.now_or_never().unwrap_or_else(|| Err(Error::internal("something waits that must not")))
}

fn services(swarm: &Swarm) -> Vec<ServiceDef> {
    let mut settings = payments::Settings::default();
    settings.sandbox.base_url = OUTSIDE.to_owned();
    settings.sandbox.secret_key = Secret::new(SECRET);
    settings.sandbox.webhook_secret = Secret::new(SECRET);
    settings.paypal = payees::settings(swarm.direct);
    settings.cash_on_delivery.limits_minor = cash::limits();
    // What has arrived can be paid out the same day: a history is hardly longer.
    settings.payouts.hold_days = 0;
    vec![
        inventory::service(inventory::Settings::default()),
        pricing::service(Currency::EUR),
        orders::service(orders::Settings::default()),
        payments::service(settings),
        shipping::service(labels::settings()),
    ]
}

fn rules(random: &SeededRandom) -> Rules {
    let mut rules = Rules { base_url: OUTSIDE.to_owned(), ..Rules::default() };
    let rate = |most: u64| if random.below(2) == 0 { 0 } else { random.below(most) as u16 };
    rules.faults.duplicate_per_mille = rate(300);
    rules.faults.reorder_per_mille = rate(300);
    rules.faults.delay_per_mille = rate(200);
    rules.faults.delay_ms = random.below(1_200_000);
    rules.faults.drop_first_per_mille = rate(300);
    rules
}

impl World {
    /// The world of a seed, with its shops open.
    pub fn new(seed: u64) -> Result<Self> {
        let random = Arc::new(SeededRandom::new(seed));
        let trace = Arc::new(Trace::default());
        let swarm = Swarm::of(&random);
        let clock = Arc::new(ManualClock::new(periods::beginning(&swarm)?));
        trace.note(format!("seed {seed}: {swarm:?}"));
        let fates = Arc::new(Fates::new(random.clone(), trace.clone(), swarm.clone()));
        let parts = || (clock.clone(), random.clone(), trace.clone(), fates.clone(), swarm.clone());
        let (a, b, c, d, e) = parts();
        let bus = Arc::new(SimBus::new(a, b, c, d, e));
        let (a, b, c, d, e) = parts();
        let psp = Arc::new(SimPsp::new(a, b, c, d, e, rules(&random)));
        let mut databases = BTreeMap::new();
        for service in SERVICES {
            let options = Options { commit_faults: Some(fates.clone()), ..Options::named(service) };
            databases.insert(service, now(Db::open(Location::SqliteInline, options))?);
        }
        let platform = platform(&databases, &clock, &random, psp.clone(), swarm.event_attempts);
        let system = start(&platform, &swarm, &bus)?;
        let mut world = Self {
            clock,
            random,
            trace,
            fates,
            bus,
            psp,
            swarm,
            databases,
            system,
            heralds: Heralds::default(),
            checkouts: Vec::new(),
            gifts: Vec::new(),
            acknowledged_refunds: 0,
            acknowledged_webhooks: Vec::new(),
            lost: Lost::default(),
            acknowledged_parcels: Vec::new(),
            acknowledged_payouts: Vec::new(),
            post: Post::default(),
            cellars: BTreeMap::new(),
            acknowledged_collections: Vec::new(),
            broken: Vec::new(),
            tasks: BTreeMap::new(),
            platform,
        };
        world.open_shops()?;
        world.fates.let_loose(true);
        Ok(world)
    }

    fn open_shops(&mut self) -> Result<()> {
        let now_is = self.clock.now();
        let mut news = Vec::new();
        for name in shop::VENDORS {
            news.push(self.heralds.envelope(&shop::opened(name)?, now_is)?);
        }
        for (of, name, price) in shop::PRODUCTS {
            let stock = 1 + self.below(self.swarm.stock) as i64;
            news.push(self.heralds.envelope(&shop::published(of, name, price, stock)?, now_is)?);
        }
        for (of, name, price) in shop::BUNDLES {
            news.push(self.heralds.envelope(&shop::bundle_published(of, name, price)?, now_is)?);
        }
        let stock = [0, 1].map(|_| 1 + self.below(self.swarm.stock) as i64);
        news.push(self.heralds.envelope(&shop::choice_published(stock)?, now_is)?);
        news.push(self.heralds.envelope(&shop::download_published(shop::DOWNLOAD)?, now_is)?);
        for envelope in news {
            for service in SERVICES {
                if let Some(inbox) = self.system.inbox(service).filter(|inbox| inbox.wants(&envelope)) {
                    now(inbox.take(envelope.clone()))?;
                }
            }
        }
        // Vendors' ways to ship travel from one service to another before anybody comes.
        self.pump_relays()?;
        self.clock.advance(std::time::Duration::from_secs(3_600));
        self.deliver_events(u32::MAX)?;
        self.fates.revive();
        self.name_senders()?;
        self.name_accounts()?;
        self.choose_schedules()?;
        self.furnish_stores()?;
        self.hand_out_codes()
    }

    /// A code that few may have, paid by halves, and something off that ends with its budget.
    fn hand_out_codes(&self) -> Result<()> {
        let begun = |promotion: Value| {
            let mut promotion = promotion;
            promotion["currency"] = "EUR".into();
            promotion["starts_at"] = "2026-01-01T00:00:00Z".into();
            promotion
        };
        let few = json!({
            "name": "Few", "code": shop::CODE, "max_uses": 1 + self.below(3), "max_uses_per_customer": 1,
            "platform_share_bp": 5_000, "effect": {"type": "percent", "percent_bp": 1_500},
        });
        let own = json!({"name": "Own", "budget_minor": 1_000, "effect": {"type": "amount_off", "amount_minor": 199}});
        let of_vendor = format!("/api/v1/vendors/{}/promotions", shop::vendor("ada"));
        let admin =
            self.send(Method::POST, "/api/v1/admin/promotions", Some(&shop::admin()), &[], Some(&begun(few)))?;
        let owner = shop::owner(shop::vendor("ada"));
        let vendor = self.send(Method::POST, &of_vendor, Some(&owner), &[], Some(&begun(own)))?;
        match (admin.status, vendor.status) {
            (201, 201) => Ok(()),
            other => Err(Error::internal(format!("the promotions were not made: {other:?}"))),
        }
    }

    /// A number below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    /// A line of the trace.
    pub fn note(&self, line: impl std::fmt::Display) {
        self.trace.note(format!("{} {line}", self.clock.now().format("%H:%M:%S%.3f")));
    }

    /// The process is gone, with all it had in mind; a new one starts over what was kept.
    pub fn restart(&mut self) -> Result<()> {
        self.tasks.clear();
        self.clock.advance(std::time::Duration::from_millis(500 + self.below(20_000)));
        self.fates.revive();
        self.fates.let_loose(false);
        self.system = start(&self.platform, &self.swarm, &self.bus)?;
        self.fates.let_loose(true);
        self.trace.mark("process restarted");
        self.note("process restarted");
        Ok(())
    }

    /// A request. Whoever asks a process that dies meanwhile gets no answer.
    pub fn send(
        &self,
        method: Method,
        path: &str,
        who: Option<&Identity>,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply> {
        let bytes = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        self.send_raw(method, path, who, headers, bytes)
    }

    /// The same with a body as it is.
    pub fn send_raw(
        &self,
        method: Method,
        path: &str,
        who: Option<&Identity>,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Reply> {
        let nothing = Reply { status: 0, body: Bytes::new() };
        if self.fates.is_dead() {
            return Ok(nothing);
        }
        let mut request = Request::builder().method(method.clone()).uri(path);
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).map_err(Error::internal)?;
        if let Some(who) = who {
            request.extensions_mut().insert(who.clone());
        }
        let router = self.system.router();
        let (status, body) = now(async move {
            let response = router.oneshot(request).await.map_err(Error::internal)?;
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
            Ok((parts.status.as_u16(), body))
        })?;
        let path = path.split('?').next().unwrap_or(path);
        if self.fates.is_dead() {
            self.note(format_args!("{method} {path} -> no answer"));
            return Ok(nothing);
        }
        self.note(format_args!("{method} {path} -> {status}"));
        Ok(Reply { status, body })
    }
}

fn platform(
    databases: &BTreeMap<&'static str, Db>,
    clock: &Arc<ManualClock>,
    random: &Arc<SeededRandom>,
    psp: Arc<dyn HttpOut>,
    event_attempts: i64,
) -> Platform {
    let opened = databases.clone();
    Platform {
        database: Arc::new(move |name| {
            let found = opened.get(name).cloned().ok_or_else(|| Error::not_found("database"));
            Box::pin(std::future::ready(found))
        }),
        migrate: true,
        relay: events::RelayMode::default(),
        clock: clock.clone(),
        random: random.clone(),
        http_out: psp,
        files: Arc::new(MemoryFiles::default()),
        caches: runtime::Caches::local(),
        master_secret: [7; 32],
        public_url: "http://souk.sim".to_owned(),
        event_attempts,
        events_kept: None,
        network: None,
    }
}

fn start(platform: &Platform, swarm: &Swarm, bus: &Arc<SimBus>) -> Result<System> {
    let bus: Arc<dyn EventBus> = bus.clone();
    let system = now(System::build_with_bus(platform, services(swarm), bus))?;
    system.stand_in("identity", shop::identity());
    for service in SERVICES {
        if let Some(jobs) = system.jobs(service) {
            now(jobs.prepare())?;
        }
    }
    Ok(system)
}
