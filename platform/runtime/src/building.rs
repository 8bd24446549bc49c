//! The routes and documents of a process while its services are put together.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, middleware};
use contracts::services::Served;
use kernel::Result;
use serde_json::Value;
use souk_http::{Authenticator, Verifier, auth::authenticate, openapi};

use crate::{
    calls::{
        Directory, Network,
        inbound::{Audience, accept, receive},
    },
    operations::{self, Operations},
    readiness::Readiness,
    service::Service,
};

/// What has been gathered so far.
#[derive(Default)]
pub(crate) struct Building {
    router: Router,
    /// What each service answers.
    pub served: BTreeMap<&'static str, Served>,
    /// The services' documents, in their order.
    pub documents: Vec<Value>,
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
        let mut schemas = openapi::schema_generator();
        let (mut own, mut documented, mut served) = (Router::new(), Vec::new(), Served::default());
        for routes in service.routes {
            let built = routes(&mut schemas)?;
            own = own.merge(built.router);
            documented.extend(built.documented);
            served.routes.extend(built.served);
        }
        directory.announce(name, own.clone());
        self.router = std::mem::take(&mut self.router).merge(for_network(own, directory.network(), &[name]));
        served.pages = service.pages.is_some();
        if let Some(pages) = service.pages {
            self.router = std::mem::take(&mut self.router).merge(pages);
        }
        served.below.extend(below.map(str::to_owned));
        served.document = openapi::assemble(schemas, &documented, &[(name, about)]);
        self.documents.push(served.document.clone());
        self.served.insert(name, served);
        Ok(())
    }

    /// Adds what the runtime itself answers.
    pub fn add_operations(&mut self, operations: Operations, directory: &Directory) -> Result<()> {
        let names: Vec<&'static str> = operations.served.keys().copied().collect();
        let mut schemas = openapi::schema_generator();
        let built = operations::routes().build(operations, &mut schemas)?;
        directory.announce("operations", built.router.clone());
        let about = "What runs behind the shop: backlogs and dead letters.";
        self.documents.push(openapi::assemble(schemas, &built.documented, &[("operations", about)]));
        let router = for_network(built.router, directory.network(), &names);
        self.router = std::mem::take(&mut self.router).merge(router);
        Ok(())
    }

    /// The router of all, with what every request passes.
    pub fn finish(self, verifier: &Arc<Verifier>, readiness: &Arc<Readiness>, is_networked: bool) -> Router {
        let auth = Authenticator { verifier: verifier.clone() };
        let router = self.router.layer(middleware::from_fn_with_state(auth, authenticate));
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
