//! The routes and documents of a process while its services are put together.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, OnceLock},
};

use axum::{Router, middleware};
use contracts::services::{Route, Served};
use kernel::Result;
use serde_json::Value;
use souk_http::{Authenticate, Described, Verifier, openapi};

use crate::{
    cache::Ready,
    calls::{
        Directory, Network,
        inbound::{Audience, accept, receive},
    },
    operations::{self, Operations},
    readiness::Readiness,
    service::Service,
};

/// A document of the API that is made when it is first asked for: most processes never are, and what it takes to make one
/// would stay with them.
pub type Document = Arc<LazyLock<Value, Box<dyn FnOnce() -> Value + Send>>>;

fn document(described: Vec<Described>, name: &'static str, about: &'static str) -> Document {
    Arc::new(LazyLock::new(Box::new(move || openapi::assemble(&described, &[(name, about)]))))
}

/// What a service answers.
pub(crate) struct Answering {
    routes: Vec<Route>,
    below: Vec<String>,
    pages: bool,
    document: Document,
    told: OnceLock<Result<Ready>>,
}

impl Answering {
    /// The same as the edge is told it: a [`Served`].
    pub fn told(&self) -> Result<Ready> {
        let tell = || {
            Ready::json(&Served {
                routes: self.routes.clone(),
                below: self.below.clone(),
                pages: self.pages,
                document: (**self.document).clone(),
            })
        };
        self.told.get_or_init(tell).clone()
    }
}

/// What has been gathered so far.
#[derive(Default)]
pub(crate) struct Building {
    router: Router,
    /// What each service answers.
    pub served: BTreeMap<&'static str, Arc<Answering>>,
    /// The services' documents, in their order.
    pub documents: Vec<Document>,
}

impl Building {
    /// Adds the routes of a service. Others in this process reach them through `directory`, others
    /// elsewhere with a token for this service.
    pub fn add(
        &mut self,
        name: &'static str,
        about: &'static str,
        below: Option<&'static str>,
        service: Service,
        directory: &Directory,
    ) -> Result<()> {
        let (mut own, mut described, mut routes) = (Router::new(), Vec::new(), Vec::new());
        for build in service.routes {
            let built = build()?;
            own = own.merge(built.router);
            described.extend(built.described);
            routes.extend(built.served);
        }
        directory.announce(name, own.clone());
        self.router = std::mem::take(&mut self.router).merge(for_network(own, directory.network(), &[name]));
        let has_pages = service.pages.is_some();
        if let Some(pages) = service.pages {
            self.router = std::mem::take(&mut self.router).merge(pages);
        }
        let document = document(described, name, about);
        self.documents.push(document.clone());
        let below = below.map(str::to_owned).into_iter().collect();
        let answering = Answering { routes, below, pages: has_pages, document, told: OnceLock::new() };
        self.served.insert(name, Arc::new(answering));
        Ok(())
    }

    /// Adds what the runtime itself answers.
    pub fn add_operations(&mut self, operations: Operations, directory: &Directory) -> Result<()> {
        let names: Vec<&'static str> = operations.served.keys().copied().collect();
        let built = operations::routes().build(operations)?;
        directory.announce("operations", built.router.clone());
        let about = "What runs behind the shop: backlogs and dead letters.";
        self.documents.push(document(built.described, "operations", about));
        let router = for_network(built.router, directory.network(), &names);
        self.router = std::mem::take(&mut self.router).merge(router);
        Ok(())
    }

    /// The router of all, with what every request passes.
    pub fn finish(self, verifier: &Arc<Verifier>, readiness: &Arc<Readiness>, is_networked: bool) -> Router {
        let router = self.router.layer(Authenticate { verifier: verifier.clone() });
        if is_networked { router.layer(middleware::from_fn_with_state(readiness.clone(), receive)) } else { router }
    }
}

/// A router that takes tokens of other services, if there are others elsewhere.
fn for_network(router: Router, network: Option<&Arc<Network>>, services: &[&'static str]) -> Router {
    match network {
        Some(network) => {
            let audience = Audience { tokens: network.tokens().clone(), services: services.into() };
            router.layer(middleware::from_fn_with_state(audience, accept))
        }
        None => router,
    }
}
