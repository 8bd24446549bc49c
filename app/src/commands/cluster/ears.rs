//! Hears which processes are ready.

use std::{
    collections::BTreeSet,
    io::ErrorKind,
    os::unix::net::UnixDatagram,
    path::{Path, PathBuf},
};

use kernel::{Error, Result};

/// A socket on which processes say how they stand.
pub struct Ears {
    socket: UnixDatagram,
    pub path: PathBuf,
    ready: BTreeSet<u32>,
}

impl Ears {
    /// In `folder`.
    pub fn open(folder: &Path) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(folder.join("ready.sock"))?;
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
                _ => {}
            }
            let socket = UnixDatagram::bind(&path)?;
            socket.set_nonblocking(true)?;
            Ok(Self { socket, path, ready: BTreeSet::new() })
        };
        opened().map_err(|e: std::io::Error| {
            let place = folder.join("ready.sock");
            Error::unavailable(format!("{} cannot be opened: {e}.", place.display()))
        })
    }

    /// Hears what was said since the last time.
    pub fn listen(&mut self) {
        let mut said = [0; 256];
        // Ends when nothing more was said.
        while let Ok(length) = self.socket.recv(&mut said) {
            let text = String::from_utf8_lossy(&said[..length]);
            let mut lines = text.lines();
            if lines.next() == Some("READY=1")
                && let Some(Ok(process)) = lines.next().and_then(|l| l.strip_prefix("MAINPID=")).map(str::parse)
            {
                self.ready.insert(process);
            }
        }
    }

    /// True if the process has said that it is ready.
    pub fn have_heard_of(&self, process: u32) -> bool {
        self.ready.contains(&process)
    }

    /// Forgets a process that has ended: its number may be given to another one.
    pub fn forget(&mut self, process: u32) {
        self.ready.remove(&process);
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        // It is only a name by now.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_ready_is_heard_and_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let mut ears = Ears::open(folder.path()).unwrap();
        let mouth = UnixDatagram::unbound().unwrap();
        for said in ["READY=1\nMAINPID=7", "STOPPING=1\nMAINPID=8", "READY=1", "nonsense"] {
            mouth.send_to(said.as_bytes(), &ears.path).unwrap();
        }
        ears.listen();
        assert!(ears.have_heard_of(7) && !ears.have_heard_of(8) && !ears.have_heard_of(9));
        ears.forget(7);
        assert!(!ears.have_heard_of(7));
    }
}
