//! Routes with their policy and documentation; the router and the OpenAPI paths come from the same lines.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use contracts::services::Route;
use kernel::{Error, Result};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use crate::{
    describe::{DescribeAll, Inputs},
    policy::{Policy, guard},
};

/// Largest JSON body; a route that takes files says more.
pub const BODY_LIMIT_DEFAULT: usize = 256 * 1024;

type DescribeFn = fn(&mut SchemaGenerator) -> Inputs;
type SchemaFn = fn(&mut SchemaGenerator) -> Value;

/// One operation: a method, a path, a handler, who may use it and what it is for.
pub struct Op<S> {
    method: Method,
    path: &'static str,
    handler: MethodRouter<S>,
    policy: Option<Policy>,
    summary: &'static str,
    description: &'static str,
    inputs: DescribeFn,
    answers: Vec<(u16, &'static str, Option<SchemaFn>)>,
    consumes: &'static [&'static str],
    body_limit: usize,
    hidden: bool,
}

macro_rules! methods {
    ($($name:ident $method:ident;)+) => {$(
        #[doc = concat!("`", stringify!($method), "` on a path.")]
        pub fn $name<S, H, T>(path: &'static str, handler: H) -> Op<S>
        where
            H: Handler<T, S>,
            T: DescribeAll + 'static,
            S: Clone + Send + Sync + 'static,
        {
            Op::new(Method::$method, path, on(MethodFilter::$method, handler), T::describe_all)
        }
    )+};
}
methods! {
    get GET;
    post POST;
    put PUT;
    patch PATCH;
    delete DELETE;
}

impl<S: Clone + Send + Sync + 'static> Op<S> {
    fn new(method: Method, path: &'static str, handler: MethodRouter<S>, inputs: DescribeFn) -> Self {
        Self {
            method,
            path,
            handler,
            policy: None,
            summary: "",
            description: "",
            inputs,
            answers: Vec::new(),
            consumes: &[],
            body_limit: BODY_LIMIT_DEFAULT,
            hidden: false,
        }
    }
    /// Who may use it. Mandatory.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }
    /// A title and a sentence or two.
    #[must_use]
    pub fn doc(mut self, summary: &'static str, description: &'static str) -> Self {
        self.summary = summary;
        self.description = description;
        self
    }
    /// A JSON answer.
    #[must_use]
    pub fn returns<T: JsonSchema>(mut self, status: u16) -> Self {
        self.answers.push((status, "application/json", Some(|g| g.subschema_for::<T>().to_value())));
        self
    }
    /// An answer without a body.
    #[must_use]
    pub fn returns_empty(mut self, status: u16) -> Self {
        self.answers.push((status, "", None));
        self
    }
    /// An answer that is not JSON.
    #[must_use]
    pub fn returns_media(mut self, status: u16, media_type: &'static str) -> Self {
        self.answers.push((status, media_type, None));
        self
    }
    /// Answers 404 in some installations or states, although its path names nothing.
    #[must_use]
    pub fn may_be_missing(self) -> Self {
        self.or_problem(404)
    }
    /// Answers 409 in some states, although it only reads.
    #[must_use]
    pub fn may_conflict(self) -> Self {
        self.or_problem(409)
    }
    /// Answers 410 to what was here once.
    #[must_use]
    pub fn may_be_gone(self) -> Self {
        self.or_problem(410)
    }
    /// Gives parts of its answer, too: 206, and 416 to those that lie behind its end.
    #[must_use]
    pub fn in_parts(self, media_type: &'static str) -> Self {
        self.returns_media(206, media_type).or_problem(416)
    }
    fn or_problem(mut self, status: u16) -> Self {
        let problem: SchemaFn = |g| g.subschema_for::<contracts::client::Problem>().to_value();
        self.answers.push((status, "application/problem+json", Some(problem)));
        self
    }
    /// Media types of a raw body, and the most bytes it may have.
    #[must_use]
    pub fn consumes(mut self, media_types: &'static [&'static str], limit_bytes: usize) -> Self {
        self.consumes = media_types;
        self.body_limit = limit_bytes;
        self
    }
    /// Leaves it out of the public document (pages, webhooks, internal calls).
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

/// The routes of a service.
pub struct Routes<S> {
    service: &'static str,
    ops: Vec<Op<S>>,
}

/// An operation as its documentation is made from it. That takes long, so it is made where somebody asks for it.
#[derive(Debug, Clone)]
pub struct Described {
    pub(crate) service: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) policy: Policy,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    pub(crate) inputs: DescribeFn,
    pub(crate) answers: Vec<(u16, &'static str, Option<SchemaFn>)>,
    pub(crate) consumes: &'static [&'static str],
}

/// A router with the documentation of its operations.
pub struct Built {
    /// Answers requests.
    pub router: Router,
    /// Describes what it answers.
    pub described: Vec<Described>,
    /// What of it may be reached through the edge.
    pub served: Vec<Route>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new(service: &'static str) -> Self {
        Self { service, ops: Vec::new() }
    }
    /// Adds one.
    #[expect(clippy::should_implement_trait, reason = "a table of routes reads best as add, add, add")]
    #[must_use]
    pub fn add(mut self, op: Op<S>) -> Self {
        self.ops.push(op);
        self
    }
    /// Adds those of another table.
    #[must_use]
    pub fn extend(mut self, other: Self) -> Self {
        self.ops.extend(other.ops);
        self
    }

    /// The router.
    ///
    /// # Errors
    /// Names the first route without a policy, or with a vendor policy and no `{vendor_id}`.
    pub fn build(self, state: S) -> Result<Built> {
        let mut router = Router::new();
        let (mut described, mut served) = (Vec::new(), Vec::new());
        for op in self.ops {
            let name = format!("{} {} ({})", op.method, op.path, self.service);
            let policy =
                op.policy.ok_or_else(|| Error::internal(format!("route {name} has no policy: say who may use it")))?;
            if matches!(policy, Policy::Vendor(_)) && !op.path.contains("{vendor_id}") {
                return Err(Error::internal(format!(
                    "route {name} is for vendors but has no {{vendor_id}} in its path"
                )));
            }
            if !op.hidden && policy != Policy::Service {
                described.push(Described {
                    service: self.service,
                    method: op.method.clone(),
                    path: op.path,
                    policy,
                    summary: op.summary,
                    description: op.description,
                    inputs: op.inputs,
                    answers: op.answers,
                    consumes: op.consumes,
                });
            }
            if policy != Policy::Service {
                served.push(Route { method: op.method.to_string(), path: op.path.to_owned() });
            }
            // To read takes no body.
            let mut handler = match op.method {
                Method::GET => op.handler,
                _ => op.handler.layer(DefaultBodyLimit::max(op.body_limit)),
            };
            if policy != Policy::Public {
                handler = handler.layer(middleware::from_fn_with_state(Arc::new(policy), guard));
            }
            router = router.route(op.path, handler);
        }
        Ok(Built { router: router.with_state(state), described, served })
    }
}
