//! The sandbox pays vendors, too, on good days and on bad ones.

use contracts::payouts::{PayoutPaid, PayoutStatus};
use kernel::PayoutId;
use sandbox::{Call, Command, PayoutCommand, Sandbox};

use super::{
    super::{balance, payouts, run},
    *,
};
use crate::tests::{
    outside::{Day, sandbox as outside},
    sound,
};

async fn onboard(sandbox: &Sandbox, payee: &str, accept: bool) {
    let command = PayoutCommand::Onboard { payee: payee.to_owned(), accept };
    assert!(sandbox.apply(Call::from(Command::Payout(command))).await.unwrap().is_success());
}

/// Ada chooses the sandbox, however often it takes; the id of the payee.
async fn chosen(world: &World) -> String {
    for _ in 0..40 {
        let answer = connect(&world.app, "ada", "sandbox", "DE", "right").await;
        if answer.status.as_u16() == 200 {
            let page = answer.json::<ConnectedPayoutAccount>().url.expect("there is something to say");
            return page.rsplit('/').next().unwrap().to_owned();
        }
        world.pass(5).await;
    }
    panic!("the sandbox never answered");
}

#[tokio::test]
async fn the_whole_way_from_the_page_to_the_journal() {
    for dialect in BOTH {
        for day in [Day::Good, Day::Bad] {
            let (world, sandbox) = outside::start_with(dialect, day).await;
            with_balance(&world).await;
            let payee = chosen(&world).await;
            assert_eq!(route(&world.app, "ada").await.due, ["identity"]);
            onboard(&sandbox, &payee, true).await;
            world.pass(300).await;
            let ready = route(&world.app, "ada").await;
            assert_eq!((ready.is_chosen, ready.is_ready, ready.label.as_str()), (true, true, "Sandbox"));
            run(&world.app, &json!({})).await;
            world.settle().await;
            world.pass(900).await;
            let paid = payouts(&world.app, "").await.remove(0);
            assert_eq!((paid.status, paid.provider.as_deref()), (PayoutStatus::Paid, Some("sandbox")), "{day:?}");
            let journal = sandbox.transfers().await.unwrap();
            let sums: Vec<_> = journal.iter().map(|t| (t.payee.clone(), t.amount_minor)).collect();
            assert_eq!(sums, [(payee, HERS)], "{day:?}");
            assert_eq!(journal[0].reference, format!("payout:{}:1", paid.id));
            assert_eq!(world.app.published::<PayoutPaid>("payments").await.len(), 1);
            assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
            sound(&world.app).await;
        }
    }
}

#[tokio::test]
async fn a_payee_that_has_closed_its_account_has_the_money_in_its_balance() {
    for dialect in BOTH {
        let (world, sandbox) = outside::start_with(dialect, Day::Good).await;
        with_balance(&world).await;
        let payee = chosen(&world).await;
        onboard(&sandbox, &payee, true).await;
        world.settle().await;
        run(&world.app, &json!({})).await;
        onboard(&sandbox, &payee, false).await;
        world.app.settle().await;
        let failed = payouts(&world.app, "").await.remove(0);
        assert_eq!((failed.status, failed.failure.as_deref()), (PayoutStatus::Failed, Some("Sandbox: payee closed")));
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
        assert!(sandbox.transfers().await.unwrap().is_empty());
        assert_eq!(route(&world.app, "ada").await.problem.as_deref(), Some("closed"));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_transfer_is_found_by_its_key() {
    use crate::provider::{PaymentProvider, payouts::TransferCommand, sandbox::Sandbox as Provider};
    let (world, sandbox) = outside::start_with(Dialect::Sqlite, Day::Good).await;
    with_balance(&world).await;
    let payee = chosen(&world).await;
    onboard(&sandbox, &payee, true).await;
    let env = world.app.system.env("payments").expect("payments runs here");
    let provider = Provider::new(outside::settings(), env.http_out.clone()).unwrap();
    let provider = provider.payouts().expect("it pays vendors");
    let command = TransferCommand {
        key: "payout:x:1".to_owned(),
        payout_id: PayoutId::derived("test", &["x"]),
        account_ref: payee,
        amount: crate::tests::eur(900),
        description: "x".to_owned(),
    };
    assert_eq!(provider.find_transfer("payout:x:1").await.unwrap(), None);
    let sent = provider.transfer(command).await.unwrap();
    assert_eq!(provider.find_transfer("payout:x:1").await.unwrap(), Some(sent.clone()));
    assert_eq!(provider.fetch_transfer(&sent.id).await.unwrap(), sent);
    assert_eq!(sandbox.transfers().await.unwrap()[0].amount_minor, 900);
}
