//! Instances behind names in the DNS: a headless service of Kubernetes, or a name with several addresses.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::BoxFuture;
use http::uri::Authority;
use kernel::{Error, Result};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Board, Discovery, Instances, Settings, listed};

/// Names under `[discovery.services]`, looked up again and again.
pub struct Dns {
    board: Arc<Board>,
    names: Arc<Mutex<BTreeMap<&'static str, Vec<Authority>>>>,
    /// Looking ends with this.
    _looking: DropGuard,
}

impl Dns {
    /// Begins to look. Needs a tokio runtime.
    pub fn new(settings: &Settings) -> Result<Self> {
        let (board, names) = (Arc::new(Board::default()), Arc::new(Mutex::new(listed(settings)?)));
        let every = Duration::from_secs(settings.refresh_s.max(1));
        let stop = CancellationToken::new();
        let look = look(board.clone(), names.clone(), every);
        tokio::spawn(stop.clone().run_until_cancelled_owned(look));
        Ok(Self { board, names, _looking: stop.drop_guard() })
    }
}

async fn look(board: Arc<Board>, names: Arc<Mutex<BTreeMap<&'static str, Vec<Authority>>>>, every: Duration) {
    loop {
        let all = names.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (service, names) in all {
            match resolve(&names).await {
                Ok(instances) => board.set(service, instances),
                // A DNS that does not answer costs news, not what is known.
                Err(error) => tracing::warn!(service, %error, "instances could not be looked up"),
            }
        }
        tokio::time::sleep(every).await;
    }
}

async fn resolve(names: &[Authority]) -> Result<Vec<Authority>> {
    let mut instances = Vec::new();
    for name in names {
        let cannot = |e: std::io::Error| Error::unavailable(format!("“{name}” cannot be looked up: {e}."));
        for address in tokio::net::lookup_host(name.as_str()).await.map_err(cannot)? {
            instances.push(address.to_string().parse().map_err(Error::internal)?);
        }
    }
    Ok(instances)
}

impl Discovery for Dns {
    fn watch(&self, service: &'static str) -> watch::Receiver<Instances> {
        self.board.watch(service)
    }
    fn join<'a>(&'a self, _: &'a [&'static str], _: &'a Authority) -> BoxFuture<'a, Result<()>> {
        // Whoever keeps the DNS sees by the readiness of this process that it is there.
        Box::pin(std::future::ready(Ok(())))
    }
    fn leave(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
    fn reload(&self, settings: &Settings) -> Result<()> {
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = listed(settings)?;
        Ok(())
    }
}
