//! Why a command is not obeyed, as the caller is told.

use kernel::FieldError;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{command::Outcome, model::Payment};

/// Why a command was not obeyed.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: u16,
    error: Value,
}

impl Refusal {
    /// A refusal with an HTTP status, a stable code and a sentence for a person.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, error: json!({"code": code, "message": message.into()}) }
    }
    /// 404.
    pub fn not_found(what: &str) -> Self {
        Self::new(404, "not_found", format!("There is no such {what}."))
    }
    /// 422 with what is wrong per field.
    pub fn invalid(fields: &[FieldError]) -> Self {
        Self::new(422, "invalid_input", "Some fields need to be corrected.").with("fields", fields)
    }
    /// 409 that tells where the payment stands.
    pub fn status_of(payment: &Payment, code: &str, message: impl Into<String>) -> Self {
        Self::new(409, code, message).with("payment_status", payment.status)
    }
    /// With a further member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.error[name] = json!(value);
        self
    }
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }
    /// The error document.
    pub fn body(&self) -> String {
        json!({ "error": self.error }).to_string()
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self { status: refusal.status, body: refusal.body(), replayed: false, hold: false }
    }
}

/// Why a command came to nothing: refused, or the store does not work.
pub(crate) enum Stop {
    Refused(Refusal),
    Broken(kernel::Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
impl From<kernel::Error> for Stop {
    fn from(error: kernel::Error) -> Self {
        Self::Broken(error)
    }
}
impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}
