//! Kafka, as the client library's own mock of a cluster plays it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use events::EventBus;
use futures::FutureExt;
use kernel::{Kind, Random, Secret, SystemRandom};
use rdkafka::{
    ClientConfig,
    mocking::MockCluster,
    producer::{DefaultProducerContext, FutureProducer, FutureRecord},
};

use super::{
    process::{Process, wait},
    shop::{Reader, Teller},
    suite::{self, Arena},
};
use crate::kafka::{self, Settings};

/// Partitions per topic: more than processes in any test.
const PARTITIONS: i32 = 4;

/// A cluster of one test.
struct Cluster {
    mock: MockCluster<'static, DefaultProducerContext>,
    prefix: String,
}

impl Cluster {
    fn new() -> Self {
        let mock = MockCluster::new(3).unwrap();
        let prefix = format!("test-{:08x}", SystemRandom.below(u64::from(u32::MAX)));
        for aggregate in ["thing", "place"] {
            mock.create_topic(&format!("{prefix}.{aggregate}"), PARTITIONS, 3).unwrap();
        }
        Self { mock, prefix }
    }

    fn settings(&self) -> Settings {
        // Deaths are noticed sooner than anyone would want outside of tests.
        let quick =
            [("session_timeout_ms", "6000"), ("heartbeat_interval_ms", "500"), ("reconnect_backoff_max_ms", "500")];
        Settings {
            brokers: Secret::new(self.mock.bootstrap_servers()),
            prefix: self.prefix.clone(),
            prefetch: 64,
            properties: quick.map(|(k, v)| (k.to_owned(), Secret::new(v))).into(),
        }
    }
}

impl Arena for Cluster {
    fn bus(&self) -> Arc<dyn EventBus> {
        kafka::bus(self.settings(), Arc::new(SystemRandom)).unwrap()
    }
    fn cut(&self) {
        self.mock.broker_down(-1).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        self.mock.broker_up(-1).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_consumer_gets_what_it_wants_once() {
    suite::each_consumer_gets_what_it_wants_once(&Cluster::new()).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_of_a_consumer_loses_and_doubles_nothing() {
    suite::death_of_a_consumer_loses_and_doubles_nothing(&Cluster::new()).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_consumers_keep_the_order() {
    suite::several_consumers_keep_the_order(&Cluster::new()).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_becomes_a_dead_letter() {
    suite::poison_becomes_a_dead_letter(&Cluster::new()).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_lose_and_double_nothing() {
    suite::cuts_lose_and_double_nothing(&Cluster::new()).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_wait_for_a_service_that_is_down() {
    suite::events_wait_for_a_service_that_is_down(&Cluster::new()).await;
}

/// The brokers take their time to acknowledge: until then nothing counts as sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_until_the_brokers_confirm() {
    let cluster = Cluster::new();
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let bus = cluster.bus();
    bus.connect(reader.inbox());
    bus.prepare().await.unwrap();
    teller.say(1, 3).await;
    cluster.mock.broker_round_trip_time(-1, Duration::from_secs(3)).unwrap();
    let relay = teller.relay(bus);
    let mut step = Box::pin(relay.step());
    tokio::select! {
        sent = &mut step => panic!("they count as sent: {sent:?}"),
        () = tokio::time::sleep(Duration::from_secs(1)) => {}
    }
    assert!(step.as_mut().now_or_never().is_none());
    assert_eq!(teller.unsent().await, 3, "what is not confirmed is not sent");
    cluster.mock.broker_round_trip_time(-1, Duration::ZERO).unwrap();
    assert_eq!(step.await.unwrap(), 3);
    assert_eq!(teller.unsent().await, 0);
}

/// A message that is no event becomes a dead letter as it is, and keeps nobody up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_becomes_a_dead_letter() {
    let cluster = Cluster::new();
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let raw: FutureProducer =
        ClientConfig::new().set("bootstrap.servers", cluster.mock.bootstrap_servers()).create().unwrap();
    let topic = format!("{}.thing", cluster.prefix);
    raw.send(FutureRecord::to(&topic).key("thing-0").payload("no event"), Duration::from_secs(10)).await.unwrap();
    let process = Process::start(cluster.bus(), &[&reader], Some(&teller));
    teller.say(5, 5).await;
    wait("the others are heard", async || reader.heard().await == 25).await;
    wait("it is noted", async || reader.dead().await.len() == 1).await;
    process.stop().await;
    let dead = reader.dead().await.remove(0);
    assert_eq!((dead.kind.as_str(), dead.attempts), ("unreadable", 1));
}

#[test]
fn a_wrong_property_is_named_without_its_value() {
    let settings = |name: &str| Settings {
        brokers: Secret::new("127.0.0.1:1"),
        prefix: "test".to_owned(),
        prefetch: 1,
        properties: BTreeMap::from([(name.to_owned(), Secret::new("hush"))]),
    };
    for name in ["no_such_property", "security_protocol"] {
        let Err(error) = kafka::bus(settings(name), Arc::new(SystemRandom)) else { panic!("{name} is accepted") };
        let said = error.to_string();
        assert!(said.contains("events.kafka") && said.contains(&name.replace('_', ".")), "{said}");
        assert!(!said.contains("hush"), "{said}");
    }
}

#[tokio::test]
async fn brokers_that_are_down_are_unavailable() {
    let settings = Settings {
        brokers: Secret::new("127.0.0.1:1"),
        prefix: "test".to_owned(),
        prefetch: 1,
        properties: BTreeMap::from([("socket_connection_setup_timeout_ms".to_owned(), Secret::new("1000"))]),
    };
    let bus = kafka::bus(settings, Arc::new(SystemRandom)).unwrap();
    bus.connect(Reader::of_things("first").await.inbox());
    assert!(bus.prepare().await.unwrap_err().is(Kind::Unavailable));
}
