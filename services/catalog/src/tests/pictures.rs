//! Pictures go up, are served for ever, and are put in order.

use contracts::catalog::{Picture, ProductChanged, ProductEdit};
use image::ImageFormat;
use serde_json::json;
use testkit::{admin, on_both_databases};

use super::support::*;

#[tokio::test]
async fn pictures_of_a_product() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 1000)).await;
        let path = format!("{}/{}/pictures", own(kiln), product.id);
        let who = owner(&app, kiln);
        let described = who.header("alt", "A%20blue%20m%C3%BAg");
        let first: Picture =
            send(&described, &path, "image/png", picture(1500, 750, ImageFormat::Png)).await.expect(201).json();
        assert_eq!((first.alt.as_str(), first.width, first.height), ("A blue múg", 1200, 600));
        assert_eq!(
            first.sizes.iter().map(|s| (s.width, s.height)).collect::<Vec<_>>(),
            [(320, 160), (640, 320), (1200, 600)]
        );
        let second: Picture =
            send(&who, &path, "image/jpeg", picture(200, 300, ImageFormat::Jpeg)).await.expect(201).json();
        let shown = seen(&app, "mug").await.pictures;
        assert_eq!(shown, [first.clone(), second.clone()]);
        assert_eq!(cards(&app, "").await.items[0].picture.as_ref(), Some(&first));
        let told = app.published::<ProductChanged>("catalog").await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[1].product.picture.as_ref(), Some(&first));

        // Served with what keeps it and keeps it harmless.
        let url = &first.sizes[1].url;
        let file = app.guest().get(url).await.expect(200);
        assert_eq!(file.header("content-type"), Some("image/jpeg"));
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        let decoded = image::load_from_memory(&file.body).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (640, 320));
        let tag = file.header("etag").unwrap();
        app.guest().header("if-none-match", tag).get(url).await.expect(304);
        for name in [
            "x.jpg",
            "..%2f..%2fetc%2fpasswd",
            &format!("{}-640.jpg", "0".repeat(32)),
            &format!("{url}.part")[7..],
            "a%00b",
        ] {
            app.guest().get(&format!("/media/{name}")).await.expect(404);
        }

        // In another order, described, and less of them.
        let arranged = json!({"pictures": [{"id": second.id, "alt": " From above "}, {"id": first.id, "alt": ""}]});
        let edit: ProductEdit = who.put(&path, &arranged).await.expect(200).json();
        let texts: Vec<_> = edit.pictures.iter().map(|p| (p.id, p.alt.as_str())).collect();
        assert_eq!(texts, [(second.id, "From above"), (first.id, "")]);
        assert_eq!(cards(&app, "").await.items[0].picture.as_ref().map(|p| p.id), Some(second.id));
        let version = edit.version;
        let same: ProductEdit = who.put(&path, &arranged).await.expect(200).json();
        assert_eq!(same.version, version);
        let foreign = json!({"pictures": [{"id": kernel::MediaId::derived("no", &["such"]), "alt": ""}]});
        who.put(&path, &foreign).await.expect_invalid("pictures[0].id");
        let twice = json!({"pictures": [{"id": first.id, "alt": ""}, {"id": first.id, "alt": ""}]});
        who.put(&path, &twice).await.expect_invalid("pictures[1].id");
        let long = json!({"pictures": [{"id": first.id, "alt": "x".repeat(201)}]});
        who.put(&path, &long).await.expect_invalid("pictures[0].alt");
        assert_eq!(super::support::edit(&app, &product).await.version, version);
        let used = app.count("catalog", "SELECT bytes FROM media_usage").await;
        let edit: ProductEdit =
            who.put(&path, &json!({"pictures": [{"id": second.id, "alt": ""}]})).await.expect(200).json();
        assert_eq!(edit.pictures.len(), 1);
        assert!(app.count("catalog", "SELECT bytes FROM media_usage").await < used);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 1000)).await;
        let path = format!("{}/{}/pictures", own(kiln), product.id);
        let who = owner(&app, kiln);
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        send(&who, &path, "image/svg+xml", svg).await.expect_problem(415, "not_a_picture");
        send(&who, &path, "image/png", svg).await.expect_problem(415, "not_a_picture");
        send(&who, &path, "image/png", "").await.expect_problem(415, "not_a_picture");
        let mut broken = picture(400, 400, ImageFormat::Png).to_vec();
        broken.truncate(100);
        send(&who, &path, "image/png", broken).await.expect_invalid("picture");
        send(&who, &path, "image/png", vec![0; 10 * 1024 * 1024 + 1]).await.expect_problem(413, "body_too_large");
        let good = picture(40, 40, ImageFormat::Png);
        send(&who.header("alt", "%ff"), &path, "image/png", good.clone()).await.expect_invalid("Alt");
        send(&who.header("alt", "x".repeat(201)), &path, "image/png", good.clone()).await.expect_invalid("Alt");
        assert!(edit(&app, &product).await.pictures.is_empty());
        assert!(app.published::<ProductChanged>("catalog").await.is_empty());

        for _ in 0..20 {
            send(&who, &path, "image/png", good.clone()).await.expect(201);
        }
        send(&who, &path, "image/png", good.clone()).await.expect_problem(409, "too_many_pictures");
        assert_eq!(edit(&app, &product).await.pictures.len(), 20);

        // A vendor whose room is used up.
        let full = "UPDATE media_usage SET bytes = 4294967296";
        app.db("catalog").write(async move |tx| tx.exec(full, vec![]).await).await.unwrap();
        let media = format!("/api/v1/vendors/{kiln}/media");
        send(&who, &media, "image/png", good.clone()).await.expect_problem(409, "media_quota");
        let other = created(&app, kiln, &simple(&mugs, "Cup", "C", 1000)).await;
        let path = format!("{}/{}/pictures", own(kiln), other.id);
        send(&who, &path, "image/png", good).await.expect_problem(409, "media_quota");
        assert!(edit(&app, &other).await.pictures.is_empty());
    })
    .await;
}

#[tokio::test]
async fn pictures_of_stores_and_categories() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let good = picture(400, 100, ImageFormat::WebP);
        let media = format!("/api/v1/vendors/{kiln}/media");
        let logo: Picture = send(&owner(&app, kiln), &media, "image/webp", good.clone()).await.expect(201).json();
        app.guest().get(&logo.sizes[0].url).await.expect(200);
        let boss = app.as_user(&admin());
        let kept: Picture = send(&boss, "/api/v1/admin/media", "image/webp", good.clone()).await.expect(201).json();
        assert_eq!(kept.sizes, logo.sizes, "the same content has the same name");
        let input = json!({"name": "Home", "picture_url": kept.sizes[1].url});
        boss.post("/api/v1/admin/categories", &input).await.expect(201);
        send(&app.guest(), "/api/v1/admin/media", "image/webp", good.clone())
            .await
            .expect_problem(401, "unauthenticated");
        send(&owner(&app, kiln), "/api/v1/admin/media", "image/webp", good.clone())
            .await
            .expect_problem(403, "forbidden");
        send(&app.guest(), &media, "image/webp", good).await.expect_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn a_picture_shows_a_variant() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &optioned(&mugs, "Mug")).await;
        let path = format!("{}/{}/pictures", own(kiln), product.id);
        let who = owner(&app, kiln);
        let first: Picture = send(&who, &path, "image/png", picture(40, 30, ImageFormat::Png)).await.expect(201).json();
        let second: Picture =
            send(&who, &path, "image/png", picture(30, 40, ImageFormat::Png)).await.expect(201).json();
        let mut input = serde_json::to_value(&edit(&app, &product).await.input).unwrap();
        input["variants"][1]["picture_id"] = json!(kernel::MediaId::derived("no", &["such"]));
        put(&app, &product, &input).await.expect_invalid("variants[1].picture_id");
        input["variants"][1]["picture_id"] = json!(second.id);
        let told = app.published::<ProductChanged>("catalog").await.len();
        let saved: ProductEdit = put(&app, &product, &input).await.expect(200).json();
        assert_eq!(
            saved.input.variants.iter().map(|v| v.picture_id).collect::<Vec<_>>(),
            [None, Some(second.id), None]
        );
        assert_eq!(app.published::<ProductChanged>("catalog").await.len(), told + 1);
        let shown = |view: contracts::catalog::ProductView| {
            view.variants.into_iter().map(|v| (v.picture_id, v.barcode)).collect::<Vec<_>>()
        };
        let barcode = Some("4006381333931".to_owned());
        assert_eq!(shown(seen(&app, "mug").await), [(None, None), (Some(second.id), None), (None, barcode.clone())]);
        let again: ProductEdit = put(&app, &product, &input).await.expect(200).json();
        assert_eq!(again.version, saved.version, "nothing has changed");

        // A file says it, and says it otherwise; what it names that is not here is left out.
        let file = super::files::exported(&app, kiln).await;
        let address = second.sizes.last().unwrap().url.clone();
        // Among the product's pictures, and beside its variant.
        assert_eq!(file.matches(&format!("http://souk.test{address}")).count(), 2, "{file}");
        assert_eq!(super::files::imported(&app, kiln, &file, false).await.unchanged, 1);
        let shows = |other: &str| {
            let rows = file.split("\r\n").enumerate();
            let row = |(n, row): (usize, &str)| if n == 2 { row.replace(&address, other) } else { row.to_owned() };
            rows.map(row).collect::<Vec<_>>().join("\r\n")
        };
        let first_there = shows(&first.sizes.last().unwrap().url);
        assert_eq!(super::files::imported(&app, kiln, &first_there, false).await.updated, 1);
        assert_eq!(seen(&app, "mug").await.variants[1].picture_id, Some(first.id));
        let strange = super::files::imported(&app, kiln, &shows("/media/x.jpg"), false).await;
        assert_eq!((strange.unchanged, strange.notes.len(), strange.errors.len()), (1, 1, 0), "{strange:?}");
        assert_eq!(super::files::imported(&app, kiln, &file, false).await.updated, 1);

        // With the picture it is shown by none.
        who.put(&path, &json!({"pictures": [{"id": first.id, "alt": ""}]})).await.expect(200);
        assert_eq!(shown(seen(&app, "mug").await), [(None, None), (None, None), (None, barcode)]);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM variants WHERE picture_id IS NOT NULL").await, 0);
    })
    .await;
}
