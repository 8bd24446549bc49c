use std::{sync::Arc, time::Duration};

use contracts::Envelope;
use kernel::{Clock, Timestamp};

use super::{BOTH, Bench, drain};
use crate::{EventBus, Inbox, LocalBus, Received, Relay, operate, replay::replay};

const BEGINNING: Timestamp = Timestamp(0);

/// Publishes what is unsent to `inbox` and marks it as sent.
async fn relay(bench: &Bench, inbox: &Arc<Inbox>) -> Vec<Arc<Envelope>> {
    let bus = Arc::new(LocalBus::default());
    bus.connect(inbox.clone());
    let (clock, random) = (bench.clock.clone(), bench.random.clone());
    let relay = Relay::new(bench.outbox.clone(), bench.db.clone(), bus, clock, random);
    let batch = relay.unsent(100).await.unwrap();
    relay.step().await.unwrap();
    batch
}

/// Events that happen and arrive, a minute after each other.
async fn note(bench: &Bench, inbox: &Arc<Inbox>, texts: &[(&str, &str)]) -> Vec<Arc<Envelope>> {
    let mut all = Vec::new();
    for (order, text) in texts {
        bench.publish(order, text).await.unwrap();
        all.extend(relay(bench, inbox).await);
        bench.clock.advance(Duration::from_secs(60));
    }
    all
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[tokio::test]
async fn the_past_is_taken_in_again_before_what_comes_meanwhile() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "replay").await;
        let inbox = bench.inbox();
        note(&bench, &inbox, &[("a", "a1"), ("b", "b1"), ("a", "a2"), ("a", "a3"), ("b", "b2")]).await;
        assert_eq!(bench.notes().await, ["a1", "b1", "a2", "a3", "b2"]);

        assert_eq!(replay(&inbox, &bench.outbox, &bench.db, BEGINNING).await.unwrap(), 5);
        assert_eq!(bench.notes().await.len(), 5, "it is only noted");
        bench.publish("a", "a4").await.unwrap();
        let live = relay(&bench, &inbox).await;
        assert_eq!(bench.notes().await.len(), 5, "what comes meanwhile waits for its turn");
        drain(&bench, &inbox, 5).await;
        let again = bench.notes().await.split_off(5);
        for (order, told) in [("a", vec!["a1", "a2", "a3", "a4"]), ("b", vec!["b1", "b2"])] {
            let of_order: Vec<_> = again.iter().filter(|text| text.starts_with(order)).collect();
            assert_eq!(of_order, told);
        }
        assert_eq!(inbox.take(live[0].clone()).await.unwrap(), Received::Duplicate);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
    }
}

#[tokio::test]
async fn a_replay_begins_where_it_is_told_to() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "replay_from").await;
        let inbox = bench.inbox();
        note(&bench, &inbox, &[("a", "a1"), ("b", "b1"), ("a", "a2")]).await;
        let from = bench.clock.now();
        note(&bench, &inbox, &[("a", "a3"), ("c", "c1")]).await;
        assert_eq!(replay(&inbox, &bench.outbox, &bench.db, from).await.unwrap(), 2);
        drain(&bench, &inbox, 5).await;
        assert_eq!(sorted(bench.notes().await), ["a1", "a2", "a3", "a3", "b1", "c1", "c1"]);
        assert_eq!(replay(&inbox, &bench.outbox, &bench.db, bench.clock.now()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_replay_tries_dead_letters_again() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "replay_dead").await;
        let inbox = bench.inbox();
        note(&bench, &inbox, &[("a", "refuse me"), ("a", "after")]).await;
        for _ in 0..40 {
            bench.clock.advance(Duration::from_secs(400));
            inbox.retry_due().await.unwrap();
        }
        assert_eq!(operate::dead_letters(&bench.db, "test", &Default::default()).await.unwrap().items.len(), 1);
        bench
            .db
            .write(async |tx| tx.exec("INSERT INTO notes VALUES (100, 'open the gate')", vec![]).await)
            .await
            .unwrap();
        assert_eq!(replay(&inbox, &bench.outbox, &bench.db, BEGINNING).await.unwrap(), 2);
        drain(&bench, &inbox, 5).await;
        assert_eq!(bench.count("SELECT count(*) FROM notes WHERE text IN ('refuse me', 'after')").await, 2);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
    }
}

/// Whoever reads the history and then finds the consumer beyond it has to read it anew.
#[tokio::test]
async fn a_head_never_goes_back_over_what_is_not_noted() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "rewind").await;
        let inbox = bench.inbox();
        let all = note(&bench, &inbox, &[("a", "a1"), ("a", "a2"), ("a", "a3")]).await;
        let read_early = all[..2].iter().map(|event| Envelope::clone(event)).collect();
        assert_eq!(inbox.rewind(read_early, 1).await.unwrap(), None);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
        assert_eq!(bench.count("SELECT version FROM inbox").await, 3);
    }
}

#[tokio::test]
async fn only_old_events_that_were_sent_are_forgotten() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "prune").await;
        let inbox = bench.inbox();
        note(&bench, &inbox, &[("a", "a1"), ("a", "a2"), ("b", "b1")]).await;
        let before = bench.clock.now();
        note(&bench, &inbox, &[("a", "a3")]).await;
        bench.publish("c", "unsent").await.unwrap();
        bench.clock.advance(Duration::from_secs(60));
        let left = "SELECT count(*) FROM outbox";
        assert_eq!(operate::prune(&bench.db, before, 2).await.unwrap(), 2, "no more than it may");
        assert_eq!(bench.count(left).await, 3);
        assert_eq!(operate::prune(&bench.db, bench.clock.now(), 100).await.unwrap(), 2);
        assert_eq!(bench.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL").await, 1);
        assert_eq!(bench.count(left).await, 1, "what is not sent stays, however old");

        // The versions go on counting, and what is left can still be replayed.
        bench.publish("a", "a4").await.unwrap();
        relay(&bench, &inbox).await;
        assert_eq!(replay(&inbox, &bench.outbox, &bench.db, BEGINNING).await.unwrap(), 2);
        drain(&bench, &inbox, 5).await;
        assert_eq!(bench.count("SELECT max(version) FROM inbox").await, 4);
        assert_eq!(sorted(bench.notes().await), ["a1", "a2", "a3", "a4", "a4", "b1", "unsent", "unsent"]);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
    }
}
