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
use contracts::{cart::SetCurrency, catalog::ProductQuery};
use kernel::{Error, Identity, Kind, PageRequest, Result};

use crate::{
    app::App,
    assets,
    forms::{Fields, Harmless, Posted, next},
    render::Shown,
    ui::Theme,
    visit::Path,
};

/// Products that one map of the site names, and how many are asked for at once.
const PRODUCTS: usize = 20_000;
const AT_ONCE: u32 = 100;
/// Entries of products, and bytes, at which a map ends: a little less than the 50 000 and 50 MB that search engines read.
const ENTRIES: usize = 40_000;
const BYTES: usize = 45_000_000;
/// Maps of a site at most: those of two million products.
const MAPS: usize = 100;
/// How long a map is used.
const FRESH: Duration = Duration::from_secs(3_600);

/// `POST /preferences/theme`: light, dark or as the device says, and back to the page.
pub async fn set_theme(Harmless(Posted { visit, fields }): Harmless) -> Shown {
    visit.keep_theme(Theme::of(fields.get("theme")));
    Ok(visit.go(&back(&fields)))
}

/// The page from which a choice was sent.
fn back(fields: &Fields) -> String {
    next(&Fields::from(vec![("next".to_owned(), fields.get("to").to_owned())]), "/")
}

/// `POST /preferences/currency`: the currency of prices, also of what lies in the cart, and back to the page.
pub async fn set_currency(Harmless(Posted { visit, fields }): Harmless) -> Shown {
    let wanted = visit.purse.find(fields.get("currency"));
    let currency = wanted.ok_or_else(|| Error::invalid("currency", "The shop does not sell in this currency."))?;
    visit.keep_currency(currency);
    if visit.has_cart() {
        let wanted = SetCurrency { currency: Some(currency) };
        // A guest's cart that has been forgotten has no currency either.
        if let Err(error) = visit.cart().set_currency(&visit.who(), &wanted).await
            && !error.is(Kind::NotFound)
        {
            return Err(error.into());
        }
    }
    Ok(visit.go(&back(&fields)))
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

/// `GET /sitemap.xml`: the map, or, where one is not enough, what says where they all are.
pub async fn sitemap(State(app): State<App>) -> Shown {
    let maps = maps(&app).await?;
    match &*maps {
        [only] => Ok(xml(only.clone())),
        several => Ok(xml(index(&app, several.len())?)),
    }
}

/// `GET /sitemaps/{n}.xml`: one of several maps, counted from 1.
pub async fn part(State(app): State<App>, Path(name): Path<String>) -> Shown {
    let number = name.strip_suffix(".xml").and_then(|number| number.parse::<usize>().ok());
    let maps = maps(&app).await?;
    let map = number.and_then(|number| number.checked_sub(1)).and_then(|at| maps.get(at));
    Ok(xml(map.ok_or_else(|| Error::not_found("page"))?.clone()))
}

fn xml(text: String) -> Response {
    let head =
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (head, text).into_response()
}

fn index(app: &App, maps: usize) -> Result<String> {
    let mut index = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                     <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for number in 1..=maps {
        writeln!(index, "<sitemap><loc>{}/sitemaps/{number}.xml</loc></sitemap>", app.public_url)
            .map_err(Error::internal)?;
    }
    index.push_str("</sitemapindex>\n");
    Ok(index)
}

/// The maps, made anew once an hour.
async fn maps(app: &App) -> Result<Arc<[String]>> {
    let now = app.clock.now();
    let known = app.sitemap.read().unwrap_or_else(PoisonError::into_inner).clone();
    match known.filter(|(at, _)| now.since(*at) < FRESH) {
        Some((_, maps)) => Ok(maps),
        None => {
            let maps: Arc<[String]> = make_maps(app).await?.into();
            *app.sitemap.write().unwrap_or_else(PoisonError::into_inner) = Some((now, maps.clone()));
            Ok(maps)
        }
    }
}

/// How a map begins. A shop of one language names no others.
fn head(app: &App) -> String {
    let links = if app.languages.are_several() { " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"{links}>\n"
    )
}

/// A page, in each of the shop's languages if it is translated: each version names all of them and itself, as their heads
/// do. Slugs and fixed paths hold nothing that XML must escape.
fn entry(map: &mut String, app: &App, path: &str, translated: bool) -> Result<()> {
    let url = format!("{}{path}", app.public_url);
    let shop = &app.languages;
    if !translated || !shop.are_several() {
        return writeln!(map, "<url><loc>{url}</loc></url>").map_err(Error::internal);
    }
    let address = |code: &str| if code == shop.main() { url.clone() } else { format!("{url}?lang={code}") };
    let mut links = String::new();
    for (code, of) in shop.all().iter().map(|code| (*code, *code)).chain([("x-default", shop.main())]) {
        let href = address(of);
        write!(links, "<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{href}\"/>")
            .map_err(Error::internal)?;
    }
    for code in shop.all() {
        writeln!(map, "<url><loc>{}</loc>{links}</url>", address(code)).map_err(Error::internal)?;
    }
    Ok(())
}

fn ended(mut map: String) -> String {
    map.push_str("</urlset>\n");
    map
}

async fn make_maps(app: &App) -> Result<Vec<String>> {
    let who = Identity::Anonymous;
    let mut map = head(app);
    // Pages that say the same in every language are named once.
    for (path, translated) in [("/", true), ("/stores", true), ("/about", false), ("/sell", false)] {
        entry(&mut map, app, path, translated)?;
    }
    for category in app.categories().await?.iter() {
        entry(&mut map, app, &format!("/c/{}", category.slug), true)?;
    }
    let mut page = PageRequest { limit: Some(AT_ONCE), after: None };
    loop {
        let stores = app.vendors.stores(&who, &page).await?;
        for store in &stores.items {
            entry(&mut map, app, &format!("/v/{}", store.slug), true)?;
        }
        match stores.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut wanted = ProductQuery { limit: Some(AT_ONCE), ..ProductQuery::default() };
    let (mut full, mut named) = (Vec::new(), 0);
    // Each language has an entry of its own.
    let most = PRODUCTS.min(ENTRIES / app.languages.all().len());
    while full.len() < MAPS {
        let products = app.catalog.products(&who, &wanted).await?;
        for product in &products.items {
            if named == most || map.len() >= BYTES {
                full.push(ended(std::mem::replace(&mut map, head(app))));
                named = 0;
            }
            entry(&mut map, app, &format!("/p/{}", product.slug), true)?;
            named += 1;
        }
        match products.next {
            Some(next) => wanted.after = Some(next),
            None => break,
        }
    }
    full.push(ended(map));
    Ok(full)
}
