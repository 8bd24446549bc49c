//! What can go wrong here that a caller acts on.

use contracts::vendors::VendorStatus;
use kernel::Error;

use crate::model::Decision;

/// What can go wrong here that a caller acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VendorsError {
    /// An account owns at most five stores.
    TooManyStores,
    /// A store has at most fifty members.
    TooManyMembers,
    /// It has that role already.
    AlreadyMember,
    /// A store always has an owner.
    LastOwner,
    /// The state of the store does not allow the decision.
    NotNow(Decision, VendorStatus),
}

impl From<VendorsError> for Error {
    fn from(error: VendorsError) -> Self {
        match error {
            VendorsError::TooManyStores => Self::conflict("too_many_stores", "An account owns at most 5 stores."),
            VendorsError::TooManyMembers => Self::conflict("too_many_members", "A store has at most 50 members."),
            VendorsError::AlreadyMember => {
                Self::conflict("already_member", "This account has that role in the store already.")
            }
            VendorsError::LastOwner => {
                Self::conflict("last_owner", "A store needs an owner. Make somebody else an owner first.")
            }
            VendorsError::NotNow(decision, status) => Self::conflict(
                "wrong_state",
                format!("A store that {} cannot be {}.", status_words(status), decision.participle()),
            ),
        }
    }
}

fn status_words(status: VendorStatus) -> &'static str {
    match status {
        VendorStatus::Applied => "waits for approval",
        VendorStatus::Approved => "is open",
        VendorStatus::Suspended => "is suspended",
        VendorStatus::Rejected => "was turned down",
    }
}
