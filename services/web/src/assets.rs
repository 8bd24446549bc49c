//! Stylesheet, scripts, icons and fonts, embedded in the binary and addressed by their content,
//! so that a browser may keep them for ever and still never shows yesterday's page.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{Path, RawQuery},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Everything under `assets/`.
#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// The stylesheet: its parts in the order in which they build on each other.
const STYLESHEET: &str = concat!(
    include_str!("../style/1-tokens.css"),
    include_str!("../style/2-base.css"),
    include_str!("../style/3-controls.css"),
    include_str!("../style/4-layout.css"),
    include_str!("../style/5-parts.css"),
    include_str!("../style/6-shop.css"),
    include_str!("../style/7-data.css"),
);

/// Where the pages find their assets; each address carries a digest of what it names.
#[derive(Debug)]
pub struct Urls {
    /// The stylesheet.
    pub css: String,
    /// Our own script.
    pub js: String,
    /// htmx.
    pub htmx: String,
    /// The icon sprite; an icon is `#name` behind it.
    pub icons: String,
    /// The logo, also the page icon.
    pub logo: String,
    /// The font of headings, preloaded.
    pub font: String,
}

static URLS: LazyLock<Urls> = LazyLock::new(|| Urls {
    css: address("souk.css"),
    js: address("souk.js"),
    htmx: address("vendor/htmx-4.0.1.min.js"),
    icons: address("icons.svg"),
    logo: address("logo.svg"),
    // The stylesheet names the font without a digest, and both addresses must be one.
    font: "/assets/fonts/young-serif-latin.woff2".to_owned(),
});

/// The addresses of the assets.
pub fn urls() -> &'static Urls {
    &URLS
}

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// The first 16 hexadecimal digits of its SHA-256.
    pub digest: String,
}

/// Every asset by name, for a static export of pages.
pub fn names() -> impl Iterator<Item = Cow<'static, str>> {
    Files::iter().chain(std::iter::once(Cow::Borrowed("souk.css")))
}

/// The asset of this name under `/assets/`.
pub fn find(name: &str) -> Option<Asset> {
    let content_type = content_type(name)?;
    if name == "souk.css" {
        let digest = digest(&Sha256::digest(STYLESHEET));
        return Some(Asset { bytes: Cow::Borrowed(STYLESHEET.as_bytes()), content_type, digest });
    }
    let file = Files::get(name)?;
    Some(Asset { digest: digest(&file.metadata.sha256_hash()), bytes: file.data, content_type })
}

fn digest(sha256: &[u8]) -> String {
    sha256.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn address(name: &str) -> String {
    find(name).map_or_else(|| format!("/assets/{name}"), |asset| format!("/assets/{name}?v={}", asset.digest))
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        "LICENSE" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

/// Texts as brotli, made when they are first asked for: they never change while the program runs.
static COMPRESSED: Mutex<BTreeMap<String, Bytes>> = Mutex::new(BTreeMap::new());

/// The asset as brotli; none for what is compressed already.
fn compressed(name: &str, asset: &Asset) -> Option<Bytes> {
    if !["text/", "image/svg"].iter().any(|kind| asset.content_type.starts_with(kind)) {
        return None;
    }
    let mut known = COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = known.get(name) {
        return Some(bytes.clone());
    }
    let mut out = Vec::with_capacity(asset.bytes.len() / 3);
    let settings = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    brotli::BrotliCompress(&mut &*asset.bytes, &mut out, &settings).ok()?;
    let bytes = Bytes::from(out);
    known.insert(name.to_owned(), bytes.clone());
    Some(bytes)
}

/// True if the client takes brotli.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let (coding, weight) = coding.split_once(';').unwrap_or((coding, ""));
        coding.trim() == "br" && weight.trim() != "q=0"
    })
}

/// Handler of `GET /assets/{*name}`.
pub async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(asset) = find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let small = if takes_brotli(&headers) { compressed(&name, &asset) } else { None };
    let coding = if small.is_some() { "-br" } else { "" };
    let etag = format!("\"{}{coding}\"", asset.digest);
    let addressed = query.is_some_and(|q| q.strip_prefix("v=") == Some(asset.digest.as_str()));
    // A font is replaced under a new name, never changed under the old one.
    let keep = if addressed || name.starts_with("fonts/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes());
    let encoded = small.is_some();
    let mut response = match small {
        _ if known => StatusCode::NOT_MODIFIED.into_response(),
        Some(bytes) => bytes.into_response(),
        None => asset.bytes.into_owned().into_response(),
    };
    let head = response.headers_mut();
    head.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if encoded {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        head.insert(header::ETAG, etag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(name: &str, query: Option<&str>, etag: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(etag) = etag {
            headers.insert(header::IF_NONE_MATCH, etag.parse().unwrap());
        }
        serve(Path(name.to_owned()), RawQuery(query.map(str::to_owned)), headers).await
    }

    #[tokio::test]
    async fn an_addressed_asset_is_kept_for_ever_and_a_plain_one_is_not() {
        let css = urls().css.strip_prefix("/assets/souk.css?").unwrap();
        let kept = get("souk.css", Some(css), None).await;
        assert_eq!(kept.status(), StatusCode::OK);
        assert_eq!(kept.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(kept.headers()["content-type"], "text/css; charset=utf-8");
        let stale = get("souk.css", Some("v=0000000000000000"), None).await;
        assert_eq!(stale.headers()["cache-control"], "public, max-age=300");
        let etag = kept.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(get("souk.css", None, Some(&etag)).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn texts_travel_small_to_those_who_can_read_them() {
        let ask = async |accept: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
            let response = serve(Path("souk.css".to_owned()), RawQuery(None), headers).await;
            let head = response.headers().clone();
            (head, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap())
        };
        let (head, bytes) = ask("gzip, br").await;
        assert_eq!(
            (head["content-encoding"].to_str().unwrap(), head["vary"].to_str().unwrap()),
            ("br", "Accept-Encoding")
        );
        assert!(bytes.len() < 20 * 1024, "{} bytes", bytes.len());
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap();
        assert_eq!(plain, STYLESHEET.as_bytes());
        for accept in ["gzip", "br;q=0", ""] {
            let (other, bytes) = ask(accept).await;
            assert!(!other.contains_key("content-encoding") && bytes.len() == STYLESHEET.len());
            assert_ne!(other["etag"], head["etag"]);
        }
        let fonts = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
        let font = serve(Path("fonts/young-serif-latin.woff2".to_owned()), RawQuery(None), fonts).await;
        assert!(!font.headers().contains_key("content-encoding"), "a font is small already");
    }

    #[tokio::test]
    async fn what_is_not_an_asset_is_not_there() {
        for name in ["", "nothing.css", "css/1-tokens.css", "../Cargo.toml", "../src/lib.rs", "souk.css/"] {
            assert_eq!(get(name, None, None).await.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn the_pages_stay_within_their_budget() {
        let size = |name: &str| find(name).unwrap().bytes.len();
        // Uncompressed; text of this kind shrinks to a quarter, the budget is 20 and 25 kB compressed.
        assert!(size("souk.css") < 80_000, "{}", size("souk.css"));
        assert!(size("souk.js") + size("vendor/htmx-4.0.1.min.js") < 64_000);
        assert!(size("icons.svg") < 12_000);
    }

    #[test]
    fn every_address_names_an_asset_that_exists() {
        let urls = urls();
        for address in [&urls.css, &urls.js, &urls.htmx, &urls.icons, &urls.logo, &urls.font] {
            let name = address.strip_prefix("/assets/").unwrap().split('?').next().unwrap();
            assert!(find(name).is_some(), "{name}");
        }
        assert!(STYLESHEET.contains("fonts/young-serif-latin.woff2"));
    }
}
