//! What can go wrong here that a caller acts on.

use kernel::{Error, FieldError, Kind};

/// What can go wrong here that a caller acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdentityError {
    /// The address has an account.
    EmailTaken,
    /// No such account, or another password; never says which.
    WrongCredentials,
    /// An admin has closed the account.
    AccountClosed,
    /// Too many attempts to log in.
    TooManyAttempts { retry_after_s: u64 },
    /// Too many mails asked for.
    TooManyMails,
    /// Unknown, used or too old.
    LinkInvalid,
    /// The session has ended, or the refresh token never was one.
    SessionOver,
    /// Nobody takes the admin role from themselves, nor closes their own account.
    OwnRoles,
    /// Nobody grants what they lack.
    NotYoursToGrant,
    /// The address book is full.
    AddressBookFull,
    /// Nothing is left of it that could be changed.
    Erased,
    /// Orders wait for their money or their parcels.
    OrdersUnderWay { orders: i64 },
    /// Returns wait for somebody.
    ReturnsOpen { returns: i64 },
    /// Without this account nobody could run the platform.
    LastAdmin,
    /// Without this account nobody would own a store.
    OnlyOwner,
}

impl From<IdentityError> for Error {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::EmailTaken => Self::conflict(
                "email_taken",
                "There is an account with this e-mail address. Log in, or reset the password.",
            ),
            IdentityError::WrongCredentials => {
                Self::new(Kind::Unauthenticated, "wrong_credentials", "E-mail address and password do not match.")
            }
            IdentityError::AccountClosed => Self::new(Kind::Forbidden, "account_closed", "This account was closed."),
            IdentityError::TooManyAttempts { retry_after_s } => Self::new(
                Kind::RateLimited,
                "too_many_attempts",
                format!("Too many attempts. Try again in {retry_after_s} seconds, or reset the password."),
            )
            .retry_after_s(retry_after_s),
            IdentityError::TooManyMails => Self::new(
                Kind::RateLimited,
                "too_many_mails",
                "Several mails are on their way already. Look for them, also in the spam folder.",
            )
            .retry_after_s(900),
            IdentityError::LinkInvalid => {
                let reason = "This link was used before, or is too old. Ask for a new one.".to_owned();
                Self::new(Kind::Invalid, "link_invalid", reason.clone())
                    .with_fields(vec![FieldError { field: "token".to_owned(), reason }])
            }
            IdentityError::SessionOver => {
                Self::new(Kind::Unauthenticated, "session_over", "The session has ended. Log in again.")
            }
            IdentityError::OwnRoles => Self::conflict(
                "own_roles",
                "Nobody takes the admin role from themselves or closes their own account. Ask another admin.",
            ),
            IdentityError::NotYoursToGrant => Self::forbidden("Nobody grants a role that they do not have."),
            IdentityError::AddressBookFull => {
                Self::conflict("address_book_full", "An address book holds 50 addresses. Remove one first.")
            }
            IdentityError::Erased => Self::conflict("account_erased", "This account was erased. That is for good."),
            IdentityError::OrdersUnderWay { orders } => Self::conflict(
                "orders_under_way",
                format!(
                    "Orders under way: {orders}. An account can be erased once they have arrived or were called off."
                ),
            ),
            IdentityError::ReturnsOpen { returns } => Self::conflict(
                "returns_open",
                format!("Open returns: {returns}. An account can be erased once they are settled."),
            ),
            IdentityError::LastAdmin => Self::conflict(
                "last_admin",
                "Nobody else administers this marketplace. Make somebody an administrator first.",
            ),
            IdentityError::OnlyOwner => Self::conflict(
                "only_owner",
                "A store has no other owner. Make somebody else its owner first, on the store's page of members.",
            ),
        }
    }
}
