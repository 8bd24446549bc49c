//! What a command has to say when it may be long: a reader like `head` that has seen enough is no failure.

use std::io::{ErrorKind, Write};

use kernel::{Error, Result};

/// Prints it as it is.
pub(super) fn print(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::unavailable(format!("The output cannot be written: {error}.")))
        }
        _ => Ok(()),
    }
}

/// Prints a line.
pub(super) fn print_line(text: &str) -> Result<()> {
    print(format!("{text}\n").as_bytes())
}
