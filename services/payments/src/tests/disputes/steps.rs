//! The table of states, whole.

use contracts::disputes::DisputeStatus::{self, Lost, Opened, UnderReview, Won};

use crate::model::disputes::{Step, place, status_of, status_text, step};

const ALL: [DisputeStatus; 4] = [Opened, UnderReview, Won, Lost];

#[test]
fn every_state_meets_every_news() {
    use Step::{Contradiction, Move, Stay};
    let table = [
        (Opened, [Stay, Move(UnderReview), Move(Won), Move(Lost)]),
        (UnderReview, [Stay, Stay, Move(Won), Move(Lost)]),
        (Won, [Stay, Stay, Stay, Contradiction]),
        (Lost, [Stay, Stay, Contradiction, Stay]),
    ];
    for (from, wanted) in table {
        for (seen, wanted) in ALL.into_iter().zip(wanted) {
            assert_eq!(step(from, seen, false), wanted, "{from:?} hears {seen:?}");
            // What was a question becomes a dispute: it has to be answered again, and nothing else is different.
            let escalated = if (from, seen) == (UnderReview, Opened) { Move(Opened) } else { wanted };
            assert_eq!(step(from, seen, true), escalated, "{from:?} hears {seen:?}, and money was taken");
        }
    }
}

#[test]
fn news_in_any_order_and_twice_ends_in_the_same_state() {
    let apply = |news: &[DisputeStatus]| {
        news.iter().fold(Opened, |now, seen| match step(now, *seen, false) {
            Step::Move(to) => to,
            Step::Stay | Step::Contradiction => now,
        })
    };
    for end in [Won, Lost] {
        for news in [
            vec![Opened, UnderReview, end],
            vec![end, UnderReview, Opened],
            vec![end],
            vec![UnderReview, end, Opened, end, UnderReview],
        ] {
            assert_eq!(apply(&news), end, "{news:?}");
        }
    }
}

#[test]
fn states_have_words_and_lists_their_order() {
    for status in ALL {
        assert_eq!(status_of(status_text(status)), Some(status));
        assert_eq!(status.is_open(), matches!(status, Opened | UnderReview));
    }
    assert_eq!(status_of("closed"), None);
    let at = kernel::Timestamp::from_seconds;
    let (soon, later) = (place(Some(at(200)), at(0), None), place(Some(at(300)), at(100), None));
    let (old, new) = (place(None, at(0), Some(at(400))), place(Some(at(200)), at(0), Some(at(500))));
    assert!(soon < later && later < new && new < old);
}
