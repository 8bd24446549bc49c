//! One payout: what the bank has made of it.

use contracts::{
    payments::LedgerQuery,
    payouts::{PayoutFailure, PayoutStatus, PayoutView},
    reversals::ReversalView,
};
use kernel::{Error, PayoutId, Result};

use super::{Desk, Room, ledger, payouts, vendors};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Facts, Form, Panel, PortalPage, Split, Words, words},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Notice, Row, Table, Tone},
    visit::{Path, Visit},
};

/// What can be said of a payout: verb, button, what it does.
const VERBS: [(&str, &str, &str); 5] = [
    ("sent", "It was given to the bank", "From now on it is at the bank; it stays out of the vendor's balance."),
    ("paid", "It was paid", "Say so once the amount has left the account. The vendor is told."),
    (
        "failed",
        "It failed",
        "The vendor has the amount in its balance again and reads why. You can try it again later.",
    ),
    (
        "returned",
        "It came back",
        "The vendor's bank has sent it back: the vendor has the amount in its balance again and reads why. You can try it again \
         later.",
    ),
    ("retry", "Try it again", "The same amount is set aside once more, for the account that the vendor has now."),
];

/// What can be said of a payout that stands there.
fn open(payout: &PayoutView) -> &'static [&'static str] {
    match payout.status {
        PayoutStatus::Created => &["sent", "paid", "failed"],
        PayoutStatus::Sent => &["paid", "failed"],
        PayoutStatus::Failed => &["retry"],
        // What a provider has paid it takes back itself.
        PayoutStatus::Paid if payout.provider.is_none() => &["returned"],
        PayoutStatus::Paid => &[],
    }
}

/// `GET /admin/payouts/{id}`
pub async fn show(visit: Visit, Path(id): Path<PayoutId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let payout = desk.app.payments.payout(&desk.who, id).await?;
    let names = vendors::names(&desk, std::iter::once(payout.vendor_id)).await;
    let (fmt, store) = (desk.fmt, payouts::store(&names, payout.vendor_id));
    let facts = Facts::new("About the payout")
        .linked("Vendor", &store.text, &store.href)
        .fact("Amount", fmt.money(payout.amount))
        .fact("Period", &payout.period)
        .fact("Account", &payout.account)
        .maybe("Made by", payout.provider.as_ref().map(|name| format!("{name}, which says what becomes of it")))
        .fact("Made", fmt.exact(payout.created_at))
        .fact("Tries", fmt.count(payout.attempt))
        .maybe(
            if payout.provider.is_some() { "Sent" } else { "Given to the bank" },
            payout.sent_at.map(|at| fmt.exact(at)),
        )
        .maybe("Over since", payout.ended_at.map(|at| fmt.exact(at)))
        .fact("Reference for the bank", id.0.simple().to_string())
        .linked("Its balance", "In the ledger", format!("/admin/ledger?account=vendor_payable:{}", payout.vendor_id))
        .linked("Its statement", "Open", format!("/admin/vendors/{}/statement", payout.vendor_id));
    let refused = if payout.provider.is_some() { "The provider did not take it." } else { "The bank did not take it." };
    let failed = payout.failure.clone().map(|why| Notice::new(Tone::Danger, refused, why));
    let booked = LedgerQuery { payout_id: Some(id), limit: Some(50), ..LedgerQuery::default() };
    let booked = ledger::panel(&desk, &booked, format!("/admin/ledger?payout_id={id}")).await;
    let place = desk.place(format!("Payout to {}", store.text), Room::Payouts).await;
    let mut page = PortalPage::new(place)
        .above(&[("Payouts", "/admin/payouts")])
        .badge(words::payout(payout.status))
        .notice(failed);
    for (verb, text, _) in VERBS.iter().filter(|(verb, ..)| open(&payout).contains(verb)) {
        let href = format!("/admin/payouts/{id}/{verb}");
        page = match *verb {
            "failed" => page.danger(text, href),
            "paid" | "retry" => page.main(text, href),
            _ => page.action(text, href),
        };
    }
    let side = vec![Panel::new("Particulars").with(&facts)];
    let mut main = vec![booked];
    if !payout.reversals.is_empty() {
        main.insert(0, Panel::new("Taken back").flush().with(&reversals(&desk, &payout)));
    }
    render::page(&page.block(&Split { main, side }))
}

/// What was taken back of it from the vendor's account at the provider, or was to be.
fn reversals(desk: &Desk, payout: &PayoutView) -> Table {
    let columns = vec![Column::new("State"), Column::new("Wanted"), Column::number("Amount")];
    let note = |reversal: &ReversalView| match &reversal.failure {
        Some(why) => format!("{why}. The next payouts are less by it."),
        None => reversal.ended_at.map(|at| desk.fmt.exact(at)).unwrap_or_default(),
    };
    let row = |reversal: &ReversalView| Row {
        id: reversal.number.to_string(),
        cells: vec![
            Cell::Text(words::reversal(reversal.status).text, note(reversal)),
            Cell::When(desk.fmt.when(reversal.created_at)),
            Cell::Number(desk.fmt.money(reversal.amount)),
        ],
    };
    let rows = payout.reversals.iter().map(row).collect();
    Table::new("What was taken back of the payout", columns, rows, Empty::new("wallet", "Nothing", ""))
}

fn verb_of(verb: &str) -> Result<(&'static str, &'static str, &'static str)> {
    VERBS.into_iter().find(|(known, ..)| *known == verb).ok_or_else(|| Error::not_found("page"))
}

/// `GET /admin/payouts/{id}/{verb}`: says what will happen.
pub async fn ask(visit: Visit, Path((id, verb)): Path<(PayoutId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let verb = verb_of(&verb)?;
    let payout = desk.app.payments.payout(&desk.who, id).await?;
    if !open(&payout).contains(&verb.0) {
        return Ok(desk.visit.go(&format!("/admin/payouts/{id}")));
    }
    let page = question(&mut desk, &payout, verb, &Filled::default()).await;
    render::page(&page)
}

async fn question(
    desk: &mut Desk,
    payout: &PayoutView,
    (verb, text, effect): (&'static str, &'static str, &'static str),
    filled: &Filled,
) -> PortalPage {
    let here = format!("/admin/payouts/{}", payout.id);
    let form = Form::new(format!("{here}/{verb}"), &desk.csrf(), text).cancel("Not yet", &here);
    let reason =
        Field::text("reason", "Why").max_length(200).hint("As the bank says it; the vendor reads it.").filled(filled);
    let form = if ["failed", "returned"].contains(&verb) { form.danger().with(&reason) } else { form };
    let amount = desk.fmt.money(payout.amount);
    let place = desk.place(format!("{text}: {amount}"), Room::Payouts).await;
    PortalPage::new(place)
        .above(&[("Payouts", "/admin/payouts"), (&payout.period, &here)])
        .errors(filled.summary(&["reason"]))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form))
}

/// `POST /admin/payouts/{id}/{verb}`
pub async fn change(Path((id, verb)): Path<(PayoutId, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let verb = verb_of(&verb)?;
    let (payments, who) = (desk.app.payments.clone(), desk.who.clone());
    let result = match verb.0 {
        "sent" => payments.payout_sent(&who, id).await,
        "paid" => payments.payout_paid(&who, id).await,
        "retry" => payments.retry_payout(&who, id).await,
        _ => match reason(&posted.fields) {
            Ok(why) if verb.0 == "returned" => payments.payout_returned(&who, id, &why).await,
            Ok(why) => payments.payout_failed(&who, id, &why).await,
            Err(error) => {
                let payout = payments.payout(&who, id).await?;
                let (status, filled) = posted.fields.refused(error)?;
                let page = question(&mut desk, &payout, verb, &filled).await;
                return render::page_with(status, &page);
            }
        },
    };
    let message = match result {
        Ok(payout) => Message::good(format!("{}.", words::payout(payout.status).text)),
        Err(error) => super::said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/payouts/{id}")))
}

fn reason(sent: &Fields) -> Result<PayoutFailure> {
    let mut reader = Reader::new(sent);
    let reason = reader.text("reason", "Say why; the vendor reads it.");
    if reader.ok() { Ok(PayoutFailure { reason }) } else { Err(reader.error()) }
}
