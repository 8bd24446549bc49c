//! What the machine can do at most: a bare handler that returns the same bytes, and the data layer
//! alone doing the same writes.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header, uri::PathAndQuery},
    response::IntoResponse,
    routing::get,
};
use bytes::Bytes;
use db::{Db, Location, Migration, Options, params};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::net::TcpListener;

use crate::{Result, scenarios::Scenario};

/// Scenarios that a bare handler can answer.
pub const BARE: [Scenario; 3] = [Scenario::List, Scenario::Detail, Scenario::Search];

/// Serves the files in `bodies` (`S1`, `S2`, `S3`) whatever is asked for; in a process of its own.
pub async fn serve(bodies: &Path, address: SocketAddr) -> Result<()> {
    let body = |key: &str| -> Result<Bytes> { Ok(std::fs::read(bodies.join(key))?.into()) };
    let answer = |body: Bytes| async move { ([(header::CONTENT_TYPE, "application/json")], body) };
    let (list, detail, search) = (body("S1")?, body("S2")?, body("S3")?);
    let router = Router::new()
        .route("/health/ready", get(async || "ready"))
        .route("/api/v1/products", get(move || answer(list.clone())))
        .route("/api/v1/products/{slug}", get(move || answer(detail.clone())))
        .route("/api/v1/search", get(move || answer(search.clone())));
    serve_at(address, router).await
}

/// Hands everything on to the server at `behind`, over connections that stay open, and does nothing else: what a
/// gateway can do at most.
pub async fn proxy(behind: SocketAddr, address: SocketAddr) -> Result<()> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: legacy::Client<_, Body> = legacy::Client::builder(TokioExecutor::new()).build(connector);
    let hand_on = async move |mut request: Request| {
        let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
        match format!("http://{behind}{path}").parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        }
        client
            .request(request)
            .await
            .map_or_else(|_| StatusCode::BAD_GATEWAY.into_response(), IntoResponse::into_response)
    };
    serve_at(address, Router::new().fallback(hand_on)).await
}

async fn serve_at(address: SocketAddr, router: Router) -> Result<()> {
    let listener = axum::serve::ListenerExt::tap_io(TcpListener::bind(address).await?, |stream| {
        // Small answers would wait for the client's acknowledgement; a failure only costs speed.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

const TABLES: &str = "
    CREATE TABLE stock (id TEXT NOT NULL PRIMARY KEY, on_hand BIGINT NOT NULL CHECK (on_hand >= 0));
    CREATE TABLE orders (id TEXT NOT NULL PRIMARY KEY, buyer TEXT NOT NULL, total BIGINT NOT NULL, placed BIGINT NOT NULL);
    CREATE TABLE lines (order_id TEXT NOT NULL, line BIGINT NOT NULL, product TEXT NOT NULL, quantity BIGINT NOT NULL,
                        PRIMARY KEY (order_id, line));
    CREATE TABLE outbox (seq IDENTITY, kind TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE carts (id TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL UNIQUE, changed BIGINT NOT NULL);";
const SCHEMA: &[Migration] = &[Migration { version: 1, name: "init", sqlite: TABLES, postgres: TABLES }];

const PRODUCTS: u64 = 10_000;
const TAKE: &str = "UPDATE stock SET on_hand = on_hand - $2 WHERE id = $1 AND on_hand >= $2";
const LINE: &str = "INSERT INTO lines (order_id, line, product, quantity) VALUES ($1, $2, $3, 1)";

/// Transactions per second of the data layer alone.
pub struct DataLayer {
    /// A cart in one transaction, its line in another: pairs per second.
    pub carts: f64,
    /// Two lines of stock, an order, two lines, an event in one transaction.
    pub checkouts: f64,
}

/// Measures it in `folder`, each for `span`.
pub async fn data_layer(folder: &Path, span: Duration) -> Result<DataLayer> {
    std::fs::create_dir_all(folder)?;
    let db = Db::open(Location::SqliteFile(folder.join("ceiling.sqlite")), Options::named("ceiling")).await?;
    db.migrate("bench", SCHEMA).await?;
    db.write(async |tx| {
        for n in 0..PRODUCTS {
            tx.exec("INSERT INTO stock (id, on_hand) VALUES ($1, 1000000000)", params![id(0, n)]).await?;
        }
        Ok(())
    })
    .await?;
    let (one, other) = (db.clone(), db.clone());
    let carts = drive(Scenario::Cart.concurrency(), span, move |buyer, n| cart(one.clone(), id(buyer, n))).await?;
    let checkouts = drive(Scenario::Checkout.concurrency(), span, move |buyer, n| {
        checkout(other.clone(), id(buyer, n), [id(0, n % PRODUCTS), id(0, (n + buyer) % PRODUCTS)])
    })
    .await?;
    db.close().await;
    Ok(DataLayer { carts, checkouts })
}

fn id(series: u64, n: u64) -> String {
    format!("0193f0a1-{series:04}-7000-8000-{n:012}")
}

async fn cart(db: Db, id: String) -> kernel::Result<()> {
    let line = id.clone();
    db.write(async move |tx| tx.exec("INSERT INTO carts (id, token, changed) VALUES ($1, $1, 0)", params![&id]).await)
        .await?;
    db.write(async move |tx| {
        tx.exec("UPDATE carts SET changed = 1 WHERE token = $1", params![&line]).await?;
        tx.exec(LINE, params![&line, 0, "product"]).await
    })
    .await
    .map(drop)
}

async fn checkout(db: Db, id: String, basket: [String; 2]) -> kernel::Result<()> {
    db.write(async move |tx| {
        for product in &basket {
            if tx.exec(TAKE, params![product, 1]).await? == 0 {
                return Err(kernel::Error::conflict("sold_out", "Sold out."));
            }
        }
        let order = "INSERT INTO orders (id, buyer, total, placed) VALUES ($1, 'guest', 4200, 1700000000000000)";
        tx.exec(order, params![&id]).await?;
        for (line, product) in (1_i64..).zip(&basket) {
            tx.exec(LINE, params![&id, line, product]).await?;
        }
        let event = "{\"type\":\"order.placed\",\"lines\":2,\"currency\":\"EUR\",\"total\":4200}";
        tx.exec("INSERT INTO outbox (kind, body) VALUES ('order.placed', $1)", params![event]).await
    })
    .await
    .map(drop)
}

/// How often `one` is done per second by so many at once.
async fn drive<F, R>(concurrency: usize, span: Duration, one: F) -> Result<f64>
where
    F: Fn(u64, u64) -> R + Clone + Send + 'static,
    R: Future<Output = kernel::Result<()>> + Send,
{
    let (begun, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let mut buyers = Vec::new();
    for buyer in 1..=concurrency as u64 {
        let (one, done) = (one.clone(), done.clone());
        buyers.push(tokio::spawn(async move {
            let mut n = 0;
            while begun.elapsed() < span {
                one(buyer, n).await?;
                done.fetch_add(1, Ordering::Relaxed);
                n += 1;
            }
            Ok::<(), kernel::Error>(())
        }));
    }
    for buyer in buyers {
        buyer.await??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}
