//! One suite for all backends, and what only etcd promises. etcd is started here, on ports of its own.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use kernel::Kind;
use tokio::{sync::watch, time::timeout};

use super::{Backend, Discovery, Etcd, Instances, Settings, open};

/// How soon a change has to be known.
const SOON: Duration = Duration::from_secs(8);

fn listing(backend: Backend, addresses: &[&str]) -> Settings {
    let addresses = addresses.iter().map(|a| (*a).to_owned()).collect();
    let services = BTreeMap::from([("orders".to_owned(), addresses)]);
    Settings { backend, services, refresh_s: 1, ..Settings::default() }
}

async fn becomes(told: &mut watch::Receiver<Instances>, addresses: &[&str]) {
    let same = |known: &Instances| known.iter().map(|a| a.as_str()).eq(addresses.iter().copied());
    let in_time = timeout(SOON, told.wait_for(same)).await.is_ok_and(|known| known.is_ok());
    assert!(in_time, "wanted {addresses:?}, known {:?}", *told.borrow());
}

/// What every backend does. `change` sees to it that just these instances of orders are there.
async fn conforms(discovery: Arc<dyn Discovery>, change: impl AsyncFn(&[&str])) {
    let mut orders = discovery.watch("orders");
    let mut payments = discovery.watch("payments");
    change(&["127.0.0.1:7002", "127.0.0.1:7001"]).await;
    becomes(&mut orders, &["127.0.0.1:7001", "127.0.0.1:7002"]).await;
    // Whoever asks later knows it at once.
    becomes(&mut discovery.watch("orders"), &["127.0.0.1:7001", "127.0.0.1:7002"]).await;
    change(&["127.0.0.1:7002"]).await;
    becomes(&mut orders, &["127.0.0.1:7002"]).await;
    change(&["127.0.0.1:7002", "127.0.0.1:7003"]).await;
    becomes(&mut orders, &["127.0.0.1:7002", "127.0.0.1:7003"]).await;
    change(&[]).await;
    becomes(&mut orders, &[]).await;
    assert!(payments.borrow_and_update().is_empty(), "another service has nothing to do with it");
}

#[tokio::test]
async fn lists_of_the_configuration_conform() {
    let discovery = open(&listing(Backend::Static, &[])).unwrap();
    let change = async |addresses: &[&str]| discovery.reload(&listing(Backend::Static, addresses)).unwrap();
    conforms(discovery.clone(), change).await;
}

#[tokio::test]
async fn names_in_the_dns_conform() {
    let discovery = open(&listing(Backend::Dns, &[])).unwrap();
    let change = async |addresses: &[&str]| discovery.reload(&listing(Backend::Dns, addresses)).unwrap();
    conforms(discovery.clone(), change).await;
}

#[tokio::test]
async fn a_name_stands_for_its_addresses_and_one_that_fails_costs_no_knowledge() {
    let discovery = open(&listing(Backend::Dns, &["localhost:7001"])).unwrap();
    let mut orders = discovery.watch("orders");
    let known = timeout(SOON, orders.wait_for(|known| !known.is_empty())).await.unwrap().unwrap().clone();
    assert!(known.iter().any(|a| a == "127.0.0.1:7001" || a == "[::1]:7001"), "{known:?}");
    discovery.reload(&listing(Backend::Dns, &["no-such-name.invalid:7001"])).unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(*orders.borrow(), known);
}

#[tokio::test]
async fn mistakes_are_named_with_their_key() {
    for (settings, key, reason) in [
        (
            listing(Backend::Static, &["nowhere"]),
            "discovery.services.orders",
            "“nowhere” is not of the form host:port.",
        ),
        (
            Settings { services: [("ordres".to_owned(), vec![])].into(), ..Settings::default() },
            "discovery.services.ordres",
            "There is no service “ordres”.",
        ),
        (
            Settings { backend: Backend::Etcd, etcd: vec!["10.0.0.1:2379".to_owned()], ..Settings::default() },
            "discovery.etcd",
            "“10.0.0.1:2379” is not of the form http://host:port.",
        ),
    ] {
        let error = open(&settings).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert_eq!((error.fields()[0].field.as_str(), error.fields()[0].reason.as_str()), (key, reason));
    }
}

/// etcd in a folder and on ports of its own; ends with the test.
struct Server {
    process: Child,
    port: u16,
    peer_port: u16,
    folder: tempfile::TempDir,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spawn(folder: &Path, port: u16, peer_port: u16) -> std::io::Result<Child> {
    let (client, peer) = (format!("http://127.0.0.1:{port}"), format!("http://127.0.0.1:{peer_port}"));
    Command::new("etcd")
        .args(["--name", "one", "--data-dir"])
        .arg(folder)
        .args(["--listen-client-urls", &client, "--advertise-client-urls", &client])
        .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
        .args(["--initial-cluster", &format!("one={peer}"), "--unsafe-no-fsync"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

impl Server {
    /// `None`, loudly, where etcd is not installed; never in continuous integration.
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (port, peer_port) = (free_port(), free_port());
        match spawn(folder.path(), port, peer_port) {
            Ok(process) => Some(Self { process, port, peer_port, folder }),
            Err(error) => {
                let required = ["CI", "SOUK_REQUIRE_ENGINES"].iter().any(|name| std::env::var_os(name).is_some());
                assert!(!required, "etcd is required and does not start: {error}");
                eprintln!("SKIPPED: etcd is not installed ({error}); apt install etcd-server");
                None
            }
        }
    }
    fn settings(&self) -> Settings {
        // The first address answers nobody: the other one is enough.
        let etcd = vec!["http://127.0.0.1:1".to_owned(), format!("http://127.0.0.1:{}", self.port)];
        Settings { backend: Backend::Etcd, etcd, ttl_s: 2, ..Settings::default() }
    }
    fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
    fn start_again(&mut self) {
        self.process = spawn(self.folder.path(), self.port, self.peer_port).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn join(settings: &Settings, address: &str) -> Etcd {
    let member = Etcd::new(settings).unwrap();
    member.join(&["orders"], &address.parse().unwrap()).await.unwrap();
    member
}

#[tokio::test]
async fn etcd_conforms() {
    let Some(server) = Server::start() else { return };
    let members = tokio::sync::Mutex::new(BTreeMap::<String, Etcd>::new());
    let change = async |addresses: &[&str]| {
        let mut members = members.lock().await;
        for (address, member) in std::mem::take(&mut *members) {
            if addresses.contains(&address.as_str()) {
                members.insert(address, member);
            } else {
                member.leave().await;
            }
        }
        for address in addresses {
            if !members.contains_key(*address) {
                members.insert((*address).to_owned(), join(&server.settings(), address).await);
            }
        }
    };
    conforms(open(&server.settings()).unwrap(), change).await;
}

#[tokio::test]
async fn whoever_dies_is_gone_from_etcd_within_seconds() {
    let Some(server) = Server::start() else { return };
    let mut orders = open(&server.settings()).unwrap().watch("orders");
    let watching = open(&server.settings()).unwrap();
    let mut known = watching.watch("orders");
    let dies = join(&server.settings(), "127.0.0.1:7001").await;
    let lives = join(&server.settings(), "127.0.0.1:7002").await;
    becomes(&mut known, &["127.0.0.1:7001", "127.0.0.1:7002"]).await;
    // Dropped without a word: nobody renews its lease any more.
    drop(dies);
    becomes(&mut known, &["127.0.0.1:7002"]).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    becomes(&mut known, &["127.0.0.1:7002"]).await;
    lives.leave().await;
    becomes(&mut known, &[]).await;
    assert!(orders.has_changed().is_err(), "a discovery that was dropped watches no longer");
    assert!(orders.borrow_and_update().is_empty());
}

#[tokio::test]
async fn an_outage_of_etcd_costs_news_and_nothing_else() {
    let Some(mut server) = Server::start() else { return };
    let watching = open(&server.settings()).unwrap();
    let mut known = watching.watch("orders");
    let _first = join(&server.settings(), "127.0.0.1:7001").await;
    becomes(&mut known, &["127.0.0.1:7001"]).await;
    server.stop();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(known.borrow().len(), 1, "what was known is still known");
    server.start_again();
    let _second = join(&server.settings(), "127.0.0.1:7002").await;
    becomes(&mut known, &["127.0.0.1:7001", "127.0.0.1:7002"]).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    becomes(&mut known, &["127.0.0.1:7001", "127.0.0.1:7002"]).await;
}
