//! Letters about an account and its cart.

use contracts::{cart::WishAvailable, notifications::Template};
use words::Words;

use crate::model::{Button, Letter};

/// The letter that a service asked for by its template.
pub fn from_template(words: &Words, template: &Template, public_url: &str) -> Letter {
    let button = |label: &str, path: &str| Some(Button { label: label.to_owned(), url: format!("{public_url}{path}") });
    match template {
        Template::VerifyEmail { name, path } => Letter {
            template: "verify_email",
            subject: words.verify_subject.to_owned(),
            paragraphs: vec![words.hello(name), words.verify.to_owned()],
            button: button(words.verify_button, path),
            after: vec![words.verify_not_me.to_owned()],
            ..Letter::default()
        },
        Template::ConfirmNotice { what, path, stop } => Letter {
            template: "confirm_notice",
            subject: words.notice_subject(what),
            paragraphs: vec![words.notice_asked(what), words.notice_confirm.to_owned()],
            button: button(words.notice_yes, path),
            after: vec![words.notice_not_me.to_owned(), words.notice_stop(&format!("{public_url}{stop}"))],
            ..Letter::default()
        },
        Template::BackInStock { what, path, stop } => Letter {
            template: "notice",
            subject: words.back_subject(what),
            paragraphs: vec![words.notice_back(what)],
            button: button(words.have_a_look, path),
            after: vec![words.notice_stop_others(&format!("{public_url}{stop}"))],
            ..Letter::default()
        },
        Template::ResetPassword { name, path } => Letter {
            template: "reset_password",
            subject: words.reset_subject.to_owned(),
            paragraphs: vec![words.hello(name), words.reset.to_owned()],
            button: button(words.reset_button, path),
            after: vec![words.reset_not_me.to_owned()],
            ..Letter::default()
        },
        Template::PasswordChanged { name } => Letter {
            template: "password_changed",
            subject: words.changed_subject.to_owned(),
            paragraphs: vec![words.hello(name), words.changed.to_owned()],
            button: button(words.changed_not_me, "/forgot"),
            ..Letter::default()
        },
        Template::AlreadyRegistered { name, path } => Letter {
            template: "already_registered",
            subject: words.registered_subject.to_owned(),
            paragraphs: vec![words.hello(name), words.registered.to_owned()],
            button: button(words.log_in, path),
            after: vec![words.registered_forgotten.to_owned()],
            ..Letter::default()
        },
    }
}

/// Something that was sold out can be had again.
pub fn back_in_stock(words: &Words, name: &str, wish: &WishAvailable, public_url: &str) -> Letter {
    let what = match wish.options.as_slice() {
        [] => wish.title.clone(),
        options => format!("{}, {}", wish.title, options.join(", ")),
    };
    Letter {
        template: "back_in_stock",
        subject: words.back_subject(&what),
        paragraphs: vec![words.hello(name), words.back(&what)],
        button: Some(Button {
            label: words.have_a_look.to_owned(),
            url: format!("{public_url}/p/{}?variant={}", wish.product_slug, wish.variant_id),
        }),
        ..Letter::default()
    }
}

/// Somebody left things in their cart. `stop` is the path that ends such letters.
pub fn left_cart(words: &Words, name: &str, items: i64, stop: &str, public_url: &str) -> Letter {
    let ends = (!stop.is_empty()).then(|| words.left_stop(&format!("{public_url}{stop}")));
    Letter {
        template: "cart_abandoned",
        subject: words.left_subject.to_owned(),
        paragraphs: vec![words.hello(name), words.left_cart(items)],
        button: Some(Button { label: words.look_at_cart.to_owned(), url: format!("{public_url}/cart") }),
        after: ends.into_iter().collect(),
        ..Letter::default()
    }
}
