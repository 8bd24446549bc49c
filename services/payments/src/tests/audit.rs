//! An audit: each provider says the same as the books, and where it does not, that is seen.

use kernel::{Clock, Timestamp};

use super::{
    cancelled, eur, order_and_reserve,
    outside::{Card, Day, World, each},
    payment,
    script::Script,
    scripted,
};
use crate::Auditor;

fn auditor(app: &testkit::TestApp, script: &std::sync::Arc<Script>, since: Timestamp) -> Auditor {
    Auditor::new(script.clone(), app.system.databases()["payments"].clone(), since)
}

#[tokio::test]
async fn each_payment_is_asked_about_and_strange_ones_are_listed() {
    scripted(|app, script| async move {
        let first = order_and_reserve(&app, "a").await;
        let begin = app.clock.now().plus(std::time::Duration::from_secs(1));
        super::pass(&app, 60).await;
        let (second, gone) = (order_and_reserve(&app, "b").await, order_and_reserve(&app, "c").await);
        let name = async |id| payment(&app, id).await.provider_ref.unwrap();
        let (one, two, three) = (name(first).await, name(second).await, name(gone).await);
        let ids = async |since| {
            let all = auditor(&app, &script, since).ask().await.unwrap();
            all.into_iter().map(|one| (one.id, one.reference, one.captured)).collect::<Vec<_>>()
        };
        let has = |id: &str, order: kernel::OrderId| (id.to_owned(), order.to_string(), eur(6_040));
        assert_eq!(ids(Timestamp(0)).await, [has(&one, first), has(&two, second), has(&three, gone)]);
        assert_eq!(ids(begin).await, [has(&two, second), has(&three, gone)]);
        // One that it does not know any more is not there; one that we do not know is.
        script.state().payments.remove(&three);
        let stray = crate::provider::ProviderPayment {
            id: "pay_stray".to_owned(),
            reference: "nobody".to_owned(),
            captured: eur(700),
            ..script.payment_of(second)
        };
        script.write_down(&stray, app.clock.now());
        let found = ids(begin).await;
        assert_eq!(found, [has(&two, second), ("pay_stray".to_owned(), "nobody".to_owned(), eur(700))]);
        // Without an answer nothing is said.
        script.state().silent = true;
        assert_eq!(auditor(&app, &script, begin).ask().await.unwrap_err().code(), "provider_no_answer");
    })
    .await;
}

#[tokio::test]
async fn every_gateway_has_what_the_books_have() {
    each(Day::Good, |world| async move {
        let id = world.order("a", Some(Card::Good)).await;
        let back = world.order("b", Some(Card::Good)).await;
        world.pass(300).await;
        world.app.deliver("payments", &cancelled(back)).await;
        world.pass(300).await;
        let said = asked(&world).await;
        let mine: Vec<_> = said.iter().filter(|(reference, _)| *reference == id.to_string()).collect();
        assert_eq!(mine, [&(id.to_string(), world.money(6_040))], "{}", world.gateway.name());
    })
    .await;
}

async fn asked(world: &World) -> Vec<(String, kernel::Money)> {
    let env = world.app.system.env("payments").expect("payments");
    let auditors = crate::auditors(world.settings.clone(), env, Timestamp(0)).unwrap();
    let [auditor] = auditors.as_slice() else { panic!("one provider") };
    assert_eq!(auditor.provider(), world.gateway.name());
    auditor.ask().await.unwrap().into_iter().map(|one| (one.reference, one.captured)).collect()
}
