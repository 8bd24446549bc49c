//! Coming in and going out: registration, log-in, log-out.

use axum::http::StatusCode;
use contracts::{
    cart::MergeCart,
    identity::{Login, Register, Tokens},
};
use kernel::{Email, Error, Kind, Result};

use super::form::FormPage;
use crate::{
    forms::{Fields, Posted, Reader, next},
    render::{Shown, query},
    session::{Message, Person},
    ui::{Field, Filled, Notice, Tone},
    visit::{Query, Visit},
};

/// Makes this browser's session that of the person the tokens are for: a new session with a new id,
/// the guest's cart merged into the customer's.
pub async fn enter(visit: &mut Visit, tokens: &Tokens) -> Result<()> {
    let mut data = visit.data();
    let guest = data.cart.take();
    data.person = Some(Person::of(tokens, visit.app.clock.now()));
    visit.replace_session(data).await?;
    visit.keep_language_of(&tokens.account.locale);
    if let Some(token) = guest
        && let Err(error) = visit.app.cart.merge(&visit.who(), &MergeCart { token }).await
    {
        tracing::warn!(%error, "a guest's cart was not merged");
        visit.say(Message::bad("What you had in the cart as a guest could not be taken along.")).await?;
    }
    Ok(())
}

/// `GET /login`
pub async fn show_login(mut visit: Visit, Query(asked): Query) -> Shown {
    if visit.principal().is_some() {
        return Ok(visit.go(&next(&asked, "/account")));
    }
    let said = [("out", "You are logged out."), ("erased", "Your account is erased.")];
    let said = said.into_iter().find(|(name, _)| !asked.get(name).is_empty());
    let notice = said.map(|(_, text)| Notice::new(Tone::Success, "", text));
    login_page(&mut visit, StatusCode::OK, &asked, Filled::default(), notice).await
}

/// `POST /login`
pub async fn log_in(Posted { mut visit, fields }: Posted) -> Shown {
    let mut reader = Reader::new(&fields);
    let email: Option<Email> = reader.parsed("email", "Enter your e-mail address.");
    let password = reader.secret("password", "Enter your password.");
    let (Some(email), true) = (email, reader.ok()) else { return login_refused(visit, &fields, reader.error()).await };
    let identity = visit.app.identity.with_header("user-agent", visit.user_agent());
    match identity.log_in(&visit.who(), &Login { email, password }).await {
        Ok(tokens) => {
            enter(&mut visit, &tokens).await?;
            // Who keeps a store or the market comes to do that.
            let home = visit.portal().map_or_else(|| "/account".to_owned(), |portal| portal.href);
            Ok(visit.go(&next(&fields, &home)))
        }
        Err(error) => login_refused(visit, &fields, error).await,
    }
}

async fn login_refused(mut visit: Visit, fields: &Fields, error: Error) -> Shown {
    let (status, filled) = fields.refused(error)?;
    login_page(&mut visit, status, fields, filled, None).await
}

async fn login_page(
    visit: &mut Visit,
    status: StatusCode,
    fields: &Fields,
    filled: Filled,
    notice: Option<Notice>,
) -> Shown {
    let to = next(fields, "");
    let onwards = if to.is_empty() { String::new() } else { format!("?{}", query(&[("next", &to)])) };
    let lead = match to.as_str() {
        "/checkout" => "Or go back and order as a guest: an account is not needed.",
        to if to.starts_with("/orders/") => {
            "If the order is yours, it is behind this door. Ordered as a guest? Open it in the browser you ordered with."
        }
        _ => "For your orders, addresses and reviews.",
    };
    FormPage::new("Log in", "/login", "Log in")
        .lead(lead)
        .notice(notice)
        .errors(&filled, &["email", "password"])
        .hidden("next", to)
        .field(&Field::email("email", "E-mail").autocomplete("username").filled(&filled))
        .field(&Field::password("password", "Password", "current-password").filled(&filled))
        .after("Open an account", format!("/register{onwards}"))
        .after("Forgot the password", "/forgot")
        .show(visit, status)
        .await
}

/// `POST /logout`
pub async fn log_out(Posted { mut visit, .. }: Posted) -> Shown {
    if visit.principal().is_some()
        && let Err(error) = visit.app.identity.log_out(&visit.who()).await
    {
        // The browser forgets it all the same; the tokens end by themselves.
        tracing::warn!(%error, "a log-in could not be ended");
    }
    visit.end_session().await?;
    Ok(visit.go("/login?out=1"))
}

/// `GET /register`
pub async fn show_register(mut visit: Visit, Query(asked): Query) -> Shown {
    if visit.principal().is_some() {
        return Ok(visit.go(&next(&asked, "/account")));
    }
    let known = asked.some("email").map(|email| Filled::with([("email", email)])).unwrap_or_default();
    register_page(&mut visit, StatusCode::OK, &asked, known).await
}

/// `POST /register`
pub async fn register(Posted { mut visit, fields }: Posted) -> Shown {
    let mut reader = Reader::new(&fields);
    let name = reader.text("name", "Enter your name.");
    let email: Option<Email> = reader.parsed("email", "Enter your e-mail address.");
    let password = reader.secret("password", "Choose a password.");
    let (Some(email), true) = (email, reader.ok()) else {
        return register_refused(visit, &fields, reader.error()).await;
    };
    let locale = Some(visit.written.to_owned());
    let input = Register { email: email.clone(), password: password.clone(), name, locale };
    if let Err(error) = visit.app.identity.register(&visit.who(), &input).await {
        let error = if error.code() == "email_taken" { beside_email(&error) } else { error };
        return register_refused(visit, &fields, error).await;
    }
    let identity = visit.app.identity.with_header("user-agent", visit.user_agent());
    let tokens = identity.log_in(&visit.who(), &Login { email: email.clone(), password }).await?;
    enter(&mut visit, &tokens).await?;
    visit.say(Message::good(format!("Welcome. A mail to {email} asks you to confirm the address."))).await?;
    Ok(visit.go(&next(&fields, "/account")))
}

/// The same error, told beside the field it is about.
fn beside_email(error: &Error) -> Error {
    let field = kernel::FieldError { field: "email".to_owned(), reason: error.detail().to_owned() };
    Error::new(Kind::Conflict, error.code(), "This account cannot be opened.").with_fields(vec![field])
}

async fn register_refused(mut visit: Visit, fields: &Fields, error: Error) -> Shown {
    let (status, filled) = fields.refused(error)?;
    register_page(&mut visit, status, fields, filled).await
}

async fn register_page(visit: &mut Visit, status: StatusCode, fields: &Fields, filled: Filled) -> Shown {
    let to = next(fields, "");
    let onwards = if to.is_empty() { String::new() } else { format!("?{}", query(&[("next", &to)])) };
    FormPage::new("Open an account", "/register", "Open the account")
        .lead("It keeps your orders and addresses, and lets you review what you bought.")
        .errors(&filled, &["name", "email", "password"])
        .hidden("next", to)
        .field(&Field::text("name", "Name").autocomplete("name").max_length(100).filled(&filled))
        .field(&Field::email("email", "E-mail").hint("You confirm it by a link we send there.").filled(&filled))
        .field(&Field::password("password", "Password", "new-password").hint("At least 8 characters.").filled(&filled))
        .after("I have an account", format!("/login{onwards}"))
        .show(visit, status)
        .await
}
