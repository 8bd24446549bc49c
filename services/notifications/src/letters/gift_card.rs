//! The letter with a gift card.

use contracts::credits::GiftCardLetter;
use words::Words;

use crate::model::{Button, Letter, amount};

/// Somebody was given one.
pub fn gift_card(words: &Words, card: &GiftCardLetter, public_url: &str) -> Letter {
    let amount = amount(words, card.amount);
    let mut after = vec![words.gift_card_keep.to_owned()];
    if let Some(until) = card.expires_at {
        after.push(words.gift_card_until(&words.date_of(until), &until.format("%H:%M")));
    }
    Letter {
        template: "gift_card",
        subject: words.gift_card_subject(&amount),
        paragraphs: vec![words.gift_card(&amount), card.code.expose().to_owned(), words.gift_card_use.to_owned()],
        button: Some(Button { label: words.look_around.to_owned(), url: public_url.to_owned() }),
        after,
        ..Letter::default()
    }
}
