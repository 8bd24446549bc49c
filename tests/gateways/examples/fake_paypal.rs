//! The stand-in for PayPal as a process of its own: `FAKE_PAYPAL_LISTEN` (127.0.0.1:8094), `FAKE_PAYPAL_CLIENT`,
//! `FAKE_PAYPAL_SECRET`, `FAKE_PAYPAL_WEBHOOK_ID`, `FAKE_PAYPAL_WEBHOOK_URL`.

use std::{env, sync::Arc, time::Duration};

use gateways::{
    Faults,
    paypal::{Config, FakePayPal},
};
use kernel::{SystemClock, SystemRandom};
use sandbox::HttpDeliver;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = |name: &str, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let listen = set("FAKE_PAYPAL_LISTEN", "127.0.0.1:8094");
    let config = Config {
        client_id: set("FAKE_PAYPAL_CLIENT", "app-1"),
        client_secret: set("FAKE_PAYPAL_SECRET", "secret-of-the-app"),
        webhook_id: set("FAKE_PAYPAL_WEBHOOK_ID", "WH-ID-1"),
        webhook_url: set("FAKE_PAYPAL_WEBHOOK_URL", "http://127.0.0.1:8080/webhooks/paypal"),
        base_url: format!("http://{listen}"),
        hold: Duration::from_secs(30),
        faults: Faults::default(),
    };
    let fake = FakePayPal::new(config, Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(HttpDeliver::new()));
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
    println!("A stand-in for PayPal at http://{listen}");
    axum::serve(listener, fake.router()).await?;
    Ok(())
}
