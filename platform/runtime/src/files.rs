//! Where pictures and other files live: a local folder, or memory in tests.

use std::{
    collections::BTreeMap,
    io::SeekFrom,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use futures::future::BoxFuture;
use kernel::{Error, Result};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

/// Stores files under names like `media/ab/abcdef-800.jpg`. A name's content never changes.
pub trait FileStore: Send + Sync {
    /// Stores a file; a second time with the same name is harmless.
    fn put<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<()>>;
    /// Reads a file.
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>>>;
    /// Reads at most `length` bytes of a file, behind its first `skip`: fewer, or none, where it ends before. Stores that
    /// can read no more than that, do.
    fn get_part<'a>(&'a self, name: &'a str, skip: u64, length: u64) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move { Ok(self.get(name).await?.map(|whole| part_of(&whole, skip, length))) })
    }
    /// Removes a file; none is fine.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>>;
}

/// Names must stay inside the store.
///
/// # Errors
/// Not found for any other: nothing has such a name.
pub fn check_name(name: &str) -> Result<()> {
    let plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    if name.len() <= 300 && name.split('/').all(plain) { Ok(()) } else { Err(Error::not_found("file")) }
}

/// At most `length` bytes behind the first `skip`.
pub fn part_of(whole: &Bytes, skip: u64, length: u64) -> Bytes {
    let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX).min(whole.len());
    whole.slice(at(skip)..at(skip.saturating_add(length)))
}

/// Numbers the files that are being written by this process.
static PARTS: AtomicU64 = AtomicU64::new(0);

/// A folder.
pub struct LocalFiles {
    root: PathBuf,
}

impl LocalFiles {
    /// Files below `root`, which is created when first needed.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl FileStore for LocalFiles {
    fn put<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            check_name(name)?;
            let path = self.root.join(name);
            if let Some(folder) = path.parent() {
                tokio::fs::create_dir_all(folder).await.map_err(Error::internal)?;
            }
            // Written beside and renamed, so that a crash never leaves half a picture. Beside by a name of
            // its own: the same content may be put by two at once.
            let number = PARTS.fetch_add(1, Ordering::Relaxed);
            let beside = path.with_extension(format!("{}-{number}.part", std::process::id()));
            tokio::fs::write(&beside, &content).await.map_err(Error::internal)?;
            tokio::fs::rename(&beside, &path).await.map_err(Error::internal)
        })
    }
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move {
            check_name(name)?;
            match tokio::fs::read(self.root.join(name)).await {
                Ok(content) => Ok(Some(content.into())),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::internal(e)),
            }
        })
    }
    fn get_part<'a>(&'a self, name: &'a str, skip: u64, length: u64) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move {
            check_name(name)?;
            let mut file = match tokio::fs::File::open(self.root.join(name)).await {
                Ok(file) => file,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(e) => return Err(Error::internal(e)),
            };
            file.seek(SeekFrom::Start(skip)).await.map_err(Error::internal)?;
            let left = file.metadata().await.map_err(Error::internal)?.len().saturating_sub(skip).min(length);
            let mut part = Vec::with_capacity(usize::try_from(left).map_err(Error::internal)?);
            file.take(length).read_to_end(&mut part).await.map_err(Error::internal)?;
            Ok(Some(part.into()))
        })
    }
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            check_name(name)?;
            match tokio::fs::remove_file(self.root.join(name)).await {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::internal(e)),
                _ => Ok(()),
            }
        })
    }
}

/// Memory, for tests.
#[derive(Default)]
pub struct MemoryFiles(Mutex<BTreeMap<String, Bytes>>);

impl MemoryFiles {
    fn map(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Bytes>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl FileStore for MemoryFiles {
    fn put<'a>(&'a self, name: &'a str, content: Bytes) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            check_name(name)?;
            self.map().insert(name.to_owned(), content);
            Ok(())
        })
    }
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move {
            check_name(name)?;
            Ok(self.map().get(name).cloned())
        })
    }
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            check_name(name)?;
            self.map().remove(name);
            Ok(())
        })
    }
}
