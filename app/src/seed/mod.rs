//! Seeds a living marketplace: real services, a clock that runs from three months ago to now.
//!
//! Nothing is written past the services: accounts register, shops apply and are approved, products
//! are published with their pictures, buyers pay at the sandbox gateway, shops ship and are paid, buyers review.

mod bundles;
mod payouts;
mod people;
mod prices;
mod printables;
mod searching;
mod shops;
mod storerooms;
mod story;
mod trade;
mod voices;

use std::{sync::Arc, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock, Currency, Error, ManualClock, Result, SeededRandom, SystemClock, SystemRandom, Timestamp};

use crate::{
    compose::{Conditions, Souk, compose},
    config::Config,
};

pub use people::{Credential, Credentials};

/// How much is seeded.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Products in all, taken evenly from the shops.
    pub products: usize,
    /// Pictures per product.
    pub pictures: usize,
    /// Days of past orders.
    pub days: i64,
    /// Orders on an ordinary day at the end of the period.
    pub orders_per_day: u64,
}

impl Size {
    /// A market as the demo shows it.
    pub const FULL: Self = Self { products: usize::MAX, pictures: 3, days: 90, orders_per_day: 9 };
}

/// What the parts of the seeding share.
pub(crate) struct Seeding {
    pub souk: Souk,
    pub clock: Arc<ManualClock>,
    /// The same market on every machine.
    pub dice: SeededRandom,
    pub size: Size,
    pub now: Timestamp,
    /// What everything is priced in.
    pub currency: Currency,
    bar: ProgressBar,
}

impl Seeding {
    /// Says what is being done, and how many steps it has.
    pub fn step(&self, what: &str, length: u64) {
        self.bar.set_message(what.to_owned());
        self.bar.set_length(length.max(1));
        self.bar.set_position(0);
    }
    /// One step further.
    pub fn tick(&self) {
        self.bar.inc(1);
    }
    /// Lets everything that was set going arrive.
    pub async fn settle(&self) -> Result<()> {
        loop {
            self.souk.system.settle().await?;
            let told = match &self.souk.sandbox {
                Some(sandbox) => sandbox.pump().await?,
                None => 0,
            };
            if told == 0 {
                return Ok(());
            }
        }
    }
}

/// Seeds the data folder of `config`, which must be empty.
pub async fn seed(config: &Config, size: Size) -> Result<Credentials> {
    let now = SystemClock.now();
    let begin = Timestamp::of_day(now.day() - size.days - 7).plus(Duration::from_secs(8 * 3600));
    let clock = Arc::new(ManualClock::new(begin));
    let conditions =
        Conditions { clock: clock.clone(), random: Arc::new(SystemRandom), synchronous: db::Synchronous::Off };
    let souk = compose(config, &[], conditions).await?;
    let style = ProgressStyle::with_template("  {msg:28} {bar:32} {percent:>3} %").map_err(Error::internal)?;
    let bar = ProgressBar::new(1).with_style(style);
    let currency = config.shop.currency;
    let seeding = Seeding { souk, clock, dice: SeededRandom::new(2611), size, now, currency, bar };

    let market = demo::market();
    let people = people::open_accounts(&seeding, config, &market).await?;
    let shops = shops::open_shops(&seeding, &market, &people).await?;
    payouts::accounts(&seeding, &market, &people, &shops).await?;
    searching::synonyms(&seeding, &people).await?;
    trade::trade(&seeding, &market, &people, &shops).await?;

    seeding.clock.set(now);
    seeding.settle().await?;
    storerooms::arrange(&seeding, &market, &shops).await?;
    bundles::pack(&seeding, &market, &shops).await?;
    printables::publish(&seeding, &market, &people, &shops).await?;
    seeding.bar.finish_and_clear();
    if let Some(sandbox) = &seeding.souk.sandbox {
        sandbox.close().await;
    }
    seeding.souk.system.stop().await;
    let vendor_id = market.vendors.first().and_then(|v| shops.by_slug.get(v.slug)).map(|shop| shop.vendor_id);
    Ok(Credentials { vendor_id, ..people.credentials })
}
