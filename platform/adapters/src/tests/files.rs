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

/// Reads parts of files, of which none is ever handed out beyond its end.
async fn gives_parts(store: &dyn FileStore) {
    let name = "digital/one/0";
    assert_eq!(store.get_part(name, 0, 4).await.unwrap(), None);
    let content: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    store.put(name, content.clone().into()).await.unwrap();
    for (skip, length) in [(0, 4), (1, 1), (250, 10), (299_999, 1), (0, 300_000), (100_000, 200_000)] {
        let expected = &content[skip..skip + length];
        let part = store.get_part(name, skip as u64, length as u64).await.unwrap().unwrap();
        assert_eq!(part.len(), length, "{length} behind {skip}");
        assert!(part == expected, "{length} behind {skip}");
    }
    let length = async |skip, length| store.get_part(name, skip, length).await.unwrap().unwrap().len();
    assert_eq!(length(299_990, 100).await, 10, "as much as there is");
    assert_eq!(length(5, u64::MAX).await, 299_995);
    assert_eq!(length(300_000, 4).await, 0, "behind the end");
    assert_eq!(length(400_000, 4).await, 0);
    assert_eq!(length(5, 0).await, 0, "nothing is asked for");
    store.put("digital/one/empty", Bytes::new()).await.unwrap();
    assert_eq!(store.get_part("digital/one/empty", 0, 4).await.unwrap(), Some(Bytes::new()));
    assert_eq!(store.get_part("../secret", 0, 4).await.unwrap_err().kind(), Kind::NotFound);
    store.delete(name).await.unwrap();
    assert_eq!(store.get_part(name, 0, 4).await.unwrap(), None);
}

#[tokio::test]
async fn memory_keeps_files() {
    keeps_files(&MemoryFiles::default()).await;
    gives_parts(&MemoryFiles::default()).await;
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let folder = tempfile::tempdir().unwrap();
    keeps_files(&LocalFiles::new(folder.path())).await;
    gives_parts(&LocalFiles::new(folder.path())).await;
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
    gives_parts(&files).await;
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
    assert_eq!(files.get_part("media/x.jpg", 0, 4).await.unwrap_err().kind(), Kind::Unavailable);
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
