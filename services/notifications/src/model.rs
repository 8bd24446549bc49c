//! A letter: what is said, apart from how it looks.

use askama::Template;
use kernel::{Error, Money, Result, locale::NBSP};
use words::Words;

/// A letter to be set in the frame of all letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    pub template: &'static str,
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub groups: Vec<Group>,
    pub totals: Vec<(String, String)>,
    pub button: Option<Button>,
    pub after: Vec<String>,
}

/// Things under a title: one vendor's part of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub title: String,
    pub items: Vec<Item>,
}

/// A thing with its amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub detail: String,
    pub amount: String,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
}

/// The one thing to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub url: String,
}

#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct AsText<'a> {
    letter: &'a Letter,
    sender: &'a str,
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct AsHtml<'a> {
    letter: &'a Letter,
    language: &'static str,
    sender: &'a str,
    public_url: &'a str,
}

/// A letter as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub template: &'static str,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// Sets the letter, which was written in these words, as text and as HTML.
    pub fn render(&self, words: &Words, sender: &str, public_url: &str) -> Result<Rendered> {
        Ok(Rendered {
            template: self.template,
            subject: one_line(&self.subject),
            text: AsText { letter: self, sender, public_url }.render().map_err(Error::internal)?,
            html: AsHtml { letter: self, language: words.code, sender, public_url }
                .render()
                .map_err(Error::internal)?,
        })
    }
}

/// A subject is a header: what breaks a line must not get into it.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(150).collect()
}

/// `19.90 €`, as letters in English have it.
pub fn price(money: Money) -> String {
    format!("{}\u{a0}{}", money.decimal(), money.currency.symbol())
}

/// An amount as a letter in these words has it.
pub fn amount(words: &Words, money: Money) -> String {
    if words.other().is_some() { words.money(money) } else { price(money) }
}

/// A rate as a letter in these words has it.
pub fn rate(words: &Words, basis_points: i64) -> String {
    let rate = words.locale.rate(basis_points);
    if words.other().is_some() { rate } else { rate.replace(NBSP, " ") }
}
