//! The stand-in for Stripe as a process of its own: `FAKE_STRIPE_LISTEN` (127.0.0.1:8091), `FAKE_STRIPE_KEY`,
//! `FAKE_STRIPE_WEBHOOK_SECRET`, `FAKE_STRIPE_WEBHOOK_URL`.

use std::{env, sync::Arc, time::Duration};

use gateways::{
    Faults,
    stripe::{Config, FakeStripe},
};
use kernel::{Secret, SystemClock, SystemRandom};
use sandbox::HttpDeliver;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = |name: &str, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let listen = set("FAKE_STRIPE_LISTEN", "127.0.0.1:8091");
    let config = Config {
        secret_key: Secret::new(set("FAKE_STRIPE_KEY", "sk_test_0123456789")),
        webhook_secret: Secret::new(set("FAKE_STRIPE_WEBHOOK_SECRET", "whsec_0123456789abcdef")),
        webhook_url: set("FAKE_STRIPE_WEBHOOK_URL", "http://127.0.0.1:8080/webhooks/stripe"),
        base_url: format!("http://{listen}"),
        hold: Duration::from_secs(30),
        faults: Faults::default(),
    };
    let fake = FakeStripe::new(config, Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(HttpDeliver::new()));
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    let pumped = fake.clone();
    tokio::spawn(async move {
        loop {
            if let Err(error) = pumped.pump().await {
                eprintln!("{error}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    println!("A stand-in for Stripe at http://{listen}");
    axum::serve(listener, fake.router()).await?;
    Ok(())
}
