//! A way to a server that can be closed, or fall silent.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

use crate::process::free_address;

/// Whether anything passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Nobody listens; the connections there were are cut.
    Closed,
    /// Connections come about, those there were stay, and nothing passes.
    Silent,
}

/// Passes connections on until it is told otherwise.
pub struct Proxy {
    pub address: SocketAddr,
    way: watch::Sender<Way>,
}

impl Proxy {
    /// To the server that a URL such as `postgres://user@host:port/name` names.
    pub async fn to(url: &str) -> Self {
        let server = authority(url).to_owned();
        let (address, way) = (free_address(), watch::Sender::new(Way::Open));
        let listener = TcpListener::bind(address).await.expect("a free address");
        tokio::spawn(accept(listener, server, way.subscribe()));
        Self { address, way }
    }
    /// The same URL, by this way.
    pub fn url(&self, url: &str) -> String {
        url.replacen(authority(url), &self.address.to_string(), 1)
    }
    pub fn turn(&self, way: Way) {
        self.way.send_replace(way);
    }
}

/// `host:port` of a URL.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('/').map_or(rest, |(rest, _)| rest);
    rest.rsplit_once('@').map_or(rest, |(_, rest)| rest)
}

async fn accept(listener: TcpListener, server: String, mut way: watch::Receiver<Way>) {
    let address = listener.local_addr().expect("its address");
    let mut listener = Some(listener);
    loop {
        let now = *way.borrow_and_update();
        listener = match (now, listener) {
            (Way::Closed, _) => None,
            (_, Some(listener)) => Some(listener),
            (_, None) => Some(TcpListener::bind(address).await.expect("the address is free again")),
        };
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = way.changed() => if changed.is_err() { return },
            accepted = accepted => if let Ok((client, _)) = accepted {
                tokio::spawn(pass(client, server.clone(), way.clone()));
            }
        }
    }
}

async fn pass(client: TcpStream, server: String, mut way: watch::Receiver<Way>) {
    if until(&mut way, |way| way != Way::Silent).await == Way::Closed {
        return;
    }
    let Ok(server) = TcpStream::connect(server).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::join!(pump(from_client, to_server, way.clone()), pump(from_server, to_client, way));
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = until(&mut way, |way| way == Way::Closed) => return,
        };
        let Ok(read @ 1..) = read else { return };
        if until(&mut way, |way| way != Way::Silent).await == Way::Closed
            || to.write_all(&buffer[..read]).await.is_err()
        {
            return;
        }
    }
}

/// Waits until the way is as `wanted`; closed if the test is over.
async fn until(way: &mut watch::Receiver<Way>, wanted: impl Fn(Way) -> bool) -> Way {
    way.wait_for(|way| wanted(*way)).await.map_or(Way::Closed, |way| *way)
}
