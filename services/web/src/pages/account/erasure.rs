//! The end of an account.

use axum::http::StatusCode;
use contracts::identity::EraseAccount;

use super::form::FormPage;
use crate::{
    forms::{Posted, Reader},
    render::Shown,
    ui::{Field, Filled, Notice, Tone},
    visit::Visit,
};

const HERE: &str = "/account/erase";

/// `GET /account/erase`
pub async fn show(mut visit: Visit) -> Shown {
    visit.account()?;
    page(&mut visit, StatusCode::OK, &Filled::default()).await
}

/// `POST /account/erase`
pub async fn erase(Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let mut reader = Reader::new(&fields);
    let password = reader.secret("password", "Enter your password.");
    let erased = if reader.ok() {
        visit.app.identity.erase(&visit.who(), &EraseAccount { password }).await
    } else {
        Err(reader.error())
    };
    match erased {
        Ok(()) => {
            visit.end_session().await?;
            Ok(visit.go("/login?erased=1"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut visit, status, &filled).await
        }
    }
}

async fn page(visit: &mut Visit, status: StatusCode, filled: &Filled) -> Shown {
    FormPage::new("Erase the account", HERE, "Erase for good")
        .lead(
            "Your name, addresses, log-ins, cart, wish list and the mails we wrote to you go. Reviews stay without your name. \
             Orders stay for as long as tax law demands, without your account.",
        )
        .notice(Some(Notice::new(
            Tone::Neutral,
            "",
            "This cannot be undone. It waits until orders have arrived, returns are settled and store credit is used.",
        )))
        .errors(filled, &["password"])
        .in_account("/account/profile")
        .field(&Field::password("password", "Your password", "current-password").filled(filled))
        .after("Keep the account", "/account/profile")
        .show(visit, status)
        .await
}
