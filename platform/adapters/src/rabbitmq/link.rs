//! A connection that is made when it is needed, and made anew after it broke.

use std::time::Duration;

use kernel::{Error, Result, Secret};
use lapin::{Channel, Connection, ConnectionProperties, tcp::OwnedTLSConfig, uri::AMQPUri};
use tokio::sync::Mutex;

/// How long making a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// A peer that is silent for twice this long is gone.
const HEARTBEAT_S: u16 = 10;

/// Where the broker is.
#[derive(Clone)]
pub(super) struct Address {
    uri: AMQPUri,
    /// PEM of authorities that are trusted beside the public ones.
    authorities: Option<String>,
}

impl Address {
    /// Reads `amqp://user:password@host:port/vhost`, or `amqps://…?cacertfile=/path/ca.pem` with TLS.
    pub(super) fn parse(url: &Secret) -> Result<Self> {
        let mut parsed = url::Url::parse(url.expose()).map_err(|e| bad(&format!("it is no URL ({e})")))?;
        let mut authorities = None;
        let mut rest = Vec::new();
        for (key, value) in parsed.query_pairs() {
            if key == "cacertfile" {
                let pem = std::fs::read_to_string(&*value);
                authorities = Some(pem.map_err(|e| bad(&format!("its cacertfile {value} cannot be read ({e})")))?);
            } else {
                rest.push((key.into_owned(), value.into_owned()));
            }
        }
        parsed.set_query(None);
        if !rest.is_empty() {
            parsed.query_pairs_mut().extend_pairs(rest);
        }
        let mut uri: AMQPUri = parsed.as_str().parse().map_err(|e: String| bad(&e))?;
        uri.query.heartbeat.get_or_insert(HEARTBEAT_S);
        Ok(Self { uri, authorities })
    }

    /// `host:port`, without what is secret.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.uri.authority.host, self.uri.authority.port)
    }
}

/// Never with the URL itself: it holds a password.
fn bad(reason: &str) -> Error {
    Error::invalid("events.url", format!("The address of RabbitMQ cannot be used: {reason}."))
}

/// One connection, for one purpose: the broker holds back publishers when it is short of memory,
/// and must not hold back those who relieve it.
pub(super) struct Link {
    address: Address,
    purpose: &'static str,
    connection: Mutex<Option<Connection>>,
}

impl Link {
    pub(super) fn new(address: Address, purpose: &'static str) -> Self {
        Self { address, purpose, connection: Mutex::default() }
    }

    /// A new channel, on a new connection if the last one is gone.
    pub(super) async fn channel(&self) -> Result<Channel> {
        let mut connection = self.connection.lock().await;
        let made = tokio::time::timeout(CONNECT_WITHIN, async {
            match connection.take().filter(|c| c.status().connected()) {
                Some(open) => *connection = Some(open),
                None => *connection = Some(self.connect().await?),
            }
            match &*connection {
                Some(open) => open.create_channel().await,
                None => Err(lapin::ErrorKind::InvalidChannel(0).into()),
            }
        });
        match made.await {
            Ok(Ok(channel)) => Ok(channel),
            Ok(Err(cause)) => {
                *connection = None;
                Err(self.unavailable(cause))
            }
            Err(_) => {
                *connection = None;
                Err(self.unavailable(format!("no answer within {} s", CONNECT_WITHIN.as_secs())))
            }
        }
    }

    /// Gives the connection up; the next channel is made on a new one.
    pub(super) async fn give_up(&self) {
        *self.connection.lock().await = None;
    }

    /// What went wrong, with the place.
    pub(super) fn unavailable(&self, cause: impl std::fmt::Display) -> Error {
        Error::unavailable(format!("RabbitMQ at {} does not answer.", self.address.place())).caused_by(cause)
    }

    async fn connect(&self) -> lapin::Result<Connection> {
        let properties = ConnectionProperties::default().with_connection_name(format!("souk {}", self.purpose).into());
        let tls = OwnedTLSConfig { identity: None, cert_chain: self.address.authorities.clone() };
        let runtime = lapin::runtime::default_runtime()?;
        let connection =
            Connection::connect_uri_with_config(self.address.uri.clone(), properties, tls, runtime).await?;
        tracing::info!(broker = self.address.place(), purpose = self.purpose, "connected");
        Ok(connection)
    }
}
