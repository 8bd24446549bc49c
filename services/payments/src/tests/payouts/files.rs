//! Files for the bank.

use kernel::PayoutId;
use serde_json::json;
use testkit::{admin, vendor_owner};

use super::{super::*, *};

fn query(payouts: &[PayoutView]) -> String {
    payouts.iter().map(|payout| format!("id={}", payout.id)).collect::<Vec<_>>().join("&")
}

async fn file(app: &TestApp, kind: &str, query: &str) -> Answer {
    app.as_user(&admin()).get(&format!("/api/v1/admin/payouts/{kind}?{query}")).await
}

#[tokio::test]
async fn the_bank_gets_what_is_to_be_paid_and_nobody_else_does() {
    scripted(|app, _| async move {
        with_account(&app, "ada").await;
        let local = json!({"holder": "=Bob", "country": "US", "account_number": "000123456789", "bank_code": "021000021",
            "password": "right"});
        set_account(&app, "bob", &local).await.expect(200);
        let id = paid(&app, "a", PARTS).await;
        for name in ["ada", "bob"] {
            deliver(&app, id, name).await;
        }
        days(&app, 7).await;
        run(&app, &json!({})).await;
        let all = payouts(&app, "").await;
        let adas = payouts(&app, &format!("?vendor_id={}", vendor("ada"))).await;

        let sepa = file(&app, "sepa.xml", &query(&adas)).await.expect(200);
        assert_eq!(sepa.header("content-type"), Some("application/xml"));
        assert_eq!(sepa.header("content-disposition"), Some("attachment; filename=\"payouts.xml\""));
        let text = sepa.text();
        for part in [
            "pain.001.001.09",
            "<NbOfTxs>1</NbOfTxs><CtrlSum>27.36</CtrlSum>",
            "<DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></DbtrAcct>",
            "<Cdtr><Nm>Ada Lovelace</Nm></Cdtr><CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert_eq!(pain::transfers_in(&text), [("DE89370400440532013000".to_owned(), 2_736)]);
        file(&app, "sepa.xml", &query(&all)).await.expect_invalid("id");
        let list = file(&app, "list.csv", &query(&all)).await.expect(200).text();
        assert_eq!(list.lines().count(), 3);
        assert!(list.contains(",'=Bob,US,,,000123456789,021000021,26.25,EUR,"), "{list}");
        file(&app, "sepa.xml", "").await.expect_invalid("id");
        let none = PayoutId::derived("test", &["none"]);
        file(&app, "list.csv", &format!("id={none}")).await.expect_problem(404, "not_found");
        for path in ["sepa.xml", "list.csv"] {
            let path = format!("/api/v1/admin/payouts/{path}?{}", query(&adas));
            app.guest().get(&path).await.expect_problem(401, "unauthenticated");
            app.as_user(&vendor_owner(vendor("ada"))).get(&path).await.expect_problem(403, "forbidden");
        }
        // What is over goes into no file any more.
        mark(&app, &adas[0], "sent", &json!(null)).await.expect(200);
        file(&app, "sepa.xml", &query(&adas)).await.expect(200);
        mark(&app, &adas[0], "paid", &json!(null)).await.expect(200);
        file(&app, "sepa.xml", &query(&adas)).await.expect_problem(409, "payout_elsewhere");
    })
    .await;
}
