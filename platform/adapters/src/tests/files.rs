//! One suite for every store of files.

use bytes::Bytes;
use http::{Method, Request};
use kernel::{Kind, Random, Secret, SystemRandom};
use runtime::{FileStore, HttpOut, HyperOut, LocalFiles, MemoryFiles};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle, actions::CreateBucket};

use super::skip;
use crate::{S3Files, s3::Settings};

async fn keeps_files(store: &dyn FileStore) {
    let (name, content) = ("media/ab/abcdef-800.jpg", Bytes::from(vec![7; 300_000]));
    assert_eq!(store.get(name).await.unwrap(), None);
    store.delete(name).await.unwrap();
    store.put(name, content.clone()).await.unwrap();
    assert_eq!(store.get(name).await.unwrap(), Some(content.clone()));
    // Two put the same at once.
    let (one, other) = futures::join!(store.put(name, content.clone()), store.put(name, content.clone()));
    one.and(other).unwrap();
    store.put("media/ab/empty", Bytes::new()).await.unwrap();
    assert_eq!(store.get("media/ab/empty").await.unwrap(), Some(Bytes::new()));
    for outside in ["", "../secret", "media/../../secret", "/etc/passwd", "media//x", "a b", "ä", "x?y"] {
        assert_eq!(store.put(outside, Bytes::new()).await.unwrap_err().kind(), Kind::NotFound, "{outside}");
        assert_eq!(store.get(outside).await.unwrap_err().kind(), Kind::NotFound, "{outside}");
        assert_eq!(store.delete(outside).await.unwrap_err().kind(), Kind::NotFound, "{outside}");
    }
    store.delete(name).await.unwrap();
    assert_eq!(store.get(name).await.unwrap(), None);
    assert_eq!(store.get("media/ab/empty").await.unwrap(), Some(Bytes::new()), "others stay");
}

#[tokio::test]
async fn memory_keeps_files() {
    keeps_files(&MemoryFiles::default()).await;
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let folder = tempfile::tempdir().unwrap();
    keeps_files(&LocalFiles::new(folder.path())).await;
    assert!(!folder.path().parent().unwrap().join("secret").exists());
}

fn settings(url: &str, bucket: &str) -> Settings {
    Settings {
        url: url.to_owned(),
        bucket: bucket.to_owned(),
        region: "eu-west-1".to_owned(),
        path_style: true,
        prefix: "souk/".to_owned(),
        access_key: "AKIATEST".to_owned(),
        secret_key: Secret::new("secret".to_owned()),
    }
}

/// A new bucket, if there is a server.
async fn bucket() -> Option<Settings> {
    let Ok(url) = std::env::var("SOUK_TEST_S3") else {
        skip("S3 (its address in SOUK_TEST_S3)");
        return None;
    };
    let mut number = [0; 8];
    SystemRandom.fill(&mut number);
    let settings = settings(&url, &format!("souk-{:016x}", u64::from_le_bytes(number)));
    let bucket = Bucket::new(url.parse().unwrap(), UrlStyle::Path, settings.bucket.clone(), "eu-west-1").unwrap();
    let credentials = Credentials::new(&settings.access_key, settings.secret_key.expose());
    let address = CreateBucket::new(&bucket, &credentials).sign(std::time::Duration::from_secs(60));
    let where_it_is =
        "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    let request =
        Request::builder().method(Method::PUT).uri(address.as_str()).body(Bytes::from_static(where_it_is.as_bytes()));
    let answer = HyperOut::new().unwrap().send(request.unwrap(), std::time::Duration::from_secs(10)).await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
    Some(settings)
}

#[tokio::test]
async fn a_bucket_keeps_files() {
    let Some(settings) = bucket().await else { return };
    let files = S3Files::new(&settings).unwrap();
    files.check().await.unwrap();
    keeps_files(&files).await;
    // Another installation in the same bucket sees nothing of it.
    let other = S3Files::new(&Settings { prefix: "other/".to_owned(), ..settings }).unwrap();
    assert_eq!(other.get("media/ab/empty").await.unwrap(), None);
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_no_missing_file() {
    let Some(settings) = bucket().await else { return };
    let files = S3Files::new(&Settings { bucket: format!("{}-gone", settings.bucket), ..settings }).unwrap();
    assert_eq!(files.check().await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(files.get("media/x.jpg").await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(files.put("media/x.jpg", Bytes::new()).await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(files.delete("media/x.jpg").await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn a_server_that_is_away_is_asked_three_times() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        for _ in 0..3 {
            drop(listener.accept().await.unwrap());
        }
    });
    let files = S3Files::new(&settings(&format!("http://{address}"), "away")).unwrap();
    assert_eq!(files.get("media/x.jpg").await.unwrap_err().kind(), Kind::Unavailable);
    asked.await.unwrap();
}

#[test]
fn what_cannot_be_right_is_named() {
    let right = settings("https://s3.example", "pictures");
    let field = |settings: &Settings| {
        let error = S3Files::new(settings).err().unwrap();
        error.fields().first().unwrap().field.clone()
    };
    assert_eq!(field(&Settings { url: "somewhere".to_owned(), ..right.clone() }), "files.url");
    assert_eq!(field(&Settings { url: "ftp://s3.example".to_owned(), ..right.clone() }), "files.url");
    assert_eq!(field(&Settings { bucket: String::new(), ..right.clone() }), "files.bucket");
    assert_eq!(field(&Settings { secret_key: Secret::default(), ..right.clone() }), "files.access_key");
    let host = Settings { url: "http://127.0.0.1:9000".to_owned(), path_style: false, ..right };
    assert_eq!(field(&host), "files.url", "an address of numbers has no names below it");
}
