//! What belongs to the site as a whole: the choice of light or dark, the page icon, and what
//! search engines ask for.

use std::{
    fmt::Write,
    sync::{Arc, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use contracts::catalog::ProductQuery;
use kernel::{Error, Identity, PageRequest, Result};

use crate::{
    app::App,
    assets,
    forms::{Harmless, Posted, next},
    render::Shown,
    ui::Theme,
};

/// Products that the map of the site names, and how many are asked for at once.
const PRODUCTS: usize = 20_000;
const AT_ONCE: u32 = 100;
/// How long a map is used.
const FRESH: Duration = Duration::from_secs(3_600);

/// `POST /preferences/theme`: light, dark or as the device says, and back to the page.
pub async fn set_theme(Harmless(Posted { visit, fields }): Harmless) -> Shown {
    visit.keep_theme(Theme::of(fields.get("theme")));
    let fields = crate::forms::Fields::from(vec![("next".to_owned(), fields.get("to").to_owned())]);
    Ok(visit.go(&next(&fields, "/")))
}

/// `GET /favicon.svg`, and what browsers ask for unasked.
pub async fn icon(headers: HeaderMap) -> Response {
    assets::serve(axum::extract::Path("logo.svg".to_owned()), axum::extract::RawQuery(None), headers).await
}

/// `GET /robots.txt`
pub async fn robots(State(app): State<App>) -> Response {
    let private =
        ["/account", "/admin", "/api/", "/cart", "/checkout", "/mailbox", "/orders/", "/search", "/track/", "/vendor/"];
    let mut text = "User-agent: *\n".to_owned();
    for path in private {
        text.push_str(&format!("Disallow: {path}\n"));
    }
    text.push_str(&format!("Sitemap: {}/sitemap.xml\n", app.public_url));
    let head = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (head, text).into_response()
}

/// `GET /sitemap.xml`
pub async fn sitemap(State(app): State<App>) -> Shown {
    let now = app.clock.now();
    let known = app.sitemap.read().unwrap_or_else(PoisonError::into_inner).clone();
    let map = match known.filter(|(at, _)| now.since(*at) < FRESH) {
        Some((_, map)) => map,
        None => {
            let map: Arc<str> = make_sitemap(&app).await?.into();
            *app.sitemap.write().unwrap_or_else(PoisonError::into_inner) = Some((now, map.clone()));
            map
        }
    };
    let head =
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((head, map.to_string()).into_response())
}

async fn make_sitemap(app: &App) -> Result<String> {
    let who = Identity::Anonymous;
    let mut map =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
            .to_owned();
    // Slugs and fixed paths hold nothing that XML must escape.
    let mut add = |path: &str| writeln!(map, "<url><loc>{}{path}</loc></url>", app.public_url).map_err(Error::internal);
    for path in ["/", "/stores", "/about", "/sell"] {
        add(path)?;
    }
    for category in app.categories().await?.iter() {
        add(&format!("/c/{}", category.slug))?;
    }
    let mut page = PageRequest { limit: Some(AT_ONCE), after: None };
    loop {
        let stores = app.vendors.stores(&who, &page).await?;
        for store in &stores.items {
            add(&format!("/v/{}", store.slug))?;
        }
        match stores.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut wanted = ProductQuery { limit: Some(AT_ONCE), ..ProductQuery::default() };
    let mut named = 0;
    while named < PRODUCTS {
        let products = app.catalog.products(&who, &wanted).await?;
        for product in &products.items {
            add(&format!("/p/{}", product.slug))?;
        }
        named += products.items.len();
        match products.next {
            Some(next) => wanted.after = Some(next),
            None => break,
        }
    }
    map.push_str("</urlset>\n");
    Ok(map)
}
