//! In which shape the marketplace is tested: `SOUK_E2E_SHAPE` is `sqlite` (one process, the default),
//! `postgres` (one process on PostgreSQL) or `cluster` (a process per service, with RabbitMQ, Redis and etcd between
//! them).
//! The scenarios do not know.

use std::{
    future::Future,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use adapters::rabbitmq;
use contracts::SERVICES;
use db::testing::OwnDatabase;
use kernel::{Random, SystemRandom};
use tokio_postgres::{Client, NoTls};

use crate::process::PORTS;

/// How the program is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One process, a file per service.
    Sqlite,
    /// One process, a schema per service.
    Postgres,
    /// `souk cluster`: a process per service on one PostgreSQL, RabbitMQ, Redis and etcd between them.
    Cluster,
}

impl Shape {
    /// As the environment says.
    pub fn wanted() -> Self {
        match std::env::var("SOUK_E2E_SHAPE").as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok("cluster") => Self::Cluster,
            Ok(other) => panic!("SOUK_E2E_SHAPE={other}: it is sqlite, postgres or cluster"),
        }
    }
}

/// Processes of the gateway and of each service of a cluster: `SOUK_E2E_INSTANCES`, one if it does not say.
pub fn instances() -> usize {
    std::env::var("SOUK_E2E_INSTANCES").map_or(1, |text| text.parse().expect("SOUK_E2E_INSTANCES is a number"))
}

/// A PostgreSQL database of one test: empty at first, gone when dropped, with its roles.
pub struct Database {
    own: OwnDatabase,
}

impl Database {
    pub fn create() -> Self {
        Self { own: on_a_thread(OwnDatabase::new) }
    }
    /// The URL of a role for each service, which owns nothing, with `{service}` in its name.
    pub fn url(&self) -> String {
        self.own.url()
    }
    /// The URL of who makes these roles, and what they use.
    pub fn admin_url(&self) -> String {
        self.own.admin_url()
    }
    /// Ends all connections there are, whatever they are in the middle of.
    pub fn cut_connections(&self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.with(async |client| client.batch_execute(sql).await.expect("PostgreSQL does as told"));
    }
    /// Runs `work` on a connection of the administrator, whom no row-level security binds.
    pub fn with<T, F>(&self, work: impl FnOnce(Client) -> F + Send) -> T
    where
        T: Send,
        F: Future<Output = T>,
    {
        let url = self.admin_url();
        on_a_thread(async || {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("PostgreSQL answers");
            tokio::spawn(connection);
            work(client).await
        })
    }
}

/// On a thread and a runtime of its own: a drop cannot wait, and some tests run in no runtime.
fn on_a_thread<T, F>(work: impl FnOnce() -> F + Send) -> T
where
    T: Send,
    F: Future<Output = T>,
{
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::scope(|threads| threads.spawn(|| runtime().block_on(work())).join().expect("the work"))
}

/// Where RabbitMQ is, unless `SOUK_TEST_RABBITMQ` says.
const DEFAULT_RABBITMQ: &str = "amqp://guest:guest@127.0.0.1:5672/%2f";

/// What begins a test's names at RabbitMQ; what is there under them goes when it is dropped.
pub struct Broker {
    pub prefix: String,
}

impl Broker {
    pub fn new() -> Self {
        Self { prefix: format!("souk_e2e_{:016x}", SystemRandom.below(u64::MAX)) }
    }
    /// `amqp://…`
    pub fn url() -> String {
        std::env::var("SOUK_TEST_RABBITMQ").unwrap_or_else(|_| DEFAULT_RABBITMQ.to_owned())
    }
    /// Restarts RabbitMQ: everybody loses the connection, what is durable stays.
    pub fn restart() {
        for command in ["stop_app", "start_app"] {
            // It lets in its own user and root alone.
            let ways: [&[&str]; 2] = [&["rabbitmqctl"], &["sudo", "--non-interactive", "rabbitmqctl"]];
            let is_done = ways.iter().any(|way| {
                let done = Command::new(way[0]).args(&way[1..]).args(["--quiet", command]).status();
                done.is_ok_and(|status| status.success())
            });
            assert!(is_done, "rabbitmqctl {command}");
        }
    }
}

/// etcd, in a folder and on ports of its own.
pub struct Etcd {
    process: Child,
    pub url: String,
}

impl Etcd {
    /// Starts it in `dir`, on the last two of the ports that begin at `first`.
    pub fn start(dir: &Path, first: SocketAddr) -> Self {
        let address = |below: u16| format!("http://127.0.0.1:{}", first.port() + PORTS - below);
        let (url, peer) = (address(1), address(2));
        let process = Command::new("etcd")
            .args(["--name", "one", "--data-dir"])
            .arg(dir.join("etcd"))
            .args(["--listen-client-urls", &url, "--advertise-client-urls", &url])
            .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
            .args(["--initial-cluster", &format!("one={peer}"), "--unsafe-no-fsync"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self { process: process.expect("etcd is installed (apt install etcd-server)"), url }
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let removed = on_a_thread(async || rabbitmq::remove(&Self::url(), &self.prefix, SERVICES).await);
        if let Err(error) = removed {
            eprintln!("what is called {} is left behind at RabbitMQ: {error}", self.prefix);
        }
    }
}
