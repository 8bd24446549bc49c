//! The buyer's side: the hosted card form and the bank's question. Server-rendered, works
//! without JavaScript. A GET changes nothing; sending a form twice charges once.

use askama::Template;
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::FormRejection},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use kernel::{Money, Result, Secret};
use serde::Deserialize;
use url::Url;

use crate::{
    Sandbox,
    api::hold,
    card::{Group, TEST_CARDS, TestCard, check_cvc, check_expiry, check_name, check_number},
    command::{Command, Outcome},
    model::{Payment, Status},
    payees::{Payee, PayoutCommand},
    store::Store,
};

pub(crate) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/pay/{id}", get(show_form).post(send_form))
        .route("/pay/{id}/challenge", get(show_challenge).post(send_challenge))
        .route("/pay/{id}/cancel", post(cancel))
        .route("/payees/{id}", get(show_payee).post(send_payee))
        .layer(DefaultBodyLimit::max(16 * 1024))
        .with_state(sandbox)
}

/// What every page shows.
struct Frame<'a> {
    nonce: String,
    merchant: &'a str,
    base: String,
    amount: String,
    payment: &'a Payment,
}

#[derive(Template)]
#[template(path = "pay.html")]
struct PayPage<'a> {
    frame: Frame<'a>,
    form: Typed,
    errors: Errors,
    alert: Option<String>,
    groups: Vec<(&'static str, Vec<&'static TestCard>)>,
    fill_expiry: String,
}

#[derive(Template)]
#[template(path = "challenge.html")]
struct ChallengePage<'a> {
    frame: Frame<'a>,
}

#[derive(Template)]
#[template(path = "payee.html")]
struct PayeePage<'a> {
    nonce: String,
    merchant: &'a str,
    base: &'a str,
    payee: &'a Payee,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    nonce: String,
    merchant: &'a str,
    title: &'static str,
    text: String,
    good: bool,
    link: Option<String>,
}

/// What is shown again in the form: never a number that was typed.
#[derive(Default)]
struct Typed {
    number: String,
    expiry: String,
    cvc: String,
    name: String,
}

#[derive(Default)]
struct Errors {
    number: Option<&'static str>,
    expiry: Option<&'static str>,
    cvc: Option<&'static str>,
    name: Option<&'static str>,
}

/// The card as typed. Number and code are wiped when the request ends.
#[derive(Deserialize)]
struct CardForm {
    #[serde(default)]
    number: Secret,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    cvc: Secret,
    #[serde(default)]
    name: String,
}

impl CardForm {
    fn check(&self, sandbox: &Sandbox) -> std::result::Result<&'static TestCard, Errors> {
        let number = check_number(self.number.expose());
        let errors = Errors {
            number: number.err(),
            expiry: check_expiry(&self.expiry, sandbox.inner.clock.now()).err(),
            cvc: check_cvc(self.cvc.expose()).err(),
            name: check_name(&self.name).err(),
        };
        match (number, &errors) {
            (Ok(card), Errors { number: None, expiry: None, cvc: None, name: None }) => Ok(card),
            _ => Err(errors),
        }
    }

    fn typed(self) -> Typed {
        let short = |text: String| text.chars().take(100).collect();
        Typed { expiry: short(self.expiry), name: short(self.name), ..Typed::default() }
    }
}

#[derive(Deserialize)]
struct FillQuery {
    fill: Option<String>,
}

async fn show_form(State(sandbox): State<Sandbox>, Path(id): Path<String>, Query(query): Query<FillQuery>) -> Response {
    page(async {
        let Some(payment) = find(&sandbox, id).await? else { return Ok(no_such_payment(&sandbox)) };
        match payment.status {
            Status::RequiresPayment => {
                let fill = query.fill.as_deref().and_then(TestCard::by_token);
                let form = fill.map_or_else(Typed::default, |card| Typed {
                    number: card.grouped(),
                    expiry: sandbox.fill_expiry(),
                    cvc: "123".to_owned(),
                    name: "Test Buyer".to_owned(),
                });
                Ok(card_form(&sandbox, &payment, StatusCode::OK, form, Errors::default()))
            }
            Status::RequiresAction => Ok(see_other(&challenge_path(&sandbox, &payment))),
            _ => Ok(over(&sandbox, &payment, StatusCode::OK)),
        }
    })
    .await
}

async fn send_form(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
    form: std::result::Result<Form<CardForm>, FormRejection>,
) -> Response {
    page(async {
        let Some(payment) = find(&sandbox, id).await? else { return Ok(no_such_payment(&sandbox)) };
        // A form that cannot be read is treated as an empty one; what it held is not looked at further.
        let form = form.map_or_else(|_| CardForm::empty(), |Form(form)| form);
        let card = match form.check(&sandbox) {
            Ok(card) => card,
            Err(_) if payment.status != Status::RequiresPayment => return Ok(after(&sandbox, &payment)),
            Err(errors) => {
                return Ok(card_form(&sandbox, &payment, StatusCode::UNPROCESSABLE_ENTITY, form.typed(), errors));
            }
        };
        let command = Command::Pay { payment: payment.id.clone(), card: card.used() };
        let outcome = sandbox.apply(command.into()).await?;
        if outcome.hold {
            hold(&sandbox).await;
        }
        let Some(payment) = outcome.success()? else { return refused(&sandbox, payment.id).await };
        if payment.status == Status::RequiresPayment {
            return Ok(card_form(&sandbox, &payment, StatusCode::PAYMENT_REQUIRED, form.typed(), Errors::default()));
        }
        Ok(after(&sandbox, &payment))
    })
    .await
}

async fn show_challenge(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    page(async {
        let Some(payment) = find(&sandbox, id).await? else { return Ok(no_such_payment(&sandbox)) };
        match payment.status {
            Status::RequiresAction => {
                let template = ChallengePage { frame: sandbox.frame(&payment) };
                let nonce = template.frame.nonce.clone();
                Ok(html(StatusCode::OK, template.render(), &nonce, &back(&payment)))
            }
            Status::RequiresPayment => Ok(see_other(&pay_path(&sandbox, &payment))),
            _ => Ok(over(&sandbox, &payment, StatusCode::OK)),
        }
    })
    .await
}

#[derive(Deserialize)]
struct ChallengeForm {
    #[serde(default)]
    answer: String,
}

async fn send_challenge(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
    form: std::result::Result<Form<ChallengeForm>, FormRejection>,
) -> Response {
    page(async {
        let approve = match form.as_ref().map(|Form(form)| form.answer.as_str()) {
            Ok("approve") => true,
            Ok("refuse") => false,
            Ok(_) | Err(_) => {
                let text = "Go back and choose “Approve” or “Refuse”.".to_owned();
                return Ok(notice(&sandbox, StatusCode::UNPROCESSABLE_ENTITY, "That was not an answer", text, None));
            }
        };
        let outcome = sandbox.apply(Command::Challenge { payment: id.clone(), approve }.into()).await?;
        match outcome.success()? {
            Some(payment) => Ok(after(&sandbox, &payment)),
            None => refused(&sandbox, id).await,
        }
    })
    .await
}

async fn cancel(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    page(async {
        let outcome = sandbox.apply(Command::Cancel { payment: id.clone(), by_buyer: true }.into()).await?;
        let Some(payment) = outcome.success()? else { return refused(&sandbox, id).await };
        match payment.cancel_url.as_ref().or(payment.return_url.as_ref()) {
            Some(url) => Ok(see_other(&with_payment(url, &payment.id))),
            None => Ok(over(&sandbox, &payment, StatusCode::OK)),
        }
    })
    .await
}

async fn show_payee(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    page(async {
        let Some(payee) = sandbox.read(move |store| store.payee(&id)).await? else {
            return Ok(no_such_payee(&sandbox));
        };
        let (nonce, merchant) = (sandbox.inner.random.token(), sandbox.inner.config.merchant.as_str());
        let template = PayeePage { nonce: nonce.clone(), merchant, base: &sandbox.inner.base_path, payee: &payee };
        Ok(html(StatusCode::OK, template.render(), &nonce, payee.return_url.as_slice()))
    })
    .await
}

async fn send_payee(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
    form: std::result::Result<Form<ChallengeForm>, FormRejection>,
) -> Response {
    page(async {
        let accept = match form.as_ref().map(|Form(form)| form.answer.as_str()) {
            Ok("accept") => true,
            Ok("close") => false,
            Ok(_) | Err(_) => {
                let text = "Go back and choose one of the buttons.".to_owned();
                return Ok(notice(&sandbox, StatusCode::UNPROCESSABLE_ENTITY, "That was not an answer", text, None));
            }
        };
        let command = Command::Payout(PayoutCommand::Onboard { payee: id, accept });
        let outcome = sandbox.apply(command.into()).await?;
        if !outcome.is_success() {
            return Ok(no_such_payee(&sandbox));
        }
        let payee = outcome.payee()?;
        Ok(match &payee.return_url {
            Some(url) => see_other(url),
            None => notice(&sandbox, StatusCode::OK, "Done", "Go back to the shop.".to_owned(), None),
        })
    })
    .await
}

fn no_such_payee(sandbox: &Sandbox) -> Response {
    let text = "This link leads to nobody who could be paid. Go back to the shop and start again.".to_owned();
    notice(sandbox, StatusCode::NOT_FOUND, "No such account", text, None)
}

impl CardForm {
    fn empty() -> Self {
        let (number, cvc) = (Secret::default(), Secret::default());
        Self { number, cvc, expiry: String::new(), name: String::new() }
    }
}

impl Outcome {
    /// The payment, or nothing if the command was refused.
    fn success(&self) -> Result<Option<Payment>> {
        if self.is_success() { self.payment().map(Some) } else { Ok(None) }
    }
}

impl Sandbox {
    fn frame<'a>(&'a self, payment: &'a Payment) -> Frame<'a> {
        Frame {
            nonce: self.inner.random.token(),
            merchant: &self.inner.config.merchant,
            base: self.inner.base_path.clone(),
            amount: price(payment),
            payment,
        }
    }

    /// An expiry date that will do for some years.
    fn fill_expiry(&self) -> String {
        let year: u32 = self.inner.clock.now().format("%Y").parse().unwrap_or(2_000);
        format!("12 / {:02}", (year + 3) % 100)
    }
}

async fn find(sandbox: &Sandbox, id: String) -> Result<Option<Payment>> {
    sandbox.read(move |store| store.payment(&id)).await
}

/// Where a refused command leaves the buyer: at what the payment is now.
async fn refused(sandbox: &Sandbox, id: String) -> Result<Response> {
    Ok(match find(sandbox, id).await? {
        Some(payment) => over(sandbox, &payment, StatusCode::CONFLICT),
        None => no_such_payment(sandbox),
    })
}

/// The page, or an apology if the journal does not answer.
async fn page(work: impl Future<Output = Result<Response>>) -> Response {
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "sandbox page");
        let text = "The payment page does not answer now. Nothing is lost: reload in a moment.";
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], text).into_response()
    })
}

fn card_form(sandbox: &Sandbox, payment: &Payment, status: StatusCode, form: Typed, errors: Errors) -> Response {
    let alert = payment.failure_message.clone();
    let group = |title, group| (title, TEST_CARDS.iter().filter(|card| card.group == group).collect());
    let groups = vec![
        group("Goes through", Group::Works),
        group("Is refused", Group::Refused),
        group("Has a bad day", Group::BadDay),
    ];
    let fill_expiry = sandbox.fill_expiry();
    let template = PayPage { frame: sandbox.frame(payment), form, errors, alert, groups, fill_expiry };
    let nonce = template.frame.nonce.clone();
    html(status, template.render(), &nonce, &back(payment))
}

/// Where the buyer goes when the form has done its work.
fn after(sandbox: &Sandbox, payment: &Payment) -> Response {
    match (payment.status, &payment.return_url) {
        (Status::RequiresPayment, _) => see_other(&pay_path(sandbox, payment)),
        (Status::RequiresAction, _) => see_other(&challenge_path(sandbox, payment)),
        (_, Some(url)) => see_other(&with_payment(url, &payment.id)),
        (_, None) => over(sandbox, payment, StatusCode::OK),
    }
}

/// The page of a payment with nothing left to do for the buyer.
fn over(sandbox: &Sandbox, payment: &Payment, status: StatusCode) -> Response {
    let price = price(payment);
    let (title, text) = match payment.status {
        Status::Succeeded | Status::RequiresCapture => ("Payment complete", format!("You paid {price}. Thank you.")),
        Status::Processing => {
            ("Payment under way", "The bank is still working on it. The shop will be told the result.".to_owned())
        }
        Status::Canceled => ("Payment cancelled", "Nothing was charged.".to_owned()),
        Status::Failed | Status::RequiresPayment | Status::RequiresAction => {
            let why = payment.failure_message.clone().unwrap_or_default();
            ("Payment failed", format!("{why} Nothing was charged."))
        }
    };
    let link = payment.return_url.as_ref().map(|url| with_payment(url, &payment.id));
    notice(sandbox, status, title, text, link)
}

fn no_such_payment(sandbox: &Sandbox) -> Response {
    let text = "This link leads to no payment. Go back to the shop and start again.".to_owned();
    notice(sandbox, StatusCode::NOT_FOUND, "No such payment", text, None)
}

fn notice(sandbox: &Sandbox, status: StatusCode, title: &'static str, text: String, link: Option<String>) -> Response {
    let (nonce, merchant) = (sandbox.inner.random.token(), sandbox.inner.config.merchant.as_str());
    let good = title == "Payment complete";
    let template = NoticePage { nonce: nonce.clone(), merchant, title, text, good, link };
    html(status, template.render(), &nonce, &[])
}

/// Where the buyer may go from the pages of a payment.
fn back(payment: &Payment) -> Vec<String> {
    [&payment.return_url, &payment.cancel_url].into_iter().flatten().cloned().collect()
}

fn html(status: StatusCode, page: askama::Result<String>, nonce: &str, back: &[String]) -> Response {
    let Ok(page) = page else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // Browsers hold a form's redirect to `form-action` too: the way back to the shop is allowed by name.
    let origins: String = back.iter().filter_map(|url| origin(url)).map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action 'self'{origins}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        ),
    ];
    (status, headers, page).into_response()
}

fn origin(url: &str) -> Option<String> {
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}

fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => {
            let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn pay_path(sandbox: &Sandbox, payment: &Payment) -> String {
    format!("{}/pay/{}", sandbox.inner.base_path, payment.id)
}

fn challenge_path(sandbox: &Sandbox, payment: &Payment) -> String {
    format!("{}/challenge", pay_path(sandbox, payment))
}

/// The merchant's address with `payment=ID`. It was checked when the payment was opened.
fn with_payment(url: &str, payment: &str) -> String {
    Url::parse(url).map_or_else(
        |_| url.to_owned(),
        |mut url| {
            url.query_pairs_mut().append_pair("payment", payment);
            url.to_string()
        },
    )
}

/// `€49.99`, `SEK 49.90` where the sign is a word.
fn price(payment: &Payment) -> String {
    let money = Money::new(payment.amount_minor, payment.currency);
    let symbol = payment.currency.symbol();
    let gap = if symbol.ends_with(char::is_alphabetic) { "\u{a0}" } else { "" };
    format!("{symbol}{gap}{}", money.decimal())
}
