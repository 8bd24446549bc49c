//! How services are put together, started, served and stopped.
//!
//! A service crate exposes `service(…) -> ServiceDef`: its name, its migrations, and a function
//! that is given an [`Env`] and returns a [`Service`]: routes, event handlers, jobs. A [`System`]
//! is a set of services in one process, with everything between them.

mod building;
pub mod cache;
pub mod calls;
pub mod discovery;
pub mod env;
pub mod fetch;
pub mod files;
pub mod http_out;
pub mod limits;
pub mod operations;
pub mod outgoing;
mod patience;
pub mod readiness;
mod retention;
pub mod server;
pub mod service;
pub mod system;
mod while_it_answers;

pub use building::Document;
pub use cache::Caches;
pub use calls::{Network, ServiceTokens};
pub use env::{Env, Platform, derive_secret};
pub use files::{FileStore, LocalFiles, MemoryFiles};
pub use http_out::{HttpOut, HyperOut, RouterOut};
pub use outgoing::Outgoing;
pub use readiness::Readiness;
pub use server::{Answers, Ending, serve};
pub use service::{Clients, Service, ServiceDef};
pub use system::System;
pub use tokio_util::sync::CancellationToken;
pub use while_it_answers::WhileItAnswers;
