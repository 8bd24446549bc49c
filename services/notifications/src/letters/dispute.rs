//! Letters to the owners of a store whose buyer has the bank take the money back, and to those who run the platform.

use contracts::{
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    orders::{OrderView, VendorOrderView},
};
use kernel::{DisputeId, Money};

use crate::model::{Button, Letter, price};

/// A buyer disputes a payment.
pub fn dispute_opened(
    dispute: &PaymentDisputeOpened,
    part: &VendorOrderView,
    share: Money,
    public_url: &str,
) -> Letter {
    let mut paragraphs = vec![
        format!(
            "The buyer of {} has the payment taken back by the bank. {} of it are yours; they are held back from your \
             balance, less our commission, until it is decided.",
            part.number,
            price(share)
        ),
        format!("The reason given is “{}”.", dispute.reason.replace('_', " ")),
        "We answer the bank. Please keep the parcel's receipt and whatever the buyer has written to you, and send us what \
         shows that the goods were delivered as described."
            .to_owned(),
    ];
    if let Some(due) = dispute.evidence_due {
        paragraphs.push(format!("The bank takes evidence until {} (UTC).", due.format("%-d %B %Y, %H:%M")));
    }
    Letter {
        template: "dispute_opened",
        subject: format!("The payment of {} is disputed", part.number),
        paragraphs,
        button: Some(to_order(part, public_url)),
        ..Letter::default()
    }
}

/// It was decided.
pub fn dispute_closed(
    dispute: &PaymentDisputeClosed,
    part: &VendorOrderView,
    share: Money,
    public_url: &str,
) -> Letter {
    let (template, subject, text) = if dispute.is_won {
        (
            "dispute_won",
            format!("The dispute over {} was decided for you", part.number),
            format!("What was held back for {} of {} is in your balance again.", price(share), part.number),
        )
    } else {
        (
            "dispute_lost",
            format!("The dispute over {} was decided for the buyer", part.number),
            format!(
                "The buyer keeps {} of {}. Your balance is less by that, and you get our commission on it back. If you have \
                 been paid for it already, your next payouts are less by it.",
                price(share),
                part.number
            ),
        )
    };
    Letter { template, subject, paragraphs: vec![text], button: Some(to_order(part, public_url)), ..Letter::default() }
}

fn to_order(part: &VendorOrderView, public_url: &str) -> Button {
    let url = format!("{public_url}/vendor/{}/orders/{}", part.vendor_id, part.id);
    Button { label: "Look at the order".to_owned(), url }
}

/// A buyer disputes a payment, for those who answer the bank.
pub fn dispute_to_answer(dispute: &PaymentDisputeOpened, order: &OrderView, public_url: &str) -> Letter {
    let mut paragraphs = vec![
        format!(
            "The buyer of {} has {} taken back by the bank. The reason given is “{}”.",
            order.number,
            price(dispute.amount),
            dispute.reason.replace('_', " ")
        ),
        "What the vendors have of it is held from their balances, and they are told.".to_owned(),
    ];
    paragraphs.push(match dispute.evidence_due {
        Some(due) => format!(
            "Answer with evidence until {} (UTC), or accept the dispute: without an answer the money is lost.",
            due.format("%-d %B %Y, %H:%M")
        ),
        None => "Answer with evidence, or accept the dispute: without an answer the money is lost.".to_owned(),
    });
    Letter {
        template: "dispute_to_answer",
        subject: format!("Answer the dispute over {}", order.number),
        paragraphs,
        button: Some(to_dispute(dispute.dispute_id, public_url)),
        ..Letter::default()
    }
}

/// It was decided, for those who run the platform.
pub fn dispute_decided(dispute: &PaymentDisputeClosed, order: &OrderView, public_url: &str) -> Letter {
    let amount = price(dispute.amount);
    let (whom, text) = if dispute.is_won {
        (
            "us",
            format!("The money stays: {amount} of {}. What was held is in the vendors' balances again.", order.number),
        )
    } else {
        (
            "the buyer",
            format!("The buyer keeps {amount} of {}. The vendors' balances are less by their shares.", order.number),
        )
    };
    Letter {
        template: "dispute_decided",
        subject: format!("The dispute over {} was decided for {whom}", order.number),
        paragraphs: vec![text],
        button: Some(to_dispute(dispute.dispute_id, public_url)),
        ..Letter::default()
    }
}

fn to_dispute(id: DisputeId, public_url: &str) -> Button {
    Button { label: "Open the dispute".to_owned(), url: format!("{public_url}/admin/disputes/{id}") }
}
