//! The ways to pay: chosen at the checkout, and again as long as nobody has paid.

use std::time::Duration;

use askama::Template;
use contracts::{
    orders::{NextAction, OrderStatus, OrderView, PayAnotherWay},
    payments::{MethodView, OrderAttempt, PaymentStatus},
    pricing::Quote,
};
use kernel::{Kind, OrderId, PageRequest};

use super::{
    order::{LOOKS, find},
    stored_value,
};
use crate::{
    forms::Posted,
    pages::portal::{or_none, words},
    render::{self, Shown},
    session::Message,
    ui::{Choice, Choices, Progress, Shell, Specs, Timeline, TimelineItem},
    visit::{Path, Visit},
};

/// Name of the field.
pub const FIELD: &str = "payment.method";

/// What is offered for what a quote is about.
pub fn offered(methods: Vec<MethodView>, quote: &Quote) -> Vec<MethodView> {
    let has_undelivered = quote.has_undelivered();
    let fits = |method: &MethodView| {
        method.is_offered(&quote.country, quote.currency)
            && method.takes(quote.total, has_undelivered)
            && quote.refuses(&method.method).is_none()
    };
    let told = |method: MethodView| match method.fee(quote.currency) {
        Some(fee) => {
            let costs = format!("It costs {}\u{a0}{} more.", fee.decimal(), fee.currency.symbol());
            MethodView { hint: format!("{} {costs}", method.hint), ..method }
        }
        None => method,
    };
    methods.into_iter().filter(fits).map(told).collect()
}

/// The choice among them; the first one, unless another was chosen.
pub fn choices(legend: &str, methods: Vec<MethodView>, chosen: &str, error: Option<&str>) -> Choices {
    let way = |m: MethodView| Choice { value: m.method, text: m.label, note: m.hint, ..Choice::default() };
    let choices: Vec<Choice> = methods.into_iter().map(way).collect();
    let first = choices.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let is_known = choices.iter().any(|choice| choice.value == chosen);
    Choices {
        name: FIELD.to_owned(),
        legend: legend.to_owned(),
        hidden_legend: false,
        chosen: if is_known { chosen.to_owned() } else { first },
        choices,
        error: error.map(str::to_owned),
        across: false,
    }
}

/// The ways to pay an order that waits for its buyer, if there is another one.
pub async fn ways_for(visit: &Visit, order: &OrderView) -> Option<Choices> {
    if order.status != OrderStatus::AwaitingPayment {
        return None;
    }
    order.next_action.as_ref()?;
    let methods = or_none("ways to pay", visit.app.payments.methods(&visit.who()).await)?;
    // The goods are held for a while only: ways that take days were to be chosen at the checkout.
    // So were those that cost something: what the order costs stands.
    let is_free = |method: &MethodView| method.fee(order.quote.currency).is_none();
    let soon = methods.into_iter().filter(|method| method.pay_within_hours.is_none() && is_free(method)).collect();
    let methods = offered(soon, &order.quote);
    // Whoever is to send a transfer may still take a card; whoever has a page open is offered others than that.
    let enough = if waits_for_transfer(order) { 1 } else { 2 };
    (methods.len() >= enough).then(|| choices("Pay another way", methods, "", None))
}

/// What was tried to pay an order, the latest first; nothing as long as it is one thing, of which the page tells anyway.
pub async fn tries_of(visit: &Visit, order: &OrderView) -> Timeline {
    if matches!(order.status, OrderStatus::Placed | OrderStatus::Rejected) {
        return Timeline::default();
    }
    let asked = PageRequest { limit: Some(20), after: None };
    let tries = or_none("attempts to pay", visit.orders(order.id).attempts(&visit.who(), order.id, &asked).await);
    let tries = tries.map(|page| page.items).filter(|tries| tries.len() > 1).unwrap_or_default();
    let item = |one: &OrderAttempt| TimelineItem {
        title: format!("{}: {}", words::plain(&one.method), standing(one.status)),
        note: String::new(),
        when: one.at.map(|at| visit.fmt.when(at)),
        progress: Progress::Done,
    };
    Timeline { items: tries.iter().map(item).collect() }
}

/// How an attempt ended or where it stands, for whoever made it.
fn standing(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Pending | PaymentStatus::Opening => "being opened",
        PaymentStatus::RequiresAction => "waits for you",
        PaymentStatus::Processing | PaymentStatus::Unknown => "being checked",
        PaymentStatus::Promised => "to be paid to the courier",
        PaymentStatus::Captured => "paid",
        PaymentStatus::Failed => "refused",
        PaymentStatus::Cancelled => "called off",
        PaymentStatus::Refunded => "paid back",
    }
}

/// True if the buyer is to send a transfer. Whoever has changed to another way must not pay twice.
fn waits_for_transfer(order: &OrderView) -> bool {
    let page = format!("/orders/{}/transfer", order.id);
    order.status == OrderStatus::AwaitingPayment
        && matches!(&order.next_action, Some(NextAction::Redirect { url }) if url.ends_with(&page))
}

/// Where to send the money, of an order that is paid by transfer.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/transfer.html")]
pub struct Transfer {
    /// Head and foot.
    pub shell: Shell,
    /// What is to be paid.
    pub amount: String,
    /// The order's number.
    pub number: String,
    /// Until when.
    pub until: String,
    /// What a banking form asks for.
    pub account: Specs,
    /// The order's page.
    pub order: String,
}

/// `GET /orders/{id}/transfer`
pub async fn transfer(mut visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let order = find(&visit, id).await?;
    let back = format!("/orders/{id}");
    let methods = visit.app.payments.methods(&visit.who()).await?;
    let way = methods.into_iter().find_map(|m| Some((m.account?, m.pay_within_hours.unwrap_or(0))));
    let Some((account, hours)) = way.filter(|_| waits_for_transfer(&order)) else {
        return Ok(visit.go(&back));
    };
    let until = order.placed_at.plus(Duration::from_secs(u64::from(hours) * 3600));
    let amount = visit.fmt.money(stored_value::to_pay(&order));
    let rows = [
        ("Account holder", account.holder),
        ("IBAN", account.iban),
        ("BIC", account.bic),
        ("Bank", account.bank),
        ("Amount", amount.clone()),
        ("Purpose", order.number.clone()),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value));
    let account = Specs { caption: "Transfer".to_owned(), rows: rows.collect() };
    let until = visit.fmt.exact(until);
    let shell = Shell { private: true, ..visit.shell("Send the money").await };
    render::page(&Transfer { shell, amount, number: order.number, until, account, order: back })
}

/// `POST /orders/{id}/pay`: another way. The new page is there a moment later.
pub async fn another_way(Path(id): Path<OrderId>, Posted { mut visit, fields }: Posted) -> Shown {
    let before = find(&visit, id).await?;
    let wish = PayAnotherWay { method: fields.get(FIELD).to_owned() };
    match visit.orders(id).pay_another_way(&visit.who(), id, &wish).await {
        Ok(_) => {}
        Err(error) if error.is(Kind::Conflict) || error.is(Kind::Invalid) => {
            visit.say(Message::bad(words::sentence(&error))).await?;
            return Ok(visit.go(&format!("/orders/{id}")));
        }
        Err(error) => return Err(error.into()),
    }
    let (times, pause) = LOOKS;
    for _ in 0..times {
        let order = find(&visit, id).await?;
        if order.status != before.status || order.next_action != before.next_action {
            return Ok(visit.go(&format!("/orders/{id}/pay")));
        }
        tokio::time::sleep(pause).await;
    }
    visit.say(Message::good("The other payment page is being opened. This takes a moment.")).await?;
    Ok(visit.go(&format!("/orders/{id}")))
}
