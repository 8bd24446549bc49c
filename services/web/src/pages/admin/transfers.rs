//! Money on the platform's own account, or from a courier: an admin confirms what the statement says.

use contracts::payments::{NotCollected, PaymentStatus, PaymentView, ReceiptRequest, RefundView};
use kernel::{Error, PaymentId, RefundId, Result};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Form, Panel, PortalPage, Words, fields::renamed},
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled, Link},
    visit::{Path, Visit},
};

/// True if it is for an admin to say what becomes of a payment.
fn is_by_hand(payment: &PaymentView) -> bool {
    matches!(payment.provider.as_str(), "bank_transfer" | "cash_on_delivery") && payment.provider_ref.is_some()
}

/// True while a courier has to collect it.
pub(super) fn is_to_collect(payment: &PaymentView) -> bool {
    payment.status == PaymentStatus::Promised
}

/// The way to confirm a receipt, as long as it can still be confirmed.
pub(super) fn to_confirm(payment: &PaymentView) -> Option<String> {
    let open = !matches!(payment.status, PaymentStatus::Captured | PaymentStatus::Refunded);
    (open && is_by_hand(payment)).then(|| format!("/admin/payments/{}/receipt", payment.id))
}

/// What can be done with a refund.
pub(super) fn of_refund(payment: &PaymentView, refund: &RefundView) -> Vec<Link> {
    let to_send = is_by_hand(payment) && refund.status == "pending";
    let href = format!("/admin/payments/{}/refunds/{}/sent", payment.id, refund.id);
    to_send.then(|| Link::new("It was sent", href)).into_iter().collect()
}

/// `GET /admin/payments/{id}/receipt`: asks how much has arrived.
pub async fn ask_receipt(visit: Visit, Path(id): Path<PaymentId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    if to_confirm(&payment).is_none() {
        return Ok(desk.visit.go(&format!("/admin/payments/{id}")));
    }
    // Sent twice, it is confirmed once: the key is the form's, not the request's.
    let filled = Filled::with([("key", desk.app.random.token())]);
    let page = question(&mut desk, &payment, &filled).await;
    render::page(&page)
}

async fn question(desk: &mut Desk, payment: &PaymentView, filled: &Filled) -> PortalPage {
    let here = format!("/admin/payments/{}", payment.id);
    let amount = desk.fmt.money(payment.to_collect.unwrap_or_else(|| payment.of_provider()));
    let of = if is_to_collect(payment) { "courier" } else { "account" };
    let fields = vec![
        Field::amount("amount_minor", "Amount", payment.amount.currency.symbol())
            .hint(format!("{amount} are to be paid."))
            .filled(filled),
        Field::text("note", &format!("As on the statement of the {of}")).optional().max_length(300).filled(filled),
    ];
    let form = Form::new(format!("{here}/receipt"), &desk.csrf(), "Money has arrived")
        .hidden("key", filled.value("key"))
        .fields(fields)
        .cancel("Not yet", &here);
    let effect = match is_to_collect(payment) {
        true => format!(
            "Look for {} on the courier's statement. It is entered once, for the whole order, and cannot be taken back.",
            payment.order_number
        ),
        false => format!(
            "Look for {} on the statement of account. The vendors pack as soon as you confirm it, and it cannot be taken back.",
            payment.order_number
        ),
    };
    let place = desk.place(format!("Has the money for {} arrived?", payment.order_number), Room::Payments).await;
    PortalPage::new(place)
        .above(&[("Payments", "/admin/payments"), (&payment.order_number, &here)])
        .errors(filled.summary(&["amount_minor", "note"]))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form))
}

/// `POST /admin/payments/{id}/receipt`
pub async fn confirm(Path(id): Path<PaymentId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    let result = match read(&posted.fields, &payment) {
        Ok((key, input)) => {
            let client = desk.app.payments.with_header("idempotency-key", key);
            client.receipt(&desk.who, id, &input).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(payment) => {
            let text = match payment.status {
                PaymentStatus::Captured if payment.refunded.is_zero() => "The order is paid; its vendors are told.",
                _ => "The order had been called off: the money has to go back. Send it, then say so here.",
            };
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&format!("/admin/payments/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(renamed(error, str::to_owned))?;
            let page = question(&mut desk, &payment, &filled).await;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields, payment: &PaymentView) -> Result<(String, ReceiptRequest)> {
    let key = sent.some("key").ok_or_else(|| Error::malformed("Load the form again and repeat."))?;
    let mut reader = Reader::new(sent);
    let amount = reader.amount("amount_minor", payment.amount.currency);
    match amount {
        Some(amount) if reader.ok() => {
            Ok((key, ReceiptRequest { amount_minor: amount.amount_minor, note: sent.some("note") }))
        }
        _ => Err(reader.error()),
    }
}

/// `GET /admin/payments/{id}/not-collected`: asks what the courier says.
pub async fn ask_not_collected(visit: Visit, Path(id): Path<PaymentId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    if !is_to_collect(&payment) {
        return Ok(desk.visit.go(&format!("/admin/payments/{id}")));
    }
    let page = refusal(&mut desk, &payment, &Filled::default()).await;
    render::page(&page)
}

async fn refusal(desk: &mut Desk, payment: &PaymentView, filled: &Filled) -> PortalPage {
    let here = format!("/admin/payments/{}", payment.id);
    let reason = Field::text("reason", "What the courier says").max_length(300).filled(filled);
    let form = Form::new(format!("{here}/not-collected"), &desk.csrf(), "Call the order off")
        .danger()
        .with(&reason)
        .cancel("Keep it", &here);
    let effect =
        "The order is called off and its buyer is told; nothing is booked. What comes back the vendors count in again.";
    let place = desk.place(format!("Was {} not paid at the door?", payment.order_number), Room::Payments).await;
    PortalPage::new(place)
        .above(&[("Payments", "/admin/payments"), (&payment.order_number, &here)])
        .errors(filled.summary(&["reason"]))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form))
}

/// `POST /admin/payments/{id}/not-collected`
pub async fn not_collected(Path(id): Path<PaymentId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    let mut reader = Reader::new(&posted.fields);
    let reason = reader.text("reason", "Say what the courier says; it is kept with the payment.");
    let result = match reader.ok() {
        true => desk.app.payments.not_collected(&desk.who, id, &NotCollected { reason }).await,
        false => Err(reader.error()),
    };
    match result {
        Ok(_) => {
            desk.visit.say(Message::good("The order is called off.")).await?;
            Ok(desk.visit.go(&format!("/admin/payments/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(renamed(error, str::to_owned))?;
            let page = refusal(&mut desk, &payment, &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// `GET /admin/payments/{id}/refunds/{refund}/sent`
pub async fn ask_sent(visit: Visit, Path((id, refund)): Path<(PaymentId, RefundId)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    let here = format!("/admin/payments/{id}");
    let Some(known) = payment.refunds.iter().find(|r| r.id == refund && !of_refund(&payment, r).is_empty()) else {
        return Ok(desk.visit.go(&here));
    };
    let amount = desk.fmt.money(known.by_provider());
    let form = Form::new(format!("{here}/refunds/{refund}/sent"), &desk.csrf(), "It was sent").cancel("Not yet", &here);
    let effect = format!("Say so once {amount} has left the account. The buyer is told, and the books are changed.");
    let place = desk.place(format!("Was the money of {} sent back?", payment.order_number), Room::Payments).await;
    let page = PortalPage::new(place)
        .above(&[("Payments", "/admin/payments"), (&payment.order_number, &here)])
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form));
    render::page(&page)
}

/// `POST /admin/payments/{id}/refunds/{refund}/sent`
pub async fn sent(Path((id, refund)): Path<(PaymentId, RefundId)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.payments.refund_sent(&desk.who, id, refund).await {
        Ok(_) => Message::good("The refund is booked."),
        Err(error) => super::said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/payments/{id}")))
}
