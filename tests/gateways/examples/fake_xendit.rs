//! The stand-in for Xendit as a process of its own: `FAKE_XENDIT_LISTEN` (127.0.0.1:8092), `FAKE_XENDIT_KEY`,
//! `FAKE_XENDIT_WEBHOOK_TOKEN`, `FAKE_XENDIT_WEBHOOK_URL`.

use std::{env, sync::Arc, time::Duration};

use gateways::{
    Faults,
    xendit::{Config, FakeXendit},
};
use kernel::{Secret, SystemClock, SystemRandom};
use sandbox::HttpDeliver;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = |name: &str, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let listen = set("FAKE_XENDIT_LISTEN", "127.0.0.1:8092");
    let config = Config {
        secret_key: Secret::new(set("FAKE_XENDIT_KEY", "xnd_development_0123456789")),
        webhook_token: Secret::new(set("FAKE_XENDIT_WEBHOOK_TOKEN", "token-of-the-webhooks")),
        webhook_url: set("FAKE_XENDIT_WEBHOOK_URL", "http://127.0.0.1:8080/webhooks/xendit"),
        base_url: format!("http://{listen}"),
        hold: Duration::from_secs(30),
        faults: Faults::default(),
    };
    let fake = FakeXendit::new(config, Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(HttpDeliver::new()));
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
    println!("A stand-in for Xendit at http://{listen}");
    axum::serve(listener, fake.router()).await?;
    Ok(())
}
