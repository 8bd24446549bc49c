//! How long a request may take, and how long its body may be: more for files that are sent whole.

use std::time::Duration;

use axum::extract::Request;
use http::{Method, Uri};

use crate::Settings;

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub timeout: Duration,
    pub body: u64,
}

/// What requests may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed {
    usual: Bounds,
    upload: Bounds,
}

impl Allowed {
    pub fn new(settings: &Settings) -> Self {
        let bounds = |timeout_s: u64, body| Bounds { timeout: Duration::from_secs(timeout_s.max(1)), body };
        Self {
            usual: bounds(settings.request_timeout_s, settings.body_limit),
            upload: bounds(settings.upload_timeout_s, settings.upload_limit),
        }
    }

    pub fn to(&self, request: &Request) -> Bounds {
        if is_upload(request.method(), request.uri()) { self.upload } else { self.usual }
    }
}

/// A store's file to import, from a program or from a page. Who may send one, the services find out.
fn is_upload(method: &Method, uri: &Uri) -> bool {
    let store = ["/api/v1/vendors/", "/vendor/"].iter().find_map(|start| uri.path().strip_prefix(start));
    let rest = store.and_then(|path| path.split_once('/')).map(|(_, rest)| rest);
    method == Method::POST && rest == Some("imports")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_to_import_may_be_long() {
        let upload = |method: Method, path: &str| is_upload(&method, &path.parse().unwrap());
        for path in ["/api/v1/vendors/x/imports?dry_run=true", "/vendor/x/imports"] {
            assert!(upload(Method::POST, path) && !upload(Method::GET, path), "{path}");
        }
        for path in ["/vendor/x/imports/y", "/api/v1/vendors/imports", "/api/v1/vendors/x/y/imports", "/imports"] {
            assert!(!upload(Method::POST, path), "{path}");
        }
    }
}
