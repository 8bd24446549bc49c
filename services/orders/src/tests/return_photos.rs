//! Photos of returns: as many as there may be, also when they come at once, and only until the vendor has answered.

use bytes::Bytes;
use contracts::orders::{AskedReturn, PlacedOrder, RETURN_PHOTOS_MAX};
use http::Method;
use image::{DynamicImage, ImageFormat, RgbImage};
use testkit::{Answer, TestApp, on_both_databases};

use super::{
    defs,
    returns::{approve, arrived, asked, buyer},
};

fn photo() -> Bytes {
    let mut out = std::io::Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::new(9, 9)).write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner().into()
}

async fn send(app: &TestApp, placed: &PlacedOrder, of: &AskedReturn) -> Answer {
    let path = format!("/api/v1/orders/{}/returns/{}/photos", placed.order.id, of.id);
    buyer(app, placed).send(Method::POST, &path, Some("image/png"), photo()).await
}

#[tokio::test]
async fn photos_that_come_at_once_are_all_taken_up_to_the_most() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        // Two returns of one form share its photos.
        let of = asked(&app, &placed, "form", &[("mug", 1), ("lamp", 1)]).await;
        let sent = (0..RETURN_PHOTOS_MAX + 2).map(|n| send(&app, &placed, &of[n % 2]));
        let answers = futures::future::join_all(sent).await;
        let taken = answers.iter().filter(|answer| answer.status == 201).count();
        let refused: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).filter(|n| *n != 201).collect();
        assert_eq!((taken, refused), (RETURN_PHOTOS_MAX, vec![409, 409]));
        let sql = "SELECT count(DISTINCT position) FROM return_photos";
        assert_eq!(app.count("orders", sql).await, RETURN_PHOTOS_MAX as i64);
        send(&app, &placed, &of[0]).await.expect_problem(409, "too_many_photos");
    })
    .await;
}

#[tokio::test]
async fn no_photo_comes_after_the_answer_however_late_it_was_seen() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let of = asked(&app, &placed, "form", &[("mug", 1)]).await.remove(0);
        send(&app, &placed, &of).await.expect(201);
        approve(&app, &placed, &of, &[("mug", 1)]).await;
        send(&app, &placed, &of).await.expect_problem(409, "return_answered");
        // The row decides, not what was seen before the picture was written.
        let picture = super::returns::returns(&app, &placed).await.returns.remove(0).photos.remove(0);
        let db = app.db("orders");
        let stored = db.write(async move |tx| crate::store::returns::add_photo(tx, of.id, &picture).await).await;
        assert!(!stored.unwrap());
        assert_eq!(app.count("orders", "SELECT count(*) FROM return_photos").await, 1);
    })
    .await;
}
