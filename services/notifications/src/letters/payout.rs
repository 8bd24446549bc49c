//! Letters to the owners of a store about its money.

use contracts::payouts::{PayoutAccountChanged, PayoutFailed, PayoutPaid};
use kernel::VendorId;

use crate::model::{Button, Letter, price};

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
