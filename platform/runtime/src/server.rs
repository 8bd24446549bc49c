//! Serves HTTP/1.1 with bounded headers and idle time, and drains on stop.

use std::{cell::Cell, convert::Infallible, net::SocketAddr, pin::pin, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use http::{HeaderValue, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use crate::patience::Patience;

/// How long a client may take to send its headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open requests may take to finish on stop.
const DRAIN: Duration = Duration::from_secs(15);
/// How long a connection that came just before the stop is given for its first request.
const FIRST: Duration = Duration::from_secs(1);

/// What a server asks for answers: a router, or what lies around one. Always ready.
pub trait Answers:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> Answers for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// How a server comes to its end, step by step.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// From now on every answer ends its connection: the next one leads to somebody else.
    pub drain: CancellationToken,
    /// From now on nothing new is begun.
    pub stop: CancellationToken,
}

/// Serves `answers` on `listener` until told to stop, then finishes what is open.
///
/// Where other processes accept from the same socket none of this loses a request: what is not accepted
/// here waits for them, and what is accepted is answered.
pub async fn serve(listener: TcpListener, answers: impl Answers, ending: Ending) {
    serve_with(HEADER_TIMEOUT, listener, answers, ending).await;
}

async fn serve_with(header_timeout: Duration, listener: TcpListener, answers: impl Answers, ending: Ending) {
    let open = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = ending.stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "nodelay");
        }
        open.spawn(converse(header_timeout, stream, peer, answers.clone(), ending.clone()));
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(DRAIN, open.wait()).await.is_err() {
        tracing::warn!("some connections were still open after {DRAIN:?}");
    }
}

/// Answers what comes over one connection.
async fn converse(
    header_timeout: Duration,
    stream: TcpStream,
    peer: SocketAddr,
    answers: impl Answers,
    ending: Ending,
) {
    let (asked, mut is_asked) = watch::channel(false);
    let (drain, is_first) = (ending.drain.clone(), Cell::new(true));
    let service = service_fn(move |request: http::Request<Incoming>| {
        if is_first.replace(false) {
            let _ = asked.send(true);
        }
        answer(answers.clone(), peer, request, drain.is_cancelled())
    });
    let patience = Patience::new();
    let mut connection = pin!(
        http1::Builder::new()
            .timer(patience.clone())
            .header_read_timeout(header_timeout)
            .max_headers(100)
            .half_close(false)
            .serve_connection(TokioIo::new(stream), service)
    );
    let stopped = async {
        ending.stop.cancelled().await;
        // Whoever has just connected is about to ask. Both ends of this wait are fine.
        let _ = tokio::time::timeout(FIRST, is_asked.wait_for(|asked| *asked)).await;
    };
    let conversation = async {
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopped => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    let ended = tokio::select! {
        ended = conversation => ended,
        () = patience.run_out(header_timeout) => return tracing::debug!("connection was not waited for any longer"),
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}

async fn answer(
    mut answers: impl Answers,
    peer: SocketAddr,
    request: http::Request<Incoming>,
    is_last: bool,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let mut response = answers.call(request).await?;
    if is_last {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        task::JoinHandle,
    };

    use super::*;

    async fn server() -> (SocketAddr, Ending, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, ending) = (listener.local_addr().unwrap(), Ending::default());
        let router = Router::new().route("/", get(async || "here"));
        (address, ending.clone(), tokio::spawn(serve(listener, router, ending)))
    }

    async fn ask(connection: &mut TcpStream) -> String {
        connection.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"here") {
            let mut part = [0; 1024];
            let read = connection.read(&mut part).await.unwrap();
            assert_ne!(read, 0, "it ended after {:?}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&part[..read]);
        }
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn who_has_just_connected_is_answered_and_who_is_idle_is_not_waited_for() {
        let (address, ending, serving) = server().await;
        let mut fresh = TcpStream::connect(address).await.unwrap();
        let mut idle = TcpStream::connect(address).await.unwrap();
        // Connections are accepted in their order: by now both are.
        assert!(!ask(&mut idle).await.contains("connection: close"));
        ending.stop.cancel();
        assert_eq!(idle.read(&mut [0; 1]).await.unwrap(), 0, "it is closed");
        ask(&mut fresh).await;
        serving.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn from_the_drain_on_every_answer_ends_its_connection() {
        let (address, ending, _serving) = server().await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        assert!(!ask(&mut connection).await.contains("connection: close"));
        ending.drain.cancel();
        assert!(ask(&mut connection).await.contains("connection: close"));
        assert_eq!(connection.read(&mut [0; 1]).await.unwrap(), 0);
        let mut other = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut other).await.contains("connection: close"), "new ones are still accepted");
    }

    const SHORT: Duration = Duration::from_millis(200);

    /// A connection to a server that waits for headers for a short time, and answers after a longer one.
    async fn to_an_impatient_server() -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let slow = async || {
            tokio::time::sleep(3 * SHORT).await;
            "here"
        };
        tokio::spawn(serve_with(SHORT, listener, Router::new().route("/", get(slow)), Ending::default()));
        TcpStream::connect(address).await.unwrap()
    }

    #[tokio::test]
    async fn who_does_not_send_headers_in_time_is_not_waited_for() {
        let begun = std::time::Instant::now();
        let mut connection = to_an_impatient_server().await;
        connection.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
        assert_eq!(connection.read(&mut [0; 1]).await.unwrap(), 0);
        assert!(begun.elapsed() >= SHORT);
    }

    #[tokio::test]
    async fn an_answer_may_take_longer_than_headers_and_then_the_next_are_waited_for() {
        let mut connection = to_an_impatient_server().await;
        assert!(ask(&mut connection).await.ends_with("here"));
        assert!(ask(&mut connection).await.ends_with("here"));
        let answered = std::time::Instant::now();
        assert_eq!(connection.read(&mut [0; 1]).await.unwrap(), 0);
        assert!(answered.elapsed() >= SHORT);
    }
}
