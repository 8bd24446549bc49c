//! One process per SQLite file: a lock beside it that goes with the process.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

use kernel::{Error, Result};

use crate::error;

/// Holds `<file>.lock` until dropped. The operating system frees it if the process dies.
pub(crate) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock of the database at `path`, or says who has it.
    pub(crate) fn take(path: &Path) -> Result<Self> {
        let lock_path = lock_path(path);
        let cannot = |e: std::io::Error| error::unavailable(format!("cannot lock {}: {e}", lock_path.display()));
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&lock_path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(path, &mut file)),
            Err(TryLockError::Error(e)) => return Err(cannot(e)),
        }
        // Whose lock it is, for the message of the one who comes second.
        file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).map_err(cannot)?;
        Ok(Self { _file: file })
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn in_use(path: &Path, file: &mut File) -> Error {
    let mut holder = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut holder));
    let by = if read.is_ok() && !holder.is_empty() { format!(" (process {holder})") } else { String::new() };
    Error::conflict(
        error::IN_USE,
        format!("{} is already open{by}. One process at a time can have it.", path.display()),
    )
}
