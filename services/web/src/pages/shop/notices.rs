//! A letter to somebody without an account once something is back: asking for it, and what its links lead to. And what
//! ends letters about carts left behind.

use axum::{http::StatusCode, response::IntoResponse};
use contracts::cart::{AskNotice, NoticeToken};
use kernel::{Email, Error, Kind, Result, Secret, Slug, VariantId};

use crate::{
    forms::{Fields, Harmless, Posted, Reader},
    pages::account::form::FormPage,
    render::Shown,
    session::Message,
    ui::{Field, Filled, Notice, Tone},
    visit::{Query, Visit},
};

/// `POST /notices`: the form on the page of something that is sold out.
pub async fn ask(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    let Some(variant_id) = fields.parsed::<VariantId>("variant") else {
        return Err(Error::invalid("variant", "Choose what you wait for first.").into());
    };
    let mut reader = Reader::new(&fields);
    let asked = match reader.parsed::<Email>("email", "Enter your e-mail address.") {
        Some(email) => {
            let client = visit.app.cart.with_header("accept-language", visit.written);
            client.ask_notice(&visit.who(), &AskNotice { variant_id, email }).await
        }
        None => Err(reader.error()),
    };
    let product = fields.get("product").parse::<Slug>();
    let back = product.map_or("/".to_owned(), |slug| format!("/p/{slug}?variant={variant_id}"));
    match asked {
        Ok(()) => {
            let text = "Look into your mails: a link there confirms that we may write to you.";
            visit.say(Message::good(text)).await?;
            Ok(visit.go(&back))
        }
        Err(error) if error.is(Kind::Conflict) => {
            visit.say(Message::good(error.detail())).await?;
            Ok(visit.go(&back))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            again(&mut visit, &fields, status, &filled, back).await
        }
    }
}

/// The form alone, with what was typed and what is wrong with it.
async fn again(visit: &mut Visit, fields: &Fields, status: StatusCode, filled: &Filled, back: String) -> Shown {
    FormPage::new("Tell me when it is back", "/notices", "Tell me")
        .lead("One letter, once it can be had again; then the address is forgotten.")
        .errors(filled, &["email"])
        .hidden("variant", fields.get("variant"))
        .hidden("product", fields.get("product"))
        .field(&Field::email("email", "E-mail").filled(filled))
        .after("Back to the product", back)
        .show(visit, status)
        .await
}

/// `GET /notices/confirm?token=`: asks, so that a mail server that looks at links confirms nothing.
pub async fn show_confirm(mut visit: Visit, Query(asked): Query) -> Shown {
    let Some(token) = asked.some("token") else { return Err(Error::not_found("page").into()) };
    FormPage::new("Tell you when it is back?", "/notices/confirm", "Yes, tell me")
        .lead("There is one letter, once it can be had again; then your address is forgotten.")
        .hidden("token", token)
        .show(&mut visit, StatusCode::OK)
        .await
}

/// `POST /notices/confirm`
pub async fn confirm(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    match visit.app.cart.confirm_notice(&visit.who(), &token(&fields)).await {
        Ok(notice) => {
            visit.say(Message::good(format!("We write to you once {} is back.", notice.title))).await?;
            Ok(visit.go(&format!("/p/{}?variant={}", notice.product_slug, notice.variant_id)))
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Malformed) => {
            let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str()).to_owned();
            FormPage::new("Tell you when it is back?", "/search", "")
                .notice(Some(Notice::new(Tone::Danger, "This link does not work.", reason)))
                .after("Look around", "/")
                .show(&mut visit, StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /notices/stop?token=`
pub async fn show_stop(mut visit: Visit, Query(asked): Query) -> Shown {
    let Some(token) = asked.some("token") else { return Err(Error::not_found("page").into()) };
    FormPage::new("No more letters about stock", "/notices/stop", "End them")
        .lead("Everything that was asked for your address without an account is forgotten.")
        .hidden("token", token)
        .show(&mut visit, StatusCode::OK)
        .await
}

/// `POST /notices/stop`
pub async fn stop(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    visit.app.cart.stop_notices(&visit.who(), &token(&fields)).await?;
    visit.say(Message::good("No more letters about stock are sent to your address.")).await?;
    Ok(visit.go("/"))
}

/// `GET /cart/letters/stop?token=`: asks, so that a mail server that looks at links ends nothing.
pub async fn show_stop_letters(mut visit: Visit, Query(asked): Query) -> Shown {
    let Some(token) = asked.some("token") else { return Err(Error::not_found("page").into()) };
    FormPage::new("No more letters about your cart", "/cart/letters/stop", "End them")
        .lead("When you leave something in your cart, nobody writes to you about it any more.")
        .hidden("token", token)
        .show(&mut visit, StatusCode::OK)
        .await
}

/// `POST /cart/letters/stop`
pub async fn stop_letters(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    visit.app.cart.stop_letters(&visit.who(), &token(&fields)).await?;
    visit.say(Message::good("You get no more letters about your cart.")).await?;
    Ok(visit.go("/"))
}

/// `POST /notices/stop/one-click?token=`: what a mail program sends by itself (RFC 8058). There was no page of ours before
/// it, so it has no token of a form; that of the link, which nobody else can make, says that it may.
pub async fn stop_at_once(visit: Visit, Query(asked): Query) -> Shown {
    visit.app.cart.stop_notices(&visit.who(), &link(asked.some("token"))?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /cart/letters/stop/one-click?token=`: the same of letters about a cart.
pub async fn stop_letters_at_once(visit: Visit, Query(asked): Query) -> Shown {
    visit.app.cart.stop_letters(&visit.who(), &link(asked.some("token"))?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn link(token: Option<String>) -> Result<NoticeToken> {
    let token = token.ok_or_else(|| Error::not_found("page"))?;
    Ok(NoticeToken { token: Secret::new(token) })
}

fn token(fields: &Fields) -> NoticeToken {
    NoticeToken { token: Secret::new(fields.get("token")) }
}
