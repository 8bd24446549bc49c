//! Accounts and the rules about them.

use std::time::Duration;

use contracts::identity::AccountView;
use kernel::{AccountId, Email, Error, Result, Role, Secret, Timestamp, VendorMembership, VendorRole};

/// How long an access token counts.
pub(crate) const ACCESS_LIFETIME: Duration = Duration::from_secs(600);
/// How long ended sessions are told to the other services: longer than any of their tokens counts.
pub(crate) const REVOCATION_WINDOW: Duration = Duration::from_secs(900);
/// A session nobody uses ends.
pub(crate) const SESSION_IDLE: Duration = Duration::from_secs(14 * 24 * 3600);
/// Every session ends.
pub(crate) const SESSION_LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);
/// Language of people who did not say.
pub(crate) const LOCALE_DEFAULT: &str = "en";

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) email: Email,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) locale: String,
    pub(crate) password_hash: Secret,
    pub(crate) is_customer: bool,
    pub(crate) is_admin: bool,
    pub(crate) verified_at: Option<Timestamp>,
    pub(crate) disabled: bool,
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) version: i64,
}

impl Account {
    /// Roles on the platform.
    pub(crate) fn roles(&self) -> Vec<Role> {
        let all = [(self.is_customer, Role::Customer), (self.is_admin, Role::Admin)];
        all.into_iter().filter_map(|(has, role)| has.then_some(role)).collect()
    }

    /// As its owner and the admins see it.
    pub(crate) fn view(&self, vendors: Vec<VendorMembership>) -> AccountView {
        AccountView {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            locale: self.locale.clone(),
            roles: self.roles(),
            vendors,
            email_verified: self.verified_at.is_some(),
            disabled: self.disabled,
            erased_at: self.erased_at,
            created_at: self.created_at,
            version: self.version,
        }
    }
}

/// How an erased account is called.
pub(crate) const ERASED_NAME: &str = "Erased account";

/// The address of an erased account, to which no mail can go (RFC 2606).
pub(crate) fn erased_email(id: AccountId) -> Result<Email> {
    format!("{id}@erased.invalid").parse()
}

/// What admins search in.
pub(crate) fn search_text(name: &str, email: &Email) -> String {
    format!("{} {email}", name.to_lowercase())
}

/// A name without blanks around it; refuses what is not one line.
pub(crate) fn clean_name(field: &str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Error::invalid(field, "Enter a name, in one line."));
    }
    Ok(name.to_owned())
}

/// A language tag such as `en` or `pt-BR`.
pub(crate) fn clean_locale(field: &str, locale: Option<&str>) -> Result<String> {
    let locale = locale.map(str::trim).filter(|l| !l.is_empty()).unwrap_or(LOCALE_DEFAULT);
    let part = |p: &str| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    if !locale.split('-').all(part) {
        return Err(Error::invalid(field, "Use a language tag such as en or pt-BR."));
    }
    Ok(locale.to_owned())
}

/// A telephone number as people write them; nothing for an empty one.
pub(crate) fn clean_phone(phone: Option<&str>) -> Result<Option<String>> {
    let Some(phone) = phone.map(str::trim).filter(|p| !p.is_empty()) else { return Ok(None) };
    let plain = phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '/' | '.'));
    if !plain || !phone.chars().any(|c| c.is_ascii_digit()) {
        return Err(Error::invalid("phone", "Enter a telephone number such as +49 30 1234567."));
    }
    Ok(Some(phone.to_owned()))
}

/// A member's role as it is stored.
pub(crate) fn vendor_role_text(role: VendorRole) -> &'static str {
    match role {
        VendorRole::Staff => "staff",
        VendorRole::Owner => "owner",
    }
}

/// A member's role as it was stored.
pub(crate) fn vendor_role_of(text: &str) -> Result<VendorRole> {
    match text {
        "staff" => Ok(VendorRole::Staff),
        "owner" => Ok(VendorRole::Owner),
        other => Err(Error::internal(format!("vendor role {other:?}"))),
    }
}
