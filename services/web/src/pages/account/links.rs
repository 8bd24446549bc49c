//! What the links in mails lead to: confirming an address, a new password, the first admin.

use axum::http::StatusCode;
use contracts::identity::{EmailOnly, Login, Register, ResetPassword, SetUpAdmin, VerifyEmail};
use kernel::{Email, Error, Kind, Secret};

use super::{enter::enter, form::FormPage};
use crate::{
    forms::{Fields, Posted, Reader},
    render::Shown,
    session::Message,
    ui::{Field, Filled, Notice, Tone},
    visit::{Query, Visit},
};

/// `GET /verify?token=`: asks, so that a mail server that looks at links confirms nothing.
pub async fn show_verify(mut visit: Visit, Query(asked): Query) -> Shown {
    let Some(token) = asked.some("token") else { return Err(Error::not_found("page").into()) };
    FormPage::new("Confirm your e-mail address", "/verify", "Confirm the address")
        .lead("One click, and the address is yours.")
        .hidden("token", token)
        .show(&mut visit, StatusCode::OK)
        .await
}

/// `POST /verify`
pub async fn verify(Posted { mut visit, fields }: Posted) -> Shown {
    let token = Secret::new(fields.get("token"));
    match visit.app.identity.verify_email(&visit.who(), &VerifyEmail { token }).await {
        Ok(_) => {
            visit.say(Message::good("Your e-mail address is confirmed.")).await?;
            visit.renew_tokens().await?;
            Ok(visit.go(if visit.principal().is_some() { "/account" } else { "/login" }))
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Malformed) => {
            let notice = Notice::new(Tone::Danger, "This link does not work.", reason(&error));
            FormPage::new("Confirm your e-mail address", "/account/verification", "Send a new link")
                .notice(Some(notice))
                .show(&mut visit, StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
        Err(error) => Err(error.into()),
    }
}

fn reason(error: &Error) -> String {
    error.fields().first().map_or(error.detail(), |field| field.reason.as_str()).to_owned()
}

/// `GET /account/verification`
pub async fn show_resend(mut visit: Visit) -> Shown {
    visit.account()?;
    FormPage::new("Confirm your e-mail address", "/account/verification", "Send a new link")
        .lead("The link in the last mail works for two days. If it is lost, ask for a new one.")
        .in_account("/account")
        .show(&mut visit, StatusCode::OK)
        .await
}

/// `POST /account/verification`
pub async fn resend(Posted { mut visit, .. }: Posted) -> Shown {
    visit.account()?;
    let message = match visit.app.identity.resend_verification(&visit.who()).await {
        Ok(()) => Message::good("A new mail is on its way."),
        Err(error) if matches!(error.kind(), Kind::RateLimited | Kind::Conflict) => Message::bad(error.detail()),
        Err(error) => return Err(error.into()),
    };
    visit.say(message).await?;
    Ok(visit.go("/account"))
}

/// `GET /forgot`
pub async fn show_forgot(mut visit: Visit) -> Shown {
    forgot_page(&mut visit, StatusCode::OK, Filled::default(), None).await
}

/// `POST /forgot`
pub async fn forgot(Posted { mut visit, fields }: Posted) -> Shown {
    let mut reader = Reader::new(&fields);
    let asked = match reader.parsed::<Email>("email", "Enter your e-mail address.") {
        Some(email) => {
            let wish = EmailOnly { email: email.clone() };
            visit.app.identity.request_reset(&visit.who(), &wish).await.map(|()| email)
        }
        None => Err(reader.error()),
    };
    match asked {
        Ok(email) => {
            // The same words whether there is such an account or not.
            let text = format!(
                "If there is an account for {email}, a mail with a link is on its way. The link works for half an hour."
            );
            let notice = Notice::new(Tone::Success, "Look into your mails.", text);
            forgot_page(&mut visit, StatusCode::OK, fields.filled(), Some(notice)).await
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            forgot_page(&mut visit, status, filled, None).await
        }
    }
}

async fn forgot_page(visit: &mut Visit, status: StatusCode, filled: Filled, notice: Option<Notice>) -> Shown {
    FormPage::new("Forgot the password", "/forgot", "Send me a link")
        .lead("We send a link that lets you choose a new one.")
        .notice(notice)
        .errors(&filled, &["email"])
        .field(&Field::email("email", "E-mail").filled(&filled))
        .after("Back to the log-in", "/login")
        .show(visit, status)
        .await
}

/// `GET /reset?token=`
pub async fn show_reset(mut visit: Visit, Query(asked): Query) -> Shown {
    let Some(token) = asked.some("token") else { return Ok(visit.go("/forgot")) };
    reset_page(&mut visit, StatusCode::OK, &token, Filled::default()).await
}

/// `POST /reset`
pub async fn reset(Posted { mut visit, fields }: Posted) -> Shown {
    let mut reader = Reader::new(&fields);
    let password = reader.secret("password", "Choose a password.");
    let set = if reader.ok() {
        let token = Secret::new(fields.get("token"));
        visit.app.identity.reset_password(&visit.who(), &ResetPassword { token, password }).await
    } else {
        Err(reader.error())
    };
    match set {
        Ok(()) => {
            visit.say(Message::good("The new password is set. Log in with it.")).await?;
            Ok(visit.go("/login"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            reset_page(&mut visit, status, fields.get("token"), filled).await
        }
    }
}

async fn reset_page(visit: &mut Visit, status: StatusCode, token: &str, filled: Filled) -> Shown {
    FormPage::new("Choose a new password", "/reset", "Set the password")
        .lead("You are logged out everywhere else.")
        .errors(&filled, &["password"])
        .hidden("token", token)
        .field(
            &Field::password("password", "New password", "new-password").hint("At least 8 characters.").filled(&filled),
        )
        .after("Ask for a new link", "/forgot")
        .show(visit, status)
        .await
}

/// `GET /setup?token=`: the link printed at the first start.
pub async fn show_setup(mut visit: Visit, Query(asked): Query) -> Shown {
    let Some(token) = asked.some("token") else { return Err(Error::not_found("page").into()) };
    setup_page(&mut visit, StatusCode::OK, &token, Filled::default()).await
}

/// `POST /setup`
pub async fn setup(Posted { mut visit, fields }: Posted) -> Shown {
    let created = match read_admin(&fields) {
        Ok(input) => visit.app.identity.set_up_admin(&visit.who(), &input).await.map(|_| input.account),
        Err(error) => Err(error),
    };
    match created {
        Ok(Register { email, password, .. }) => {
            let identity = visit.app.identity.with_header("user-agent", visit.user_agent());
            let tokens = identity.log_in(&visit.who(), &Login { email, password }).await?;
            enter(&mut visit, &tokens).await?;
            visit.say(Message::good("The marketplace is yours. This link no longer works.")).await?;
            Ok(visit.go("/admin"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            setup_page(&mut visit, status, fields.get("token"), filled).await
        }
    }
}

fn read_admin(fields: &Fields) -> kernel::Result<SetUpAdmin> {
    let mut reader = Reader::new(fields);
    let name = reader.text("account.name", "Enter your name.");
    let email: Option<Email> = reader.parsed("account.email", "Enter your e-mail address.");
    let password = reader.secret("account.password", "Choose a password.");
    match email.filter(|_| reader.ok()) {
        Some(email) => {
            let account = Register { email, password, name, locale: Some("en".to_owned()) };
            Ok(SetUpAdmin { token: Secret::new(fields.get("token")), account })
        }
        None => Err(reader.error()),
    }
}

async fn setup_page(visit: &mut Visit, status: StatusCode, token: &str, filled: Filled) -> Shown {
    FormPage::new("Set up the marketplace", "/setup", "Create the admin")
        .lead("This creates the first administrator. The link works once.")
        .errors(&filled, &["account.name", "account.email", "account.password"])
        .hidden("token", token)
        .field(&Field::text("account.name", "Name").autocomplete("name").max_length(100).filled(&filled))
        .field(&Field::email("account.email", "E-mail").filled(&filled))
        .field(
            &Field::password("account.password", "Password", "new-password")
                .hint("At least 8 characters.")
                .filled(&filled),
        )
        .show(visit, status)
        .await
}
