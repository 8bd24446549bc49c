//! The test cards: which number or token stands for which behaviour, and the check of what a
//! buyer types. A card number lives only as long as the request that carries it.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// What a card does to the payment it is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// Succeeds at once.
    Succeed,
    /// The bank says no.
    Declined,
    /// Not enough money on the account.
    InsufficientFunds,
    /// The bank could not be asked.
    ProcessingError,
    /// The buyer has to approve on the bank's page first.
    Challenge,
    /// Stays in `processing` for a while, then succeeds.
    Processing,
    /// As `Processing`, but so late that most shops have given up.
    LateSuccess,
    /// Succeeds, but the answer does not arrive in time.
    TimeoutAfterSuccess,
    /// Every webhook is sent three times.
    DuplicateWebhooks,
    /// `payment.processing` is delivered after `payment.succeeded`.
    OutOfOrderWebhooks,
    /// Webhooks are sent long after the fact.
    LateWebhooks,
    /// Refunds are pending for a while, then succeed.
    RefundPending,
    /// Refunds are pending for a while, then fail.
    RefundFails,
    /// The buyer disputes the payment after a while.
    Disputed,
}

/// Heading under which the page lists a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The payment goes through.
    Works,
    /// The payment does not go through.
    Refused,
    /// The payment goes through, but something about it is difficult.
    BadDay,
}

/// One test card.
#[derive(Debug, Clone, Copy)]
pub struct TestCard {
    /// Token for payments without a page; also the name of the card in links.
    pub token: &'static str,
    /// Sixteen digits.
    pub number: &'static str,
    /// Network.
    pub brand: &'static str,
    /// What it shows, in a few words.
    pub title: &'static str,
    /// What it does.
    pub behaviour: Behaviour,
    /// Where the page lists it.
    pub group: Group,
}

const fn visa(
    token: &'static str,
    number: &'static str,
    title: &'static str,
    behaviour: Behaviour,
    group: Group,
) -> TestCard {
    TestCard { token, number, brand: "visa", title, behaviour, group }
}

/// Every card the sandbox knows.
pub const TEST_CARDS: &[TestCard] = &[
    visa("tok_visa", "4242424242424242", "Succeeds (Visa)", Behaviour::Succeed, Group::Works),
    TestCard {
        token: "tok_mastercard",
        number: "5555555555554444",
        brand: "mastercard",
        title: "Succeeds (Mastercard)",
        behaviour: Behaviour::Succeed,
        group: Group::Works,
    },
    visa("tok_3ds", "4000002760003184", "Asks for 3-D Secure", Behaviour::Challenge, Group::Works),
    visa("tok_declined", "4000000000000002", "Declined", Behaviour::Declined, Group::Refused),
    visa(
        "tok_insufficient_funds",
        "4000000000009995",
        "Insufficient funds",
        Behaviour::InsufficientFunds,
        Group::Refused,
    ),
    visa("tok_processing_error", "4000000000000119", "Processing error", Behaviour::ProcessingError, Group::Refused),
    visa("tok_processing", "4000000000001026", "Succeeds after a moment", Behaviour::Processing, Group::BadDay),
    visa("tok_late", "4000000000002024", "Succeeds too late", Behaviour::LateSuccess, Group::BadDay),
    visa(
        "tok_timeout_after_success",
        "4000000000004087",
        "Succeeds, answer held back",
        Behaviour::TimeoutAfterSuccess,
        Group::BadDay,
    ),
    visa(
        "tok_duplicate_webhooks",
        "4000000000002222",
        "Webhooks sent three times",
        Behaviour::DuplicateWebhooks,
        Group::BadDay,
    ),
    visa(
        "tok_out_of_order_webhooks",
        "4000000000003212",
        "Webhooks out of order",
        Behaviour::OutOfOrderWebhooks,
        Group::BadDay,
    ),
    visa("tok_late_webhooks", "4000000000005035", "Webhooks sent late", Behaviour::LateWebhooks, Group::BadDay),
    visa("tok_refund_pending", "4000000000007726", "Refunds take a moment", Behaviour::RefundPending, Group::BadDay),
    visa("tok_refund_fails", "4000000000005126", "Refunds fail", Behaviour::RefundFails, Group::BadDay),
    visa("tok_disputed", "4000000000000259", "Is disputed after a moment", Behaviour::Disputed, Group::BadDay),
];

impl TestCard {
    /// The card behind a token.
    pub fn by_token(token: &str) -> Option<&'static Self> {
        TEST_CARDS.iter().find(|card| card.token == token)
    }
    /// What may be kept of it.
    pub fn used(&self) -> UsedCard {
        let last4 = self.number.get(12..).unwrap_or_default().to_owned();
        UsedCard { brand: self.brand.to_owned(), last4, behaviour: self.behaviour }
    }
    /// The number in groups of four, as printed on a card.
    pub fn grouped(&self) -> String {
        let digits: Vec<char> = self.number.chars().collect();
        digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// What is kept of a card: never its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedCard {
    /// Network.
    pub brand: String,
    /// Last four digits.
    pub last4: String,
    /// What it does.
    pub behaviour: Behaviour,
}

/// Finds the test card a buyer typed, or says what to mend.
pub fn check_number(typed: &str) -> Result<&'static TestCard, &'static str> {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
    if digits.is_empty() {
        return Err("Enter the card number.");
    }
    if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("A card number has 12 to 19 digits.");
    }
    if !luhn(&digits) {
        return Err("This is not a valid card number. Check the digits.");
    }
    TEST_CARDS
        .iter()
        .find(|card| card.number == digits)
        .ok_or("This is a sandbox: only test cards are accepted. Never enter a real card here.")
}

/// The check digit of ISO/IEC 7812.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Checks `MM / YY` (or `MM/YYYY`) against the month of `now`.
pub fn check_expiry(typed: &str, now: Timestamp) -> Result<(), &'static str> {
    const SHAPE: &str = "Enter month and year as MM / YY.";
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let shaped = typed.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '/' | '-'));
    if typed.trim().is_empty() {
        return Err("Enter the expiry date.");
    }
    if !shaped || !matches!(digits.len(), 4 | 6) {
        return Err(SHAPE);
    }
    let (month, year) = digits.split_at(2);
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    match month {
        "01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12" => {}
        _ => return Err("The month is 01 to 12."),
    }
    if format!("{year}-{month}") < now.format("%Y-%m") { Err("This card has expired.") } else { Ok(()) }
}

/// Checks the security code.
pub fn check_cvc(typed: &str) -> Result<(), &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        Err("Enter the security code.")
    } else if typed.len() == 3 && typed.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err("The security code is the three digits on the back.")
    }
}

/// Checks the name on the card.
pub fn check_name(typed: &str) -> Result<(), &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        Err("Enter the name on the card.")
    } else if typed.chars().count() > 100 || typed.chars().any(char::is_control) {
        Err("Use at most 100 letters.")
    } else {
        Ok(())
    }
}
