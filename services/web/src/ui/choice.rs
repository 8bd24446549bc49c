//! Choosing one of a few: ticks, cards, pills.

use askama::Template;

use super::{Filled, component, field_id};

/// A tick with its sentence.
#[derive(Debug, Clone, Template)]
#[template(path = "components/check.html")]
pub struct Check {
    id: String,
    name: String,
    value: String,
    text: String,
    note: Option<String>,
    checked: bool,
    required: bool,
    error: Option<String>,
}

impl Check {
    /// Sends `name=yes` when ticked.
    pub fn new(name: &str, text: impl Into<String>) -> Self {
        Self {
            id: field_id(name),
            name: name.to_owned(),
            value: "yes".to_owned(),
            text: text.into(),
            note: None,
            checked: false,
            required: false,
            error: None,
        }
    }
    /// A smaller sentence under it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
    /// Ticked at first.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }
    /// Must be ticked.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// As it was sent, with its error.
    #[must_use]
    pub fn filled(mut self, filled: &Filled) -> Self {
        self.checked = !filled.value(&self.name).is_empty();
        self.error = filled.error(&self.name).map(str::to_owned);
        self
    }
}

/// One of the cards.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// A smaller sentence under it.
    pub note: String,
    /// At the end of the card: a price.
    pub aside: String,
    /// Not to be had now; the note says why.
    pub disabled: bool,
}

/// One of a few, each with its explanation: delivery, payment, address.
#[derive(Debug, Clone, Template)]
#[template(path = "components/choices.html")]
pub struct Choices {
    /// Name of the field.
    pub name: String,
    /// The question.
    pub legend: String,
    /// True if the question is seen elsewhere and only read to a screen reader here.
    pub hidden_legend: bool,
    /// The cards.
    pub choices: Vec<Choice>,
    /// Value of the chosen one.
    pub chosen: String,
    /// What is wrong with the choice.
    pub error: Option<String>,
    /// Beside each other instead of under each other.
    pub across: bool,
}

impl Choices {
    fn id(&self) -> String {
        field_id(&self.name)
    }
}

/// A value of an option of a product.
#[derive(Debug, Clone, Default)]
pub struct Pill {
    /// What is sent.
    pub value: String,
    /// What is read: `Large`.
    pub text: String,
    /// True if this one is sold out: struck, and still to be looked at.
    pub sold_out: bool,
}

/// An option of a product: its values side by side.
#[derive(Debug, Clone, Template)]
#[template(path = "components/pills.html")]
pub struct Pills {
    /// Name of the field.
    pub name: String,
    /// The option: `Size`.
    pub legend: String,
    /// Its values.
    pub pills: Vec<Pill>,
    /// Value of the chosen one.
    pub chosen: String,
}

component!(Check, Choices, Pills);
