//! What is asked before an account goes.

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::orders::OpenOrders;
use kernel::AccountId;
use souk_http::{Answer, Path, Policy, Routes, get};

use crate::{Orders, store};

/// Routes for our own services.
pub fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders").add(
        get("/internal/accounts/{account_id}/open-orders", open_of_account)
            .policy(Policy::Service)
            .doc("What of an account's orders is not over yet", "For `identity`, before an account is erased.")
            .returns::<OpenOrders>(200),
    )
}

async fn open_of_account(
    State(app): State<Arc<Orders>>,
    Path(account_id): Path<AccountId>,
) -> Answer<Json<OpenOrders>> {
    Ok(Json(store::erasure::open_of_account(&app.db, account_id).await?))
}
