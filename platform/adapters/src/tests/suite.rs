//! What every bus promises.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use contracts::operations::Replay;
use db::CommitFate;
use events::{EventBus, operate};
use kernel::SystemClock;

use super::{
    process::{Process, wait},
    shop::{Done, Reader, Said, Teller},
};

/// Where processes meet.
pub trait Arena {
    /// The bus of a new process.
    fn bus(&self) -> Arc<dyn EventBus>;
    /// Cuts all connections there are now.
    fn cut(&self);
}

/// Every consumer gets what it wants, once and in order, and nothing else.
pub async fn each_consumer_gets_what_it_wants_once(arena: &dyn Arena) {
    let (teller, first) = (Teller::new().await, Reader::of_things("first").await);
    let second = Reader::of_things("second").await.grown();
    let places = Reader::of_places("places").await;
    let process = Process::start(arena.bus(), &[&first, &second, &places], Some(&teller));
    teller.say(20, 15).await;
    for place in 0..50 {
        teller.tell(&Done { place: format!("place-{}", place % 5) }).await;
    }
    wait("all have heard", async || {
        (first.heard().await, second.heard().await, places.heard().await) == (300, 350, 50)
    })
    .await;
    wait("all is marked as sent", async || teller.unsent().await == 0).await;
    process.stop().await;
    for reader in [&first, &second, &places] {
        reader.assert_once_and_in_order().await;
    }
    assert_eq!((first.heard().await, second.heard().await, places.heard().await), (300, 350, 50));
}

/// A consumer that dies before its commit, or after it and before it has told the bus, loses and doubles nothing.
pub async fn death_of_a_consumer_loses_and_doubles_nothing(arena: &dyn Arena) {
    for fate in [CommitFate::AbortUnknown, CommitFate::Unknown] {
        let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
        teller.say(10, 10).await;
        reader.fate.set(fate);
        let before = reader.fate.commits.load(Ordering::SeqCst);
        let process = Process::start(arena.bus(), &[&reader], Some(&teller));
        wait("commits are tried", async || reader.fate.commits.load(Ordering::SeqCst) >= before + 5).await;
        process.kill().await;
        if fate == CommitFate::AbortUnknown {
            assert_eq!(reader.heard().await, 0, "nothing was committed");
        }
        reader.fate.set(CommitFate::Commit);
        let process = Process::start(arena.bus(), &[&reader], Some(&teller));
        wait("the next process hears all", async || reader.heard().await == 100).await;
        process.stop().await;
        reader.assert_once_and_in_order().await;
        assert_eq!(teller.unsent().await, 0);
    }
}

/// Two processes of a service share the work, one dies, a third comes: order holds per aggregate.
pub async fn several_consumers_keep_the_order(arena: &dyn Arena) {
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let one = Process::start(arena.bus(), &[&reader], Some(&teller));
    let two = Process::start(arena.bus(), &[&reader], Some(&teller));
    teller.say(10, 40).await;
    wait("some are heard", async || reader.heard().await >= 100).await;
    one.kill().await;
    teller.say(10, 40).await;
    let three = Process::start(arena.bus(), &[&reader], Some(&teller));
    wait("more are heard", async || reader.heard().await >= 500).await;
    two.stop().await;
    teller.say(10, 20).await;
    wait("all are heard", async || reader.heard().await == 1_000).await;
    three.stop().await;
    reader.assert_once_and_in_order().await;
}

/// An event that cannot be taken in becomes a dead letter; only its aggregate waits, until it is tried again.
pub async fn poison_becomes_a_dead_letter(arena: &dyn Arena) {
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let process = Process::start(arena.bus(), &[&reader], Some(&teller));
    for text in ["before", "refuse", "after"] {
        teller.tell(&Said { thing: "poisoned".to_owned(), text: text.to_owned() }).await;
    }
    teller.say(10, 10).await;
    wait("the others are heard", async || reader.heard().await == 101).await;
    wait("it is given up", async || reader.dead().await.len() == 1).await;
    let dead = reader.dead().await.remove(0);
    assert_eq!((dead.kind.as_str(), dead.subject.as_str(), dead.attempts), ("thing.said", "poisoned", 3));
    assert!(dead.error.contains("The gate is closed."), "{}", dead.error);
    assert_eq!(reader.texts("poisoned").await, ["before"], "what is behind it waits");
    wait("the bus is rid of it", async || teller.unsent().await == 0).await;

    reader.open_the_gate().await;
    operate::replay(&reader.db, &SystemClock, &Replay { what: "event".to_owned(), id: dead.id }).await.unwrap();
    wait("it is taken in after all", async || reader.texts("poisoned").await == ["before", "refuse", "after"]).await;
    process.stop().await;
    reader.assert_once_and_in_order().await;
}

/// Connections are cut again and again while events flow: all arrive, once and in order.
pub async fn cuts_lose_and_double_nothing(arena: &dyn Arena) {
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let process = Process::start(arena.bus(), &[&reader], Some(&teller));
    for round in 1..=5 {
        teller.say(10, 20).await;
        wait("some of this round are heard", async || reader.heard().await > (round - 1) * 200).await;
        arena.cut();
    }
    wait("all are heard", async || reader.heard().await == 1_000).await;
    wait("all is marked as sent", async || teller.unsent().await == 0).await;
    process.stop().await;
    reader.assert_once_and_in_order().await;
}

/// What is published while a service is down waits for it, if its queue was made before.
pub async fn events_wait_for_a_service_that_is_down(arena: &dyn Arena) {
    let (teller, reader) = (Teller::new().await, Reader::of_things("first").await);
    let bus = arena.bus();
    bus.connect(reader.inbox());
    bus.prepare().await.unwrap();
    drop(bus);
    let telling = Process::start(arena.bus(), &[], Some(&teller));
    teller.say(10, 10).await;
    wait("all is marked as sent", async || teller.unsent().await == 0).await;
    telling.stop().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(reader.heard().await, 0);
    let reading = Process::start(arena.bus(), &[&reader], None);
    wait("all are heard", async || reader.heard().await == 100).await;
    reading.stop().await;
    reader.assert_once_and_in_order().await;
}
