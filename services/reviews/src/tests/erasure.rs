//! Reviews whose author's account goes.

use contracts::{identity::AccountErased, reviews::ModerationView};

use super::*;

#[tokio::test]
async fn reviews_stay_without_the_name_of_who_wrote_them() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        reviews(&app, &ada, "mug", 4).await;
        reviews(&app, &bob, "mug", 2).await;
        let lamp = reviews(&app, &ada, "lamp", 1).await;
        let boss = app.as_user(&admin());
        boss.delete(&format!("/api/v1/admin/reviews/{}?reason=Spam", lamp.id)).await.expect(204);
        let before = summary(&app, "mug").await;

        app.deliver("reviews", &AccountErased { account_id: account_of(&ada), at: app.clock.now() }).await;
        let mut left: Vec<_> = shown(&app, "mug").await.into_iter().map(|r| (r.rating, r.author, r.text)).collect();
        left.sort();
        let text = "It does what it should.".to_owned();
        let (bobs, adas) = ((2, "Ada L.".to_owned(), text.clone()), (4, "Former customer".to_owned(), text));
        assert_eq!(left, [bobs, adas]);
        assert_eq!(summary(&app, "mug").await, before);
        let acts: Page<ModerationView> = boss.get("/api/v1/admin/reviews/moderation").await.expect(200).json();
        assert_eq!(acts.items.iter().map(|act| act.author.as_str()).collect::<Vec<_>>(), ["Former customer"]);
        assert_eq!(app.count("reviews", "SELECT count(*) FROM purchases").await, 1);
    })
    .await;
}
