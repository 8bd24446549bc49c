//! The table of a payment's states, whole: what each of them makes of every kind of news. A state without outcomes does
//! not compile, and a kind of news without them fails.

use contracts::payments::{PaymentCaptured, PaymentFailed, PaymentStatus as State};
use kernel::{Money, OrderId};
use serde_json::json;
use testkit::{TestApp, admin};

use super::{
    cancelled,
    disputes::hook,
    eur, payment, place, reserve, review,
    script::{Next, Script},
    scripted, sound, status,
};
use crate::{
    model::ALL_STATUSES,
    provider::{ProviderPayment, ProviderStatus},
};

/// What a provider may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    /// The buyer has to act.
    Act,
    /// It is working on it.
    UnderWay,
    /// A courier collects the money.
    Promise,
    /// The buyer has agreed, the money is still to be taken.
    Agreed,
    /// The money is there.
    Paid,
    /// It will not come.
    Refused,
    /// Money is there, and not as much as was asked for.
    PaidWrongly,
    /// Money is there, in another payment of the same order.
    OtherPaid,
    /// Another payment of the same order has been begun.
    OtherBegun,
}

/// The one after it in the table: a kind of news without a successor does not compile.
fn next(news: News) -> Option<News> {
    match news {
        News::Act => Some(News::UnderWay),
        News::UnderWay => Some(News::Promise),
        News::Promise => Some(News::Agreed),
        News::Agreed => Some(News::Paid),
        News::Paid => Some(News::Refused),
        News::Refused => Some(News::PaidWrongly),
        News::PaidWrongly => Some(News::OtherPaid),
        News::OtherPaid => Some(News::OtherBegun),
        News::OtherBegun => None,
    }
}

fn all_news() -> impl Iterator<Item = News> {
    std::iter::successors(Some(News::Act), |news| next(*news))
}

/// How a payment stands of which that is said, and what is taken.
fn standing(news: News, page: String) -> (ProviderStatus, Money) {
    let (status, captured) = match news {
        News::Act => (ProviderStatus::RequiresAction { url: page }, 0),
        News::UnderWay | News::OtherBegun => (ProviderStatus::Processing, 0),
        News::Promise => (ProviderStatus::Promised, 0),
        News::Agreed => (ProviderStatus::Authorised, 0),
        News::Paid | News::OtherPaid => (ProviderStatus::Succeeded, 6040),
        News::PaidWrongly => (ProviderStatus::Succeeded, 6039),
        News::Refused => (ProviderStatus::Failed { reason: "card_declined".to_owned() }, 0),
    };
    (status, eur(captured))
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Stays,
    Becomes(State),
    /// It stays, and somebody has to look.
    Doubted(&'static str),
}

/// The table: what each state makes of each kind of news, in the order of [`News`].
fn row(state: State) -> [Outcome; 9] {
    use Outcome::{Becomes, Doubted, Stays};
    let (acts, works, promised) =
        (Becomes(State::RequiresAction), Becomes(State::Processing), Becomes(State::Promised));
    let (paid, returned, fails) = (Becomes(State::Captured), Becomes(State::Refunded), Becomes(State::Failed));
    let (wrong, second) = (Doubted("wrong_amount"), Doubted("second_payment"));
    match state {
        // Of a payment whose id is not known any one may be the one.
        State::Pending | State::Opening | State::Unknown => {
            [acts, works, promised, paid, paid, fails, wrong, paid, works]
        }
        State::RequiresAction => [Stays, works, promised, paid, paid, fails, wrong, second, Stays],
        State::Processing => [acts, Stays, promised, paid, paid, fails, wrong, second, Stays],
        // What a courier collects is under way all the time.
        State::Promised => [acts, Stays, Stays, paid, paid, fails, wrong, second, Stays],
        // What has ended stays so: it is called off at the provider instead of being taken up again. But money that was
        // taken is never denied, however late, and what nobody wants goes back.
        State::Failed => [Stays, Stays, Stays, Stays, paid, Stays, wrong, second, Stays],
        State::Cancelled => [Stays, Stays, Stays, Stays, returned, Stays, wrong, second, Stays],
        // What has its money has it, whatever is said of it later: refunds and disputes have news of their own.
        State::Captured | State::Refunded => [Stays, Stays, Stays, Stays, Stays, Stays, Stays, second, Stays],
    }
}

/// Sets the state of a payment that nothing has been heard of.
async fn set(app: &TestApp, id: OrderId, state: &'static str) {
    let sql = "UPDATE payments SET status = $2 WHERE order_id = $1 AND status = 'pending'";
    let changed = app.db("payments").write(async move |tx| tx.exec(sql, db::params![id, state]).await).await;
    assert_eq!(changed.unwrap(), 1);
}

/// The provider's payment of an order changes, and it tells of that.
async fn tell(app: &TestApp, script: &Script, id: OrderId, event: &str, status: ProviderStatus) {
    let paid = script.becomes(id, status);
    hook(app, format!("{event}_{id} {paid}")).await.expect(204);
    app.settle().await;
}

/// An order whose payment is in this state.
async fn in_state(app: &TestApp, script: &Script, name: &str, state: State) -> OrderId {
    let opened_as = match state {
        State::Pending | State::Opening | State::Unknown => None,
        State::RequiresAction | State::Cancelled => Some(Next::Act),
        State::Processing | State::Promised => Some(Next::Process),
        State::Captured | State::Refunded => Some(Next::Succeed),
        State::Failed => Some(Next::Decline),
    };
    let id = place(app, name).await;
    if let Some(next) = opened_as {
        script.next(next);
        reserve(app, id).await;
    }
    match state {
        State::Opening => set(app, id, "opening").await,
        State::Unknown => set(app, id, "unknown").await,
        State::Promised => tell(app, script, id, "promised", ProviderStatus::Promised).await,
        State::Cancelled => {
            app.deliver("payments", &cancelled(id)).await;
        }
        State::Refunded => {
            let path = format!("/api/v1/admin/payments/{}/refunds", payment(app, id).await.id);
            let all = json!({"amount_minor": 6040, "reason": "All of it"});
            app.as_user(&admin()).key(&id.to_string()).post(&path, &all).await.expect(202);
            app.settle().await;
        }
        State::Pending | State::RequiresAction | State::Processing | State::Captured | State::Failed => {}
    }
    assert_eq!(status(app, id).await, state, "{name}");
    id
}

/// The provider has it so from now on. The id of the payment it tells of.
fn say(script: &Script, id: OrderId, news: News) -> String {
    let is_other = matches!(news, News::OtherPaid | News::OtherBegun);
    let mut state = script.state();
    let reference = id.to_string();
    let known = state.payments.values().find(|payment| payment.reference == reference).map(|known| known.id.clone());
    let said = known.filter(|_| !is_other).unwrap_or_else(|| format!("pay_new_{id}"));
    let (status, captured) = standing(news, format!("http://pay.test/{said}"));
    let payment = ProviderPayment {
        id: said.clone(),
        reference,
        amount: eur(6040),
        captured,
        fee: None,
        livemode: false,
        is_elsewhere: false,
        direct: Vec::new(),
        status,
    };
    state.payments.insert(said.clone(), payment);
    said
}

async fn meets(app: &TestApp, script: &Script, state: State, news: News) {
    let name = format!("{state:?} hears {news:?}");
    let id = in_state(app, script, &name, state).await;
    let said = say(script, id, news);
    // Twice: what was heard before changes nothing.
    for event in ["evt_1", "evt_2"] {
        hook(app, format!("{event}_{id} {said}")).await.expect(204);
        app.settle().await;
    }
    let (wanted, problem) = match row(state)[news as usize] {
        Outcome::Stays => (state, None),
        Outcome::Becomes(other) => (other, None),
        Outcome::Doubted(problem) => (state, Some(problem)),
    };
    let now = payment(app, id).await;
    assert_eq!(now.status, wanted, "{name}");
    let is_paid = matches!(wanted, State::Captured | State::Refunded);
    assert_eq!(now.captured, eur(if is_paid { 6040 } else { 0 }), "{name}");
    let problems: Vec<String> =
        review(app).await.into_iter().filter(|(_, order)| *order == Some(id)).map(|(problem, _)| problem).collect();
    assert_eq!(problems.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(problem), "{name}");
    let captures = app.published::<PaymentCaptured>("payments").await;
    assert_eq!(captures.iter().filter(|told| told.order_id == id).count(), usize::from(is_paid), "{name}");
    // A failure was told of if there ever was one, also where the money came after it.
    let has_failed = state == State::Failed || wanted == State::Failed;
    let failures = app.published::<PaymentFailed>("payments").await;
    assert_eq!(failures.iter().filter(|told| told.order_id == id).count(), usize::from(has_failed), "{name}");
}

#[tokio::test]
async fn every_state_meets_every_news() {
    scripted(|app, script| async move {
        for state in ALL_STATUSES {
            for news in all_news() {
                meets(&app, &script, state, news).await;
            }
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments").await, 90);
        assert_eq!(app.count("payments", "SELECT count(*) FROM jobs WHERE state = 'dead'").await, 0);
        sound(&app).await;
    })
    .await;
}

/// What is said of the only payment there is: a status of a provider without news of it does not compile.
fn plain(status: &ProviderStatus) -> News {
    match status {
        ProviderStatus::RequiresAction { .. } => News::Act,
        ProviderStatus::Processing => News::UnderWay,
        ProviderStatus::Promised => News::Promise,
        ProviderStatus::Authorised => News::Agreed,
        ProviderStatus::Succeeded => News::Paid,
        ProviderStatus::Failed { .. } => News::Refused,
    }
}

#[test]
fn whatever_a_provider_can_say_is_in_the_table() {
    assert_eq!(all_news().count(), 9);
    for news in all_news().take(6) {
        assert_eq!(plain(&standing(news, String::new()).0), news);
    }
}
