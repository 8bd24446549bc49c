//! Prints what a payment by token costs: `cargo run --release -p sandbox --example measure`.

use std::{sync::Arc, time::Instant};

use kernel::{Clock, Currency, Result, Secret, SystemClock, SystemRandom};
use sandbox::{Call, Command, Config, Gateway, HttpDeliver, JournalAt, NewPayment, Rules, Sqlite};

const CALLERS: u32 = 64;
const EACH: u32 = 300;

fn call(reference: String) -> Call {
    let new = NewPayment {
        amount_minor: 4_990,
        currency: Currency::EUR,
        reference: reference.clone(),
        description: "A blue mug".to_owned(),
        return_url: Some("http://shop.test/return".to_owned()),
        cancel_url: None,
        capture: true,
        payment_token: Some("tok_visa".to_owned()),
        metadata: Default::default(),
    };
    Call { key: Some(reference), command: Command::Create(new) }
}

/// The core and its tables alone, in groups of 64, without a disk.
fn core() -> Result<()> {
    let mut gateway = Gateway::new(Rules::default(), Sqlite::open(None)?);
    let start = Instant::now();
    for group in 0..EACH {
        gateway.store().begin()?;
        for n in 0..CALLERS {
            gateway.apply(&call(format!("order-{group}-{n}")), SystemClock.now(), &SystemRandom)?;
        }
        gateway.store().commit()?;
    }
    println!("core: {:?} per payment", start.elapsed() / (CALLERS * EACH));
    Ok(())
}

/// Through the journal's thread, every answer on disk.
async fn durable() -> Result<()> {
    let folder = tempfile::tempdir().map_err(kernel::Error::internal)?;
    let secrets = (Secret::new("sk_test_0123456789"), Secret::new("whsec_0123456789"));
    let mut config = Config::new("http://shop.test", secrets.0, secrets.1);
    config.journal = JournalAt::Path(folder.path().join("journal.db"));
    let deliver = Arc::new(HttpDeliver::new());
    let sandbox = sandbox::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), deliver).await?;
    let start = Instant::now();
    let callers = (0..CALLERS).map(|caller| {
        let sandbox = sandbox.clone();
        async move {
            for n in 0..EACH {
                sandbox.apply(call(format!("order-{caller}-{n}"))).await?;
            }
            Ok::<(), kernel::Error>(())
        }
    });
    futures::future::try_join_all(callers).await?;
    let millis = start.elapsed().as_millis().max(1);
    println!("durable, {CALLERS} callers: {} payments per second", u128::from(CALLERS * EACH) * 1_000 / millis);
    assert_eq!(sandbox.summary().await?.payments, i64::from(CALLERS * EACH));
    sandbox.close().await;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    core()?;
    durable().await
}
