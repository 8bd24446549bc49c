//! A private database for a test.

use std::ops::Deref;

use kernel::Error;

use crate::{Db, Dialect, Location, Options};

/// A database of one test; gone when dropped.
pub struct TestDb {
    db: Db,
}

impl TestDb {
    /// The database.
    pub fn db(&self) -> Db {
        self.db.clone()
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// An empty database of its own for the test `name`. Panics if there is none to be had.
pub async fn open_test(dialect: Dialect, name: &str) -> TestDb {
    let location = match dialect {
        Dialect::Sqlite => Location::SqliteMemory,
        Dialect::Postgres => {
            Location::Postgres { url: "postgres://postgres@127.0.0.1:5432/test".to_owned(), schema: name.to_owned() }
        }
    };
    let db = Db::open(location, Options::named(name)).await.unwrap_or_else(|e: Error| panic!("no test database: {e}"));
    TestDb { db }
}
