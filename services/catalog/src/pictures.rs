//! Keeps pictures in their sizes.

use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::{Picture, PictureSize};
use kernel::{Error, Ids, MediaId, Result};
use runtime::FileStore;
use tokio::sync::Semaphore;

use crate::{error::Refused, model::StoredPicture};

/// Most bytes of an uploaded picture.
pub(crate) const UPLOAD_MAX: usize = 10 * 1024 * 1024;
/// Kinds of pictures that are taken.
pub(crate) const UPLOAD_TYPES: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif"];
/// Pictures decoded at once: each may need some hundred megabytes for a moment.
const AT_ONCE: usize = 2;

/// Makes and keeps pictures.
#[derive(Clone)]
pub(crate) struct Pictures {
    files: Arc<dyn FileStore>,
    ids: Ids,
    room: Arc<Semaphore>,
}

impl Pictures {
    pub fn new(files: Arc<dyn FileStore>, ids: Ids) -> Self {
        Self { files, ids, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Renders an uploaded picture in its sizes and keeps the files.
    pub async fn keep(&self, upload: Bytes, alt: String) -> Result<StoredPicture> {
        if !pictures::looks_like_a_picture(&upload) {
            return Err(pictures::not_a_picture());
        }
        let permit = self.room.clone().acquire_owned().await.map_err(Error::internal)?;
        let rendered = tokio::task::spawn_blocking(move || {
            let rendered = pictures::render(&upload);
            drop(permit);
            rendered
        });
        let rendered = rendered.await.map_err(Error::internal)??;
        let mut sizes = Vec::with_capacity(rendered.len());
        let mut bytes = 0;
        for size in rendered {
            bytes += i64::try_from(size.jpeg.len()).map_err(Error::internal)?;
            self.files.put(&path_of(&size.name), size.jpeg).await?;
            sizes.push(PictureSize { width: size.width, height: size.height, url: format!("/media/{}", size.name) });
        }
        let (width, height) = sizes.last().map_or((0, 0), |largest| (largest.width, largest.height));
        Ok(StoredPicture { picture: Picture { id: MediaId::new(&self.ids), alt, width, height, sizes }, bytes })
    }

    /// The file with one of our names.
    pub async fn read(&self, name: &str) -> Result<Bytes> {
        if !is_media_name(name) {
            return Err(Refused::NoSuchFile.into());
        }
        Ok(self.files.get(&path_of(name)).await?.ok_or(Refused::NoSuchFile)?)
    }
}

/// Where a file of this name is kept. Names are checked before.
fn path_of(name: &str) -> String {
    format!("media/{}/{name}", name.get(..2).unwrap_or("--"))
}

/// True for the names given here: 32 hexadecimal digits of the content's hash, the width, `.jpg`.
pub(crate) fn is_media_name(name: &str) -> bool {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    name.strip_suffix(".jpg").and_then(|stem| stem.split_once('-')).is_some_and(|(hash, width)| {
        hash.len() == 32
            && hash.bytes().all(hex)
            && (1..=5).contains(&width.len())
            && width.bytes().all(|b| b.is_ascii_digit())
    })
}

/// True for addresses of files kept here.
pub(crate) fn is_media_url(url: &str) -> bool {
    url.strip_prefix("/media/").is_some_and(is_media_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names() {
        let hash = "0123456789abcdef0123456789abcdef";
        assert!(is_media_name(&format!("{hash}-640.jpg")));
        let bad = [
            format!("{hash}-.jpg"),
            format!("{hash}-640.png"),
            format!("{hash}-640.jpg/.."),
            format!("{}-640.jpg", &hash[1..]),
            format!("../{hash}-640.jpg"),
            format!("{hash}-6x0.jpg"),
            format!("{}-640.jpg", hash.to_uppercase()),
            String::new(),
            "..".to_owned(),
        ];
        for name in bad {
            assert!(!is_media_name(&name), "{name}");
        }
        assert!(is_media_url(&format!("/media/{hash}-640.jpg")));
        assert!(!is_media_url(&format!("https://elsewhere.example/media/{hash}-640.jpg")));
    }
}
