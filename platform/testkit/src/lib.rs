//! Tests a service through its router on a private database, with a clock that is moved by hand and
//! repeatable randomness; nothing runs in the background, [`TestApp::settle`] does what would.
//!
//! ```ignore
//! #[tokio::test]
//! async fn orders_are_placed() {
//!     testkit::on_both_databases(orders_app, |app| async move {
//!         let answer = app.guest().post("/api/v1/orders", &json!({…})).await;
//!         answer.expect(202);
//!     })
//!     .await;
//! }
//! ```

pub mod app;
pub mod client;
pub mod pdf;
pub mod principals;

pub use app::{TestApp, on_both_databases};
pub use client::{Answer, As};
pub use principals::{admin, customer, vendor_owner, vendor_staff};
