//! Tells whoever started this process how it stands, in systemd's words (`Type=notify`).

use std::{os::unix::net::UnixDatagram, path::PathBuf};

/// Names the socket to say it to.
pub const SOCKET: &str = "NOTIFY_SOCKET";

/// Says `state` (such as `READY=1`), if anybody wants to know.
pub fn say(state: &str) {
    let Some(socket) = std::env::var_os(SOCKET).map(PathBuf::from).filter(|path| path.is_absolute()) else { return };
    let message = format!("{state}\nMAINPID={}", std::process::id());
    let said = UnixDatagram::unbound().and_then(|from| {
        // Whoever does not listen is not waited for.
        from.set_nonblocking(true)?;
        from.send_to(message.as_bytes(), &socket)
    });
    if let Err(error) = said {
        tracing::warn!(%error, socket = %socket.display(), state, "nobody could be told how this process stands");
    }
}
