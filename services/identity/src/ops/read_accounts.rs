//! Looks accounts up.

use contracts::identity::{AccountQuery, AccountView, Contact};
use kernel::{AccountId, Email, Error, Page, Result};

use crate::{app::App, model::Account, store};

/// Longest text that is searched for.
const SEARCH_MAX: usize = 100;

/// One account.
pub(crate) async fn view_account(app: &App, id: AccountId) -> Result<AccountView> {
    let account = store::accounts::by_id(&app.db, id).await?;
    Ok(account.view(store::memberships::of(&app.db, id).await?))
}

/// Accounts, newest first.
pub(crate) async fn list_accounts(app: &App, query: AccountQuery) -> Result<Page<AccountView>> {
    let page = query.page();
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    if q.is_some_and(|q| q.chars().count() > SEARCH_MAX) {
        return Err(Error::invalid("q", "Search for at most 100 characters."));
    }
    let found = store::accounts::search(&app.db, q, &page).await?;
    let found = Page::cut(found, page.limit()?, |a| vec![a.created_at.micros().to_string(), a.id.to_string()]);
    let ids: Vec<AccountId> = found.items.iter().map(|a| a.id).collect();
    let mut vendors = store::memberships::of_all(&app.db, &ids).await?;
    Ok(found.map(|a| a.view(vendors.remove(&a.id).unwrap_or_default())))
}

/// Name and address of an account.
pub(crate) async fn contact(app: &App, id: AccountId) -> Result<Contact> {
    let account = store::accounts::by_id(&app.db, id).await?;
    // Nobody is behind an erased account.
    let known = Some(account).filter(|a| a.erased_at.is_none());
    known.map(contact_of).ok_or_else(|| Error::not_found("account"))
}

/// Names and addresses of those of the accounts that exist.
pub(crate) async fn contacts(app: &App, ids: &[AccountId]) -> Result<Vec<Contact>> {
    Ok(store::accounts::by_ids(&app.db, ids).await?.into_iter().map(contact_of).collect())
}

/// The account behind an address. One whose address nobody has verified could be anybody's: whoever
/// relies on the address must not find it.
pub(crate) async fn contact_by_email(app: &App, email: &Email) -> Result<Contact> {
    let account = store::accounts::by_email(&app.db, email).await?;
    let known = account.filter(|a| a.verified_at.is_some() && !a.disabled);
    known.map(contact_of).ok_or_else(|| Error::not_found("account"))
}

fn contact_of(account: Account) -> Contact {
    Contact { account_id: account.id, email: account.email, name: account.name, locale: account.locale }
}
