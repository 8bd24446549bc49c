//! Routes of commission invoices: for vendors' owners, and for admins.

use std::sync::Arc;

use ::papers::Paper;
use axum::{Json, extract::State, response::Response};
use contracts::invoices::{InvoiceMonth, InvoiceMonthQuery, InvoiceQuery, InvoiceView};
use kernel::{Page, PageRequest, Result, VendorId, VendorRole, VendorScope};
use souk_http::{Answer, Language, PDF, Path, Policy, Query, Routes, Scope, get};

use crate::{
    Payments,
    error::PaymentError,
    model::{invoices::number_of, papers},
    store::{self, InvoiceFilter},
};

type App = State<Arc<Payments>>;

/// Rows of months in one answer.
const MONTHS: i64 = 100;

/// What owners of vendors use.
pub fn vendors() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/vendors/{vendor_id}/invoices", own)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc(
                    "A vendor's commission invoices",
                    "Newest first. One for each month and currency in which commission was charged or given back.",
                )
                .returns::<Page<InvoiceView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/invoices/{number}", own_one)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("A vendor's commission invoice", "As it was issued.")
                .returns::<InvoiceView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/invoices/{number}/invoice.pdf", own_paper)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc(
                    "A vendor's commission invoice as PDF",
                    "Numbers are written by the conventions of `Accept-Language`.",
                )
                .returns_media(200, PDF),
        )
}

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/invoices", all)
                .policy(Policy::Admin)
                .doc("Commission invoices", "Newest first; numbers of a year have no gaps.")
                .returns::<Page<InvoiceView>>(200),
        )
        .add(
            get("/api/v1/admin/invoices/months", months)
                .policy(Policy::Admin)
                .doc("Commission invoices by month", "Summed up by currency, the newest 100 sums first.")
                .returns::<Vec<InvoiceMonth>>(200),
        )
        .add(
            get("/api/v1/admin/invoices/{number}", one)
                .policy(Policy::Admin)
                .doc("A commission invoice", "As it was issued.")
                .returns::<InvoiceView>(200),
        )
        .add(
            get("/api/v1/admin/invoices/{number}/invoice.pdf", paper)
                .policy(Policy::Admin)
                .doc("A commission invoice as PDF", "As its vendor gets it.")
                .returns_media(200, PDF),
        )
}

async fn own(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<InvoiceQuery>,
) -> Answer<Json<Page<InvoiceView>>> {
    let (filter, page) = asked(query);
    let limit = page.limit()?;
    let invoices = store::vendor_invoices(&app.db, &scope, &filter, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(cut(invoices, limit)))
}

async fn all(State(app): App, Query(query): Query<InvoiceQuery>) -> Answer<Json<Page<InvoiceView>>> {
    let (filter, page) = asked(query);
    let limit = page.limit()?;
    let invoices = store::invoices(&app.db, &filter, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(cut(invoices, limit)))
}

fn asked(query: InvoiceQuery) -> (InvoiceFilter, PageRequest) {
    let filter = InvoiceFilter { period: query.period, vendor: query.vendor_id, currency: query.currency };
    (filter, PageRequest { limit: query.limit, after: query.after })
}

fn cut(invoices: Vec<InvoiceView>, limit: u32) -> Page<InvoiceView> {
    let key = |invoice: &InvoiceView| {
        let (year, number) = number_of(&invoice.number).unwrap_or_default();
        vec![year.to_string(), number.to_string()]
    };
    Page::cut(invoices, limit, key)
}

async fn months(State(app): App, Query(query): Query<InvoiceMonthQuery>) -> Answer<Json<Vec<InvoiceMonth>>> {
    Ok(Json(store::invoice_months(&app.db, query.vendor_id, MONTHS).await?))
}

/// A vendor's invoice by its number.
async fn find_own(app: &Payments, scope: &VendorScope, number: &str) -> Result<InvoiceView> {
    let number = number_of(number).ok_or(PaymentError::NoInvoice)?;
    Ok(store::vendor_invoice(&app.db, scope, number).await?.ok_or(PaymentError::NoInvoice)?)
}

/// Any invoice by its number.
async fn find(app: &Payments, number: &str) -> Result<InvoiceView> {
    let number = number_of(number).ok_or(PaymentError::NoInvoice)?;
    Ok(store::invoice(&app.db, number).await?.ok_or(PaymentError::NoInvoice)?)
}

async fn own_one(
    State(app): App,
    Scope(scope): Scope,
    Path((_, number)): Path<(VendorId, String)>,
) -> Answer<Json<InvoiceView>> {
    Ok(Json(find_own(&app, &scope, &number).await?))
}

async fn own_paper(
    State(app): App,
    Scope(scope): Scope,
    Language(locale): Language,
    Path((_, number)): Path<(VendorId, String)>,
) -> Answer<Response> {
    Ok(paper_file(&papers::invoice(&find_own(&app, &scope, &number).await?, locale))?)
}

async fn one(State(app): App, Path(number): Path<String>) -> Answer<Json<InvoiceView>> {
    Ok(Json(find(&app, &number).await?))
}

async fn paper(State(app): App, Language(locale): Language, Path(number): Path<String>) -> Answer<Response> {
    Ok(paper_file(&papers::invoice(&find(&app, &number).await?, locale))?)
}

/// The answer that serves a paper.
pub fn paper_file(paper: &Paper) -> Result<Response> {
    souk_http::paper(&paper.file_name(), paper.pdf())
}
