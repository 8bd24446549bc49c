//! The address book.

use contracts::identity::AddressView;
use serde_json::{Value, json};

use super::{at_once, on_both};

fn address(city: &str, is_default: bool) -> Value {
    let address = json!({"name": "Ada Lovelace", "line1": "12 St James's Square", "postcode": "SW1Y 4JH", "city": city, "country": "GB"});
    json!({"address": address, "is_default": is_default})
}

#[tokio::test]
async fn an_address_book_is_kept() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let me = here.bearer(&tokens);
        let list = || async { me.get("/api/v1/me/addresses").await.expect(200).json::<Vec<AddressView>>() };
        let cities =
            |all: &[AddressView]| all.iter().map(|a| (a.address.city.clone(), a.is_default)).collect::<Vec<_>>();
        assert_eq!(cities(&list().await), []);
        let home: AddressView = me.post("/api/v1/me/addresses", &address("London", true)).await.expect(201).json();
        let work: AddressView = me.post("/api/v1/me/addresses", &address("Ockham", false)).await.expect(201).json();
        assert_eq!(cities(&list().await), [("London".to_owned(), true), ("Ockham".to_owned(), false)]);

        let path = format!("/api/v1/me/addresses/{}", work.id);
        let changed: AddressView = me.put(&path, &address("Marylebone", true)).await.expect(200).json();
        assert_eq!((changed.id, changed.is_default), (work.id, true));
        assert_eq!(cities(&list().await), [("Marylebone".to_owned(), true), ("London".to_owned(), false)]);
        me.post("/api/v1/me/addresses", &address("Bath", true)).await.expect(201);
        assert_eq!(list().await.iter().filter(|a| a.is_default).count(), 1);

        me.delete(&path).await.expect(204);
        me.delete(&path).await.expect_problem(404, "not_found");
        me.put(&path, &address("London", false)).await.expect_problem(404, "not_found");
        assert_eq!(list().await.len(), 2);
        assert_eq!(list().await[1].id, home.id);
        assert_eq!(here.count("SELECT address_count FROM accounts").await, 2);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_address_does_not_exist() {
    on_both(|here| async move {
        let ada = here.member("ada@example.com").await;
        let eve = here.member("eve@example.com").await;
        let home: AddressView =
            here.bearer(&ada).post("/api/v1/me/addresses", &address("London", true)).await.expect(201).json();
        let (foreign, missing) = (home.id.to_string(), "00000000-0000-7000-8000-000000000000");
        let eve = here.bearer(&eve);
        let path = |id: &str| format!("/api/v1/me/addresses/{id}");
        assert_eq!(
            eve.delete(&path(&foreign)).await.expect(404).text(),
            eve.delete(&path(missing)).await.expect(404).text()
        );
        let change = address("Paris", true);
        assert_eq!(
            eve.put(&path(&foreign), &change).await.expect(404).text(),
            eve.put(&path(missing), &change).await.expect(404).text()
        );
        eve.delete(&path("nonsense")).await.expect_problem(404, "not_found");
        here.guest().get("/api/v1/me/addresses").await.expect(401);
        here.guest().post("/api/v1/me/addresses", &change).await.expect(401);
        let kept: Vec<AddressView> = here.bearer(&ada).get("/api/v1/me/addresses").await.json();
        assert_eq!((kept.len(), kept[0].address.city.as_str(), kept[0].is_default), (1, "London", true));
    })
    .await;
}

#[tokio::test]
async fn bad_addresses_are_named_by_field() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let me = here.bearer(&tokens);
        for (field, value) in [
            ("name", json!("")),
            ("line1", json!("x".repeat(121))),
            ("city", json!("")),
            ("country", json!("Germany")),
            ("colour", json!(1)),
        ] {
            let mut body = address("London", false);
            body["address"][field] = value;
            me.post("/api/v1/me/addresses", &body).await.expect_invalid(&format!("address.{field}"));
        }
        me.post("/api/v1/me/addresses", &json!({})).await.expect_problem(422, "invalid_input");
        assert_eq!(here.count("SELECT count(*) FROM addresses").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_book_holds_fifty_and_one_default_even_at_once() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let me = here.bearer(&tokens);
        let statuses = at_once(60, |i| {
            let (me, body) = (me.clone(), address(&format!("Town {i}"), true));
            async move { me.post("/api/v1/me/addresses", &body).await }
        })
        .await;
        assert_eq!(statuses, [(201, 50), (409, 10)].into());
        me.post("/api/v1/me/addresses", &address("London", false)).await.expect_problem(409, "address_book_full");
        assert_eq!(here.count("SELECT count(*) FROM addresses").await, 50);
        assert_eq!(here.count("SELECT count(*) FROM addresses WHERE is_default = 1").await, 1);
    })
    .await;
}
