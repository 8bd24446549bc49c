//! What the services say to each other and to the outside: a module per service with its
//! DTOs, its events and its typed client. No logic, no SQL, no server.
//!
//! **To add an operation**: a DTO, a line in that module's [`client!`], a route in the service.
//! **To add an event**: a struct here with [`event!`], a `publish` where it happens, a handler
//! where it matters.

#[macro_use]
mod macros;

pub mod analytics;
pub mod arrival;
mod books;
pub mod carriers;
pub mod cart;
pub mod catalog;
pub mod client;
pub mod commission;
pub mod credits;
pub mod currencies;
pub mod disputes;
pub mod event;
pub mod gateway;
pub mod identity;
pub mod inventory;
pub mod invoices;
mod methods;
pub mod notifications;
pub mod operations;
pub mod orders;
mod payment_queries;
pub mod payments;
pub mod payouts;
pub mod pickup;
pub mod price_lists;
pub mod prices;
pub mod pricing;
pub mod promotions;
pub mod queue;
pub mod reserves;
pub mod reversals;
pub mod reviews;
pub mod search;
pub mod services;
pub mod shared;
pub mod shipping;
pub mod taxes;
pub mod vendors;

pub use client::{Call, Caller, Method, Reply, ServiceClient, Transport};
pub use event::{Envelope, Event};
pub use services::SERVICES;
