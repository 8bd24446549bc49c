//! Calls to the outside by TLS, to a server that only its own authority vouches for.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use http::Request;
use kernel::Kind;
use runtime::{HttpOut, HyperOut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::proxy::with_tls;

#[tokio::test]
async fn an_authority_of_ones_own_is_believed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let front = with_tls(listener.local_addr().unwrap()).await;
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = [0; 4096];
            if client.read(&mut request).await.is_ok_and(|read| read > 0) {
                client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await.unwrap();
            }
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let (pem, empty) = (folder.path().join("ca.pem"), folder.path().join("empty.pem"));
    std::fs::write(&pem, &front.certificate_pem).unwrap();
    std::fs::write(&empty, "no certificate").unwrap();

    let ask = async |out: HyperOut| {
        let request = Request::get(format!("https://localhost:{}/", front.address.port())).body(Bytes::new()).unwrap();
        out.send(request, Duration::from_secs(5)).await
    };
    assert_eq!(ask(HyperOut::believing(&pem).unwrap()).await.unwrap().body(), "hello");
    let stranger = ask(HyperOut::new().unwrap()).await.unwrap_err();
    assert_eq!(stranger.kind(), Kind::Unavailable, "nobody else vouches for it");
    assert!(stranger.source_text().unwrap().contains("UnknownIssuer"), "the log says why: {stranger}");
    for wrong in [empty.as_path(), Path::new("/nowhere/ca.pem")] {
        assert_eq!(HyperOut::believing(wrong).err().unwrap().kind(), Kind::Invalid, "{wrong:?}");
    }
}
