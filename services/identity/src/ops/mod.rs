//! One use case per file, named by its verb.

mod addresses;
mod audit;
mod change_password;
mod confirm_password;
mod end_sessions;
mod erase_account;
mod log_in;
mod read_accounts;
mod refresh;
mod register;
mod reset_password;
mod set_roles;
mod set_up_admin;
mod tokens;
mod update_profile;
mod verify_email;

pub(crate) use addresses::{add_address, remove_address, update_address};
pub use audit::verify_audit;
pub(crate) use change_password::change_password;
pub(crate) use confirm_password::confirm_password;
pub(crate) use end_sessions::{end_session, log_out};
pub(crate) use erase_account::{erase_for_owner, erase_own};
pub(crate) use log_in::log_in;
pub(crate) use read_accounts::{contact, contact_by_email, contacts, list_accounts, view_account};
pub(crate) use refresh::refresh;
pub(crate) use register::register;
pub(crate) use reset_password::{REQUEST_JOB, mail_reset_link, request_reset, reset_password};
pub(crate) use set_roles::set_roles;
pub(crate) use set_up_admin::set_up_admin;
pub(crate) use update_profile::update_profile;
pub(crate) use verify_email::{resend_verification, verify_email};
