//! Calls over real sockets, to servers that can be killed and made to hang.

mod failing;
mod inbound;
mod machine;

use std::{sync::Arc, time::Duration};

use contracts::{Call, Method, Reply, Transport};
use http::uri::Authority;
use kernel::{Identity, ManualClock, Result, SystemRandom};
use machine::Machine;

use super::{Directory, Network, ServiceTokens};
use crate::discovery::{self, Settings};

/// A caller of the service “orders”, and what lies between.
struct Caller {
    network: Arc<Network>,
    orders: Arc<dyn Transport>,
}

fn tokens() -> Arc<ServiceTokens> {
    let clock = Arc::new(ManualClock::new("2026-01-15T12:00:00Z".parse().unwrap()));
    Arc::new(ServiceTokens::new(&[7; 32], clock))
}

impl Caller {
    fn of(machines: &[&Machine]) -> Self {
        Self::at(machines.iter().map(|m| m.address().to_string()).collect())
    }

    fn at(addresses: Vec<String>) -> Self {
        let services = [("orders".to_owned(), addresses)].into();
        let discovery = discovery::open(&Settings { services, ..Settings::default() }).unwrap();
        let network = Network::new(discovery, tokens(), Arc::new(SystemRandom));
        let orders = Directory::new(Some(network.clone())).transport("orders");
        Self { network, orders }
    }

    async fn get(&self, path: &str, timeout: Duration) -> Result<Reply> {
        let mut call = Call::new(Method::get, path.to_owned(), Identity::Anonymous);
        call.timeout = timeout;
        self.orders.call(call).await
    }

    async fn post(&self, path: &str, headers: Vec<(&'static str, String)>) -> Result<Reply> {
        let mut call = Call::new(Method::post, path.to_owned(), Identity::Anonymous);
        call.headers = headers;
        self.orders.call(call).await
    }

    fn is_in(&self, address: &Authority) -> bool {
        let instances = self.network.upstream("orders").instances();
        instances.iter().any(|instance| instance.authority == *address && instance.is_in())
    }

    /// Waits until the instance is in, or left out; tells how long that took.
    async fn until(&self, address: &Authority, is_in: bool) -> Duration {
        let begin = tokio::time::Instant::now();
        while self.is_in(address) != is_in {
            assert!(begin.elapsed() < Duration::from_secs(20), "it stays {}", if is_in { "out" } else { "in" });
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        begin.elapsed()
    }
}

const SECOND: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(10);
