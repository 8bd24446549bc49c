//! The wish list of an account: what is on it, and the link that shows it to others.

use std::sync::Arc;

use contracts::cart::{SharedWishes, WishList, WishView};
use kernel::{AccountId, Page, PageRequest, Result, Timestamp, VariantId};

use super::add_line::on_sale;
use crate::{
    Carts,
    error::CartError,
    model::{Line, Wish},
    store,
};

/// Wishes that a shared list shows.
const SHOWN: i64 = 100;

/// The newest wish comes first, so the first page begins beyond any time.
const NEWEST: (Timestamp, &str) = (Timestamp(i64::MAX), "");

pub(crate) async fn list(app: &Carts, account: AccountId, page: &PageRequest) -> Result<Page<WishView>> {
    let limit = page.limit()?;
    let cursor = page.cursor()?;
    let before = match &cursor {
        Some(cursor) => (Timestamp(cursor.number(0)?), cursor.text(1)?),
        None => NEWEST,
    };
    let found = store::read::wishes(&app.db, account, before, i64::from(limit) + 1).await?;
    let views = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(views, limit, |wish| vec![wish.wished_at.0.to_string(), wish.line.variant_id.to_string()]))
}

pub(crate) async fn wish(app: &Arc<Carts>, account: AccountId, variant: VariantId, tell: bool) -> Result<WishView> {
    let (item, now) = (on_sale(app, variant).await?, app.clock.now());
    let (wished_at, tell) =
        app.db.write(async move |tx| store::wishes::add(tx, account, variant, tell, now).await).await?;
    view(Wish { item, wished_at, tell })
}

pub(crate) async fn unwish(app: &Arc<Carts>, account: AccountId, variant: VariantId) -> Result<()> {
    let removed = app.db.write(async move |tx| store::wishes::remove(tx, account, variant).await).await?;
    if removed { Ok(()) } else { Err(CartError::NoSuchWish.into()) }
}

pub(crate) async fn shared(app: &Carts, account: AccountId) -> Result<SharedWishes> {
    Ok(told(store::wishes::shared_by(&app.db, account).await?.ok_or(CartError::NoSuchList)?))
}

pub(crate) async fn share(app: &Arc<Carts>, account: AccountId, title: String) -> Result<SharedWishes> {
    let token = app.random.token();
    app.db.write(async move |tx| store::wishes::share(tx, account, &token, &title).await).await.map(told)
}

pub(crate) async fn unshare(app: &Arc<Carts>, account: AccountId) -> Result<()> {
    app.db.write(async move |tx| store::wishes::unshare(tx, account).await).await
}

pub(crate) async fn open(app: &Carts, token: &str) -> Result<WishList> {
    let list = store::wishes::shared_as(&app.db, token).await?.ok_or(CartError::NoSuchList)?;
    let found = store::read::wishes(&app.db, list.account_id, NEWEST, SHOWN).await?;
    Ok(WishList { title: list.title, wishes: found.into_iter().map(view).collect::<Result<_>>()? })
}

fn view(wish: Wish) -> Result<WishView> {
    let line = Line::alone(wish.item);
    let currency = line.item.price().currency;
    Ok(WishView { line: line.view(Some(currency))?, wished_at: wish.wished_at, tell_when_back: wish.tell })
}

fn told(shared: store::wishes::Shared) -> SharedWishes {
    SharedWishes { title: shared.title, token: shared.token }
}
