use futures::future::join_all;
use serde_json::json;

use super::{Bench, card, order};
use crate::card::TEST_CARDS;

fn location(headers: &http::HeaderMap) -> &str {
    headers["location"].to_str().unwrap()
}

#[tokio::test]
async fn looking_changes_nothing() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    let before = bench.payment(&id).await;
    for path in [format!("/pay/{id}"), format!("/pay/{id}?fill=tok_visa"), format!("/pay/{id}/challenge")] {
        let (status, _, _) = bench.page(&path).await;
        assert!(matches!(status, 200 | 303), "{path}");
    }
    assert_eq!(bench.page(&format!("/pay/{id}/cancel")).await.0, 405);
    assert_eq!(bench.payment(&id).await, before);
    assert_eq!(bench.sandbox.summary().await.unwrap().events, 0);
}

#[tokio::test]
async fn the_page_shows_what_is_paid_and_to_whom() {
    let bench = Bench::new().await;
    let body =
        order(json!({"description": "<script>alert(1)</script> & \"mugs\"", "return_url": "https://shop.test/r?a=1"}));
    let (_, payment) = bench.post("/v1/payments", body).await;
    let id = payment["id"].as_str().unwrap();
    assert_eq!(payment["hosted_url"], format!("http://shop.test/sandbox/pay/{id}"));
    assert_eq!(payment["next_action"], json!({"type": "redirect_to_url", "url": payment["hosted_url"]}));
    let (status, headers, page) = bench.page(&format!("/pay/{id}")).await;
    assert_eq!(status, 200);
    assert!(page.contains("Corner &#38; Co") && page.contains("Pay €49.90</button>"), "{page}");
    assert!(!page.contains("<script>alert"));
    assert!(page.contains(&format!("action=\"/sandbox/pay/{id}\"")));
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://shop.test http://shop.test;"), "{policy}");
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"));
    assert_eq!(headers["cache-control"], "no-store");
    for card in TEST_CARDS {
        assert!(page.contains(&card.grouped()), "{}", card.title);
    }
    let (_, _, filled) = bench.page(&format!("/pay/{id}?fill=tok_declined")).await;
    assert!(filled.contains("value=\"4000 0000 0000 0002\"") && filled.contains("value=\"12 / 29\""));
    let (_, _, unfilled) = bench.page(&format!("/pay/{id}?fill=nonsense")).await;
    assert!(unfilled.contains("name=\"number\" inputmode=\"numeric\"") && !unfilled.contains("value=\"4"));
}

#[tokio::test]
async fn a_good_card_pays_once_however_often_it_is_sent() {
    let bench = Bench::new().await;
    for number in ["4242 4242 4242 4242", "5555-5555-5555-4444"] {
        let id = bench.hosted().await;
        let path = format!("/pay/{id}");
        let form = card(number);
        let answers = join_all((0..20).map(|_| bench.form(&path, &form))).await;
        for (status, headers, _) in &answers {
            assert_eq!((*status, location(headers)), (303, format!("http://shop.test/return?payment={id}").as_str()));
        }
        let payment = bench.payment(&id).await;
        assert_eq!((&payment["status"], &payment["captured_minor"]), (&json!("succeeded"), &json!(4_990)));
        assert_eq!(payment["attempts"], 1);
        assert!(bench.page(&path).await.2.contains("You paid €49.90"));
    }
    assert_eq!(bench.books().await, (2, 9_980, 0));
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.inbox.kinds(), ["payment.succeeded", "payment.succeeded"]);
}

#[tokio::test]
async fn the_way_back_keeps_what_the_shop_wrote() {
    let bench = Bench::new().await;
    let (_, payment) = bench.post("/v1/payments", order(json!({"return_url": "https://shop.test/r?a=1#done"}))).await;
    let id = payment["id"].as_str().unwrap();
    let (_, headers, _) = bench.form(&format!("/pay/{id}"), &card("4242424242424242")).await;
    assert_eq!(location(&headers), format!("https://shop.test/r?a=1&payment={id}#done"));
}

#[tokio::test]
async fn mistakes_are_named_beside_their_field_and_the_rest_is_kept() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    let path = format!("/pay/{id}");
    for (field, typed, reason) in [
        ("number", "", "Enter the card number."),
        ("number", "4242", "12 to 19 digits"),
        ("number", "4242 4242 4242 4243", "not a valid card number"),
        ("number", "4111 1111 1111 1111", "only test cards"),
        ("number", "<b>", "12 to 19 digits"),
        ("number", "４２４２４２４２４２４２４２４２", "12 to 19 digits"),
        ("expiry", "", "Enter the expiry date."),
        ("expiry", "13/34", "01 to 12"),
        ("expiry", "10/26", "has expired"),
        ("expiry", "soon", "MM / YY"),
        ("expiry", "1", "MM / YY"),
        ("cvc", "", "Enter the security code."),
        ("cvc", "12", "three digits"),
        ("cvc", "abc", "three digits"),
        ("name", "  ", "Enter the name"),
    ] {
        let mut form = card("4242424242424242").to_vec();
        form.iter_mut().filter(|(name, _)| *name == field).for_each(|pair| pair.1 = typed);
        let (status, _, page) = bench.form(&path, &form).await;
        assert_eq!(status, 422, "{field}={typed}");
        assert!(page.contains(&format!("id=\"{field}-error\">")) && page.contains(reason), "{field}={typed}");
        assert!(field == "name" || page.contains("value=\"Ada Lovelace\""));
        assert!(field == "expiry" || page.contains("value=\"12 / 34\""));
        assert!(!page.contains("value=\"4242") && !page.contains("4111 1111 1111 1111"));
    }
    assert_eq!(bench.form(&path, &[]).await.0, 422);
    let payment = bench.payment(&id).await;
    assert_eq!((&payment["status"], &payment["attempts"]), (&json!("requires_payment"), &json!(0)));
    // This month is still good.
    let (status, _, _) =
        bench.form(&path, &[("number", "4242424242424242"), ("expiry", "11/2026"), ("cvc", "1 "), ("name", "A")]).await;
    assert_eq!(status, 422);
    let (status, _, _) = bench
        .form(&path, &[("number", "4242424242424242"), ("expiry", "11/2026"), ("cvc", "123"), ("name", "A")])
        .await;
    assert_eq!(status, 303);
}

#[tokio::test]
async fn after_a_refusal_another_card_may_be_tried() {
    let bench = Bench::new().await;
    for (number, code, reason) in [
        ("4000000000000002", "card_declined", "The bank declined this card."),
        ("4000000000009995", "insufficient_funds", "not enough money"),
        ("4000000000000119", "processing_error", "could not be reached"),
    ] {
        let id = bench.hosted().await;
        let path = format!("/pay/{id}");
        let (status, _, page) = bench.form(&path, &card(number)).await;
        assert_eq!(status, 402);
        assert!(page.contains(reason) && page.contains("value=\"Ada Lovelace\""), "{page}");
        let payment = bench.payment(&id).await;
        assert_eq!((&payment["status"], &payment["failure_code"]), (&json!("requires_payment"), &json!(code)));
        assert!(bench.page(&path).await.2.contains(reason), "the reason survives a reload");
        assert_eq!(bench.form(&path, &card("4242424242424242")).await.0, 303);
        let payment = bench.payment(&id).await;
        assert_eq!((&payment["status"], payment.get("failure_code")), (&json!("succeeded"), None));
    }
    assert_eq!(bench.books().await, (3, 14_970, 0));
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.inbox.kinds(), vec!["payment.succeeded"; 3], "a card that may be followed by another is no news");
}

#[tokio::test]
async fn ten_refused_cards_are_enough() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    let path = format!("/pay/{id}");
    for _ in 0..9 {
        assert_eq!(bench.form(&path, &card("4000000000000002")).await.0, 402);
    }
    let (status, headers, _) = bench.form(&path, &card("4000000000000002")).await;
    assert_eq!((status, location(&headers)), (303, format!("http://shop.test/return?payment={id}").as_str()));
    assert_eq!(bench.form(&path, &card("4242424242424242")).await.0, 409);
    assert_eq!(bench.payment(&id).await["status"], "failed");
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.inbox.kinds(), ["payment.failed"]);
    assert_eq!(bench.books().await, (1, 0, 0));
}

#[tokio::test]
async fn three_d_secure_asks_first() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    let (form, challenge) = (format!("/pay/{id}"), format!("/pay/{id}/challenge"));
    let (status, headers, _) = bench.form(&form, &card("4000002760003184")).await;
    assert_eq!((status, location(&headers)), (303, format!("/sandbox{challenge}").as_str()));
    assert_eq!(bench.books().await, (1, 0, 0));
    let (status, _, page) = bench.page(&challenge).await;
    assert!(status == 200 && page.contains("•••• 3184") && page.contains("Approve"), "{page}");
    assert_eq!(location(&bench.page(&form).await.1), format!("/sandbox{challenge}"));
    assert_eq!(bench.form(&challenge, &[]).await.0, 422);
    assert_eq!(bench.payment(&id).await["status"], "requires_action");

    let (_, headers, _) = bench.form(&challenge, &[("answer", "refuse")]).await;
    assert_eq!(location(&headers), format!("/sandbox{form}"));
    assert!(bench.page(&form).await.2.contains("not approved at the bank"));
    assert_eq!(bench.payment(&id).await["failure_code"], "authentication_failed");

    bench.form(&form, &card("4000002760003184")).await;
    let answers = join_all((0..10).map(|_| bench.form(&challenge, &[("answer", "approve")]))).await;
    for (status, headers, _) in &answers {
        assert_eq!((*status, location(headers)), (303, format!("http://shop.test/return?payment={id}").as_str()));
    }
    // A late “refuse” in another tab does not take it back.
    bench.form(&challenge, &[("answer", "refuse")]).await;
    assert_eq!(bench.payment(&id).await["status"], "succeeded");
    assert_eq!(bench.books().await, (1, 4_990, 0));
    bench.sandbox.pump().await.unwrap();
    let kinds = bench.inbox.kinds();
    assert_eq!(kinds, ["payment.requires_action", "payment.requires_action", "payment.succeeded"]);
}

#[tokio::test]
async fn a_token_that_asks_for_three_d_secure_is_refused_for_good() {
    let bench = Bench::new().await;
    let payment = bench.token("tok_3ds").await;
    let id = payment["id"].as_str().unwrap();
    assert_eq!(payment["hosted_url"], format!("http://shop.test/sandbox/pay/{id}/challenge"));
    let (_, headers, _) = bench.form(&format!("/pay/{id}/challenge"), &[("answer", "refuse")]).await;
    assert_eq!(location(&headers), format!("http://shop.test/return?payment={id}"));
    assert_eq!(bench.payment(id).await["status"], "failed");
    let (status, _, _) = bench.form(&format!("/pay/{id}/challenge"), &[("answer", "approve")]).await;
    assert_eq!(status, 409);
    assert_eq!(bench.books().await, (1, 0, 0));
}

#[tokio::test]
async fn the_buyer_may_turn_back_until_the_card_is_accepted() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    let cancel = format!("/pay/{id}/cancel");
    let (status, headers, _) = bench.form(&cancel, &[]).await;
    assert_eq!((status, location(&headers)), (303, format!("http://shop.test/cart?payment={id}").as_str()));
    assert_eq!(bench.payment(&id).await["status"], "canceled");
    assert!(bench.page(&format!("/pay/{id}")).await.2.contains("Payment cancelled"));

    let (_, payment) = bench.post("/v1/payments", order(json!({"capture": false}))).await;
    let id = payment["id"].as_str().unwrap();
    bench.form(&format!("/pay/{id}"), &card("4242424242424242")).await;
    assert_eq!(bench.form(&format!("/pay/{id}/cancel"), &[]).await.0, 409);
    assert_eq!(bench.payment(id).await["status"], "requires_capture");
}

#[tokio::test]
async fn unknown_payments_have_no_page() {
    let bench = Bench::new().await;
    for path in ["/pay/pay_x", "/pay/pay_x/challenge", "/pay/%3Cscript%3E"] {
        let (status, _, page) = bench.page(path).await;
        assert!(status == 404 && page.contains("No such payment") && !page.contains("<script>"), "{path}");
    }
    assert_eq!(bench.form("/pay/pay_x", &card("4242424242424242")).await.0, 404);
    assert_eq!(bench.form("/pay/pay_x/challenge", &[("answer", "approve")]).await.0, 404);
    assert_eq!(bench.form("/pay/pay_x/cancel", &[]).await.0, 404);
}

/// Every card is typed once, and a few that are not test cards; none is found in the file after.
#[tokio::test]
async fn no_card_number_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let bench = Bench::with(crate::Config {
        journal: crate::JournalAt::Path(path.clone()),
        timeout_answer_ms: 0,
        ..super::config()
    })
    .await;
    let mut numbers: Vec<String> = TEST_CARDS.iter().map(|card| card.number.to_owned()).collect();
    numbers.extend(["4111111111111111".to_owned(), "4242424242424243".to_owned()]);
    for number in &numbers {
        let id = bench.hosted().await;
        bench.form(&format!("/pay/{id}"), &card(number)).await;
        bench.form(&format!("/pay/{id}"), &card(&crate::card::TEST_CARDS[0].grouped())).await;
    }
    bench.sandbox.pump().await.unwrap();
    let scan = |when: &str| {
        let mut bytes = 0;
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let content = std::fs::read(file.unwrap().path()).unwrap();
            bytes += content.len();
            let text = String::from_utf8_lossy(&content);
            for number in &numbers {
                let grouped: Vec<String> =
                    number.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into()).collect();
                assert!(!text.contains(number) && !text.contains(&grouped.join(" ")), "{when}: {number}");
                assert!(!text.contains(&number[4..12]) || number[4..12] == *"00000000", "{when}: part of {number}");
            }
            assert!(!text.contains("Ada Lovelace"));
        }
        assert!(bytes > 10_000, "{when}: something was written");
    };
    scan("open");
    bench.sandbox.close().await;
    scan("closed");
    for arrived in bench.inbox.take() {
        assert!(numbers.iter().all(|number| !arrived.body.contains(number)));
    }
}
