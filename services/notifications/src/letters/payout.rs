//! Letters to the owners of a store about its money.

use contracts::{
    invoices::{InvoiceIssued, InvoiceKind},
    payouts::{PayoutAccountChanged, PayoutFailed, PayoutPaid},
};
use kernel::{Money, VendorId};

use crate::model::{Button, Letter, price};

/// The marketplace has charged its commission of a month, or given it back.
pub fn invoice_issued(invoice: &InvoiceIssued, public_url: &str) -> Letter {
    let InvoiceIssued { number, period, .. } = invoice;
    // What was given back stands below zero; how much it is, everybody reads without a sign.
    let amount = price(Money::new(invoice.total.amount_minor.abs(), invoice.total.currency));
    let (subject, text) = match invoice.kind {
        InvoiceKind::Invoice => (
            format!("Your commission invoice {number}"),
            format!(
                "Our commission for {period} is {amount}, tax included. It was taken from your sales already: nothing is left to pay."
            ),
        ),
        InvoiceKind::CreditNote => (
            format!("Your credit note {number}"),
            format!(
                "For {period} more commission went back than was charged: {amount}, tax included. It is in your balance already."
            ),
        ),
    };
    Letter {
        template: "invoice_issued",
        subject,
        paragraphs: vec![text],
        button: Some(Button {
            label: "Look at your invoices".to_owned(),
            url: format!("{public_url}/vendor/{}/invoices", invoice.vendor_id),
        }),
        ..Letter::default()
    }
}

/// A payout has left the marketplace's account.
pub fn payout_paid(payout: &PayoutPaid, public_url: &str) -> Letter {
    let amount = price(payout.amount);
    Letter {
        template: "payout_paid",
        subject: format!("We have paid you {amount}"),
        paragraphs: vec![format!(
            "{amount} are on their way to your account, for the period {}. Banks take a day or two.",
            payout.period
        )],
        button: Some(to_payouts(payout.vendor_id, "Look at your payouts", public_url)),
        ..Letter::default()
    }
}

/// The bank did not take a payout.
pub fn payout_failed(payout: &PayoutFailed, public_url: &str) -> Letter {
    let amount = price(payout.amount);
    Letter {
        template: "payout_failed",
        subject: format!("We could not pay you {amount}"),
        paragraphs: vec![
            format!("The bank did not take your payout for the period {}: {}", payout.period, payout.reason),
            "The money is in your balance again. Please compare the account with your bank's papers; if it is right, we will \
             try once more."
                .to_owned(),
        ],
        button: Some(to_payouts(payout.vendor_id, "Check your account", public_url)),
        ..Letter::default()
    }
}

/// The store is paid to another account from now on.
pub fn payout_account_changed(changed: &PayoutAccountChanged, public_url: &str) -> Letter {
    Letter {
        template: "payout_account_changed",
        subject: "Your payout account was changed".to_owned(),
        paragraphs: vec![
            "The account that your store is paid to was changed just now.".to_owned(),
            "If it was not one of you, set the right account at once, change your password and write to us.".to_owned(),
        ],
        button: Some(to_payouts(changed.vendor_id, "Look at the account", public_url)),
        ..Letter::default()
    }
}

fn to_payouts(vendor: VendorId, label: &str, public_url: &str) -> Button {
    Button { label: label.to_owned(), url: format!("{public_url}/vendor/{vendor}/payouts") }
}
