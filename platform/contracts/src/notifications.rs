//! Messages to people, and what became of them.

use garde::Validate;
use kernel::{AccountId, Email, MessageId, Page, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a message is about, with what its template needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "template")]
pub enum Template {
    /// Link that verifies an address.
    VerifyEmail {
        /// How to address the person.
        name: String,
        /// Path with the token: `/verify?token=…`.
        path: String,
    },
    /// Link to set a new password.
    ResetPassword {
        /// How to address the person.
        name: String,
        /// Path with the token.
        path: String,
    },
    /// Link that confirms that somebody wants to know when something is back.
    ConfirmNotice {
        /// What it is.
        what: String,
        /// Path with the token.
        path: String,
        /// Path that ends all such letters.
        stop: String,
    },
    /// It is back.
    BackInStock {
        /// What it is.
        what: String,
        /// Path of its page.
        path: String,
        /// Path that ends all such letters.
        stop: String,
    },
    /// The password was changed.
    PasswordChanged {
        /// How to address the person.
        name: String,
    },
    /// Somebody tried to register with an address that has an account.
    AlreadyRegistered {
        /// How to address the person.
        name: String,
        /// Path of the log-in.
        path: String,
    },
}

/// Sends a message, once per key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[garde(allow_unvalidated)]
pub struct SendMessage {
    /// The same key sends once.
    pub key: String,
    /// To.
    pub email: Email,
    /// Account, if it is one's.
    pub account_id: Option<AccountId>,
    /// Language tag.
    pub locale: String,
    /// What.
    pub template: Template,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Waits to be sent.
    Queued,
    /// Taken by the mail server (or put into the embedded mailbox).
    Sent,
    /// Given up after several attempts.
    Failed,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageView {
    /// Id.
    pub id: MessageId,
    /// To.
    pub to: Email,
    /// `verify_email`, `order_confirmed` …
    pub template: String,
    /// Subject.
    pub subject: String,
    /// Where it stands.
    pub status: MessageStatus,
    /// Attempts so far.
    pub attempts: i64,
    /// Last error.
    pub error: Option<String>,
    /// Queued at.
    pub created_at: Timestamp,
    /// Sent at.
    pub sent_at: Option<Timestamp>,
}

/// A message with its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageDetail {
    /// The message.
    pub message: MessageView,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// What was tried, and when.
    pub history: Vec<crate::shared::TimelineEntry>,
}

/// Filters messages.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct MessageQuery {
    /// Only to this address.
    #[serde(default)]
    pub to: Option<String>,
    /// Only these.
    #[serde(default)]
    pub status: Option<MessageStatus>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

client! {
    /// Client of the notifications service.
    NotificationsClient for "notifications" {
        /// Sends a message, once per key.
        post send() body SendMessage => MessageView, "/internal/messages";
        /// Messages, newest first (admins).
        get messages() query MessageQuery => Page<MessageView>, "/api/v1/admin/messages";
        /// One message (admins).
        get message(id: MessageId) => MessageDetail, "/api/v1/admin/messages/{id}";
        /// Tries a failed message again (admins).
        post retry(id: MessageId) => MessageView, "/api/v1/admin/messages/{id}/retry";
        /// The embedded mailbox: what was sent, newest first. Only there if no mail server is configured.
        get mailbox() query MessageQuery => Page<MessageView>, "/api/v1/mailbox";
        /// One mail of the embedded mailbox.
        get mail(id: MessageId) => MessageDetail, "/api/v1/mailbox/{id}";
    }
}
