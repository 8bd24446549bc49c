//! What everybody sees: a product, lists of products, the category tree. From the cache where it is
//! ready, else made and kept.

use std::borrow::Cow;

use contracts::catalog::{CategoryView, ProductCard, ProductQuery, ProductView};
use kernel::{Error, Page, ProductId, Result, Slug, VariantId};
use runtime::cache::{Found, Making, Ready};

use crate::{
    Catalog,
    cache::TREE,
    error::Refused,
    model::{Product, say_category, say_product},
    store::{self, cards::CardQuery, listing::Scope},
    views,
};

/// Products that a query may name.
const NAMED: usize = 100;

/// A product on sale in an open store, by a name it has or had in addresses, in another language if one is asked for.
/// `key` is how the cache knows the answer.
pub(crate) async fn show_product(
    app: &Catalog,
    key: &str,
    slug: &str,
    language: Option<&'static str>,
) -> Result<Ready> {
    let mut making = match app.answers.products.find(key).await {
        Found::Ready(ready) => return Ok(ready),
        Found::Nothing(making) => making,
    };
    let slug: Slug = slug.parse().map_err(|_| Refused::NoSuchProduct)?;
    making.from(slug.as_str()).await;
    let mut product = store::products::on_sale(&app.db, &slug).await?.ok_or(Refused::NoSuchProduct)?;
    let translated = language.map(|language| say_product(&mut product, language)).unwrap_or_default();
    let vendor = store::vendors::open(&app.db, product.vendor_id).await?.ok_or(Refused::NoSuchProduct)?;
    let variants = store::variants::offered(&app.db, &[product.id]).await?.remove(&product.id).unwrap_or_default();
    let bundles: Vec<VariantId> = variants.iter().filter(|v| v.is_bundle()).map(|v| v.id).collect();
    let parts = store::bundles::views(&app.db, &bundles, language).await?;
    let path = store::categories::path(&app.db, product.category_id, language).await?;
    let related = related(app, &mut making, &product, language).await?;
    let view = views::product_view(product, &variants, parts, vendor, path, related);
    Ok(making.keep(Ready::json(&ProductView { translated, ..view })?))
}

/// What goes with a product: what its vendor has chosen, as far as it is on sale. It stands in the product's own answer,
/// which is made anew when one of them changes.
async fn related(
    app: &Catalog,
    making: &mut Making<'_>,
    product: &Product,
    language: Option<&str>,
) -> Result<Vec<ProductCard>> {
    if product.related.is_empty() {
        return Ok(Vec::new());
    }
    let Some(all) = store::cards::number_of(&app.db, Scope::All).await? else { return Ok(Vec::new()) };
    for slug in store::products::slugs_of(&app.db, &product.related).await? {
        making.from(&slug).await;
    }
    in_order(app, all, &product.related, language).await
}

/// Cards of those of some products that are on sale, in the order of their ids.
async fn in_order(app: &Catalog, all: i64, ids: &[ProductId], language: Option<&str>) -> Result<Vec<ProductCard>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::cards::of_ids(&app.db, all, ids, language).await?;
    Ok(ids.iter().filter_map(|id| found.iter().find(|card| card.id == *id).cloned()).collect())
}

/// A page of products on sale. `key` is the query as it came, behind another language if one is asked for; the cache
/// knows it by that.
pub(crate) async fn browse(
    app: &Catalog,
    key: &str,
    query: &ProductQuery,
    language: Option<&'static str>,
) -> Result<Ready> {
    let mut making = match app.answers.lists.find(key).await {
        Found::Ready(ready) => return Ok(ready),
        Found::Nothing(making) => making,
    };
    if !query.ids.is_empty() {
        return named(app, making, query, language).await;
    }
    let page = query.page();
    let limit = page.limit()?;
    let after = page.cursor()?.map(|cursor| Ok::<_, Error>((cursor.number(0)?, cursor.number(1)?))).transpose()?;
    let (scope, also) = scopes(app, query).await?;
    // A list that nothing was ever in has no number by which the cache could tell when something is.
    let Some(list) = store::cards::number_of(&app.db, scope).await? else { return Ready::json(&nothing()) };
    let also = match also {
        Some(also) => match store::cards::number_of(&app.db, also).await? {
            Some(also) => Some(also),
            None => return Ready::json(&nothing()),
        },
        None => None,
    };
    making.from(list).await;
    let sort = query.sort.unwrap_or_default();
    let wanted = CardQuery { list, also, sort, after, limit: i64::from(limit) + 1, language };
    let rows = store::cards::page(&app.db, &wanted).await?;
    let page: Page<ProductCard> =
        Page::cut(rows, limit, |placed| vec![placed.key.to_string(), placed.num.to_string()]).map(|placed| placed.card);
    Ok(making.keep(Ready::json(&page)?))
}

/// The products that the query names, in the order in which it names them.
async fn named(app: &Catalog, mut making: Making<'_>, query: &ProductQuery, language: Option<&str>) -> Result<Ready> {
    if query.ids.len() > NAMED {
        return Err(Error::invalid("id", format!("Name at most {NAMED} products.")));
    }
    let Some(all) = store::cards::number_of(&app.db, Scope::All).await? else { return Ready::json(&nothing()) };
    making.from(all).await;
    let items = in_order(app, all, &query.ids, language).await?;
    Ok(making.keep(Ready::json(&Page { items, next: None })?))
}

fn nothing() -> Page<ProductCard> {
    Page { items: Vec::new(), next: None }
}

/// The list that is asked for, and another that its products must be in as well.
async fn scopes(app: &Catalog, query: &ProductQuery) -> Result<(Scope, Option<Scope>)> {
    let wanted = |slug: &Option<String>| slug.clone().filter(|slug| !slug.is_empty());
    let category = match wanted(&query.category) {
        Some(slug) => {
            let id = store::categories::id_of(&app.db, &slug).await?;
            Some(Scope::Category(id.ok_or_else(|| Error::invalid("category", "There is no such category."))?))
        }
        None => None,
    };
    let vendor = match wanted(&query.vendor) {
        Some(slug) => {
            let vendor = store::vendors::open_by_slug(&app.db, &slug).await?;
            Some(Scope::Vendor(vendor.ok_or_else(|| Error::invalid("vendor", "There is no such store."))?.id))
        }
        None => None,
    };
    Ok(match (vendor, category) {
        (Some(vendor), category) => (vendor, category),
        (None, Some(category)) => (category, None),
        (None, None) => (Scope::All, None),
    })
}

/// A category by a name it has or had in addresses: in the main language with all translations, or in another language.
pub(crate) async fn show_category(app: &Catalog, slug: &str, language: Option<&'static str>) -> Result<CategoryView> {
    let id = store::categories::id_of(&app.db, slug).await?.ok_or(Refused::NoSuchCategory)?;
    let tree = store::categories::tree(&app.db).await?;
    let view = tree.view(tree.get(id).ok_or(Refused::NoSuchCategory)?);
    Ok(match language {
        Some(language) => say_category(view, language),
        None => view,
    })
}

/// The category tree, parents before children: with all translations, or in another language.
pub(crate) async fn categories(app: &Catalog, language: Option<&'static str>) -> Result<Ready> {
    // No query holds a line break, so this is nobody's list of products.
    const KEY: &str = "\ncategories";
    let key = language.map_or(Cow::Borrowed(KEY), |language| Cow::Owned(format!("{KEY} {language}")));
    let mut making = match app.answers.lists.find(&key).await {
        Found::Ready(ready) => return Ok(ready),
        Found::Nothing(making) => making,
    };
    making.from(TREE).await;
    let tree = store::categories::tree(&app.db).await?;
    let view = |category| match language {
        Some(language) => say_category(tree.view(category), language),
        None => tree.view(category),
    };
    let views: Vec<CategoryView> = tree.in_order().into_iter().map(view).collect();
    Ok(making.keep(Ready::json(&views)?))
}
