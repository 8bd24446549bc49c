//! The edge in a process of its own: it asks every service what it answers, and sends requests there.
//!
//! The table of routes is made from what the services themselves say, so it cannot differ from what they
//! do; it is made anew when one of them says something else, and requests under way notice nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{MethodFilter, any, on},
};
use contracts::{
    Call, Method, SERVICES,
    services::{Route, Served},
};
use kernel::{Error, Identity, Result};
use runtime::{Clients, Document, Network};
use souk_http::{Authenticate, Failure, Verifier, merge::merge};
use tower::ServiceExt;

use crate::{
    Settings,
    bounds::Allowed,
    edge,
    forward::{Target, forward},
    validate::Schema,
};

/// How often services are asked what they answer, and how often while one has not said it yet.
const ASK_EVERY: (Duration, Duration) = (Duration::from_secs(2), Duration::from_millis(250));
const MYSELF: Identity = Identity::Service("gateway");
/// What begins like this is for programs: no page answers it.
const FOR_PROGRAMS: [&str; 4] = ["/api/", "/webhooks/", "/.well-known/", "/media/"];

/// Makes routes where the OpenAPI document and its pages are read.
pub type Documentation = Box<dyn Fn(Document) -> Router + Send + Sync>;

/// What a proxy is made of.
pub struct Parts {
    /// The way to the services.
    pub network: Arc<Network>,
    /// Typed calls to them.
    pub clients: Clients,
    /// Checks the tokens of clients.
    pub verifier: Arc<Verifier>,
    /// The document of what this process answers itself.
    pub own: Document,
    /// Makes the documentation.
    pub documentation: Documentation,
    /// Settings of the edge.
    pub settings: Settings,
}

/// The way from the edge to the services.
pub struct Proxy {
    parts: Parts,
    table: ArcSwap<Table>,
}

/// What the services have said.
#[derive(Default)]
struct Table {
    router: Router,
    known: BTreeMap<&'static str, (String, Arc<Served>)>,
}

impl Proxy {
    /// Knows no service yet.
    pub fn new(parts: Parts) -> Arc<Self> {
        let proxy = Self { parts, table: ArcSwap::default() };
        let table = proxy.table_of(BTreeMap::new());
        proxy.table.store(Arc::new(table));
        Arc::new(proxy)
    }

    /// Asks the services again and again what they answer. Never returns.
    pub async fn keep_fresh(self: Arc<Self>) {
        loop {
            self.refresh().await;
            let all = self.table.load().known.len() == SERVICES.len();
            tokio::time::sleep(if all { ASK_EVERY.0 } else { ASK_EVERY.1 }).await;
        }
    }

    /// Fails with the first service that is needed and cannot be reached.
    pub fn check(&self) -> Result<()> {
        let (table, needs) = (self.table.load(), &self.parts.settings.needs);
        for service in SERVICES.iter().copied() {
            let is_needed = needs.is_empty() || needs.iter().any(|name| name == service);
            let is_reached = table.known.contains_key(service) && self.parts.network.upstream(service).is_reachable();
            if is_needed && !is_reached {
                return Err(Error::unavailable(format!("The service “{service}” cannot be reached.")));
            }
        }
        Ok(())
    }

    /// Asks every service once, and makes a new table if one says something new.
    pub async fn refresh(&self) {
        let before = self.table.load_full();
        let asked = SERVICES.iter().copied();
        let asked = asked.map(async |service| (service, self.ask(service, before.known.get(service)).await));
        let mut known = before.known.clone();
        let mut news = false;
        for (service, answer) in futures::future::join_all(asked).await {
            match answer {
                Ok(Some(fresh)) => {
                    news = true;
                    known.insert(service, fresh);
                }
                Ok(None) => {}
                Err(error) => tracing::debug!(service, %error, "a service does not say what it answers"),
            }
        }
        if news {
            tracing::info!(services = known.len(), "the routes were made anew");
            self.table.store(Arc::new(self.table_of(known)));
        }
    }

    /// What a service answers; `None` if it is what was known.
    async fn ask(
        &self,
        service: &'static str,
        known: Option<&(String, Arc<Served>)>,
    ) -> Result<Option<(String, Arc<Served>)>> {
        let mut call = Call::new(Method::get, format!("/internal/services/{service}"), MYSELF);
        call.headers.extend(known.map(|(tag, _)| ("if-none-match", tag.clone())));
        let reply = self.parts.clients.caller(service).raw(call).await?;
        match reply.status {
            200 => {
                let tag = reply.headers.get(http::header::ETAG).and_then(|v| v.to_str().ok()).unwrap_or_default();
                Ok(Some((tag.to_owned(), Arc::new(serde_json::from_slice(&reply.body)?))))
            }
            304 => Ok(None),
            _ => Err(contracts::client::error_of(&reply)),
        }
    }

    fn table_of(&self, known: BTreeMap<&'static str, (String, Arc<Served>)>) -> Table {
        let document = self.document_of(known.clone());
        let schema = |route: &Route| self.parts.settings.validate.then(|| Schema::new(document.clone(), route.clone()));
        let (mut checked, mut unchecked, mut taken) = (Router::new(), Router::new(), BTreeSet::new());
        for (service, (_, served)) in &known {
            let target = |schema| Arc::new(self.target(service, schema));
            for route in &served.routes {
                let Ok(method) = http::Method::try_from(route.method.as_str()) else { continue };
                let Ok(filter) = MethodFilter::try_from(method) else { continue };
                if taken.insert((shape(&route.path), route.method.clone())) {
                    checked = checked.route(&shape(&route.path), on(filter, forward).with_state(target(schema(route))));
                }
            }
            for below in &served.below {
                let all = any(forward).with_state(target(None));
                unchecked = unchecked.route(below, all.clone()).route(&format!("{below}/{{*rest}}"), all);
            }
        }
        let pages = known.iter().find(|(_, (_, served))| served.pages).map(|(service, _)| self.target(service, None));
        let rest = Rest { pages: pages.map(Arc::new), is_complete: known.len() == SERVICES.len() };
        let checked = checked
            .fallback(elsewhere)
            .with_state(Arc::new(rest))
            .method_not_allowed_fallback(edge::method_not_allowed)
            .layer(Authenticate { verifier: self.parts.verifier.clone() });
        let documentation = (self.parts.documentation)(document);
        Table { router: checked.merge(unchecked).merge(documentation), known }
    }

    /// The document of all that is known, and of what is answered here: one for readers and for checks, made for the first
    /// who needs it.
    fn document_of(&self, known: BTreeMap<&'static str, (String, Arc<Served>)>) -> Document {
        let own = self.parts.own.clone();
        let merged = move || {
            let documents =
                SERVICES.iter().filter_map(|service| known.get(service)).map(|(_, served)| &served.document);
            merge(documents.chain([&**own]))
        };
        Arc::new(LazyLock::new(Box::new(merged)))
    }

    fn target(&self, service: &'static str, schema: Option<Schema>) -> Target {
        let settings = &self.parts.settings;
        Target {
            upstream: self.parts.network.upstream(service),
            allowed: Allowed::new(settings),
            https: settings.https,
            schema,
        }
    }
}

/// Handler: whatever this process does not answer itself.
pub(crate) async fn pass_on(State(proxy): State<Arc<Proxy>>, request: Request) -> Response {
    let router = proxy.table.load().router.clone();
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Where everything goes that is no service's own path.
struct Rest {
    pages: Option<Arc<Target>>,
    is_complete: bool,
}

async fn elsewhere(State(rest): State<Arc<Rest>>, request: Request) -> Response {
    let path = request.uri().path();
    let for_programs = FOR_PROGRAMS.iter().any(|prefix| path.starts_with(prefix));
    match &rest.pages {
        // Perhaps a service answers this that has not said so yet.
        _ if for_programs && !rest.is_complete => not_yet(),
        Some(pages) => forward(State(pages.clone()), request).await,
        None => not_yet(),
    }
}

fn not_yet() -> Response {
    Failure(Error::unavailable("The services are starting. Try again in a moment.").retry_after_s(1)).into_response()
}

/// A path whose parameters are named by their place, so that services may call the same place differently.
fn shape(path: &str) -> String {
    let part = |(place, part): (usize, &str)| match part.strip_prefix('{') {
        Some(rest) if rest.starts_with('*') => "{*rest}".to_owned(),
        Some(_) => format!("{{p{place}}}"),
        None => part.to_owned(),
    };
    path.split('/').enumerate().map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn parameters_are_named_by_their_place() {
        assert_eq!(shape("/api/v1/orders/{id}"), "/api/v1/orders/{p4}");
        assert_eq!(shape("/api/v1/orders/{order_id}/payment/refresh"), "/api/v1/orders/{p4}/payment/refresh");
        assert_eq!(shape("/assets/{*name}"), "/assets/{*rest}");
    }
}
