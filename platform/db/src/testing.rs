//! A private database for a test, on either database.

use std::ops::Deref;

use kernel::{Random, SystemRandom};

use crate::{Db, Dialect, Location, Options, postgres};

/// Where tests find PostgreSQL: the variable `SOUK_TEST_POSTGRES`, or this.
const DEFAULT_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/test";

/// A database of one test: empty at first, gone when dropped.
pub struct TestDb {
    db: Db,
    location: Location,
}

impl TestDb {
    /// The database, to be handed on.
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// Where it lives, to be opened a second time.
    pub fn location(&self) -> Location {
        self.location.clone()
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    /// SQLite's file goes with the last clone of the `Db`; PostgreSQL's schema is dropped here, on
    /// a thread of its own, for a drop cannot wait.
    fn drop(&mut self) {
        let Location::Postgres { url, schema } = &self.location else { return };
        let (url, script) = (url.clone(), format!("SET lock_timeout = '10s'; DROP SCHEMA IF EXISTS {schema} CASCADE"));
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(postgres::run_script(&url, &script)),
                Err(e) => Err(kernel::Error::internal(e)),
            }
        });
        if let Ok(Err(e)) = dropping.join() {
            tracing::warn!(error = %e, schema, "the test's schema is left behind");
        }
    }
}

/// The PostgreSQL that tests use.
pub fn postgres_url() -> String {
    std::env::var("SOUK_TEST_POSTGRES").unwrap_or_else(|_| DEFAULT_POSTGRES.to_owned())
}

/// An empty database of its own for the test `name`. Panics if there is none to be had.
pub async fn open_test(dialect: Dialect, name: &str) -> TestDb {
    let location = match dialect {
        Dialect::Sqlite => Location::SqliteMemory,
        Dialect::Postgres => Location::Postgres { url: postgres_url(), schema: schema_name(name) },
    };
    match Db::open(location.clone(), Options::named(name)).await {
        Ok(db) => TestDb { db, location },
        Err(e) => panic!("no test database at {location:?}: {e}"),
    }
}

/// `test_<name>_<random>`, of the letters a schema may have.
fn schema_name(name: &str) -> String {
    let plain: String =
        name.to_ascii_lowercase().chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(30).collect();
    format!("test_{plain}_{:016x}", SystemRandom.below(u64::MAX))
}
