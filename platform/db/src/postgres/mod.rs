//! PostgreSQL.

use kernel::Result;
use tokio::sync::watch;

use crate::{Options, Row, Stats, Tx, Value, error};

/// A PostgreSQL schema.
pub(crate) enum PgDb {}

/// An open transaction.
pub(crate) enum PgTx {}

impl PgDb {
    pub(crate) async fn open(_url: &str, _schema: &str, _options: Options) -> Result<Self> {
        Err(error::unavailable("PostgreSQL is not supported yet"))
    }
    pub(crate) async fn all(&self, _sql: &str, _params: &[Value]) -> Result<Vec<Row>> {
        match *self {}
    }
    pub(crate) async fn opt(&self, _sql: &str, _params: &[Value]) -> Result<Option<Row>> {
        match *self {}
    }
    pub(crate) async fn prepare(&self, _sql: &str) -> Result<()> {
        match *self {}
    }
    pub(crate) async fn write<T, F>(&self, _body: F) -> Result<T>
    where
        F: AsyncFn(&mut Tx) -> Result<T>,
    {
        match *self {}
    }
    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        match *self {}
    }
    pub(crate) fn observe(&self) -> Stats {
        match *self {}
    }
    pub(crate) async fn close(&self) {
        match *self {}
    }
}

impl PgTx {
    pub(crate) async fn all(&mut self, _sql: &str, _params: &[Value]) -> Result<Vec<Row>> {
        match *self {}
    }
    pub(crate) async fn opt(&mut self, _sql: &str, _params: &[Value]) -> Result<Option<Row>> {
        match *self {}
    }
    pub(crate) async fn exec(&mut self, _sql: &str, _params: &[Value]) -> Result<u64> {
        match *self {}
    }
    pub(crate) async fn exec_all(&mut self, _statements: &[(&'static str, Vec<Value>)]) -> Result<Vec<u64>> {
        match *self {}
    }
    pub(crate) async fn script(&mut self, _sql: &str) -> Result<()> {
        match *self {}
    }
}
