//! Opening connections: settings of a session, the schema, and where their sockets live.

use std::{sync::Once, time::Duration};

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures::{StreamExt, future::BoxFuture, stream};
use kernel::{Error, Result};
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Socket, tls::MakeTlsConnect};

use super::{
    failure::{Failure, describe},
    scope,
    tls::{self, Tls},
};
use crate::{Options, error};

/// Has the server pack long texts (events, mails, documents) by the method that takes half the time, if it was built with it.
const PACK_FAST: &str = "SELECT set_config(name, 'lz4', false) FROM pg_settings
     WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)";

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
        let act_as = options.act_as.as_ref().map_or_else(String::new, |role| format!("SET ROLE {role}; "));
        // Reads cannot write by accident; write transactions say `READ WRITE`. Nothing here runs for so long that it
        // were worth compiling.
        let setup = format!(
            "{act_as}{}; SET search_path TO {schema}; SET default_transaction_read_only = on; SET timezone = 'UTC'; SET jit = off;
             SET lock_timeout = {}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = '60s'; {PACK_FAST}",
            scope::OF_THE_PLATFORM,
            options.lock_timeout.as_millis(),
            options.statement_timeout.as_millis(),
        );
        let runtime = Handle::try_current().map_err(|_| Error::internal("PostgreSQL is opened on a tokio runtime"))?;
        Ok(Self { config, tls, setup, runtime: Some(runtime) })
    }

    /// The same for writes, with connections that live on the thread that asks for them. Writes touch a few rows by
    /// their keys: a plan that was made while a table was small, and is kept, must not read all of it once it has grown.
    pub(super) fn for_writes(&self) -> Self {
        let setup = format!("{}; SET enable_seqscan = off", self.setup);
        Self { runtime: None, setup, ..self.clone() }
    }

    /// The role and its password.
    ///
    /// # Errors
    /// Invalid if the URL names no role, or one that would have to be quoted.
    pub(super) fn credentials(&self) -> Result<(String, Option<Vec<u8>>)> {
        let role = self.config.get_user().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if role.is_empty() || role.len() > 57 || !role.chars().all(plain) {
            let wanted = "The URL must name a role of at most 57 letters, digits, _, - and full stops.";
            return Err(Error::invalid("database_url", wanted));
        }
        Ok((role.to_owned(), self.config.get_password().map(<[u8]>::to_vec)))
    }

    /// The same to another database, and the name of the one this leads to.
    pub(super) fn to_database(&self, name: &str) -> (Self, String) {
        let mut elsewhere = self.clone();
        elsewhere.config.dbname(name);
        (elsewhere, self.config.get_dbname().or(self.config.get_user()).unwrap_or_default().to_owned())
    }

    /// The server and the database, the same for whoever connects.
    pub(super) fn address(&self) -> String {
        let (hosts, ports) = (self.config.get_hosts(), self.config.get_ports());
        format!("{hosts:?} {ports:?} {:?}", self.config.get_dbname().or(self.config.get_user()))
    }

    /// A connection outside the pools; `hear` is given what the server says unasked.
    pub(super) async fn open(
        &self,
        name: &str,
        hear: impl FnMut(AsyncMessage) + Send + 'static,
    ) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let (mut config, tls) = (self.config.clone(), self.tls.clone());
        config.application_name(name);
        let runtime = self.runtime.clone().unwrap_or_else(Handle::current);
        let connecting = runtime.spawn(async move {
            match tls {
                Tls::Off => establish(&config, NoTls, hear).await,
                Tls::Verified(tls) => establish(&config, tls, hear).await,
            }
        });
        joined(connecting).await
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

    /// Makes the schema if missing and if it may be made. Two replicas that start together do not trip
    /// over each other.
    pub(super) async fn make_schema(&self, schema: &str, may: bool) -> Result<()> {
        let failed = |e: tokio_postgres::Error| match e.as_db_error() {
            Some(_) => Failure::of(&e, "making the schema").error,
            None => error::unavailable(describe(&e)),
        };
        let (client, connection) = self.connect(&self.config).await.map_err(failed)?;
        let exists =
            client.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema]).await.map_err(failed)?;
        warn_if_unbound(&client).await.map_err(failed)?;
        if exists.is_none() && !may {
            let missing = format!("There is no schema “{schema}” in the database. `souk migrate {schema}` makes it.");
            return Err(Error::unavailable(missing));
        }
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

/// Says once that the fences between vendors do not hold for the role that logs in.
async fn warn_if_unbound(client: &Client) -> Result<(), tokio_postgres::Error> {
    static SAID: Once = Once::new();
    let sql = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)";
    if let Some(row) = client.query_opt(sql, &[]).await? {
        let role: &str = row.get(0);
        SAID.call_once(|| {
            tracing::warn!(role, "row-level security does not bind this role: use one that is no superuser")
        });
    }
    Ok(())
}

impl Connect for Connector {
    fn connect(&self, config: &Config) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        let (config, tls, setup) = (config.clone(), self.tls.clone(), self.setup.clone());
        let runtime = self.runtime.clone().unwrap_or_else(Handle::current);
        let connecting = runtime.spawn(async move {
            let (client, connection) = match tls {
                Tls::Off => establish(&config, NoTls, drop).await?,
                Tls::Verified(tls) => establish(&config, tls, drop).await?,
            };
            client.batch_execute(&setup).await?;
            Ok((client, connection))
        });
        Box::pin(joined(connecting))
    }
}

/// What a task on another runtime has connected.
async fn joined<T>(connecting: JoinHandle<T>) -> T {
    match connecting.await {
        Ok(connected) => connected,
        Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
        // The runtime is shutting down; the pool's own timeout ends this.
        Err(_) => std::future::pending().await,
    }
}

/// Connects, and has a task drive the connection until its end.
async fn establish<T>(
    config: &Config,
    tls: T,
    mut hear: impl FnMut(AsyncMessage) + Send + 'static,
) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, mut connection) = config.connect(tls).await?;
    let driving = tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(message) = messages.next().await {
            match message {
                Ok(message) => hear(message),
                Err(e) => {
                    tracing::warn!(error = %describe(&e), "a connection to PostgreSQL broke");
                    break;
                }
            }
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
        Tls::Off => establish(&config, NoTls, drop).await.map_err(failed)?,
        Tls::Verified(tls) => establish(&config, tls, drop).await.map_err(failed)?,
    };
    client.batch_execute(sql).await.map_err(failed)?;
    drop(client);
    let _ = connection.await;
    Ok(())
}
