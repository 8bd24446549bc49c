use std::{sync::Arc, time::Duration};

use contracts::Envelope;
use kernel::Clock;

use super::{BOTH, Bench, drain};
use crate::{EventBus, LocalBus, Received, Relay, operate};

/// What `texts` look like on the wire, each the next version of the order `a`.
async fn envelopes(bench: &Bench, texts: &[&str]) -> Vec<Arc<Envelope>> {
    for text in texts {
        bench.publish("a", text).await.unwrap();
    }
    let bus: Arc<dyn EventBus> = Arc::new(LocalBus::default());
    let relay = Relay::new(bench.outbox.clone(), bench.db.clone(), bus, bench.clock.clone(), bench.random.clone());
    relay.unsent(100).await.unwrap()
}

#[tokio::test]
async fn duplicates_and_disorder_do_not_show() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "disorder").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["one", "two", "three"]).await;
        assert_eq!(inbox.take(all[2].clone()).await.unwrap(), Received::Waiting);
        assert_eq!(inbox.take(all[1].clone()).await.unwrap(), Received::Waiting);
        assert!(bench.notes().await.is_empty());
        assert_eq!(inbox.take(all[0].clone()).await.unwrap(), Received::Handled);
        drain(&bench, &inbox, 3).await;
        for envelope in &all {
            assert_eq!(inbox.take(envelope.clone()).await.unwrap(), Received::Duplicate);
        }
        assert_eq!(bench.notes().await, ["one", "two", "three"]);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
    }
}

/// Many events share a commit; one that fails does not take the others along.
#[tokio::test]
async fn a_batch_is_taken_in_together_and_apart_where_it_must() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "together").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["one", "two", "three", "refuse me", "behind"]).await;
        let commits = bench.db.observe().writes;
        inbox.receive(&all[..3]).await.unwrap();
        assert_eq!(bench.db.observe().writes, commits + 1, "they share a transaction");
        assert_eq!(bench.notes().await, ["one", "two", "three"]);
        inbox.receive(&all).await.unwrap();
        assert_eq!(bench.notes().await, ["one", "two", "three"], "what was there is not doubled");
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 2);
        bench.publish("b", "open the gate").await.unwrap();
        let rest = envelopes(&bench, &["last"]).await;
        inbox.receive(&rest[5..]).await.unwrap();
        drain(&bench, &inbox, 5).await;
        assert_eq!(bench.notes().await, ["one", "two", "three", "open the gate", "refuse me", "behind", "last"]);
    }
}

/// Two batches lock what they are about in the same order, whoever sent them and however they were sent.
#[tokio::test]
async fn events_that_share_a_commit_are_taken_in_by_subject() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "subjects").await;
        let mut names = ["x", "y", "z"];
        names.sort_by_key(|name| Bench::order(name).to_string());
        let [first, second, third] = names;
        for (name, text) in [(third, "1"), (first, "2"), (third, "3"), (second, "4"), (first, "5")] {
            bench.publish(name, &format!("{text} of {name}")).await.unwrap();
        }
        let all = envelopes(&bench, &[]).await;
        assert_eq!(all.len(), 5);
        bench.inbox().receive(&all).await.unwrap();
        let sorted = [(2, first), (5, first), (4, second), (1, third), (3, third)];
        assert_eq!(bench.notes().await, sorted.map(|(text, name)| format!("{text} of {name}")));
    }
}

/// Heads as `order version`, sorted.
async fn heads(bench: &Bench, names: &[&str]) -> Vec<String> {
    let rows = bench.db.all("SELECT aggregateid, version FROM inbox", vec![]).await.unwrap();
    let name_of = |id: String| names.iter().find(|name| Bench::order(name).to_string() == id).copied().unwrap();
    let mut heads: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {}", name_of(row.get("aggregateid").unwrap()), row.get::<i64>("version").unwrap()))
        .collect();
    heads.sort();
    heads
}

#[tokio::test]
async fn the_heads_of_a_batch_move_together_as_far_as_each_has_events() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "heads").await;
        let (inbox, names) = (bench.inbox(), ["a", "b", "c", "d"]);
        for (name, times) in [("b", 3), ("c", 1), ("d", 2)] {
            for time in 1..=times {
                bench.publish(name, &format!("{name}{time}")).await.unwrap();
            }
        }
        let all = envelopes(&bench, &["a1", "a2"]).await;
        let of = |name: &str| -> Vec<_> {
            let id = Bench::order(name).to_string();
            all.iter().filter(|event| event.subject == id).cloned().collect()
        };
        let (a, b, c, d) = (of("a"), of("b"), of("c"), of("d"));
        inbox.receive(&[&a[..], &b[..1], &c[..]].concat()).await.unwrap();
        assert_eq!(heads(&bench, &names).await, ["a 2", "b 1", "c 1"]);
        let commits = bench.db.observe().writes;
        inbox.receive(&[&d[..], &b[1..]].concat()).await.unwrap();
        assert_eq!(heads(&bench, &names).await, ["a 2", "b 3", "c 1", "d 2"]);
        assert_eq!(bench.db.observe().writes, commits + 1, "beginnings and continuations share a transaction");
        assert_eq!(bench.notes().await.len(), 8);
    }
}

#[tokio::test]
async fn a_batch_with_a_gap_moves_no_head_over_it() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "gap").await;
        let inbox = bench.inbox();
        bench.publish("b", "other").await.unwrap();
        let all = envelopes(&bench, &["one", "two", "three", "four"]).await;
        // Within the batch, and before it.
        inbox.receive(&[all[0].clone(), all[1].clone(), all[3].clone()]).await.unwrap();
        inbox.receive(&all[4..]).await.unwrap();
        let mut notes = bench.notes().await;
        notes.sort();
        assert_eq!(notes, ["one", "other"]);
        assert_eq!(heads(&bench, &["a", "b"]).await, ["a 1", "b 1"]);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 2);
        inbox.receive(&all[2..3]).await.unwrap();
        drain(&bench, &inbox, 5).await;
        assert_eq!(bench.notes().await.split_off(2), ["two", "three", "four"]);
    }
}

#[tokio::test]
async fn batches_that_overlap_at_the_same_moment_count_once() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "overlap").await;
        let inbox = bench.inbox();
        let texts: Vec<String> = (1..=20).map(|n| format!("{n:02}")).collect();
        let all = envelopes(&bench, &texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let parts = [&all[..3], &all[..4], &all[..20], &all[..10], &all[..4]];
        for received in futures::future::join_all(parts.map(|part| inbox.receive(part))).await {
            received.unwrap();
        }
        drain(&bench, &inbox, 60).await;
        assert_eq!(bench.notes().await, texts, "each once, in order");
        assert_eq!(heads(&bench, &["a"]).await, ["a 20"]);
    }
}

#[tokio::test]
async fn a_failing_event_holds_back_its_aggregate_and_no_other() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "holding").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["refuse me", "after"]).await;
        inbox.receive(&all).await.unwrap();
        assert!(bench.notes().await.is_empty(), "a refused handler leaves nothing behind");
        bench.publish("b", "open the gate").await.unwrap();
        let bus: Arc<dyn EventBus> = Arc::new(LocalBus::default());
        let relay = Relay::new(bench.outbox.clone(), bench.db.clone(), bus, bench.clock.clone(), bench.random.clone());
        let other = relay.unsent(100).await.unwrap().pop().unwrap();
        assert_eq!(inbox.take(other).await.unwrap(), Received::Handled);
        drain(&bench, &inbox, 5).await;
        assert_eq!(bench.notes().await, ["open the gate", "refuse me", "after"]);
    }
}

#[tokio::test]
async fn what_keeps_failing_becomes_a_dead_letter_and_can_be_replayed() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "dead").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["refuse me", "after"]).await;
        inbox.receive(&all).await.unwrap();
        for _ in 0..40 {
            bench.clock.advance(Duration::from_secs(400));
            inbox.retry_due().await.unwrap();
        }
        let page = Default::default();
        let dead = operate::dead_letters(&bench.db, "test", &page).await.unwrap().items;
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].kind.as_str(), dead[0].attempts), ("test.noted", 14));
        assert!(dead[0].error.contains("The gate is closed"), "{}", dead[0].error);
        assert!(bench.notes().await.is_empty(), "what is behind a dead letter waits for it");

        bench
            .db
            .write(async |tx| tx.exec("INSERT INTO notes VALUES (100, 'open the gate')", vec![]).await)
            .await
            .unwrap();
        let replay = contracts::operations::Replay { what: "event".to_owned(), id: dead[0].id.clone() };
        operate::replay(&bench.db, &*bench.clock, &replay).await.unwrap();
        drain(&bench, &inbox, 400).await;
        assert_eq!(bench.count("SELECT count(*) FROM notes WHERE text IN ('refuse me', 'after')").await, 2);
        assert!(operate::replay(&bench.db, &*bench.clock, &replay).await.is_err(), "only what is dead can be replayed");
        assert_eq!(operate::backlog(&bench.db, "test", bench.clock.now()).await.unwrap().dead, 0);
    }
}

#[tokio::test]
async fn a_consumer_that_missed_the_beginning_goes_on_after_a_while() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "late").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["missed", "seen", "next"]).await;
        inbox.receive(&all[1..]).await.unwrap();
        drain(&bench, &inbox, 10).await;
        assert!(bench.notes().await.is_empty(), "it waits for its grace first");
        drain(&bench, &inbox, 60).await;
        assert_eq!(bench.notes().await, ["seen", "next"]);
    }
}

/// What comes in the wrong order just before a machine is put to sleep is there in the right one once it wakes up.
#[tokio::test]
async fn a_machine_that_slept_has_not_waited() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "slept").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["one", "two"]).await;
        assert_eq!(inbox.take(all[1].clone()).await.unwrap(), Received::Waiting);
        drain(&bench, &inbox, 3).await;
        for _ in 0..3 {
            bench.clock.advance(Duration::from_secs(3_600));
            inbox.retry_due().await.unwrap();
        }
        assert!(bench.notes().await.is_empty(), "it has been looked at a few times only");
        assert_eq!(inbox.take(all[0].clone()).await.unwrap(), Received::Handled);
        drain(&bench, &inbox, 5).await;
        assert_eq!(bench.notes().await, ["one", "two"]);
    }
}

/// Two that are taken in side by side, and the process dies before the first of them is.
#[tokio::test]
async fn what_a_known_aggregate_lacks_is_waited_for_however_long() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "lacking").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["one", "two", "three"]).await;
        assert_eq!(inbox.take(all[0].clone()).await.unwrap(), Received::Handled);
        assert_eq!(inbox.take(all[2].clone()).await.unwrap(), Received::Waiting);
        drain(&bench, &inbox, 600).await;
        assert_eq!(bench.notes().await, ["one"]);
        assert_eq!(inbox.take(all[1].clone()).await.unwrap(), Received::Handled);
        drain(&bench, &inbox, 60).await;
        assert_eq!(bench.notes().await, ["one", "two", "three"]);
    }
}

#[tokio::test]
async fn the_time_in_which_nothing_could_come_is_no_waiting() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "away").await;
        let all = envelopes(&bench, &["one", "two"]).await;
        assert_eq!(bench.inbox().take(all[1].clone()).await.unwrap(), Received::Waiting);
        bench.clock.advance(Duration::from_secs(600));
        let again = bench.inbox();
        drain(&bench, &again, 25).await;
        assert!(bench.notes().await.is_empty(), "the first may still be under way");
        assert_eq!(again.take(all[0].clone()).await.unwrap(), Received::Handled);
        drain(&bench, &again, 10).await;
        assert_eq!(bench.notes().await, ["one", "two"]);
    }
}

#[tokio::test]
async fn what_is_given_up_before_the_inbox_is_noted_there() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "buried").await;
        let inbox = bench.inbox();
        let all = envelopes(&bench, &["one", "two"]).await;
        inbox.receive(&all[..1]).await.unwrap();
        for _ in 0..2 {
            for message in [&serde_json::to_vec(&*all[0]).unwrap()[..], &serde_json::to_vec(&*all[1]).unwrap()[..]] {
                inbox.bury(message, 20, "It came too often.").await.unwrap();
            }
            inbox.bury(b"no event \0\xff", 1, "This is no event.").await.unwrap();
        }
        let dead = operate::dead_letters(&bench.db, "test", &Default::default()).await.unwrap().items;
        let noted: Vec<_> = dead.iter().map(|letter| (letter.kind.as_str(), letter.attempts)).collect();
        assert_eq!(noted.len(), 2, "once each, and not what was taken in: {dead:?}");
        assert!(noted.contains(&("test.noted", 20)) && noted.contains(&("unreadable", 1)), "{noted:?}");

        for letter in &dead {
            let again = contracts::operations::Replay { what: "event".to_owned(), id: letter.id.clone() };
            operate::replay(&bench.db, &*bench.clock, &again).await.unwrap();
        }
        drain(&bench, &inbox, 3).await;
        assert_eq!(bench.notes().await, ["one", "two"]);
        let dead = operate::dead_letters(&bench.db, "test", &Default::default()).await.unwrap().items;
        assert_eq!(dead.len(), 1, "what cannot be read stays, and keeps nobody up");
        assert_eq!(dead[0].kind, "unreadable");
    }
}
