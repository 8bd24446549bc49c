//! What every service offers to operators: dead letters and jobs.

use garde::Validate;
use kernel::{Page, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An event that a service could not take in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetter {
    /// Service that could not.
    pub service: String,
    /// Event, or job.
    pub id: String,
    /// `event` or `job`.
    pub what: String,
    /// Type of event or job.
    pub kind: String,
    /// Aggregate, or the job's key.
    pub subject: String,
    /// Attempts so far.
    pub attempts: i64,
    /// Last error.
    pub error: String,
    /// First seen at.
    pub at: Timestamp,
}

/// Which ones.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetterQuery {
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Asks for an event to be taken in again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Replay {
    /// `event` or `job`.
    pub what: String,
    /// Its id.
    pub id: String,
}

/// How the messages of a service stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Backlog {
    /// Service.
    pub service: String,
    /// Events written and not yet published.
    pub outbox: i64,
    /// Events that wait for another attempt.
    pub retrying: i64,
    /// Dead letters (events and jobs).
    pub dead: i64,
    /// Jobs due.
    pub jobs_due: i64,
}

client! {
    /// Client of what the runtime adds to every service, by name.
    OperationsClient for "operations" {
        /// How every service's messages stand (admins).
        get backlogs() => Vec<Backlog>, "/api/v1/admin/backlogs";
        /// Dead letters of a service (admins).
        get dead_letters(service: &str) query DeadLetterQuery => Page<DeadLetter>, "/api/v1/admin/dead-letters/{service}";
        /// Tries one again (admins).
        post replay(service: &str) body Replay => (), "/api/v1/admin/dead-letters/{service}/replay";
    }
}
