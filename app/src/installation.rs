//! An installation on disk: its folder and its secret.

use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use kernel::{Error, Random, Result, SystemRandom};

use crate::config::Config;

/// The installation's secret: configured, or made at the first start and kept readable to its owner only.
pub fn master_secret(config: &Config) -> Result<[u8; 32]> {
    match known_secret(config)? {
        Some(secret) => Ok(secret),
        None => create(&path(config)),
    }
}

/// The same, if it is configured or was made before; nothing is made.
pub fn known_secret(config: &Config) -> Result<Option<[u8; 32]>> {
    let configured = config.data.secret.expose();
    if !configured.is_empty() {
        return decode(configured, "data.secret").map(Some);
    }
    let path = path(config);
    match std::fs::read_to_string(&path) {
        Ok(text) => decode(text.trim(), &path.display().to_string()).map(Some),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::unavailable(format!("{} cannot be read: {e}.", path.display()))),
    }
}

/// True if the secret is configured, or was made before.
pub fn has_secret(config: &Config) -> bool {
    !config.data.secret.expose().is_empty() || path(config).exists()
}

fn path(config: &Config) -> PathBuf {
    config.data.dir.join("secret.key")
}

/// Fails if there is nothing yet: a command that only looks should not make an empty installation.
pub fn demand(config: &Config) -> Result<()> {
    let orders = config.data.dir.join("orders.sqlite");
    if !config.database.is_postgres() && !orders.exists() {
        let dir = config.data.dir.display();
        return Err(Error::invalid("data.dir", format!("There is no installation in {dir}.")));
    }
    Ok(())
}

fn decode(text: &str, place: &str) -> Result<[u8; 32]> {
    let mut secret = [0; 32];
    hex::decode_to_slice(text, &mut secret)
        .map_err(|_| Error::invalid(place, "This must be 64 hexadecimal digits."))?;
    if secret.iter().all(|b| *b == secret[0]) {
        return Err(Error::invalid(place, "This secret is too easy to guess. Make one with `openssl rand -hex 32`."));
    }
    Ok(secret)
}

fn create(path: &Path) -> Result<[u8; 32]> {
    let mut secret = [0; 32];
    SystemRandom.fill(&mut secret);
    let cannot = |e: std::io::Error| Error::unavailable(format!("{} cannot be written: {e}.", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(cannot)?;
    file.write_all(hex::encode(secret).as_bytes()).and_then(|()| file.sync_all()).map_err(cannot)?;
    Ok(secret)
}
