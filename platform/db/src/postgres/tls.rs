//! Encryption to PostgreSQL: off, or on with the server's certificate and name verified. Nothing
//! in between, for encryption to an unknown server protects from nobody who matters.

use std::sync::Arc;

use kernel::{Error, Result};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How a connection is protected.
#[derive(Clone)]
pub(super) enum Tls {
    Off,
    Verified(MakeRustlsConnect),
}

/// Reads `postgres://…?sslmode=disable|verify-full&sslrootcert=/path/ca.pem`. Without an `sslmode`
/// the connection is not encrypted; without a root certificate the public authorities are trusted.
pub(super) fn parse(url: &str) -> Result<(tokio_postgres::Config, Tls)> {
    let mut url = url::Url::parse(url).map_err(|e| bad(&format!("it is not a URL ({e})")))?;
    let (mut mode, mut root, mut rest) = ("disable".to_owned(), None, Vec::new());
    for (key, value) in url.query_pairs() {
        match &*key {
            "sslmode" => mode = value.into_owned(),
            "sslrootcert" => root = Some(value.into_owned()),
            _ => rest.push((key.into_owned(), value.into_owned())),
        }
    }
    url.set_query(None);
    if !rest.is_empty() {
        url.query_pairs_mut().extend_pairs(rest);
    }
    let mut config: tokio_postgres::Config = url.as_str().parse().map_err(|e| bad(&format!("{e}")))?;
    let tls = match mode.as_str() {
        "disable" => Tls::Off,
        "verify-full" => Tls::Verified(MakeRustlsConnect::new(client_config(root.as_deref())?)),
        other => return Err(bad(&format!("sslmode={other} does not verify the server; use verify-full or disable"))),
    };
    config.ssl_mode(if matches!(tls, Tls::Off) { SslMode::Disable } else { SslMode::Require });
    Ok((config, tls))
}

fn client_config(root: Option<&str>) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    match root {
        Some(path) => {
            let unreadable =
                |e: rustls::pki_types::pem::Error| bad(&format!("sslrootcert {path} cannot be read ({e:?})"));
            for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
                roots.add(certificate.map_err(unreadable)?).map_err(|e| bad(&format!("sslrootcert {path}: {e}")))?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(Error::internal)?.with_root_certificates(roots).with_no_client_auth())
}

/// Never with the URL itself: it holds a password.
fn bad(reason: &str) -> Error {
    Error::invalid("database_url", format!("The PostgreSQL URL cannot be used: {reason}."))
}
