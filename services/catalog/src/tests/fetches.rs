//! Pictures are fetched from where they may be, again if that may help, and nowhere else.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use contracts::catalog::{FetchState, ImportPicture, ImportView};
use db::{Dialect, testing::until_another_waits};
use futures::join;
use image::ImageFormat;
use kernel::{ImportId, Page, ProductId, VendorId, VendorScope};
use testkit::{TestApp, on_both_databases};
use tokio::sync::Notify;

use super::{foreign::taken, support::*};
use crate::store::{fetches, imports};

/// What plays the internet.
#[derive(Clone)]
pub struct Web {
    asked: Arc<AtomicI64>,
    trouble: Arc<AtomicI64>,
    picture: Bytes,
    /// `slow.png` is asked for; it is answered once somebody says so.
    slow: Arc<(Notify, Notify)>,
}

impl Web {
    /// How often it was asked for anything.
    pub fn asked(&self) -> i64 {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn answer(State(web): State<Web>, Path(name): Path<String>) -> Response {
    web.asked.fetch_add(1, Ordering::SeqCst);
    let hop = |to: &str| (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response();
    match name.as_str() {
        "missing.png" => StatusCode::NOT_FOUND.into_response(),
        "text.png" => "This is no picture.".into_response(),
        "large.png" => vec![0_u8; 10 * 1024 * 1024 + 1].into_response(),
        "hop.png" => hop("/good.png"),
        "away.png" => hop("http://169.254.169.254/latest/meta-data"),
        "round.png" => hop("/round.png"),
        "slow.png" => {
            web.slow.0.notify_one();
            web.slow.1.notified().await;
            web.picture.into_response()
        }
        "busy.png" if web.trouble.fetch_sub(1, Ordering::SeqCst) > 0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        _ => web.picture.into_response(),
    }
}

/// Lets every address below the outside of tests be a picture, some with peculiarities.
pub fn play_the_web(app: &TestApp) -> Web {
    let web = Web {
        asked: Arc::default(),
        trouble: Arc::new(AtomicI64::new(3)),
        picture: picture(40, 30, ImageFormat::Png),
        slow: Arc::default(),
    };
    app.outside.set(Router::new().route("/{name}", axum::routing::get(answer)).with_state(web.clone()));
    web
}

fn file(urls: &[&str]) -> String {
    let rows = urls.iter().enumerate().map(|(n, url)| match n {
        0 => format!("mug,Mug,Mugs,5,active,{url}\n"),
        _ => format!("mug,,,,,{url}\n"),
    });
    format!("Handle,Title,Type,Variant Price,Status,Image Src\n{}", rows.collect::<String>())
}

async fn pictures(app: &TestApp, kiln: VendorId, import: &ImportView) -> Vec<(String, FetchState, String)> {
    let path = format!("/api/v1/vendors/{kiln}/imports/{}/pictures", import.id);
    let page: Page<ImportPicture> = owner(app, kiln).get(&path).await.expect(200).json();
    page.items.into_iter().map(|p| (p.url, p.state, p.reason)).collect()
}

#[tokio::test]
async fn what_is_not_to_be_had_is_said_and_nothing_private_is_asked() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let web = play_the_web(&app);
        let private = "The address is not one of the public internet.";
        let cases = [
            ("http://outside.test/good.png", ""),
            ("http://outside.test/hop.png", ""),
            ("http://outside.test/missing.png", "outside.test answered 404 Not Found."),
            ("http://outside.test/round.png", "outside.test is behind more than 3 redirects."),
            ("http://outside.test/away.png", private),
            ("http://127.0.0.1:5432/a.png", private),
            ("http://localhost/a.png", private),
            ("http://[::1]/a.png", private),
            ("http://0x7f.1/a.png", private),
            ("https://10.0.0.1/a.png", private),
            ("http://ines:secret@outside.test/a.png", "The address must not hold a name and a password."),
            ("http://outside.test/large.png", "The answer has more than 10485760 bytes."),
        ];
        let urls: Vec<&str> = cases.iter().map(|(url, _)| *url).collect();
        let done = taken(&app, kiln, &file(&urls), "stock=3").await;
        assert_eq!((done.created, done.errors.len(), done.notes.len()), (1, 0, 0), "{done:?}");
        let expected: Vec<_> = cases
            .iter()
            .map(|(url, reason)| {
                let state = if reason.is_empty() { FetchState::Kept } else { FetchState::Failed };
                ((*url).to_owned(), state, (*reason).to_owned())
            })
            .collect();
        assert_eq!(pictures(&app, kiln, &done).await, expected);
        // good, hop and good, missing, four times round, away, large.
        assert_eq!(web.asked(), 10);
        assert_eq!(seen(&app, "mug").await.pictures.len(), 2);

        let text = taken(&app, kiln, &file(&["http://outside.test/text.png"]), "").await;
        let told = pictures(&app, kiln, &text).await;
        assert_eq!((told.len(), told[0].1), (1, FetchState::Failed), "{told:?}");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM jobs WHERE kind = 'fetch_pictures'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let web = play_the_web(&app);
        web.trouble.store(i64::MAX, Ordering::SeqCst);
        let urls = ["http://outside.test/first.png", "http://outside.test/busy.png", "http://outside.test/last.png"];
        let done = taken(&app, kiln, &file(&urls), "").await;
        let told = pictures(&app, kiln, &done).await;
        assert_eq!(
            told.iter().map(|(_, state, _)| *state).collect::<Vec<_>>(),
            [FetchState::Kept, FetchState::Waiting, FetchState::Waiting]
        );
        assert_eq!(told[1].2, "outside.test answered 503 Service Unavailable.");
        assert_eq!(seen(&app, "mug").await.pictures.len(), 1, "on sale with what there is");
        web.trouble.store(0, Ordering::SeqCst);
        app.advance(Duration::from_secs(600)).await;
        let told = pictures(&app, kiln, &done).await;
        assert!(told.iter().all(|(_, state, reason)| *state == FetchState::Kept && reason.is_empty()), "{told:?}");
        assert_eq!(seen(&app, "mug").await.pictures.len(), 3);

        // One that never recovers is given up.
        web.trouble.store(i64::MAX, Ordering::SeqCst);
        let hopeless = file(&["http://outside.test/first.png", "http://outside.test/busy.png?2"]);
        let done = taken(&app, kiln, &hopeless, "").await;
        for _ in 0..15 {
            app.advance(Duration::from_secs(600)).await;
        }
        let told = pictures(&app, kiln, &done).await;
        assert_eq!((told.len(), told[0].1), (1, FetchState::Failed), "{told:?}");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM jobs WHERE kind = 'fetch_pictures'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn no_more_pictures_than_a_product_may_have() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        play_the_web(&app);
        let urls: Vec<String> = (0..25).map(|n| format!("http://outside.test/{n}.png")).collect();
        let done = taken(&app, kiln, &file(&urls.iter().map(String::as_str).collect::<Vec<_>>()), "stock=3").await;
        assert_eq!(done.notes.iter().map(|n| (n.row, n.column.as_str())).collect::<Vec<_>>(), [(22, "Image Src")]);
        assert_eq!(seen(&app, "mug").await.pictures.len(), 20);
    })
    .await;
}

/// The last batch of an import finds a product at work that will see to the rest; that product finds no rest.
#[tokio::test]
async fn an_import_and_a_product_that_end_at_once_leave_no_picture_behind() {
    let app = TestApp::start(Dialect::Postgres, under_test()).await;
    let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
    let (web, db) = (play_the_web(&app), app.db("catalog"));
    let columns = "Handle,Title,Type,Variant Price,Status,Image Src\n";
    let bowl = taken(&app, kiln, &format!("{columns}bowl,Bowl,Mugs,5,active,\n"), "").await;
    assert_eq!(bowl.created, 1);
    let bowl: ProductId = seen(&app, "bowl").await.id;
    let mug = format!("{columns}mug,Mug,Mugs,5,active,http://outside.test/slow.png\n");
    let importing = taken(&app, kiln, &mug, "");
    let ending = async {
        web.slow.0.notified().await;
        let import = db.one("SELECT id FROM imports ORDER BY num DESC LIMIT 1", vec![]).await.unwrap();
        let (import, web) = (import.get::<ImportId>("id").unwrap(), web.clone());
        // What a batch does: it queues its pictures and looks who is at work.
        let batch = db.write(async move |tx| {
            imports::hold(tx, import).await?;
            let scope = VendorScope::of_system(kiln);
            fetches::queue(tx, &scope, import, bowl, 0, ("http://outside.test/good.png", "")).await?;
            let at_work = fetches::next_product(tx, import).await?;
            web.slow.1.notify_one();
            until_another_waits(tx).await?;
            Ok(at_work)
        });
        batch.await.unwrap()
    };
    let (import, at_work) = join!(importing, ending);
    assert_eq!(at_work, Some(seen(&app, "mug").await.id));
    let told: Vec<_> = pictures(&app, kiln, &import).await.into_iter().map(|(url, state, _)| (url, state)).collect();
    let kept = |name: &str| (format!("http://outside.test/{name}"), FetchState::Kept);
    assert_eq!(told, [kept("slow.png"), kept("good.png")]);
}

#[tokio::test]
async fn pictures_of_variants_come_to_their_variants() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        play_the_web(&app);
        let file = "Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Status,Image Src,Variant Image\n\
            mug,Mug,Mugs,Size,S,MUG-S,5,active,http://outside.test/front.png,http://outside.test/small.png\n\
            mug,,,,L,MUG-L,6,,,http://outside.test/missing.png\n\
            mug,,,,XL,MUG-XL,7,,,http://outside.test/front.png\n";
        let done = taken(&app, kiln, file, "").await;
        assert_eq!((done.created, done.errors.len()), (1, 0), "{done:?}");
        let shown = || async {
            let mug = seen(&app, "mug").await;
            assert_eq!(mug.pictures.len(), 2);
            let at = |v: &contracts::catalog::VariantView| mug.pictures.iter().position(|p| v.picture_id == Some(p.id));
            mug.variants.iter().map(|v| (v.sku.clone(), at(v))).collect::<Vec<_>>()
        };
        let expected = [("MUG-S".to_owned(), Some(1)), ("MUG-L".to_owned(), None), ("MUG-XL".to_owned(), Some(0))];
        assert_eq!(shown().await, expected);
        let again = taken(&app, kiln, file, "").await;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 1), "{again:?}");
        assert_eq!(shown().await, expected);
        // Chosen otherwise by hand, and then said by a file once more.
        let sql = "UPDATE variants SET picture_id = NULL";
        app.db("catalog").write(async move |tx| tx.exec(sql, db::params![]).await).await.unwrap();
        let back = taken(&app, kiln, file, "").await;
        assert_eq!((back.updated, back.unchanged), (1, 0), "{back:?}");
        assert_eq!(shown().await, expected);
    })
    .await;
}

#[tokio::test]
async fn our_own_file_brings_its_pictures_to_another_market() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let web = play_the_web(&app);
        let file = "handle,title,category,currency,status,option1_name,pictures,sku,option1,price,picture\n\
            mug,Mug,mugs,EUR,published,Size,http://outside.test/1.png A mug|http://outside.test/2.png,S,Small,9,\n\
            mug,,,,,,,L,Large,9,http://outside.test/2.png\n";
        let done = super::files::imported(&app, kiln, file, false).await;
        assert_eq!((done.created, done.notes.len(), done.errors.len()), (1, 0, 0), "{done:?}");
        assert_eq!((done.pictures.kept, web.asked()), (2, 2));
        let mug = seen(&app, "mug").await;
        assert_eq!(mug.pictures.iter().map(|p| p.alt.as_str()).collect::<Vec<_>>(), ["A mug", ""]);
        let shown: Vec<_> = mug.variants.iter().map(|v| v.picture_id).collect();
        assert_eq!(shown, [None, Some(mug.pictures[1].id)]);
        // The same again fetches nothing; nor does the file that is written here.
        assert_eq!(super::files::imported(&app, kiln, file, false).await.unchanged, 1);
        let ours = super::files::exported(&app, kiln).await;
        assert!(ours.contains("http://souk.test/media/") && ours.contains(".jpg A mug|http://souk.test/"), "{ours}");
        let again = super::files::imported(&app, kiln, &ours, false).await;
        assert_eq!((again.unchanged, again.notes.len(), web.asked()), (1, 0, 2), "{again:?}");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM picture_fetches").await, 2);
        // What is left out of the cell is not taken away; what is no address is told.
        let wrong = "handle,pictures,sku\nmug,mug.png,S\nmug,,L\n";
        let told = super::files::imported(&app, kiln, wrong, false).await;
        assert_eq!((told.unchanged, told.notes.len()), (1, 1), "{told:?}");
        assert_eq!(seen(&app, "mug").await.pictures.len(), 2);
    })
    .await;
}
