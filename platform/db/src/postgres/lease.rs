//! A connection on loan from the pool that only goes back when its state is known.

use deadpool_postgres::{ClientWrapper, Object};
use kernel::Result;

use crate::error;

/// A connection that is thrown away, and its transaction with it, unless it was returned.
pub(super) struct Lease(Option<Object>);

impl Lease {
    pub(super) fn new(client: Object) -> Self {
        Self(Some(client))
    }

    pub(super) fn client(&self) -> Result<&ClientWrapper> {
        self.0.as_deref().ok_or_else(error::closed)
    }

    /// Gives the connection back: no transaction is open and no statement is running.
    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    /// Panics, lost answers and dropped statements end here: the server rolls back when it sees
    /// the connection gone.
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}
