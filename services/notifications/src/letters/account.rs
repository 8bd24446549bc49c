//! Letters about an account and its cart.

use contracts::{cart::WishAvailable, notifications::Template};

use crate::model::{Button, Letter};

/// The letter that a service asked for by its template.
pub fn from_template(template: &Template, public_url: &str) -> Letter {
    let button = |label: &str, path: &str| Some(Button { label: label.to_owned(), url: format!("{public_url}{path}") });
    match template {
        Template::VerifyEmail { name, path } => Letter {
            template: "verify_email",
            subject: "Confirm your e-mail address".to_owned(),
            paragraphs: vec![
                format!("Hello {name},"),
                "please confirm that this address is yours. The link works once, for two days.".to_owned(),
            ],
            button: button("Confirm address", path),
            after: vec!["If you did not open an account, you need not do anything.".to_owned()],
            ..Letter::default()
        },
        Template::ConfirmNotice { what, path, stop } => confirm_notice(what, path, stop, public_url),
        Template::BackInStock { what, path, stop } => notice(what, path, stop, public_url),
        Template::ResetPassword { name, path } => Letter {
            template: "reset_password",
            subject: "Set a new password".to_owned(),
            paragraphs: vec![
                format!("Hello {name},"),
                "here you can set a new password. The link works once, for half an hour.".to_owned(),
            ],
            button: button("Set new password", path),
            after: vec!["If you did not ask for this, your password stays as it is.".to_owned()],
            ..Letter::default()
        },
        Template::PasswordChanged { name } => Letter {
            template: "password_changed",
            subject: "Your password was changed".to_owned(),
            paragraphs: vec![
                format!("Hello {name},"),
                "your password was changed, and you were logged out on your other devices.".to_owned(),
            ],
            button: button("It was not me", "/forgot"),
            ..Letter::default()
        },
        Template::AlreadyRegistered { name, path } => Letter {
            template: "already_registered",
            subject: "You already have an account".to_owned(),
            paragraphs: vec![
                format!("Hello {name},"),
                "somebody, probably you, tried to open an account with this address. You already have one.".to_owned(),
            ],
            button: button("Log in", path),
            after: vec!["If you have forgotten your password, you can set a new one on the log-in page.".to_owned()],
            ..Letter::default()
        },
    }
}

/// Somebody without an account wants to know when something is back.
fn confirm_notice(what: &str, path: &str, stop: &str, public_url: &str) -> Letter {
    let text = "Please confirm that we may write to this address. The link works for two days. There will be one letter, \
                and then the address is forgotten.";
    Letter {
        template: "confirm_notice",
        subject: format!("Shall we write to you when {what} is back?"),
        paragraphs: vec![
            format!("Somebody, probably you, wants to know when {what} can be had again."),
            text.to_owned(),
        ],
        button: Some(Button { label: "Yes, tell me".to_owned(), url: format!("{public_url}{path}") }),
        after: vec![
            "If it was not you, you need not do anything: without the link nothing is sent.".to_owned(),
            format!("To end all such letters to this address: {public_url}{stop}"),
        ],
        ..Letter::default()
    }
}

/// It is back, for somebody without an account.
fn notice(what: &str, path: &str, stop: &str, public_url: &str) -> Letter {
    let text = "You wanted to know; this is the only letter about it, and your address is forgotten.";
    Letter {
        template: "notice",
        subject: format!("{what} is back"),
        paragraphs: vec![format!("{what} can be had again. {text}")],
        button: Some(Button { label: "Have a look".to_owned(), url: format!("{public_url}{path}") }),
        after: vec![format!("If you wait for other things too, this ends it: {public_url}{stop}")],
        ..Letter::default()
    }
}

/// Something that was sold out can be had again.
pub fn back_in_stock(name: &str, wish: &WishAvailable, public_url: &str) -> Letter {
    let what = match wish.options.as_slice() {
        [] => wish.title.clone(),
        options => format!("{}, {}", wish.title, options.join(", ")),
    };
    Letter {
        template: "back_in_stock",
        subject: format!("{what} is back"),
        paragraphs: vec![
            format!("Hello {name},"),
            format!("{what} can be had again. You wanted to know; this is the only letter about it."),
        ],
        button: Some(Button {
            label: "Have a look".to_owned(),
            url: format!("{public_url}/p/{}?variant={}", wish.product_slug, wish.variant_id),
        }),
        ..Letter::default()
    }
}

/// Somebody left things in their cart.
pub fn left_cart(name: &str, items: i64, public_url: &str) -> Letter {
    let things = if items == 1 { "One thing is".to_owned() } else { format!("{items} things are") };
    Letter {
        template: "cart_abandoned",
        subject: "Still in your cart".to_owned(),
        paragraphs: vec![
            format!("Hello {name},"),
            format!("{things} still in your cart. Prices and stock may have changed since."),
        ],
        button: Some(Button { label: "Look at the cart".to_owned(), url: format!("{public_url}/cart") }),
        ..Letter::default()
    }
}
