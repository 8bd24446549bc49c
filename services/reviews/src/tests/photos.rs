//! Photos of reviews.

use bytes::Bytes;
use contracts::catalog::Picture;
use http::Method;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use testkit::{Answer, As, admin, customer, on_both_databases};

use super::*;

fn photo(width: u32, height: u32) -> Bytes {
    let drawn: DynamicImage =
        RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90])).into();
    let mut out = std::io::Cursor::new(Vec::new());
    drawn.write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner().into()
}

fn photos(name: &str) -> String {
    format!("{}/photos", path(name))
}

async fn send(who: &As, name: &str, body: impl Into<Bytes>) -> Answer {
    who.send(Method::POST, &photos(name), Some("image/png"), body.into()).await
}

#[tokio::test]
async fn photos_are_written_anew_shown_and_gone_with_their_review() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        send(&app.guest(), "mug", photo(9, 9)).await.expect_problem(401, "unauthenticated");
        send(&app.as_user(&ada), "mug", photo(9, 9)).await.expect_problem(404, "not_found");
        reviews(&app, &ada, "mug", 5).await;
        reviews(&app, &bob, "mug", 5).await;
        let who = app.as_user(&ada).header("alt", "Two%20m%C3%BAgs");
        let first: Picture = send(&who, "mug", photo(700, 350)).await.expect(201).json();
        assert_eq!((first.alt.as_str(), first.width, first.height), ("Two múgs", 700, 350));
        let widths: Vec<_> = first.sizes.iter().map(|size| size.width).collect();
        assert_eq!(widths, [320, 640, 700]);
        // The same picture by somebody else is files of its own.
        let same: Picture = send(&app.as_user(&bob), "mug", photo(700, 350)).await.expect(201).json();
        assert_ne!(first.sizes[0].url, same.sizes[0].url);

        let seen = shown(&app, "mug").await.into_iter().find(|review| review.photos == [first.clone()]);
        assert!(seen.is_some(), "the photo is on the review");
        let file = app.guest().get(&first.sizes[0].url).await.expect(200);
        assert_eq!(file.header("content-type"), Some("image/jpeg"));
        assert_eq!(file.header("cache-control"), Some("public, max-age=86400"));
        assert_eq!(image::load_from_memory(&file.body).unwrap().width(), 320);
        app.guest().get("/media/reviews/..%2f..%2fetc%2fpasswd").await.expect(404);

        send(&who, "mug", "hello").await.expect_problem(415, "not_a_picture");
        for _ in 1..4 {
            send(&who, "mug", photo(20, 20)).await.expect(201);
        }
        send(&who, "mug", photo(20, 20)).await.expect_problem(409, "too_many_photos");
        let other = format!("{}/{}", photos("mug"), same.id);
        app.as_user(&ada).delete(&other).await.expect_problem(404, "not_found");
        app.as_user(&ada).delete(&format!("{}/{}", photos("mug"), first.id)).await.expect(204);
        app.settle().await;
        app.guest().get(&first.sizes[0].url).await.expect(404);
        app.guest().get(&same.sizes[0].url).await.expect(200);
        send(&who, "mug", photo(20, 20)).await.expect(201);

        // Removed with the review, by its writer and by an admin.
        let last = shown(&app, "mug").await.into_iter().find(|review| review.photos.len() == 4).unwrap();
        app.as_user(&ada).delete(&path("mug")).await.expect(204);
        let theirs = shown(&app, "mug").await.remove(0);
        app.as_user(&admin()).delete(&format!("/api/v1/admin/reviews/{}", theirs.id)).await.expect(204);
        app.settle().await;
        for picture in last.photos.iter().chain(&theirs.photos) {
            app.guest().get(&picture.sizes[0].url).await.expect(404);
        }
        assert_eq!(app.count("reviews", "SELECT CAST(sum(bytes) AS BIGINT) FROM photo_usage").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_account_has_so_much_room_for_photos_and_no_more() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let ada = customer("ada");
        reviews(&app, &ada, "mug", 5).await;
        send(&app.as_user(&ada), "mug", photo(20, 20)).await.expect(201);
        let used = app.count("reviews", "SELECT bytes FROM photo_usage").await;
        let most = crate::model::PHOTO_BYTES_MAX;
        // Almost full: the next one does not fit, and leaves nothing behind.
        let almost = format!("UPDATE photo_usage SET bytes = {}", most - used + 1);
        app.db("reviews").write(async move |tx| tx.exec(&almost, db::params![]).await).await.unwrap();
        send(&app.as_user(&ada), "mug", photo(20, 20)).await.expect_problem(409, "photo_quota");
        assert_eq!(app.count("reviews", "SELECT bytes FROM photo_usage").await, most - used + 1);
        assert_eq!(shown(&app, "mug").await[0].photos.len(), 1);
        let full = format!("UPDATE photo_usage SET bytes = {most}");
        app.db("reviews").write(async move |tx| tx.exec(&full, db::params![]).await).await.unwrap();
        send(&app.as_user(&ada), "mug", photo(20, 20)).await.expect_problem(409, "photo_quota");
    })
    .await;
}
