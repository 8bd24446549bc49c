//! A consumer: its handlers, one per type of event.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use contracts::{Envelope, Event};
use db::Tx;
use futures::future::LocalBoxFuture;
use kernel::Result;

type HandlerFn = dyn for<'a> Fn(&'a mut Tx, &'a Envelope) -> LocalBoxFuture<'a, Result<()>> + Send + Sync;

/// What a service does on one type of event.
#[derive(Clone)]
pub struct Handler {
    kind: &'static str,
    aggregate: &'static str,
    pub(crate) run: Arc<HandlerFn>,
}

impl Handler {
    /// `run` gets the service's state, the transaction of the effect, the event and its envelope.
    /// It may only await the database.
    pub fn new<E, S, F>(state: S, run: F) -> Self
    where
        E: Event,
        S: Clone + Send + Sync + 'static,
        F: AsyncFn(&S, &mut Tx, E, &Envelope) -> Result<()> + Clone + Send + Sync + 'static,
    {
        let erased: Box<HandlerFn> = Box::new(move |tx, envelope| erase(state.clone(), run.clone(), tx, envelope));
        Self { kind: E::TYPE, aggregate: E::AGGREGATE, run: erased.into() }
    }

    /// Type of event it takes.
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

fn erase<'a, E, S, F>(state: S, run: F, tx: &'a mut Tx, envelope: &'a Envelope) -> LocalBoxFuture<'a, Result<()>>
where
    E: Event,
    S: 'a,
    F: AsyncFn(&S, &mut Tx, E, &Envelope) -> Result<()> + 'a,
{
    Box::pin(async move { run(&state, tx, envelope.decode::<E>()?, envelope).await })
}

/// What a consumer does on which events.
#[derive(Default, Clone)]
pub struct Consumer {
    pub(crate) handlers: BTreeMap<&'static str, Handler>,
    pub(crate) aggregates: BTreeSet<&'static str>,
}

impl Consumer {
    /// Adds a handler; one per type of event.
    pub fn add(&mut self, handler: Handler) {
        self.aggregates.insert(handler.aggregate);
        self.handlers.insert(handler.kind, handler);
    }
    /// Types of events it does something on.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.handlers.keys().copied()
    }
}
