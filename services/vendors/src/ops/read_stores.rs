//! Looks stores up.

use std::collections::BTreeMap;

use contracts::{
    identity::AccountIds,
    vendors::{MemberView, StoreView, VendorQuery, VendorView},
};
use kernel::{AccountId, Error, Page, PageRequest, Result, Slug, VendorScope};

use crate::{App, store};

/// Longest text that is searched for.
const SEARCH_MAX: usize = 80;
/// Vendors that a query may name.
const NAMED: usize = 100;

/// Open stores, by name.
pub(crate) async fn list_stores(app: &App, page: PageRequest) -> Result<Page<StoreView>> {
    let found = store::open(&app.db, &page).await?;
    let found = Page::cut(found, page.limit()?, |v| vec![v.name_key(), v.id.to_string()]);
    Ok(found.map(|v| v.store_view()))
}

/// An open store. What cannot be a slug names no store.
pub(crate) async fn view_store(app: &App, slug: &str) -> Result<StoreView> {
    let slug: Slug = slug.parse().map_err(|_| Error::not_found("store"))?;
    store::open_by_slug(&app.db, &slug).await.map(|v| v.store_view())
}

/// The stores an account belongs to.
pub(crate) async fn my_vendors(app: &App, account_id: AccountId) -> Result<Vec<VendorView>> {
    Ok(store::of_account(&app.db, account_id).await?.iter().map(|v| v.view()).collect())
}

/// A store with everything its members see.
pub(crate) async fn view_vendor(app: &App, scope: &VendorScope) -> Result<VendorView> {
    store::get(&app.db, scope).await.map(|v| v.view())
}

/// All stores, newest first.
pub(crate) async fn list_vendors(app: &App, query: VendorQuery) -> Result<Page<VendorView>> {
    let page = query.page();
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    if q.is_some_and(|q| q.chars().count() > SEARCH_MAX) {
        return Err(Error::invalid("q", "Search for at most 80 characters."));
    }
    if query.ids.len() > NAMED {
        return Err(Error::invalid("id", format!("Name at most {NAMED} vendors.")));
    }
    let found = store::search(&app.db, query.status, q, &query.ids, &page).await?;
    let found = Page::cut(found, page.limit()?, |v| vec![v.created_at.micros().to_string(), v.id.to_string()]);
    Ok(found.map(|v| v.view()))
}

/// Members with their names, which identity knows. One whose account is gone is left out.
pub(crate) async fn list_members(app: &App, scope: &VendorScope) -> Result<Vec<MemberView>> {
    let members = store::members(&app.db, scope).await?;
    let ids = AccountIds { ids: members.iter().map(|m| m.account_id).collect() };
    let contacts = app.identity.contacts(&app.myself, &ids).await?;
    let mut contacts: BTreeMap<AccountId, _> = contacts.into_iter().map(|c| (c.account_id, c)).collect();
    let view = |m: store::Member| {
        let contact = contacts.remove(&m.account_id)?;
        Some(MemberView {
            account_id: m.account_id,
            name: contact.name,
            email: contact.email,
            role: m.role,
            since: m.since,
        })
    };
    Ok(members.into_iter().filter_map(view).collect())
}
