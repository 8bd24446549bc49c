//! In what a cart is paid: kept with it, and taken over.

use testkit::{customer, on_both_databases};

use super::*;

const CURRENCY: &str = "/api/v1/carts/current/currency";

fn usd() -> Option<Currency> {
    Some(Currency::USD)
}

#[tokio::test]
async fn a_cart_keeps_in_what_it_is_paid() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        for who in [guest(&app, &[("mug", 2)]).await.0, app.as_user(&customer("ada"))] {
            let before = current(&who).await;
            assert_eq!(before.currency, None);
            let chosen: CartView = who.put(CURRENCY, &json!({"currency": "USD"})).await.expect(200).json();
            assert_eq!((chosen.currency, chosen.version), (usd(), before.version + 1));
            assert_eq!((&chosen.lines, chosen.subtotal), (&before.lines, before.subtotal), "lines stay in their own");
            fill(&who, &[("bowl-s", 1)]).await;
            assert_eq!(current(&who).await.currency, usd());
            who.put(CURRENCY, &json!({"currency": "XXX"})).await.expect_invalid("currency");
            assert_eq!(current(&who).await.currency, usd());
            let open: CartView = who.put(CURRENCY, &json!({})).await.expect(200).json();
            assert_eq!(open.currency, None);
        }
        app.guest().put(CURRENCY, &json!({"currency": "USD"})).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_guest_s_choice_comes_into_the_account_s_cart_unless_that_has_one() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        for (chosen, expected) in [("USD", "USD"), ("GBP", "USD")] {
            let (guest, opened) = guest(&app, &[("mug", 1)]).await;
            guest.put(CURRENCY, &json!({"currency": chosen})).await.expect(200);
            let merged: CartView = ada.post(MERGE, &json!({"token": opened.token})).await.expect(200).json();
            assert_eq!(merged.currency.map(|currency| currency.to_string()).as_deref(), Some(expected));
        }
    })
    .await;
}
