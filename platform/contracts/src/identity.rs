//! Accounts, sessions, tokens, roles, address books.

use garde::Validate;
use kernel::{AccountId, AddressId, Email, Page, PageRequest, Role, Secret, SessionId, Timestamp, VendorMembership};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::Address;

/// Opens an account.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Address that will be verified.
    #[garde(skip)]
    pub email: Email,
    /// 8 to 128 characters, not a well-known one.
    #[garde(skip)]
    pub password: Secret,
    /// How to address the person.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// Language tag, e.g. `en`.
    #[serde(default)]
    #[garde(length(chars, max = 12))]
    pub locale: Option<String>,
}

/// Logs in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Account.
    #[garde(skip)]
    pub email: Email,
    /// Password.
    #[garde(skip)]
    pub password: Secret,
}

/// A short-lived access token and the refresh token that renews it, once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tokens {
    /// `Authorization: Bearer …`
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds the access token lives.
    pub expires_in_s: u32,
    /// Single use; using it twice ends the session.
    pub refresh_token: Secret,
    /// The session both belong to.
    pub session_id: SessionId,
    /// Whose.
    pub account: AccountView,
}

/// Renews an access token.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// From the last [`Tokens`].
    #[garde(skip)]
    pub refresh_token: Secret,
}

/// A single-use token from a mail.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct VerifyEmail {
    /// From the link.
    #[garde(skip)]
    pub token: Secret,
}

/// Asks for a mail with a link.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EmailOnly {
    /// Where to; the answer is the same whether there is such an account or not.
    #[garde(skip)]
    pub email: Email,
}

/// Sets a new password by a link from a mail.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// From the link.
    #[garde(skip)]
    pub token: Secret,
    /// The new password.
    #[garde(skip)]
    pub password: Secret,
}

/// Changes the password of the account logged in; ends all other sessions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The one now.
    #[garde(skip)]
    pub current: Secret,
    /// The new one.
    #[garde(skip)]
    pub new: Secret,
}

/// Creates the first admin by the link printed at the first start.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetUpAdmin {
    /// From the link.
    #[garde(skip)]
    pub token: Secret,
    /// The admin's account.
    #[garde(dive)]
    pub account: Register,
}

/// Checks whether it is the person of a session who asks for something delicate (our own services).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPassword {
    /// As it was typed again.
    #[garde(skip)]
    pub password: Secret,
}

/// Erases the account logged in, for good.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EraseAccount {
    /// The one now, typed again.
    #[garde(skip)]
    pub password: Secret,
}

/// Erases somebody's account, for good (admins).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EraseForOwner {
    /// Why, for the audit log, where it stays: no names, no addresses.
    #[garde(length(chars, min = 1, max = 200))]
    pub reason: String,
}

/// An account as its owner and the admins see it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AccountView {
    /// Id.
    pub id: AccountId,
    /// E-mail.
    pub email: Email,
    /// Name.
    pub name: String,
    /// Phone, if given.
    pub phone: Option<String>,
    /// Language tag.
    pub locale: String,
    /// Roles on the platform.
    pub roles: Vec<Role>,
    /// Stores it belongs to.
    pub vendors: Vec<VendorMembership>,
    /// True once the link in the mail was followed.
    pub email_verified: bool,
    /// True if an admin has closed it.
    pub disabled: bool,
    /// Erased at: nothing in it says whose it was.
    #[serde(default)]
    pub erased_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
    /// Changes with every edit; send it back as `If-Match`.
    pub version: i64,
}

/// Changes the profile.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UpdateProfile {
    /// Name.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// Phone.
    #[serde(default)]
    #[garde(length(chars, max = 32))]
    pub phone: Option<String>,
    /// Language tag.
    #[serde(default)]
    #[garde(length(chars, max = 12))]
    pub locale: Option<String>,
}

/// A log-in on one device.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SessionView {
    /// Id.
    pub id: SessionId,
    /// Browser and system, as it named itself.
    pub user_agent: String,
    /// Logged in at.
    pub created_at: Timestamp,
    /// Last renewed at.
    pub last_seen_at: Timestamp,
    /// Ends at, if not used.
    pub expires_at: Timestamp,
    /// True for the one asking.
    pub current: bool,
}

/// An entry of the address book.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AddressView {
    /// Id.
    pub id: AddressId,
    /// The address.
    pub address: Address,
    /// Offered first at checkout.
    pub is_default: bool,
}

/// Adds or changes an entry of the address book.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AddressInput {
    /// The address.
    #[garde(dive)]
    pub address: Address,
    /// Offer it first at checkout.
    #[serde(default)]
    #[garde(skip)]
    pub is_default: bool,
}

/// Sets the platform roles of an account (admins only; nobody removes their own admin role).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetRoles {
    /// All roles it shall have.
    #[garde(length(max = 2))]
    pub roles: Vec<Role>,
    /// True closes the account and ends its sessions.
    #[serde(default)]
    #[garde(skip)]
    pub disabled: bool,
}

/// Filters the list of accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct AccountQuery {
    /// Part of name or e-mail.
    #[serde(default)]
    pub q: Option<String>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl AccountQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// Name and address of an account, for services that write to people.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// Account.
    pub account_id: AccountId,
    /// E-mail.
    pub email: Email,
    /// Name.
    pub name: String,
    /// Language tag.
    pub locale: String,
}

/// Several accounts at once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AccountIds {
    /// At most 100.
    #[garde(length(max = 100))]
    pub ids: Vec<AccountId>,
}

/// Public keys that verify access tokens (RFC 7517).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Jwks {
    /// The keys; the first signs.
    pub keys: Vec<Jwk>,
}

/// One Ed25519 key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Jwk {
    /// `OKP`
    pub kty: String,
    /// `Ed25519`
    pub crv: String,
    /// `EdDSA`
    pub alg: String,
    /// `sig`
    #[serde(rename = "use")]
    pub usage: String,
    /// Key id.
    pub kid: String,
    /// Public key, base64url.
    pub x: String,
}

/// Sessions ended in the last minutes, whose access tokens no longer count.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Revocations {
    /// Ended sessions.
    pub sessions: Vec<SessionId>,
}

/// Claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// Account.
    pub sub: AccountId,
    /// Issued, valid from, until: seconds since 1970.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Expires.
    pub exp: i64,
    /// Session.
    pub sid: SessionId,
    /// Roles.
    pub roles: Vec<Role>,
    /// Stores.
    pub vendors: Vec<VendorMembership>,
    /// E-mail confirmed.
    pub verified: bool,
}

/// Issuer of access tokens.
pub const TOKEN_ISSUER: &str = "souk/identity";
/// Audience of access tokens.
pub const TOKEN_AUDIENCE: &str = "souk";

/// An account was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountRegistered {
    /// Account.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
}

/// The e-mail address was confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountVerified {
    /// Account.
    pub account_id: AccountId,
}

/// Somebody logged in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoggedIn {
    /// Account.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
}

/// The account was erased: whoever keeps something of its person forgets it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountErased {
    /// Account.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
}

events! { "account" by account_id {
    AccountRegistered = "account.registered";
    AccountVerified = "account.verified";
    LoggedIn = "account.logged_in";
    AccountErased = "account.erased";
} }

client! {
    /// Client of the identity service.
    IdentityClient for "identity" {
        /// Opens an account and mails a link that verifies the address.
        post register() body Register => AccountView, "/api/v1/accounts";
        /// Creates the first admin.
        post set_up_admin() body SetUpAdmin => AccountView, "/api/v1/setup";
        /// Verifies the e-mail address.
        post verify_email() body VerifyEmail => AccountView, "/api/v1/accounts/verify";
        /// Mails a new link.
        post resend_verification() => (), "/api/v1/me/verification-mail";
        /// Logs in.
        post log_in() body Login => Tokens, "/api/v1/sessions";
        /// Renews the tokens.
        post refresh() body Refresh => Tokens, "/api/v1/sessions/refresh";
        /// Logs out: ends the session asking.
        delete log_out() => (), "/api/v1/sessions/current";
        /// Open sessions of the account.
        get sessions() => Vec<SessionView>, "/api/v1/sessions";
        /// Ends one session of the account.
        delete end_session(id: SessionId) => (), "/api/v1/sessions/{id}";
        /// Mails a link to set a new password.
        post request_reset() body EmailOnly => (), "/api/v1/password-resets";
        /// Sets a new password by a link; ends all sessions.
        post reset_password() body ResetPassword => (), "/api/v1/password-resets/complete";
        /// Changes the password.
        put change_password() body ChangePassword => (), "/api/v1/me/password";
        /// Erases the account logged in; ends all its sessions.
        post erase() body EraseAccount => (), "/api/v1/me/erasure";
        /// The account logged in.
        get me() => AccountView, "/api/v1/me";
        /// Changes the profile.
        put update_profile() body UpdateProfile => AccountView, "/api/v1/me";
        /// Address book.
        get addresses() => Vec<AddressView>, "/api/v1/me/addresses";
        /// Adds an address.
        post add_address() body AddressInput => AddressView, "/api/v1/me/addresses";
        /// Changes an address.
        put update_address(id: AddressId) body AddressInput => AddressView, "/api/v1/me/addresses/{id}";
        /// Removes an address.
        delete remove_address(id: AddressId) => (), "/api/v1/me/addresses/{id}";
        /// Accounts, for admins.
        get accounts() query AccountQuery => Page<AccountView>, "/api/v1/admin/accounts";
        /// One account, for admins.
        get account(id: AccountId) => AccountView, "/api/v1/admin/accounts/{id}";
        /// Sets roles and whether it is closed.
        put set_roles(id: AccountId) body SetRoles => AccountView, "/api/v1/admin/accounts/{id}/roles";
        /// Erases somebody's account (admins).
        post erase_for_owner(id: AccountId) body EraseForOwner => (), "/api/v1/admin/accounts/{id}/erasure";
        /// Public keys.
        get jwks() => Jwks, "/.well-known/jwks.json";
        /// Ended sessions, for services that check tokens.
        get revocations() => Revocations, "/internal/identity/revocations";
        /// Name and address of an account, for services that write to people.
        get contact(id: AccountId) => Contact, "/internal/identity/accounts/{id}/contact";
        /// Fails unless this is the account's password; wrong ones count like those at log-in.
        post confirm_password(id: AccountId) body ConfirmPassword => (), "/internal/identity/accounts/{id}/password-check";
        /// The same for several accounts; those that do not exist are left out.
        post contacts() body AccountIds => Vec<Contact>, "/internal/identity/contacts/of-accounts";
        /// The open account behind a verified e-mail address, for services that invite people.
        post contact_by_email() body EmailOnly => Contact, "/internal/identity/contacts";
    }
}
