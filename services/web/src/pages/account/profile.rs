//! Name, telephone and password.

use axum::http::StatusCode;
use contracts::identity::{AccountView, ChangePassword, UpdateProfile};
use kernel::Error;

use super::form::FormPage;
use crate::{
    forms::{Fields, Posted, Reader},
    language,
    render::Shown,
    session::Message,
    ui::{Field, Filled, Notice, Tone},
    visit::Visit,
};

/// `GET /account/profile`
pub async fn show(mut visit: Visit) -> Shown {
    visit.account()?;
    let me = visit.app.identity.me(&visit.who()).await?;
    let locale = words::languages().find(&me.locale).unwrap_or(&me.locale);
    let phone = me.phone.as_deref().unwrap_or_default();
    let filled = Filled::with([("name", me.name.as_str()), ("phone", phone), ("locale", locale)]);
    profile_page(&mut visit, StatusCode::OK, filled, &me.version.to_string(), &me.email.to_string()).await
}

/// `POST /account/profile`
pub async fn save(Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let mut reader = Reader::new(&fields);
    let name = reader.text("name", "Enter your name.");
    let input = UpdateProfile { name, phone: reader.optional("phone"), locale: reader.optional("locale") };
    let version = fields.parsed::<i64>("version").unwrap_or_default();
    let saved: kernel::Result<AccountView> = if reader.ok() {
        let identity = visit.app.identity.with_header("if-match", format!("\"{version}\""));
        identity.update_profile(&visit.who(), &input).await
    } else {
        Err(reader.error())
    };
    match saved {
        Ok(_) => {
            visit.renew_tokens().await?;
            visit.say(Message::good("Your profile is saved.")).await?;
            Ok(visit.go("/account/profile"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            let (version, email) = (fields.get("version").to_owned(), fields.get("shown_email").to_owned());
            profile_page(&mut visit, status, filled, &version, &email).await
        }
    }
}

async fn profile_page(visit: &mut Visit, status: StatusCode, filled: Filled, version: &str, email: &str) -> Shown {
    FormPage::new("Profile", "/account/profile", "Save")
        .lead(format!("You log in with {email}."))
        .errors(&filled, &["name", "phone", "locale"])
        .in_account("/account/profile")
        .hidden("version", version)
        .hidden("shown_email", email)
        .field(&Field::text("name", "Name").autocomplete("name").max_length(100).filled(&filled))
        .field(&Field::phone("phone", "Telephone").optional().max_length(32).hint("For carriers only.").filled(&filled))
        .field(
            &Field::select("locale", "Language of mails", tongues(filled.value("locale")))
                .hint("Mails about an order are in the language it was placed in.")
                .filled(&filled),
        )
        .after("Erase the account", "/account/erase")
        .show(visit, status)
        .await
}

/// Languages that mails are written in, and the account's own if it is none of these.
fn tongues(kept: &str) -> Vec<(String, String)> {
    let there = words::languages().all();
    let named = there.iter().map(|code| ((*code).to_owned(), language::english(code).to_owned()));
    let mut all: Vec<(String, String)> = named.collect();
    if !kept.is_empty() && !there.contains(&kept) {
        all.push((kept.to_owned(), kept.to_owned()));
    }
    all
}

/// `GET /account/password`
pub async fn show_password(mut visit: Visit) -> Shown {
    visit.account()?;
    password_page(&mut visit, StatusCode::OK, &Filled::default()).await
}

/// `POST /account/password`
pub async fn change_password(Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let mut reader = Reader::new(&fields);
    let current = reader.secret("current", "Enter the password you have now.");
    let new = reader.secret("new", "Choose a new password.");
    let changed = if reader.ok() {
        visit.app.identity.change_password(&visit.who(), &ChangePassword { current, new }).await
    } else {
        Err(reader.error())
    };
    match changed {
        Ok(()) => {
            visit.say(Message::good("The password is changed. You were logged out everywhere else.")).await?;
            Ok(visit.go("/account/password"))
        }
        Err(error) => password_refused(visit, &fields, error).await,
    }
}

async fn password_refused(mut visit: Visit, fields: &Fields, error: Error) -> Shown {
    let (status, filled) = fields.refused(error)?;
    password_page(&mut visit, status, &filled).await
}

async fn password_page(visit: &mut Visit, status: StatusCode, filled: &Filled) -> Shown {
    FormPage::new("Password", "/account/password", "Change the password")
        .notice(Some(Notice::new(Tone::Neutral, "", "A new password logs you out on all other devices.")))
        .errors(filled, &["current", "new"])
        .in_account("/account/password")
        .field(&Field::password("current", "Password now", "current-password").filled(filled))
        .field(&Field::password("new", "New password", "new-password").hint("At least 8 characters.").filled(filled))
        .after("Forgot it", "/forgot")
        .show(visit, status)
        .await
}
