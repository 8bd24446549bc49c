//! The letter with a gift card.

use contracts::credits::GiftCardLetter;

use crate::model::{Button, Letter, price};

/// Somebody was given one.
pub fn gift_card(card: &GiftCardLetter, public_url: &str) -> Letter {
    let amount = price(card.amount);
    let mut after = vec!["Whoever has the code can use it: keep this mail to yourself.".to_owned()];
    if let Some(until) = card.expires_at {
        after.push(format!("It can be used until {} (UTC).", until.format("%-d %B %Y, %H:%M")));
    }
    Letter {
        template: "gift_card",
        subject: format!("A gift card over {amount} for you"),
        paragraphs: vec![
            format!("You have been given a gift card over {amount}. Its code is:"),
            card.code.expose().to_owned(),
            "Type it in when you pay. What you do not use at once stays on the card.".to_owned(),
        ],
        button: Some(Button { label: "Look around".to_owned(), url: public_url.to_owned() }),
        after,
        ..Letter::default()
    }
}
