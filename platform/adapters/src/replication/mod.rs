//! A relay that follows PostgreSQL's logical replication: the server tells what was committed into
//! the outbox, in the order of the commits, and remembers how far it was confirmed.
//!
//! Each service has a publication of the inserts into its outbox and a slot, the server's bookmark.
//! The bookmark moves only after the bus has confirmed. Whatever was published and not yet
//! confirmed to the server when a process ends comes again, and inboxes drop it.

mod pgoutput;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use contracts::Envelope;
use db::params;
use events::{Follower, Relay};
use futures::{FutureExt, future::BoxFuture};
use kernel::{Error, EventId, Result};
use pgwire_replication::{Lsn, ReplicationClient, ReplicationConfig, ReplicationEvent, TlsConfig};
use tokio_util::sync::CancellationToken;
use url::Url;

use self::pgoutput::{Decoder, Insert};

/// Most events handed over at once.
const BATCH: usize = 256;

/// URL of a service's database, by its name.
type UrlOf = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Follows the outboxes of services on PostgreSQL.
pub struct Replication {
    url: Box<UrlOf>,
}

impl Replication {
    /// A follower that reaches the database of a service by `url`. Its role must be allowed to
    /// replicate (`ALTER ROLE … REPLICATION`), and the server runs with `wal_level = logical`.
    pub fn new(url: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { url: Box::new(url) }
    }

    async fn connect(&self, relay: &Relay) -> Result<ReplicationClient> {
        let missing = || Error::internal(format!("“{}” is not on PostgreSQL", relay.service()));
        let url = (self.url)(relay.service()).ok_or_else(missing)?;
        let name = bookmark(relay).await?;
        let mut client = ReplicationClient::connect(config(&url, &name)?).await.map_err(broken)?;
        client.wait_started().await.map_err(broken)?;
        Ok(client)
    }
}

impl Follower for Replication {
    fn follow<'a>(&'a self, relay: &'a Relay, stop: CancellationToken) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut following = Following::new(relay, self.connect(relay).await?).await?;
            loop {
                // As long as something is there already, it is gathered; then it is handed over.
                let event = match following.client.recv().now_or_never() {
                    Some(event) if following.batch.len() < BATCH => event,
                    Some(event) => {
                        following.hand_over().await?;
                        event
                    }
                    None => {
                        following.hand_over().await?;
                        tokio::select! {
                            () = stop.cancelled() => return following.client.shutdown().await.map_err(broken),
                            event = following.client.recv() => event,
                        }
                    }
                };
                let ended = || Error::unavailable("PostgreSQL has ended the replication.");
                following.take(event.map_err(broken)?.ok_or_else(ended)?)?;
            }
        })
    }
}

/// What has come over one connection and is not handed over yet.
struct Following<'a> {
    relay: &'a Relay,
    client: ReplicationClient,
    decoder: Decoder,
    batch: Vec<Arc<Envelope>>,
    /// Up to where everything is published once the batch is.
    end: Lsn,
    is_in_transaction: bool,
    /// Up to where it was handed over.
    handed: Lsn,
    /// Up to here the relay may have found something by itself and sent it.
    overlap: Lsn,
}

impl<'a> Following<'a> {
    /// The relay has published what it found before; what is committed between that and the start of
    /// the stream is in both.
    async fn new(relay: &'a Relay, client: ReplicationClient) -> Result<Self> {
        let now = relay.db().one("SELECT pg_current_wal_insert_lsn()::text AS lsn", params![]).await?;
        let overlap = Lsn::parse(&now.get::<String>("lsn")?).map_err(Error::internal)?;
        let (decoder, batch) = (Decoder::default(), Vec::new());
        let (end, handed) = (Lsn::ZERO, Lsn::ZERO);
        Ok(Self { relay, client, decoder, batch, end, is_in_transaction: false, handed, overlap })
    }

    fn take(&mut self, event: ReplicationEvent) -> Result<()> {
        match event {
            ReplicationEvent::Begin { .. } => self.is_in_transaction = true,
            ReplicationEvent::XLogData { data, .. } => {
                if let Some(insert) = self.decoder.read(data)? {
                    self.batch.push(Arc::new(self.envelope(&insert)?));
                }
            }
            ReplicationEvent::Commit { end_lsn, .. } => {
                self.is_in_transaction = false;
                self.end = end_lsn;
            }
            // Nothing of ours was written, but others write on: the bookmark follows.
            ReplicationEvent::KeepAlive { wal_end, .. } if self.batch.is_empty() && !self.is_in_transaction => {
                self.client.update_applied_lsn(wal_end);
            }
            _ => {}
        }
        Ok(())
    }

    fn envelope(&self, insert: &Insert) -> Result<Envelope> {
        self.relay.envelope(|column| insert.column(column))
    }

    /// Publishes the batch; then, and only then, the server may forget it.
    async fn hand_over(&mut self) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        if self.handed <= self.overlap {
            let ids: Vec<EventId> = self.batch.iter().map(|event| event.id).collect();
            // Not the other way round: what was committed just now is told of here before others can see its row.
            let sent = self.relay.sent_of(&ids).await?;
            self.batch.retain(|event| !sent.contains(&event.id));
        }
        if !self.batch.is_empty() {
            self.relay.publish(&self.batch).await?;
        }
        self.batch.clear();
        self.handed = self.end;
        self.client.update_applied_lsn(self.end);
        Ok(())
    }
}

/// The name of publication and slot of a service's outbox; both are made if missing.
async fn bookmark(relay: &Relay) -> Result<String> {
    let name: String = relay.db().one(db::OUTBOX_BOOKMARK, params![]).await?.get("name")?;
    if relay.db().opt("SELECT 1 FROM pg_publication WHERE pubname = $1", params![&name]).await?.is_none() {
        let make = format!("CREATE PUBLICATION {name} FOR TABLE outbox WITH (publish = 'insert')");
        relay.db().write(async move |tx| tx.exec(&make, params![]).await).await?;
    }
    if relay.db().opt("SELECT 1 FROM pg_replication_slots WHERE slot_name = $1", params![&name]).await?.is_none() {
        let (make, slot) = ("SELECT pg_create_logical_replication_slot($1, 'pgoutput')::text", name.clone());
        relay.db().write(async move |tx| tx.one(make, params![&slot]).await).await?;
    }
    Ok(name)
}

/// The replication's connection, with the same settings as every other one to `url`.
fn config(url: &str, name: &str) -> Result<ReplicationConfig> {
    let bad = |reason: &str| Error::invalid("database.url", format!("Replication cannot use this URL: {reason}."));
    let url = Url::parse(url).map_err(|e| bad(&e.to_string()))?;
    let text = |part: &str| {
        percent_encoding::percent_decode_str(part).decode_utf8().map(String::from).map_err(|e| bad(&e.to_string()))
    };
    let host = url.host_str().ok_or_else(|| bad("it names no host"))?;
    let (user, password) = (text(url.username())?, text(url.password().unwrap_or_default())?);
    let database = text(url.path().trim_start_matches('/'))?;
    let database = if database.is_empty() { user.clone() } else { database };
    let setting = |wanted: &str| url.query_pairs().find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned());
    let tls = match setting("sslmode").as_deref() {
        Some("verify-full") if cfg!(not(feature = "replication-tls")) => {
            return Err(bad("sslmode=verify-full needs a program built with the feature replication-tls"));
        }
        Some("verify-full") => TlsConfig::verify_full(setting("sslrootcert").map(Into::into)),
        _ => TlsConfig::disabled(),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok(ReplicationConfig::new(host, user, password, database, name, name)
        .with_port(url.port().unwrap_or(5432))
        .with_tls(tls)
        .with_application_name("souk replication"))
}

fn broken(cause: pgwire_replication::PgWireError) -> Error {
    Error::unavailable("PostgreSQL's replication cannot be followed.").caused_by(cause)
}
