//! The bus inside a process.

use std::sync::Arc;

use events::{EventBus, LocalBus};

use super::suite::{self, Arena};

struct Local;

impl Arena for Local {
    fn bus(&self) -> Arc<dyn EventBus> {
        Arc::new(LocalBus::default())
    }
    /// There are none.
    fn cut(&self) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_consumer_gets_what_it_wants_once() {
    suite::each_consumer_gets_what_it_wants_once(&Local).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_of_a_consumer_loses_and_doubles_nothing() {
    suite::death_of_a_consumer_loses_and_doubles_nothing(&Local).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_consumers_keep_the_order() {
    suite::several_consumers_keep_the_order(&Local).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_becomes_a_dead_letter() {
    suite::poison_becomes_a_dead_letter(&Local).await;
}
