//! Accounts: the admin, the shops' owners, buyers.

use std::sync::Arc;

use demo::Market;
use identity::seed::{NewAccount, account, hash};
use kernel::{
    AccountId, Email, Error, Identity, Principal, Random, Result, Role, Secret, SessionId, VendorId, VendorMembership,
    VendorRole,
};

use super::Seeding;
use crate::config::Config;

/// Somebody to try the demo as.
#[derive(Debug, Clone)]
pub struct Credential {
    /// What this person may do.
    pub role: &'static str,
    /// E-mail.
    pub email: String,
    /// Password, made for this installation.
    pub password: Secret,
}

/// Who to try the demo as.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// A buyer, the owner of the sample shop, an admin.
    pub people: Vec<Credential>,
    /// The sample shop.
    pub vendor_id: Option<VendorId>,
}

/// Everybody who acts in the demo.
pub(crate) struct People {
    pub admin: Identity,
    /// Owner of each shop, in the market's order.
    pub owners: Vec<AccountId>,
    /// Their passwords, as long as the seeding lasts: some things take them again.
    pub owners_passwords: Vec<Secret>,
    pub buyers: Vec<Buyer>,
    pub credentials: Credentials,
}

/// Somebody who buys.
pub(crate) struct Buyer {
    pub identity: Identity,
    pub email: Email,
    pub person: demo::Person,
}

/// What acts for an account within this process.
pub(crate) fn identity_of(account_id: AccountId, roles: Vec<Role>, vendors: Vec<VendorMembership>) -> Identity {
    let session_id = SessionId::derived("seed", &[&account_id.to_string()]);
    Identity::User(Arc::new(Principal { account_id, session_id, roles, vendors, email_verified: true }))
}

/// What acts for the owner of a shop.
pub(crate) fn owner_of(account_id: AccountId, vendor_id: VendorId) -> Identity {
    identity_of(account_id, vec![Role::Customer], vec![VendorMembership { vendor_id, role: VendorRole::Owner }])
}

/// A password that can be typed: four groups of letters and digits, about 80 bits.
fn password(random: &dyn Random) -> Secret {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let group =
        || -> String { (0..4).map(|_| char::from(LETTERS[random.below(LETTERS.len() as u64) as usize])).collect() };
    Secret::new([group(), group(), group(), group()].join("-"))
}

/// Opens all accounts.
pub(crate) async fn open_accounts(seeding: &Seeding, config: &Config, market: &Market) -> Result<People> {
    let env = seeding.souk.system.env("identity").ok_or_else(|| Error::internal("identity does not run"))?;
    seeding.step("Accounts", (1 + market.vendors.len() + market.people.len()) as u64);
    let mut credentials = Credentials::default();
    // Three people get passwords that are told; nobody knows the others'.
    let unknown = Secret::new(env.random.token());
    let nobody = hash(&config.identity, env.random.clone(), &unknown).await?;
    let mut told = async |role: &'static str, email: &str| -> Result<(Secret, Secret)> {
        let password = password(&*env.random);
        credentials.people.push(Credential { role, email: email.to_owned(), password: password.clone() });
        Ok((hash(&config.identity, env.random.clone(), &password).await?, password))
    };
    let open = async |email: &str, name: &str, password_hash: Secret, roles: Vec<Role>| -> Result<AccountId> {
        let new = NewAccount { email: email.parse()?, name: name.to_owned(), password_hash, roles };
        let id = account(env, new).await?;
        seeding.tick();
        Ok(id)
    };

    let mut buyers = Vec::new();
    for (n, person) in market.people.iter().enumerate() {
        let password_hash = if n == 0 { told("buyer", &person.email).await?.0 } else { nobody.clone() };
        let id = open(&person.email, person.name, password_hash, vec![Role::Customer]).await?;
        buyers.push(Buyer {
            identity: identity_of(id, vec![Role::Customer], vec![]),
            email: person.email.parse()?,
            person: person.clone(),
        });
    }
    let (mut owners, mut owners_passwords) = (Vec::new(), Vec::new());
    for (n, vendor) in market.vendors.iter().enumerate() {
        let known = (nobody.clone(), unknown.clone());
        let (password_hash, password) = if n == 0 { told("vendor", vendor.owner_email).await? } else { known };
        owners_passwords.push(password);
        owners.push(open(vendor.owner_email, vendor.owner_name, password_hash, vec![Role::Customer]).await?);
    }
    let email = "admin@souk.example";
    let (password_hash, _) = told("admin", email).await?;
    let admin = open(email, "Sam Keeper", password_hash, vec![Role::Customer, Role::Admin]).await?;
    let admin = identity_of(admin, vec![Role::Customer, Role::Admin], vec![]);
    seeding.settle().await?;
    Ok(People { admin, owners, owners_passwords, buyers, credentials })
}
