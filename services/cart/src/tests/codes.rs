//! Codes of promotions: kept with the cart until it is ordered.

use testkit::{customer, on_both_databases};

use super::*;

const CODES: &str = "/api/v1/carts/current/codes";

fn codes(cart: &CartView) -> Vec<&str> {
    cart.codes.iter().map(|code| code.as_str()).collect()
}

#[tokio::test]
async fn codes_are_kept_once_each_in_their_order() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        for who in [guest(&app, &[]).await.0, app.as_user(&customer("ada"))] {
            for code in ["ten", "Welcome_1", "TEN"] {
                who.post(CODES, &json!({"code": code})).await.expect(200);
            }
            let cart = current(&who).await;
            assert_eq!(codes(&cart), ["TEN", "WELCOME_1"]);
            let left: CartView = who.delete(&format!("{CODES}/ten")).await.expect(200).json();
            assert_eq!(codes(&left), ["WELCOME_1"]);
            who.delete(&format!("{CODES}/ten")).await.expect(200);
            for code in ["a b", "", "ÄÄÄ"] {
                who.post(CODES, &json!({"code": code})).await.expect_invalid("code");
            }
            for n in 0..4 {
                who.post(CODES, &json!({"code": format!("CODE-{n}")})).await.expect(200);
            }
            let problem = who.post(CODES, &json!({"code": "one-more"})).await.expect_problem(422, "codes_full");
            assert_eq!(problem["errors"][0]["field"], "code");
            assert_eq!(current(&who).await.codes.len(), 5);
            fill(&who, &[("mug", 1)]).await;
            assert_eq!(current(&who).await.codes.len(), 5);
        }
        app.guest().post(CODES, &json!({"code": "TEN"})).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_guest_s_codes_come_into_the_account_s_cart() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        let (guest, opened) = guest(&app, &[("mug", 1)]).await;
        for (who, code) in [(&ada, "ONE"), (&guest, "TWO"), (&guest, "ONE")] {
            who.post(CODES, &json!({"code": code})).await.expect(200);
        }
        let merged: CartView = ada.post(MERGE, &json!({"token": opened.token})).await.expect(200).json();
        assert_eq!((codes(&merged), contents(&merged)), (vec!["ONE", "TWO"], of(&[("mug", 1)])));
    })
    .await;
}
