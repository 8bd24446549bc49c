//! Redis, or what speaks its language: what caches of several processes share, and the buckets of the
//! gateway's rate limits. Everything in it may be lost at any time.

use std::time::Duration;

use ::redis::{
    AsyncCommands, Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig, PubSubSink, PubSubStream},
};
use bytes::Bytes;
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use kernel::{Error, Result, Secret};
use runtime::{
    cache::{News, SharedCache},
    limits::{Bucket, SharedBuckets, Taken},
};
use tokio::{sync::mpsc, time::timeout};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take, if whoever asked is so patient.
const ANSWER: Duration = Duration::from_secs(1);
/// Longest pause between two attempts to connect.
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// How often a connection on which only others speak is asked whether it is alive.
const ALIVE: Duration = Duration::from_secs(5);
/// News that wait until they are taken.
const NEWS: usize = 256;

/// Takes one from a bucket, by the generic cell rate algorithm: the key holds the time (in µs, by the
/// server's clock) at which the bucket will be full. Answers 1 and how many are left, or 0 and how long
/// to wait; and when the bucket is full again.
const TAKE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = full - now - (burst - 1) * interval
if wait > 0 then return {0, wait, full - now} end
full = full + interval
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return {1, math.floor((burst * interval - (full - now)) / interval), full - now}
";

/// Where Redis is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `redis://user:password@host:port/database`, or `rediss://…` with TLS.
    pub url: Secret,
    /// Begins all keys.
    pub prefix: String,
}

/// A Redis server. Connects when it is first needed, and again whenever that is lost.
pub struct Redis {
    client: Client,
    connection: ConnectionManager,
    prefix: String,
    take: Script,
}

impl Redis {
    /// Uses the server at this address. Called on a runtime.
    ///
    /// # Errors
    /// Invalid if the address cannot be understood. Whether there is a server, shows later.
    pub fn new(settings: &Settings) -> Result<Self> {
        let wrong = |e: RedisError| Error::invalid("cache.url", format!("This is no address of Redis: {e}."));
        let client = Client::open(settings.url.expose()).map_err(wrong)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER))
            .set_max_delay(PAUSE_MAX);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(wrong)?;
        Ok(Self { client, connection, prefix: settings.prefix.clone(), take: Script::new(TAKE) })
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.prefix)
    }
}

fn failed(cause: RedisError) -> Error {
    Error::unavailable(format!("Redis does not answer: {cause}."))
}

impl SharedCache for Redis {
    fn read(&self, keys: Vec<String>) -> BoxFuture<'_, Result<Vec<Option<Bytes>>>> {
        let keys: Vec<String> = keys.iter().map(|key| self.key(key)).collect();
        let mut connection = self.connection.clone();
        async move {
            let found: Vec<Option<Vec<u8>>> = connection.mget(keys).await.map_err(failed)?;
            Ok(found.into_iter().map(|value| value.map(Bytes::from)).collect())
        }
        .boxed()
    }

    fn write(
        &self,
        values: Vec<(String, Bytes)>,
        lifetime: Duration,
        news: Option<String>,
    ) -> BoxFuture<'_, Result<()>> {
        let mut all = ::redis::pipe();
        for (key, value) in &values {
            all.pset_ex(self.key(key), &value[..], lifetime.as_millis() as u64).ignore();
        }
        if let Some(news) = news {
            all.publish(self.key("news"), news).ignore();
        }
        let mut connection = self.connection.clone();
        async move { all.exec_async(&mut connection).await.map_err(failed) }.boxed()
    }

    fn listen(&self) -> BoxStream<'static, News> {
        let (tell, mut heard) = mpsc::channel(NEWS);
        tokio::spawn(listen(self.client.clone(), self.key("news"), tell));
        futures::stream::poll_fn(move |context| heard.poll_recv(context)).boxed()
    }
}

/// Passes on what is said on a channel until nobody wants to hear it.
async fn listen(client: Client, channel: String, tell: mpsc::Sender<News>) {
    while !tell.is_closed() {
        match timeout(CONNECT, subscribe(&client, &channel)).await {
            Ok(Ok((asks, said))) => pass_on(asks, said, &tell).await,
            Ok(Err(error)) => tracing::warn!(%error, "Redis tells no news"),
            Err(_) => tracing::warn!("Redis tells no news: it cannot be reached"),
        }
        tokio::time::sleep(PAUSE_MAX).await;
    }
}

async fn subscribe(client: &Client, channel: &str) -> Result<(PubSubSink, PubSubStream), RedisError> {
    let mut connection = client.get_async_pubsub().await?;
    connection.subscribe(channel).await?;
    Ok(connection.split())
}

/// Until the connection ends, or falls silent.
async fn pass_on(mut asks: PubSubSink, mut said: PubSubStream, tell: &mpsc::Sender<News>) {
    if tell.send(News::Missed).await.is_err() {
        return;
    }
    let is_alive = async {
        loop {
            tokio::time::sleep(ALIVE).await;
            if !matches!(timeout(ANSWER, asks.ping::<::redis::Value>()).await, Ok(Ok(_))) {
                return;
            }
        }
    };
    let pass = async {
        while let Some(message) = said.next().await {
            let news = message.get_payload().map_or(News::Missed, News::Told);
            if tell.send(news).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = is_alive => tracing::warn!("Redis has fallen silent"),
        () = pass => {}
        () = tell.closed() => {}
    }
}

impl SharedBuckets for Redis {
    fn take(&self, key: String, bucket: Bucket) -> BoxFuture<'_, Result<Taken>> {
        let mut connection = self.connection.clone();
        async move {
            let mut call = self.take.key(self.key(&key));
            call.arg(bucket.interval.as_micros() as u64).arg(bucket.burst);
            let (granted, number, full_us): (u8, u64, u64) =
                call.invoke_async(&mut connection).await.map_err(failed)?;
            let full_in = Duration::from_micros(full_us);
            Ok(match granted {
                1 => Taken::Granted { remaining: u32::try_from(number).unwrap_or(0), full_in },
                _ => Taken::Refused { wait: Duration::from_micros(number), full_in },
            })
        }
        .boxed()
    }
}
