//! A way to a broker that can be cut, or fall silent.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Passes connections on until it is told otherwise.
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Cancelled to cut the connections there are.
    alive: Mutex<CancellationToken>,
    /// Nothing comes back from the server while this is set.
    silent: AtomicBool,
}

impl Proxy {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::<State>::default());
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(upstream) = TcpStream::connect(server).await else { continue };
                let alive = shared.alive.lock().unwrap().clone();
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), upstream.into_split());
                tokio::spawn(pump(from_client, to_server, None, alive.clone()));
                tokio::spawn(pump(from_server, to_client, Some(shared.clone()), alive));
            }
        });
        Self { address, state }
    }

    pub fn cut(&self) {
        std::mem::take(&mut *self.state.alive.lock().unwrap()).cancel();
    }

    pub fn silence(&self, silent: bool) {
        self.state.silent.store(silent, Ordering::SeqCst);
    }
}

/// A door with TLS in front of a server.
pub struct Front {
    pub address: SocketAddr,
    pub certificate_pem: String,
}

/// Opens a door to `server` under a certificate for `localhost` that only a test trusts.
pub async fn with_tls(server: SocketAddr) -> Front {
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()).into();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut client) = acceptor.accept(client).await else { return };
                let Ok(mut upstream) = TcpStream::connect(server).await else { return };
                // Either side may end it as it likes.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut upstream).await;
            });
        }
    });
    Front { address, certificate_pem: own.cert.pem() }
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    silenced_by: Option<Arc<State>>,
    alive: CancellationToken,
) {
    let pumping = async {
        let mut buffer = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            while silenced_by.as_ref().is_some_and(|state| state.silent.load(Ordering::SeqCst)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if to.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! { () = alive.cancelled() => {}, () = pumping => {} }
}
