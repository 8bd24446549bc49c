//! Routes of the books: for admins.

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use contracts::{
    payments::{EntryView, LedgerQuery, MoneyReport, TrialBalance, TrialBalanceQuery},
    payouts::StatementQuery,
};
use kernel::{Page, PageRequest};
use souk_http::{Answer, Policy, Query, Routes, get};

use super::payouts::attached;
use crate::{Payments, ops, store};

type App = State<Arc<Payments>>;

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/ledger", ledger)
                .policy(Policy::Admin)
                .doc(
                    "The journal",
                    "Entries with their postings, newest first: all, or those of an order, a refund, a dispute, a payout, an \
                     account. The postings of an entry add up to zero.",
                )
                .returns::<Page<EntryView>>(200),
        )
        .add(
            get("/api/v1/admin/ledger/trial-balance", trial_balance)
                .policy(Policy::Admin)
                .doc("Trial balance", "All accounts, now or at the end of a day; the sum per currency is zero.")
                .returns::<TrialBalance>(200),
        )
        .add(
            get("/api/v1/admin/reports/money", money)
                .policy(Policy::Admin)
                .doc(
                    "What a period was to the marketplace",
                    "Sales, refunds, commission, promotions, disputes, providers' fees, payouts, labels, stored value: of one \
                     currency, from one day to another (UTC), at most 366 of them, out of the ledger.",
                )
                .returns::<MoneyReport>(200),
        )
        .add(
            get("/api/v1/admin/reports/money.csv", money_file)
                .policy(Policy::Admin)
                .doc("The same as a CSV file", "A line for each day on which anything was booked.")
                .returns_media(200, "text/csv"),
        )
}

async fn ledger(State(app): App, Query(query): Query<LedgerQuery>) -> Answer<Json<Page<EntryView>>> {
    let page = PageRequest { limit: query.limit, after: query.after.clone() };
    let limit = page.limit()?;
    let entries = store::entries(&app.db, &query, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(entries, limit, |e| vec![e.at.micros().to_string(), e.id.to_string()])))
}

async fn trial_balance(State(app): App, Query(query): Query<TrialBalanceQuery>) -> Answer<Json<TrialBalance>> {
    Ok(Json(ops::trial_balance(&app, &query).await?))
}

async fn money(State(app): App, Query(query): Query<StatementQuery>) -> Answer<Json<MoneyReport>> {
    Ok(Json(ops::money_report(&app, query).await?))
}

async fn money_file(State(app): App, Query(query): Query<StatementQuery>) -> Answer<Response> {
    let file = ops::money_file(&app, query).await?;
    Ok(attached(file.into(), "text/csv; charset=utf-8", "attachment; filename=\"money.csv\""))
}
