//! Files of the API handed on to who has asked for them on a page.

use std::time::Duration;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use contracts::{Call, Caller, Method, client::error_of};
use kernel::{Error, Identity};

use crate::{render::Shown, visit::Visit};

/// How long a large file may take to be made.
const PATIENCE: Duration = Duration::from_secs(120);

/// The paper at `path` of a service, written for this visitor.
pub async fn paper(service: &Caller, visit: &Visit, path: String) -> Shown {
    let mut call = Call::new(Method::get, path, visit.who());
    call.headers.push(("accept-language", visit.fmt.locale().tag().to_owned()));
    let reply = service.raw(call).await?;
    if reply.status >= 400 {
        return Err(error_of(&reply).into());
    }
    let mut head = HeaderMap::new();
    for name in [header::CONTENT_TYPE, header::CONTENT_DISPOSITION] {
        head.extend(reply.headers.get(&name).cloned().map(|value| (name, value)));
    }
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((head, reply.body).into_response())
}

/// The CSV file at `path` of a service, under this name.
pub async fn csv(service: &Caller, who: &Identity, path: String, name: &str) -> Shown {
    file(service, who, path, name, "text/csv; charset=utf-8").await
}

/// An address with those of some questions that are asked.
pub fn with_query<const N: usize>(path: String, asked: [(&str, Option<String>); N]) -> String {
    let asked: Vec<(&str, String)> = asked.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let pairs: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if pairs.is_empty() { path } else { format!("{path}?{}", crate::render::query(&pairs)) }
}

/// The file at `path` of a service, under this name and of this kind.
pub async fn file(service: &Caller, who: &Identity, path: String, name: &str, media: &'static str) -> Shown {
    let mut call = Call::new(Method::get, path, who.clone());
    call.timeout = PATIENCE;
    let reply = service.raw(call).await?;
    if reply.status >= 400 {
        return Err(error_of(&reply).into());
    }
    let attachment = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).map_err(Error::internal)?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, attachment),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((head, reply.body).into_response())
}
