//! Routes of payouts: for vendors' owners, and for admins.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use contracts::payouts::{
    ConnectPayoutAccount, ConnectedPayoutAccount, PayoutAccountView, PayoutFailure, PayoutFileQuery, PayoutQuery,
    PayoutRouteView, PayoutRunRequest, PayoutRunView, PayoutTermsView, PayoutView, PayoutsOverview, SetPayoutAccount,
    SetPayoutTerms, StatementQuery, StatementView,
};
use contracts::reserves::{ReserveTerms, VendorMoney};
use kernel::{Page, PageRequest, PayoutId, Result, VendorId, VendorRole, VendorScope};
use souk_http::{Answer, Auth, Body, Language, PDF, Path, Policy, Query, Routes, Scope, get, post, put};

use super::invoices::paper_file;
use crate::{
    Payments,
    error::PaymentError,
    ops::{self, Outcome},
    store::{self, PayoutFilter},
};

type App = State<Arc<Payments>>;

/// What owners of vendors use.
pub fn vendors() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/vendors/{vendor_id}/payouts/overview", overview)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("A vendor's payouts at a glance", "Balances, terms, account, what comes next, what was paid by month.")
                .returns::<PayoutsOverview>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/payouts", own)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("A vendor's payouts", "Newest first.")
                .returns::<Page<PayoutView>>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/payout-terms", set_terms)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("When a vendor is paid", "How often, and the smallest payout; from the next period on.")
                .returns::<PayoutTermsView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/payout-account", set_account)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc(
                    "The account a vendor is paid to",
                    "Takes the password of whoever sets it once more; wrong ones count like those at log-in. All owners are told \
                     by mail. The number is never shown whole again.",
                )
                .returns::<PayoutAccountView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/statement", statement)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("A vendor's statement", "Of one currency, from one day to another (UTC). Its lines add up to the cent.")
                .returns::<StatementView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/statement.csv", statement_file)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("A vendor's statement as a CSV file", "Every movement of the period with the balance after it.")
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/statement.pdf", statement_paper)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("A vendor's statement as PDF", "Its lines, and the movements of the period: the first 1,000 of them.")
                .returns_media(200, PDF),
        )
        .extend(connecting())
}

/// How owners of vendors are paid through providers.
fn connecting() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            post("/api/v1/vendors/{vendor_id}/payout-account/{provider}", connect)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc(
                    "Be paid through a provider",
                    "Makes the vendor's account there if there is none, and has the vendor paid to it. The answer names the \
                     provider's page on which the vendor says who it is: for one visit, soon. As long as the provider wants to \
                     know more no payouts are made. Takes the password once more, as for a bank account.",
                )
                .returns::<ConnectedPayoutAccount>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/payout-account/{provider}/refresh", refresh)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("Ask a provider how a vendor's account stands", "For owners who come back from the provider's pages.")
                .returns::<PayoutRouteView>(200),
        )
}

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/payouts", all)
                .policy(Policy::Admin)
                .doc("Payouts", "Newest first.")
                .returns::<Page<PayoutView>>(200),
        )
        .add(
            post("/api/v1/admin/payouts/runs", run)
                .policy(Policy::Admin)
                .doc(
                    "Pay vendors now",
                    "Whatever their schedule: all that is available, if it is not below the vendor's smallest payout, once a day. \
                     With `dry_run` it only says what would be paid.",
                )
                .returns::<PayoutRunView>(200),
        )
        .add(
            get("/api/v1/admin/payouts/sepa.xml", sepa)
                .policy(Policy::Admin)
                .doc("A file for the bank", "SEPA credit transfers (`pain.001.001.09`) of payouts in euros that are not over.")
                .returns_media(200, "application/xml")
                .may_be_missing()
                .may_conflict(),
        )
        .add(
            get("/api/v1/admin/payouts/list.csv", list_file)
                .policy(Policy::Admin)
                .doc("A list for the bank", "The same of payouts in any currency, as a CSV file.")
                .returns_media(200, "text/csv")
                .may_be_missing()
                .may_conflict(),
        )
        .add(
            get("/api/v1/admin/payouts/{id}", one)
                .policy(Policy::Admin)
                .doc("A payout", "Where it stands.")
                .returns::<PayoutView>(200),
        )
        .extend(outcomes())
        .extend(statements())
        .extend(reserves())
}

/// What becomes of a payout, as its bank says it.
fn outcomes() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            post("/api/v1/admin/payouts/{id}/sent", sent)
                .policy(Policy::Admin)
                .doc("A payout was given to the bank", "From then on it is under way.")
                .returns::<PayoutView>(200),
        )
        .add(
            post("/api/v1/admin/payouts/{id}/paid", paid)
                .policy(Policy::Admin)
                .doc("A payout was paid", "It has left the platform's account. Posted once, whoever says it.")
                .returns::<PayoutView>(200),
        )
        .add(
            post("/api/v1/admin/payouts/{id}/failed", failed)
                .policy(Policy::Admin)
                .doc("A payout failed", "The vendor has the amount in its balance again, and reads why.")
                .returns::<PayoutView>(200),
        )
        .add(
            post("/api/v1/admin/payouts/{id}/returned", returned)
                .policy(Policy::Admin)
                .doc(
                    "A paid payout came back",
                    "The vendor's bank has sent it back: the vendor has the amount in its balance again, and reads why. Only \
                     of payouts to banks; what a provider has paid, it takes back itself.",
                )
                .returns::<PayoutView>(200),
        )
        .add(
            post("/api/v1/admin/payouts/{id}/retry", retry)
                .policy(Policy::Admin)
                .doc("Try a failed payout again", "The same amount, if it is available, to where the vendor is paid now.")
                .returns::<PayoutView>(200),
        )
}

/// What a vendor has, and what is held back of its sales.
fn reserves() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/vendors/{vendor_id}/money", money_of)
                .policy(Policy::Admin)
                .doc("What a vendor has", "Pending, available, in reserve, held for disputes, on its way, paid out; per currency.")
                .returns::<VendorMoney>(200),
        )
        .add(
            put("/api/v1/admin/vendors/{vendor_id}/reserve", set_reserve)
                .policy(Policy::Admin)
                .doc(
                    "What is held back of a vendor's sales",
                    "So much of what it is owed for each sale that is paid from now on, for so many days. A rate of 0 ends it; \
                     what is held already stays until its day.",
                )
                .returns::<VendorMoney>(200),
        )
}

/// Any vendor's statement, as its owners have it.
fn statements() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/vendors/{vendor_id}/statement", statement_of)
                .policy(Policy::Admin)
                .doc("A vendor's statement", "As its owners have it, with the same figures.")
                .returns::<StatementView>(200),
        )
        .add(
            get("/api/v1/admin/vendors/{vendor_id}/statement.csv", statement_file_of)
                .policy(Policy::Admin)
                .doc("A vendor's statement as a CSV file", "Every movement of the period with the balance after it.")
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/api/v1/admin/vendors/{vendor_id}/statement.pdf", statement_paper_of)
                .policy(Policy::Admin)
                .doc(
                    "A vendor's statement as PDF",
                    "Its lines, and the movements of the period: the first 1,000 of them.",
                )
                .returns_media(200, PDF),
        )
}

async fn overview(State(app): App, Scope(scope): Scope) -> Answer<Json<PayoutsOverview>> {
    Ok(Json(ops::payouts_overview(&app, &scope).await?))
}

async fn own(State(app): App, Scope(scope): Scope, Query(query): Query<PayoutQuery>) -> Answer<Json<Page<PayoutView>>> {
    let (filter, page) = asked(query);
    let limit = page.limit()?;
    let payouts = store::vendor_payouts(&app.db, &scope, &filter, page.cursor()?.as_ref(), limit + 1).await?;
    let views = ops::payout_views(&app.db.as_vendor(&scope), &payouts).await?;
    Ok(Json(cut(views, limit)))
}

async fn all(State(app): App, Query(query): Query<PayoutQuery>) -> Answer<Json<Page<PayoutView>>> {
    let (filter, page) = asked(query);
    let limit = page.limit()?;
    let payouts = store::payouts(&app.db, &filter, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(cut(ops::payout_views(&app.db, &payouts).await?, limit)))
}

fn asked(query: PayoutQuery) -> (PayoutFilter, PageRequest) {
    let filter = PayoutFilter { status: query.status, vendor: query.vendor_id, currency: query.currency };
    (filter, PageRequest { limit: query.limit, after: query.after })
}

fn cut(views: Vec<PayoutView>, limit: u32) -> Page<PayoutView> {
    Page::cut(views, limit, |p: &PayoutView| vec![p.created_at.micros().to_string(), p.id.to_string()])
}

async fn set_terms(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<SetPayoutTerms>,
) -> Answer<Json<PayoutTermsView>> {
    Ok(Json(ops::set_terms(&app, scope, input).await?))
}

async fn set_account(
    State(app): App,
    Scope(scope): Scope,
    Auth(who): Auth,
    Body(input): Body<SetPayoutAccount>,
) -> Answer<Json<PayoutAccountView>> {
    Ok(Json(ops::set_payout_account(&app, scope, who.account_id, input).await?))
}

async fn connect(
    State(app): App,
    Scope(scope): Scope,
    Auth(who): Auth,
    Path((_, provider)): Path<(VendorId, String)>,
    Body(input): Body<ConnectPayoutAccount>,
) -> Answer<Json<ConnectedPayoutAccount>> {
    Ok(Json(ops::connect_account(&app, scope, who.account_id, &provider, input).await?))
}

async fn refresh(
    State(app): App,
    Scope(scope): Scope,
    Path((_, provider)): Path<(VendorId, String)>,
) -> Answer<Json<PayoutRouteView>> {
    Ok(Json(ops::refresh_account(&app, &scope, &provider).await?))
}

async fn statement(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<StatementQuery>,
) -> Answer<Json<StatementView>> {
    Ok(Json(ops::statement(&app, &scope, query).await?))
}

async fn statement_file(State(app): App, Scope(scope): Scope, Query(query): Query<StatementQuery>) -> Answer<Response> {
    let file = HttpBody::from_stream(ops::export_statement(&app, scope, query).await?);
    Ok(attached(file, "text/csv; charset=utf-8", "attachment; filename=\"statement.csv\""))
}

async fn statement_paper(
    State(app): App,
    Scope(scope): Scope,
    Language(locale): Language,
    Query(query): Query<StatementQuery>,
) -> Answer<Response> {
    Ok(paper_file(&ops::statement_paper(&app, &scope, query, locale).await?)?)
}

async fn statement_of(
    State(app): App,
    Path(vendor_id): Path<VendorId>,
    Query(query): Query<StatementQuery>,
) -> Answer<Json<StatementView>> {
    Ok(Json(ops::statement(&app, &VendorScope::of_system(vendor_id), query).await?))
}

async fn statement_file_of(
    State(app): App,
    Path(vendor_id): Path<VendorId>,
    Query(query): Query<StatementQuery>,
) -> Answer<Response> {
    let file = ops::export_statement(&app, VendorScope::of_system(vendor_id), query).await?;
    let file = HttpBody::from_stream(file);
    Ok(attached(file, "text/csv; charset=utf-8", "attachment; filename=\"statement.csv\""))
}

async fn statement_paper_of(
    State(app): App,
    Path(vendor_id): Path<VendorId>,
    Language(locale): Language,
    Query(query): Query<StatementQuery>,
) -> Answer<Response> {
    Ok(paper_file(&ops::statement_paper(&app, &VendorScope::of_system(vendor_id), query, locale).await?)?)
}

async fn money_of(State(app): App, Path(vendor_id): Path<VendorId>) -> Answer<Json<VendorMoney>> {
    Ok(Json(ops::vendor_money(&app, vendor_id).await?))
}

async fn set_reserve(
    State(app): App,
    Path(vendor_id): Path<VendorId>,
    Body(terms): Body<ReserveTerms>,
) -> Answer<Json<VendorMoney>> {
    Ok(Json(ops::set_reserve(&app, vendor_id, terms).await?))
}

/// A file with its name.
pub fn attached(file: HttpBody, media: &'static str, disposition: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, file).into_response()
}

async fn run(State(app): App, Body(input): Body<PayoutRunRequest>) -> Answer<Json<PayoutRunView>> {
    Ok(Json(ops::run_by_hand(&app, input).await?))
}

async fn sepa(State(app): App, Query(query): Query<PayoutFileQuery>) -> Answer<Response> {
    let file = ops::sepa_file(&app, &query.ids).await?;
    Ok(attached(file.into(), "application/xml", "attachment; filename=\"payouts.xml\""))
}

async fn list_file(State(app): App, Query(query): Query<PayoutFileQuery>) -> Answer<Response> {
    let file = ops::payouts_list(&app, &query.ids).await?;
    Ok(attached(file.into(), "text/csv; charset=utf-8", "attachment; filename=\"payouts.csv\""))
}

async fn one(State(app): App, Path(id): Path<PayoutId>) -> Answer<Json<PayoutView>> {
    let payout = store::read_payout(&app.db, id).await?.ok_or(PaymentError::NoPayout)?;
    let mut views = ops::payout_views(&app.db, &[payout]).await?;
    Ok(Json(views.pop().ok_or(PaymentError::NoPayout)?))
}

async fn sent(State(app): App, Path(id): Path<PayoutId>) -> Answer<Json<PayoutView>> {
    end(&app, id, Outcome::Sent).await
}

async fn paid(State(app): App, Path(id): Path<PayoutId>) -> Answer<Json<PayoutView>> {
    end(&app, id, Outcome::Paid).await
}

async fn failed(State(app): App, Path(id): Path<PayoutId>, Body(why): Body<PayoutFailure>) -> Answer<Json<PayoutView>> {
    end(&app, id, Outcome::Failed { reason: why.reason }).await
}

async fn returned(
    State(app): App,
    Path(id): Path<PayoutId>,
    Body(why): Body<PayoutFailure>,
) -> Answer<Json<PayoutView>> {
    end(&app, id, Outcome::Returned { reason: why.reason }).await
}

async fn end(app: &Arc<Payments>, id: PayoutId, outcome: Outcome) -> Answer<Json<PayoutView>> {
    let ended: Result<PayoutView> = ops::end_payout(app, id, outcome).await;
    Ok(Json(ended?))
}

async fn retry(State(app): App, Path(id): Path<PayoutId>) -> Answer<Json<PayoutView>> {
    Ok(Json(ops::retry_payout(&app, id).await?))
}
