//! Webhooks that are to be delivered: at least once, in no particular order.

use std::time::Duration;

use kernel::Timestamp;

/// One of them.
struct Letter {
    body: String,
    due: Vec<Timestamp>,
    tries: u32,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Mailbag(Vec<Letter>);

impl Mailbag {
    /// One more, to be delivered as often as there are times.
    pub fn put(&mut self, body: String, due: Vec<Timestamp>) {
        self.0.push(Letter { body, due, tries: 0 });
    }

    /// Takes out what is due, the oldest first; with the number under which a failure is noted.
    pub fn take_due(&mut self, now: Timestamp) -> Vec<(usize, String)> {
        let mut due: Vec<(Timestamp, usize, String)> = Vec::new();
        for (n, letter) in self.0.iter_mut().enumerate() {
            let ripe: Vec<_> = letter.due.extract_if(.., |at| *at <= now).collect();
            due.extend(ripe.into_iter().map(|at| (at, n, letter.body.clone())));
        }
        due.sort();
        due.into_iter().map(|(_, n, body)| (n, body)).collect()
    }

    /// It was not taken, and is tried again later.
    pub fn came_back(&mut self, n: usize, now: Timestamp) {
        let letter = &mut self.0[n];
        letter.tries += 1;
        letter.due.push(now.plus(Duration::from_secs(1 << letter.tries.min(6))));
    }
}
