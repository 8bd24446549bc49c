//! Pictures on their way from a form to the service that keeps them.

use std::time::Duration;

use contracts::{Call, Caller, Method, catalog::Picture, client::error_of};
use kernel::{Error, Identity, Result};

use crate::forms::File;

/// The largest picture that is taken, and the form around it.
pub const PICTURE_MAX: usize = 11 * 1024 * 1024;
/// What the file chooser offers.
pub const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif";
/// How long a service may take with a large picture.
const PATIENCE: Duration = Duration::from_secs(60);

/// Hands a picture to a service as it is; what it is, the service finds out.
pub async fn send(service: &Caller, who: &Identity, path: &str, file: File, alt: &str) -> Result<Picture> {
    let mut call = Call::new(Method::post, path.to_owned(), who.clone());
    let kind =
        if file.content_type.starts_with("image/") { file.content_type } else { "application/octet-stream".to_owned() };
    call.headers.push(("content-type", kind));
    if !alt.is_empty() {
        call.headers.push(("alt", contracts::client::segment(&alt)));
    }
    call.body = file.bytes;
    call.timeout = PATIENCE;
    let reply = service.raw(call).await?;
    if reply.status >= 400 {
        return Err(error_of(&reply));
    }
    serde_json::from_slice(&reply.body).map_err(Error::from)
}
