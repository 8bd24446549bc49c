//! Opening connections: settings of a session, the schema, and where their sockets live.

use std::time::Duration;

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures::future::BoxFuture;
use kernel::{Error, Result};
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_postgres::{Client, Config, NoTls, Socket, tls::MakeTlsConnect};

use super::{
    failure::{Failure, describe},
    tls::{self, Tls},
};
use crate::{Options, error};

/// Makes connections for the pools.
#[derive(Clone)]
pub(super) struct Connector {
    config: Config,
    tls: Tls,
    setup: String,
    /// Where the sockets live; if not said, on the runtime of whoever asks for a connection.
    runtime: Option<Handle>,
}

impl Connector {
    /// A connector whose connections live on the runtime this is called on.
    pub(super) fn new(url: &str, schema: &str, options: &Options) -> Result<Self> {
        check_schema_name(schema)?;
        let (mut config, tls) = tls::parse(url)?;
        config
            .application_name(options.name.as_str())
            .connect_timeout(options.connect_timeout)
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(60));
        // Reads cannot write by accident; write transactions say `READ WRITE`.
        let setup = format!(
            "SET search_path TO {schema}; SET default_transaction_read_only = on; SET timezone = 'UTC';
             SET lock_timeout = {}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = '60s'",
            options.lock_timeout.as_millis(),
            options.statement_timeout.as_millis(),
        );
        let runtime = Handle::try_current().map_err(|_| Error::internal("PostgreSQL is opened on a tokio runtime"))?;
        Ok(Self { config, tls, setup, runtime: Some(runtime) })
    }

    /// The same, with connections that live on the thread that asks for them.
    pub(super) fn for_who_asks(&self) -> Self {
        Self { runtime: None, ..self.clone() }
    }

    /// A pool of at most `size` of these connections.
    pub(super) fn into_pool(self, size: usize, timeout: Duration) -> Result<Pool> {
        let timeout = Some(timeout);
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        Pool::builder(Manager::from_connect(self.config.clone(), self, config))
            .max_size(size.max(1))
            .timeouts(Timeouts { wait: timeout, create: timeout, recycle: timeout })
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(Error::internal)
    }

    /// Makes the schema if missing. Two replicas that start together do not trip over each other.
    pub(super) async fn make_schema(&self, schema: &str) -> Result<()> {
        let failed = |e: tokio_postgres::Error| match e.as_db_error() {
            Some(_) => Failure::of(&e, "making the schema").error,
            None => error::unavailable(describe(&e)),
        };
        let (client, connection) = self.connect(&self.config).await.map_err(failed)?;
        let exists =
            client.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema]).await.map_err(failed)?;
        if exists.is_none() {
            let make = format!(
                "BEGIN READ WRITE; SELECT pg_advisory_xact_lock(hashtextextended('souk schema', 0));
                 CREATE SCHEMA IF NOT EXISTS {schema}; COMMIT"
            );
            client.batch_execute(&make).await.map_err(failed)?;
        }
        drop(client);
        // The connection ends once it has said good-bye.
        let _ = connection.await;
        Ok(())
    }
}

impl Connect for Connector {
    fn connect(&self, config: &Config) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        let (config, tls, setup) = (config.clone(), self.tls.clone(), self.setup.clone());
        let runtime = self.runtime.clone().unwrap_or_else(Handle::current);
        let connecting = runtime.spawn(async move {
            let (client, connection) = match tls {
                Tls::Off => establish(&config, NoTls).await?,
                Tls::Verified(tls) => establish(&config, tls).await?,
            };
            client.batch_execute(&setup).await?;
            Ok((client, connection))
        });
        Box::pin(async move {
            match connecting.await {
                Ok(connected) => connected,
                Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
                // The runtime is shutting down; the pool's own timeout ends this.
                Err(_) => std::future::pending().await,
            }
        })
    }
}

async fn establish<T>(config: &Config, tls: T) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let driving = tokio::spawn(async move {
        if let Err(e) = connection.await {
            tracing::warn!(error = %describe(&e), "a connection to PostgreSQL broke");
        }
    });
    Ok((client, driving))
}

/// Schema names go into statements as they are, so only plain ones are taken.
fn check_schema_name(schema: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts_well = schema.starts_with(|c: char| c.is_ascii_lowercase());
    if starts_well && schema.len() <= 63 && schema.chars().all(plain) {
        return Ok(());
    }
    Err(Error::invalid("schema", "A schema name has lower-case letters, digits and _, at most 63, a letter first."))
}

/// Runs statements on a connection of their own, without a pool: for tidying up after tests.
pub(crate) async fn run_script(url: &str, sql: &str) -> Result<()> {
    let (config, tls) = tls::parse(url)?;
    let failed = |e: tokio_postgres::Error| error::unavailable(describe(&e));
    let (client, connection) = match tls {
        Tls::Off => establish(&config, NoTls).await.map_err(failed)?,
        Tls::Verified(tls) => establish(&config, tls).await.map_err(failed)?,
    };
    client.batch_execute(sql).await.map_err(failed)?;
    drop(client);
    let _ = connection.await;
    Ok(())
}
