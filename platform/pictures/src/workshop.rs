//! Keeps uploaded pictures in their sizes: what every service does with a picture that is sent to it.

use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::{Picture, PictureSize};
use kernel::{Error, Ids, MediaId, Result};
use runtime::FileStore;
use tokio::sync::Semaphore;

/// Most bytes of an uploaded picture.
pub const UPLOAD_MAX: usize = 10 * 1024 * 1024;
/// Kinds of pictures that are taken.
pub const UPLOAD_TYPES: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif"];
/// Pictures decoded at once: each may need some hundred megabytes for a moment.
const AT_ONCE: usize = 2;

/// Where the files of a service are, and what they are called after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Named by content below `/media/`: the same picture is one file, shared by all who use it, and never
    /// removed.
    Shared,
    /// Named by the picture below this address (`/media/reviews`), in this folder: nobody else's, so it can
    /// be removed.
    Own {
        /// Address above the names.
        url: &'static str,
        /// Folder in the store of files.
        folder: &'static str,
    },
}

impl Shelf {
    fn url(self, name: &str) -> String {
        match self {
            Self::Shared => format!("/media/{name}"),
            Self::Own { url, .. } => format!("{url}/{name}"),
        }
    }
    /// Where a file of this name is kept. Names are checked before.
    fn path(self, name: &str) -> String {
        let folder = match self {
            Self::Shared => "media",
            Self::Own { folder, .. } => folder,
        };
        format!("{folder}/{}/{name}", name.get(..2).unwrap_or("--"))
    }
}

/// A picture that was kept, with what it takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The picture in its sizes.
    pub picture: Picture,
    /// Bytes of all sizes.
    pub bytes: i64,
}

/// Makes and keeps pictures.
#[derive(Clone)]
pub struct Workshop {
    files: Arc<dyn FileStore>,
    ids: Ids,
    shelf: Shelf,
    room: Arc<Semaphore>,
}

impl Workshop {
    /// A workshop that keeps its files on `shelf`.
    pub fn new(files: Arc<dyn FileStore>, ids: Ids, shelf: Shelf) -> Self {
        Self { files, ids, shelf, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Renders an uploaded picture in its sizes and keeps the files.
    ///
    /// # Errors
    /// As [`crate::render`] says it.
    pub async fn keep(&self, upload: Bytes, alt: String) -> Result<Kept> {
        if !crate::looks_like_a_picture(&upload) {
            return Err(crate::not_a_picture());
        }
        let permit = self.room.clone().acquire_owned().await.map_err(Error::internal)?;
        let rendered = tokio::task::spawn_blocking(move || {
            let rendered = crate::render(&upload);
            drop(permit);
            rendered
        });
        let rendered = rendered.await.map_err(Error::internal)??;
        let id = MediaId::new(&self.ids);
        let mut sizes = Vec::with_capacity(rendered.len());
        let mut bytes = 0;
        for size in rendered {
            let name = match self.shelf {
                Shelf::Shared => size.name,
                Shelf::Own { .. } => format!("{}-{}.jpg", id.0.simple(), size.width),
            };
            bytes += i64::try_from(size.jpeg.len()).map_err(Error::internal)?;
            self.files.put(&self.shelf.path(&name), size.jpeg).await?;
            sizes.push(PictureSize { width: size.width, height: size.height, url: self.shelf.url(&name) });
        }
        let (width, height) = sizes.last().map_or((0, 0), |largest| (largest.width, largest.height));
        Ok(Kept { picture: Picture { id, alt, width, height, sizes }, bytes })
    }

    /// The file with one of our names.
    ///
    /// # Errors
    /// Not found if there is none.
    pub async fn read(&self, name: &str) -> Result<Bytes> {
        if !is_media_name(name) {
            return Err(Error::not_found("file"));
        }
        self.files.get(&self.shelf.path(name)).await?.ok_or_else(|| Error::not_found("file"))
    }

    /// Removes the files of a picture. Files that others may use stay.
    pub async fn remove(&self, picture: &Picture) -> Result<()> {
        if self.shelf == Shelf::Shared {
            return Ok(());
        }
        let names = picture.sizes.iter().filter_map(|size| size.url.rsplit('/').next());
        for name in names.filter(|name| is_media_name(name)) {
            self.files.delete(&self.shelf.path(name)).await?;
        }
        Ok(())
    }
}

/// True for the names given here: 32 hexadecimal digits, the width, `.jpg`.
fn is_media_name(name: &str) -> bool {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    name.strip_suffix(".jpg").and_then(|stem| stem.split_once('-')).is_some_and(|(hash, width)| {
        hash.len() == 32
            && hash.bytes().all(hex)
            && (1..=5).contains(&width.len())
            && width.bytes().all(|b| b.is_ascii_digit())
    })
}

/// True for addresses of files on the shared shelf.
pub fn is_media_url(url: &str) -> bool {
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
