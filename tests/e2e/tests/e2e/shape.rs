//! In which shape the marketplace is tested: `SOUK_E2E_SHAPE` is `sqlite` (one process, the default)
//! or `postgres` (one process on PostgreSQL). The scenarios do not know.

use std::future::Future;

use kernel::{Random, SystemRandom};
use tokio_postgres::{Client, NoTls};

/// Where tests find PostgreSQL, unless `SOUK_TEST_POSTGRES` says.
const DEFAULT_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/test";

/// How the program is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One process, a file per service.
    Sqlite,
    /// One process, a schema per service.
    Postgres,
}

impl Shape {
    /// As the environment says.
    pub fn wanted() -> Self {
        match std::env::var("SOUK_E2E_SHAPE").as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("SOUK_E2E_SHAPE={other}: it is sqlite or postgres"),
        }
    }
}

/// A PostgreSQL database of one test: empty at first, gone when dropped.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    pub fn create() -> Self {
        let server = std::env::var("SOUK_TEST_POSTGRES").unwrap_or_else(|_| DEFAULT_POSTGRES.to_owned());
        let database = Self { server, name: format!("souk_e2e_{:016x}", SystemRandom.below(u64::MAX)) };
        on_server(&database.server, &format!("CREATE DATABASE {}", database.name));
        database
    }
    /// `postgres://…/souk_e2e_…`
    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("postgres://host/database");
        format!("{server}/{}", self.name)
    }
    /// Runs `work` on a connection, on a thread of its own: a drop cannot wait, and some tests run in no runtime.
    pub fn with<T, F>(&self, work: impl FnOnce(Client) -> F + Send) -> T
    where
        T: Send,
        F: Future<Output = T>,
    {
        connected(&self.url(), work)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        on_server(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn on_server(server: &str, sql: &str) {
    connected(server, async |client: Client| client.batch_execute(sql).await.expect("PostgreSQL does as told"));
}

fn connected<T, F>(url: &str, work: impl FnOnce(Client) -> F + Send) -> T
where
    T: Send,
    F: Future<Output = T>,
{
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let all = async || {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL answers");
        tokio::spawn(connection);
        work(client).await
    };
    std::thread::scope(|threads| threads.spawn(|| runtime().block_on(all())).join().expect("the work"))
}
