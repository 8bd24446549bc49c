//! RabbitMQ, the real one: at `SOUK_TEST_RABBITMQ`, or on this machine.

use std::{net::ToSocketAddrs, sync::Arc, time::Duration};

use events::EventBus;
use futures::{FutureExt, StreamExt};
use kernel::{Kind, Random, Secret, SystemRandom};
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties,
    options::{BasicNackOptions, BasicPublishOptions, QueueDeclareOptions},
    types::FieldTable,
};

use super::{
    process::{Process, wait},
    proxy::{self, Proxy},
    shop::{Done, Reader, Teller},
    skip,
    suite::{self, Arena},
};
use crate::rabbitmq::{RabbitMq, Settings, remove};

const DEFAULT: &str = "amqp://guest:guest@127.0.0.1:5672/%2f";

fn url() -> String {
    std::env::var("SOUK_TEST_RABBITMQ").unwrap_or_else(|_| DEFAULT.to_owned())
}

/// Names of one test at the broker, reached through a proxy. Its queues go when it is dropped.
struct Broker {
    proxy: Proxy,
    prefix: String,
}

impl Broker {
    /// None, loudly, if there is no RabbitMQ.
    async fn find() -> Option<Self> {
        let parsed = url::Url::parse(&url()).expect("SOUK_TEST_RABBITMQ is a URL");
        let place = format!("{}:{}", parsed.host_str().unwrap(), parsed.port().unwrap_or(5672));
        let server = place.to_socket_addrs().unwrap().next().unwrap();
        if tokio::net::TcpStream::connect(server).await.is_err() {
            skip(&format!("RabbitMQ at {place}"));
            return None;
        }
        let prefix = format!("test-{:016x}", SystemRandom.below(u64::MAX));
        Some(Self { proxy: Proxy::to(server).await, prefix })
    }

    fn settings(&self, port: u16) -> Settings {
        let mut url = url::Url::parse(&url()).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(port)).unwrap();
        Settings { url: Secret::new(url.as_str()), prefix: self.prefix.clone(), prefetch: 64 }
    }

    /// A way past the proxy.
    async fn channel(&self) -> (Connection, Channel) {
        let connection = Connection::connect(&url(), ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        (connection, channel)
    }

    async fn messages(&self, channel: &Channel, queue: &str) -> u32 {
        let passive = QueueDeclareOptions { passive: true, ..Default::default() };
        let queue = format!("{}.{queue}", self.prefix);
        channel.queue_declare(queue.into(), passive, FieldTable::default()).await.unwrap().message_count()
    }
}

impl Arena for Broker {
    fn bus(&self) -> Arc<dyn EventBus> {
        Arc::new(RabbitMq::new(self.settings(self.proxy.address.port()), Arc::new(SystemRandom)).unwrap())
    }
    fn cut(&self) {
        self.proxy.cut();
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let prefix = self.prefix.clone();
        let sweeping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(remove(&url(), &prefix, &["first", "second", "places"])).unwrap();
        });
        assert!(sweeping.join().is_ok(), "queues of {} are left behind", self.prefix);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_consumer_gets_what_it_wants_once() {
    let Some(broker) = Broker::find().await else { return };
    suite::each_consumer_gets_what_it_wants_once(&broker).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_of_a_consumer_loses_and_doubles_nothing() {
    let Some(broker) = Broker::find().await else { return };
    suite::death_of_a_consumer_loses_and_doubles_nothing(&broker).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_consumers_keep_the_order() {
    let Some(broker) = Broker::find().await else { return };
    suite::several_consumers_keep_the_order(&broker).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_becomes_a_dead_letter() {
    let Some(broker) = Broker::find().await else { return };
    suite::poison_becomes_a_dead_letter(&broker).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_lose_and_double_nothing() {
    let Some(broker) = Broker::find().await else { return };
    suite::cuts_lose_and_double_nothing(&broker).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_wait_for_a_service_that_is_down() {
    let Some(broker) = Broker::find().await else { return };
    suite::events_wait_for_a_service_that_is_down(&broker).await;
}

/// The broker has the events and its confirmation does not come: they are not marked as sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_until_the_broker_confirms() {
    let Some(broker) = Broker::find().await else { return };
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let bus = broker.bus();
    bus.connect(reader.inbox());
    bus.prepare().await.unwrap();
    let (_connection, channel) = broker.channel().await;
    teller.say(1, 3).await;

    broker.proxy.silence(true);
    let relay = teller.relay(bus);
    let mut step = Box::pin(relay.step());
    let arrived = wait("the broker has them", async || broker.messages(&channel, "first").await == 3);
    tokio::select! {
        sent = &mut step => panic!("they count as sent: {sent:?}"),
        () = arrived => {}
    }
    assert!(step.as_mut().now_or_never().is_none(), "it waits for the confirmation");
    assert_eq!(teller.unsent().await, 3);
    broker.proxy.cut();
    let error = step.await.unwrap_err();
    assert!(error.is(Kind::Unavailable), "{error}");
    assert_eq!(teller.unsent().await, 3, "what is not confirmed is not sent");

    broker.proxy.silence(false);
    assert_eq!(relay.step().await.unwrap(), 3);
    assert_eq!(teller.unsent().await, 0);
    assert_eq!(broker.messages(&channel, "first").await, 6, "at least once, here twice");
    let process = Process::start(broker.bus(), &[&reader], None);
    wait("the queue is empty", async || broker.messages(&channel, "first").await == 0).await;
    wait("all are heard", async || reader.heard().await == 3).await;
    process.stop().await;
    reader.assert_once_and_in_order().await;
}

#[tokio::test]
async fn a_broker_that_is_down_is_unavailable_and_named_without_its_password() {
    let settings =
        Settings { url: Secret::new("amqp://somebody:hush@127.0.0.1:1/%2f"), prefix: "test".to_owned(), prefetch: 1 };
    let bus = Arc::new(RabbitMq::new(settings, Arc::new(SystemRandom)).unwrap());
    let teller = Teller::new().await;
    teller.say(1, 1).await;
    let error = teller.relay(bus.clone()).step().await.unwrap_err();
    assert!(error.is(Kind::Unavailable) && error.detail().contains("127.0.0.1:1"), "{error}");
    assert!(!error.to_string().contains("hush"), "{error}");
    assert_eq!(teller.unsent().await, 1);
    assert!(bus.prepare().await.is_err());
}

#[test]
fn a_wrong_address_is_named() {
    for (url, named) in [
        ("", "no URL"),
        ("http://guest:hush@127.0.0.1", "scheme"),
        ("amqps://guest:hush@127.0.0.1?cacertfile=/nowhere/ca.pem", "/nowhere/ca.pem"),
    ] {
        let settings = Settings { url: Secret::new(url), prefix: "test".to_owned(), prefetch: 1 };
        let Err(error) = RabbitMq::new(settings, Arc::new(SystemRandom)) else { panic!("{url} is accepted") };
        let said = error.to_string();
        assert!(said.contains("events.url") && said.contains(named) && !said.contains("hush"), "{said}");
    }
}

/// Whoever answers in the broker's place does not get to see a password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_tls_the_broker_has_to_prove_who_it_is() {
    let Some(broker) = Broker::find().await else { return };
    let front = proxy::with_tls(broker.proxy.address).await;
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, &front.certificate_pem).unwrap();
    let bus = |query: &str| {
        let mut settings = broker.settings(front.address.port());
        let plain = settings.url.expose().replace("amqp://", "amqps://").replace("127.0.0.1", "localhost");
        settings.url = Secret::new(format!("{plain}{query}"));
        RabbitMq::new(settings, Arc::new(SystemRandom)).unwrap()
    };
    bus(&format!("?cacertfile={}", authority.display())).prepare().await.unwrap();
    let error = bus("").prepare().await.unwrap_err();
    assert!(error.is(Kind::Unavailable) && error.to_string().contains("certificate"), "{error}");
}

/// A message that is no event becomes a dead letter as it is, and keeps nobody up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_becomes_a_dead_letter() {
    let Some(broker) = Broker::find().await else { return };
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let bus = broker.bus();
    bus.connect(reader.inbox());
    bus.prepare().await.unwrap();
    let (_connection, channel) = broker.channel().await;
    let (exchange, options) = (format!("{}.events", broker.prefix), BasicPublishOptions::default());
    for _ in 0..2 {
        let sent = channel.basic_publish(
            exchange.as_str().into(),
            "thing.thing.said".into(),
            options,
            b"{\"no\": \"event\"}",
            BasicProperties::default(),
        );
        sent.await.unwrap().await.unwrap();
    }
    let process = Process::start(broker.bus(), &[&reader], Some(&teller));
    teller.say(5, 5).await;
    wait("the others are heard", async || reader.heard().await == 25).await;
    wait("the queue is empty", async || broker.messages(&channel, "first").await == 0).await;
    process.stop().await;
    let dead = reader.dead().await;
    assert_eq!(dead.len(), 1, "the same message is one dead letter");
    assert_eq!((dead[0].kind.as_str(), dead[0].attempts), ("unreadable", 1));
    assert!(dead[0].error.contains("This is no event."), "{}", dead[0].error);
}

/// A message that comes back too often (its consumer dies each time) ends as a dead letter of the
/// service, and can be tried again from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_delivered_too_often_becomes_a_dead_letter() {
    let Some(broker) = Broker::find().await else { return };
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let bus = broker.bus();
    bus.connect(reader.inbox());
    bus.prepare().await.unwrap();
    teller.say(1, 1).await;
    assert_eq!(teller.relay(bus).step().await.unwrap(), 1);
    let (_connection, channel) = broker.channel().await;
    let queue = format!("{}.first", broker.prefix);
    let consuming = channel.basic_consume(queue.into(), "".into(), Default::default(), FieldTable::default());
    let (mut consumer, mut deliveries) = (consuming.await.unwrap(), 0);
    while broker.messages(&channel, "first.dead").await == 0 {
        let next = tokio::time::timeout(Duration::from_millis(200), consumer.next());
        if let Ok(Some(delivery)) = next.await {
            deliveries += 1;
            delivery.unwrap().nack(BasicNackOptions { requeue: true, ..Default::default() }).await.unwrap();
        }
    }
    channel.basic_cancel(consumer.tag(), Default::default()).await.unwrap();
    assert_eq!(deliveries, 21, "the limit of 20 was crossed");
    let process = Process::start(broker.bus(), &[&reader], None);
    wait("it is noted", async || reader.dead().await.len() == 1).await;
    wait("the dead queue is empty", async || broker.messages(&channel, "first.dead").await == 0).await;
    let dead = reader.dead().await.remove(0);
    assert_eq!((dead.kind.as_str(), dead.subject.as_str(), dead.attempts), ("thing.said", "thing-0", 20));
    assert_eq!(reader.heard().await, 0);
    let again = contracts::operations::Replay { what: "event".to_owned(), id: dead.id };
    events::operate::replay(&reader.db, &kernel::SystemClock, &again).await.unwrap();
    wait("it is taken in after all", async || reader.heard().await == 1).await;
    process.stop().await;
    reader.assert_once_and_in_order().await;
}

/// While a new version that wants more is rolled out, the old one leaves aside what it does not know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bindings_grow_with_a_new_version() {
    let Some(broker) = Broker::find().await else { return };
    let (teller, old) = (Teller::new().await, Reader::of_things("first").await);
    let new = old.grown();
    let (_connection, channel) = broker.channel().await;
    let before = Process::start(broker.bus(), &[&old], Some(&teller));
    teller.say(1, 1).await;
    wait("it is heard", async || old.heard().await == 1).await;

    let bus = broker.bus();
    bus.connect(new.inbox());
    bus.prepare().await.unwrap();
    teller.tell(&Done { place: "missed".to_owned() }).await;
    teller.say(1, 1).await;
    wait("what is behind it is heard", async || old.heard().await == 2).await;
    wait("the queue is empty", async || broker.messages(&channel, "first").await == 0).await;
    assert!(old.dead().await.is_empty());
    before.stop().await;

    let after = Process::start(broker.bus(), &[&new], Some(&teller));
    teller.tell(&Done { place: "heard".to_owned() }).await;
    wait("the new version hears it", async || new.texts("heard").await == ["done"]).await;
    after.stop().await;
    new.assert_once_and_in_order().await;
}
