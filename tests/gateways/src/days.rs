//! Bad days, and the books in which all of it shows.

/// Faults that strike at random, each in so many of a thousand cases.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// It is done, but the answer comes too late.
    pub silent_per_mille: u64,
    /// 500 or 503, nothing is done.
    pub broken_per_mille: u64,
    /// 429, nothing is done.
    pub busy_per_mille: u64,
    /// A webhook is sent twice.
    pub doubled_per_mille: u64,
    /// A webhook is sent two seconds late.
    pub late_per_mille: u64,
}

/// What the next call meets, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is done, but the answer comes too late.
    Silent,
    /// Nothing is done, and no answer comes in time.
    Hang,
    /// 500, nothing is done.
    Broken,
    /// 429, nothing is done.
    Busy,
}

impl Faults {
    /// What strikes a call that changes something, if anything does.
    pub(crate) fn strike(&self, strikes: impl Fn(u64) -> bool) -> Option<Fault> {
        let chances = [
            (self.broken_per_mille, Fault::Broken),
            (self.busy_per_mille, Fault::Busy),
            (self.silent_per_mille, Fault::Silent),
        ];
        chances.into_iter().find(|(rate, _)| strikes(*rate)).map(|(_, fault)| fault)
    }
}

/// What a gateway holds, according to its own journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// Payments that have ever held money.
    pub payments: usize,
    /// Taken from buyers.
    pub captured: i64,
    /// Given back.
    pub refunded: i64,
    /// Orders for which more than one payment holds money.
    pub charged_twice: Vec<String>,
}

impl Books {
    /// From a journal of payments and what each took (or gave back, below zero), and the order that each is of.
    pub(crate) fn of<'a>(journal: &'a [(String, i64)], order_of: impl Fn(&str) -> &'a str) -> Self {
        let mut books = Self::default();
        let mut held: Vec<(&str, i64)> = Vec::new();
        for (payment, amount) in journal {
            match held.iter_mut().find(|(known, _)| known == payment) {
                Some((_, sum)) => *sum += amount,
                None => held.push((payment, *amount)),
            }
            if *amount > 0 {
                books.payments += 1;
                books.captured += amount;
            } else {
                books.refunded -= amount;
            }
        }
        let mut orders: Vec<&str> =
            held.iter().filter(|(_, sum)| *sum > 0).map(|(payment, _)| order_of(payment)).collect();
        orders.sort_unstable();
        let twice = orders.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_owned());
        books.charged_twice = twice.collect();
        books
    }
}
