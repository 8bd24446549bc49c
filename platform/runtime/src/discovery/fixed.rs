//! Instances named in the configuration.

use futures::future::BoxFuture;
use http::uri::Authority;
use kernel::Result;
use tokio::sync::watch;

use super::{Board, Discovery, Instances, Settings, listed};

/// The lists under `[discovery.services]`.
pub struct Fixed(Board);

impl Fixed {
    /// What the configuration lists.
    pub fn new(settings: &Settings) -> Result<Self> {
        let board = Board::default();
        board.replace(listed(settings)?);
        Ok(Self(board))
    }
}

impl Discovery for Fixed {
    fn watch(&self, service: &'static str) -> watch::Receiver<Instances> {
        self.0.watch(service)
    }
    fn join<'a>(&'a self, _: &'a [&'static str], _: &'a Authority) -> BoxFuture<'a, Result<()>> {
        // Others have their own lists.
        Box::pin(std::future::ready(Ok(())))
    }
    fn leave(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
    fn reload(&self, settings: &Settings) -> Result<()> {
        self.0.replace(listed(settings)?);
        Ok(())
    }
}
