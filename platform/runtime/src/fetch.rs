//! Fetches what a stranger names by its address, without letting the stranger reach what only this
//! machine reaches.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use kernel::{Error, Kind, Result};
use url::{Host, Url};

use crate::http_out::HttpOut;

/// Times that a server may send us to another address.
const HOPS_MAX: usize = 3;

/// How much is taken, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Most bytes of the answer.
    pub bytes: usize,
    /// Longest time for all hops together.
    pub timeout: Duration,
}

/// Fetches the content of an address.
///
/// # Errors
/// [`Kind::Unavailable`] if another try may do better; anything else is final.
pub async fn fetch(out: &dyn HttpOut, address: &str, bounds: Bounds) -> Result<Bytes> {
    let walk = async {
        let mut url = parse(address)?;
        for _ in 0..=HOPS_MAX {
            let request = Request::get(url.as_str())
                .header(header::USER_AGENT, "Souk")
                .header(header::ACCEPT, "*/*")
                .body(Bytes::new())
                .map_err(|e| refused(&url, "is no address that can be asked").caused_by(e))?;
            let answer = out.send_guarded(request, bounds).await?;
            let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            match (answer.status(), location) {
                (status, Some(location)) if is_redirect(status) => {
                    let next = url.join(location).map_err(|e| refused(&url, "leads nowhere").caused_by(e))?;
                    url = parse(next.as_str())?;
                }
                (status, _) if status.is_success() => return Ok(answer.into_body()),
                (status, _) if may_recover(status) => {
                    return Err(Error::unavailable(format!("{} answered {status}.", host_of(&url))));
                }
                (status, _) => return Err(refused(&url, &format!("answered {status}"))),
            }
        }
        Err(refused(&url, &format!("is behind more than {HOPS_MAX} redirects")))
    };
    let late = |_| Error::unavailable("The address did not answer in time.");
    tokio::time::timeout(bounds.timeout, walk).await.map_err(late)?
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn may_recover(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

fn refused(url: &Url, why: &str) -> Error {
    Error::new(Kind::Invalid, "not_fetched", format!("{} {why}.", host_of(url)))
}

fn parse(address: &str) -> Result<Url> {
    let bad = || Error::new(Kind::Invalid, "not_fetched", "This is no address that begins with https:// or http://.");
    let mut url = Url::parse(address).map_err(|e| bad().caused_by(e))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(bad());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new(Kind::Invalid, "not_fetched", "The address must not hold a name and a password."));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Refuses an address whose host is a number that is not public. `url` knows all notations of numbers
/// (`0x7f.1`, `2130706433`), as those who resolve names do.
pub(crate) fn check_host(address: &str) -> Result<()> {
    let url = parse(address)?;
    let is_fine = match url.host() {
        Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
        _ => true,
    };
    if is_fine { Ok(()) } else { Err(not_public()) }
}

/// All of the addresses a name stands for, if each is public: one of several would be an invitation to
/// try until the right one comes.
pub(crate) fn check_all(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>> {
    if addresses.iter().all(|address| is_public(address.ip())) { Ok(addresses) } else { Err(not_public()) }
}

pub(crate) fn not_public() -> Error {
    Error::new(Kind::Invalid, "address_not_public", "The address is not one of the public internet.")
}

/// True for addresses of the public internet: nothing of this machine or its networks, nothing reserved,
/// and no detour to one of these.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let reserved = match ip.octets() {
        // This network, private, loopback.
        [0 | 10 | 127, ..] => true,
        // Carriers' own.
        [100, b, ..] => (64..128).contains(&b),
        // Link-local, where clouds keep their secrets; private; private.
        [169, 254, ..] | [192, 168, ..] => true,
        [172, b, ..] => (16..32).contains(&b),
        // Protocol assignments, documentation, relays, benchmarks.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18..=19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !reserved
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // An IPv4 address behind a translator.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))),
        // Protocols (Teredo among them), documentation, 6to4, documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that is given out. Mapped IPv4, loopback, local and multicast addresses are elsewhere.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet() {
        for ip in ["8.8.8.8", "93.184.216.34", "100.63.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::8.8.8.8"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn numbers_are_known_in_every_notation() {
        for host in ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"] {
            let error = check_host(&format!("http://{host}/a.png")).unwrap_err();
            assert_eq!(error.code(), "address_not_public", "{host}");
        }
        assert!(check_host("http://8.8.8.8/").is_ok());
        assert!(check_host("https://shop.example/").is_ok());
        for address in [
            "ftp://shop.example/a",
            "file:///etc/passwd",
            "/a.png",
            "data:image/png;base64,AA",
            "https://u:p@shop.example/",
        ] {
            assert_eq!(check_host(address).unwrap_err().code(), "not_fetched", "{address}");
        }
    }

    #[test]
    fn one_private_address_among_several_refuses_all() {
        let at = |ip: &str| SocketAddr::new(ip.parse().unwrap(), 80);
        assert_eq!(check_all(vec![at("8.8.8.8")]).unwrap().len(), 1);
        assert!(check_all(vec![at("8.8.8.8"), at("10.0.0.1")]).is_err());
    }

    #[tokio::test]
    async fn a_private_server_is_reached_only_where_that_is_allowed() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let bounds = Bounds { bytes: 5, timeout: Duration::from_secs(5) };
        let guarded = crate::HyperOut::new().unwrap();
        for host in ["localhost", "127.0.0.1", "127.1"] {
            let error = fetch(&guarded, &format!("http://{host}:{port}/"), bounds).await.unwrap_err();
            assert_eq!(error.code(), "address_not_public", "{host}");
        }
        let server = tokio::spawn(async move {
            for body in ["hello", "too long"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 1024];
                let read = stream.read(&mut request).await.unwrap();
                assert!(request[..read].starts_with(b"GET /"));
                let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let open = crate::HyperOut::new().unwrap().allowing_private(true);
        let address = format!("http://127.0.0.1:{port}/");
        // The first to be accepted is the first that was allowed: those before have not even connected.
        assert_eq!(fetch(&open, &address, bounds).await.unwrap(), "hello");
        assert_eq!(fetch(&open, &address, bounds).await.unwrap_err().code(), "answer_too_large");
        server.await.unwrap();
    }
}
