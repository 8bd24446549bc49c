//! The queue as a list, what is unexplained, who may see and do what.

use contracts::queue::{ReviewState, Unexplained};
use serde_json::json;
use testkit::{admin, customer, vendor_owner};

use super::{
    super::{PARTS, order, placed, scripted, vendor},
    *,
};

async fn unexplained(app: &TestApp) -> Unexplained {
    app.as_user(&admin()).get(&format!("{REVIEW}/unexplained")).await.expect(200).json()
}

#[tokio::test]
async fn open_and_resolved_things_are_listed_apart() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_1", "nobody", 100).await;
        let ticked = stray(&app, &script, "pay_2", "nobody", 200).await;
        let back = stray(&app, &script, "pay_3", "nobody", 300).await;
        let late = stray(&app, &script, "pay_4", &order("late").to_string(), 6040).await;
        act(&app, &ticked, "tick_off").await.expect(200);
        act(&app, &back, "refund").await.expect(200);
        let refs = |items: Vec<ReviewItem>| items.into_iter().map(|item| item.provider_ref).collect::<Vec<_>>();
        assert_eq!(refs(list(&app, "").await), ["pay_4", "pay_3", "pay_1"]);
        assert_eq!(refs(list(&app, "?state=open").await), ["pay_4", "pay_3", "pay_1"]);
        assert_eq!(refs(list(&app, "?state=returning").await), ["pay_3"]);
        assert_eq!(refs(list(&app, "?state=resolved").await), ["pay_2"]);
        // What an order has after all is resolved by itself.
        app.deliver("payments", &placed(&app, order("late"), None, PARTS)).await;
        hook(&app, "evt_1 pay_4".to_owned()).await;
        app.settle().await;
        assert_eq!(refs(list(&app, "").await), std::slice::from_ref(&found.provider_ref));
        assert_eq!(refs(list(&app, "?state=resolved").await), ["pay_4", "pay_3", "pay_2"]);
        let shown = detail(&app, &late).await;
        assert_eq!((stands(&shown), shown.actions.len()), ((ReviewState::Resolved, None), 0));
        act(&app, &late, "refund").await.expect_problem(409, "resolved_before");
        app.settle().await;
        assert_eq!(script.calls("refund "), 1);

        let first = app.as_user(&admin()).get(&format!("{REVIEW}?state=resolved&limit=2")).await.expect(200);
        let page: Page<ReviewItem> = first.json();
        let rest = list(&app, &format!("?state=resolved&limit=2&after={}", page.next.unwrap())).await;
        assert_eq!(
            (refs(page.items), refs(rest)),
            (vec!["pay_4".to_owned(), "pay_3".to_owned()], vec!["pay_2".to_owned()])
        );
        app.as_user(&admin()).get(&format!("{REVIEW}?state=lost")).await.expect_invalid("state");
    })
    .await;
}

#[tokio::test]
async fn what_is_open_for_a_quarter_of_an_hour_is_unexplained() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_1", "nobody", 100).await;
        let other = stray(&app, &script, "pay_2", "nobody", 250).await;
        hook(&app, "evt_1 pay_gone".to_owned()).await;
        assert_eq!(unexplained(&app).await, Unexplained { items: 0, sums: vec![] });
        pass(&app, 16 * 60).await;
        assert_eq!(unexplained(&app).await, Unexplained { items: 3, sums: vec![eur(350)] });
        act(&app, &other, "refund").await.expect(200);
        assert_eq!(unexplained(&app).await.items, 3, "until it has gone back");
        app.settle().await;
        assert_eq!(unexplained(&app).await, Unexplained { items: 2, sums: vec![eur(100)] });
        act(&app, &found, "tick_off").await.expect(200);
        assert_eq!(unexplained(&app).await, Unexplained { items: 1, sums: vec![] });
    })
    .await;
}

#[tokio::test]
async fn only_admins_see_and_do_anything() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_1", "nobody", 100).await;
        hook(&app, "evt_1 pay_1".to_owned()).await;
        let fetched = script.calls("fetch");
        let one = format!("{REVIEW}/{}", found.id);
        let replay = "/api/v1/admin/payments/webhooks/script/evt_1/replay";
        for who in [customer("eve"), vendor_owner(vendor("ada"))] {
            app.as_user(&who).get(&one).await.expect_problem(403, "forbidden");
            for path in [format!("{one}/actions"), replay.to_owned()] {
                app.as_user(&who).post(&path, &json!({"action": "refund"})).await.expect_problem(403, "forbidden");
                app.guest().post(&path, &json!({"action": "refund"})).await.expect_problem(401, "unauthenticated");
            }
        }
        app.guest().get(&one).await.expect_problem(401, "unauthenticated");
        assert_eq!((script.calls("refund"), script.calls("fetch")), (0, fetched));
        assert_eq!(app.count("payments", "SELECT count(*) FROM review_actions").await, 0);
        for missing in ["nothing", "script-unknown_order-pay_none", "a-b-c"] {
            app.as_user(&admin()).get(&format!("{REVIEW}/{missing}")).await.expect_problem(404, "not_found");
            let path = format!("{REVIEW}/{missing}/actions");
            app.as_user(&admin()).post(&path, &json!({"action": "refund"})).await.expect_problem(404, "not_found");
        }
    })
    .await;
}

#[tokio::test]
async fn the_history_can_only_be_added_to() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_1", "nobody", 100).await;
        act(&app, &found, "tick_off").await.expect(200);
        let db = app.db("payments");
        for sql in ["UPDATE review_actions SET note = 'other'", "DELETE FROM review_actions"] {
            db.write(async move |tx| tx.exec(sql, vec![]).await).await.expect_err(sql);
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM review_actions WHERE note = 'Why tick_off'").await, 1);
    })
    .await;
}
