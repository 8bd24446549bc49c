//! Letters to the owners of a store whose buyer has the bank take the money back.

use contracts::{
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    orders::VendorOrderView,
};
use kernel::Money;

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
