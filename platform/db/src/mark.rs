//! The mark that says "a write body is being polled on this thread".

use std::cell::Cell;

thread_local! {
    static IN_TRANSACTION: Cell<bool> = const { Cell::new(false) };
}

/// True while the current task polls the body of [`crate::Db::write`], on either database.
///
/// Clients and ports refuse to be called then: a call while a transaction is open holds locks for
/// as long as somebody else takes to answer.
pub fn in_transaction() -> bool {
    IN_TRANSACTION.get()
}

/// Sets the mark for one poll; the drop takes it back, also when the poll panics.
pub(crate) struct Mark(bool);

impl Mark {
    pub(crate) fn set() -> Self {
        Self(IN_TRANSACTION.replace(true))
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        IN_TRANSACTION.set(self.0);
    }
}
