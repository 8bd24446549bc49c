//! The stand-in for Midtrans as a process of its own: `FAKE_MIDTRANS_LISTEN` (127.0.0.1:8093), `FAKE_MIDTRANS_KEY`,
//! `FAKE_MIDTRANS_WEBHOOK_URL`.

use std::{env, sync::Arc, time::Duration};

use gateways::{
    Faults,
    midtrans::{Config, FakeMidtrans},
};
use kernel::{Secret, SystemClock, SystemRandom};
use sandbox::HttpDeliver;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = |name: &str, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let listen = set("FAKE_MIDTRANS_LISTEN", "127.0.0.1:8093");
    let config = Config {
        server_key: Secret::new(set("FAKE_MIDTRANS_KEY", "SB-Mid-server-0123456789")),
        webhook_url: set("FAKE_MIDTRANS_WEBHOOK_URL", "http://127.0.0.1:8080/webhooks/midtrans"),
        base_url: format!("http://{listen}"),
        hold: Duration::from_secs(30),
        faults: Faults::default(),
    };
    let fake = FakeMidtrans::new(config, Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(HttpDeliver::new()));
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
    println!("A stand-in for Midtrans at http://{listen}");
    axum::serve(listener, fake.router()).await?;
    Ok(())
}
