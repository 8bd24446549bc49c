//! Words and colours for states.

use contracts::{
    carriers::LabelStatus,
    catalog::{ImportStatus, ProductStatus},
    disputes::DisputeStatus,
    invoices::InvoiceKind,
    notifications::MessageStatus,
    orders::{OrderStatus, VendorOrderStatus},
    payments::PaymentStatus,
    payouts::PayoutStatus,
    queue::{ReviewState, WebhookState},
    reversals::ReversalStatus,
    shared::TimelineEntry,
    vendors::VendorStatus,
};
use serde::{Serialize, de::DeserializeOwned};

use super::fields::day;
use crate::{
    fmt::Fmt,
    ui::{Badge, Progress, Timeline, TimelineItem, Tone},
};

/// A value of the API by the word it is written as, from an address.
pub fn named<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// The word by which the API writes a value.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `insufficient_funds` as `Insufficient funds`.
pub fn plain(code: &str) -> String {
    let text = code.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is wrong with money that has to be looked at, and what to do about it.
pub fn misfit(problem: &str) -> String {
    let text = match problem {
        "second_payment" => {
            "The order was paid a second time. Send this payment back, or attach it if the order still waits."
        }
        "unknown_order" => "Money came for an order that is not known. Send it back.",
        "not_collected_yet" => {
            "The courier should have handed the money over by now. Ask for it, then say on the payment's page what came of it."
        }
        "returned_payment" => {
            "Money was sent back as nobody's, and its order turned up afterwards: it is not paid. Write to the buyer."
        }
        "wrong_reference" => "The payment names another order. Compare the two, then send it back.",
        "wrong_mode" => "Test money came for a real order, or the other way round. Look at the keys of the provider.",
        "wrong_account" => {
            "The money went to another account at the provider than ours, and is not noted. Look at whose it is, and at our settings."
        }
        "wrong_payee" => {
            "The money went to other accounts of vendors than was agreed, or other fees were kept. Compare the payment with its order."
        }
        "wrong_currency" => "It was paid in another currency. Send the payment back.",
        "wrong_amount" => "Another amount was paid than the order costs. Send the payment back.",
        "changed_amount" => "The provider has taken another amount than the books have. Compare the two on its page.",
        "changed_fee" => "The provider has kept another amount than the books have. Compare the two on its page.",
        "unknown_payment" => "The provider told of a payment that it does not know. Look at the provider's page.",
        "lost_by_provider" => {
            "The provider does not know any more what it has told of; if that was money, the books have it. Look at its page."
        }
        "unknown_refund" => "Somebody has returned money on the provider's page. Compare it with the order's payment.",
        "strange_refund" => "The provider speaks of another amount than was returned. Compare the two.",
        "refund_failed" => "The money of an order that was called off did not go back. Send it once more.",
        "dispute_of_returned" => {
            "Money is disputed that had been returned already. Tell the provider so: answer the dispute with it."
        }
        "strange_dispute" => {
            "A dispute does not fit the payment that it is of. Compare the two on the provider's page."
        }
        "changed_dispute" => "The amount of a dispute has changed. Compare it with the books on the provider's page.",
        "contradicted_dispute" => {
            "A dispute that was over was decided otherwise. Look at the provider's page, and at the books."
        }
        "strange_transfer" => {
            "A provider speaks of another transfer than the payout's. Compare the two, then say on the payout's page what \
             became of it."
        }
        "refused_reversal" => {
            "The provider did not take back what a vendor owes of its payouts. Its next payouts are less by that; ask the \
             vendor for it if there will be none."
        }
        "strange_reversal" => {
            "The provider took back another amount than what a vendor owes. Nothing of it is booked: compare the two on its page."
        }
        "unknown_dispute" => "The provider told of a dispute that it does not know. Look at the provider's page.",
        other => return plain(other),
    };
    text.to_owned()
}

/// What was wrong, in one sentence: the fields' reasons if there are any.
pub fn sentence(error: &kernel::Error) -> String {
    match error.fields() {
        [] => error.detail().to_owned(),
        fields => fields.iter().map(|field| field.reason.as_str()).collect::<Vec<_>>().join(" "),
    }
}

/// Where an order stands.
pub fn order(status: OrderStatus) -> Badge {
    match status {
        OrderStatus::Placed => Badge::new("Placed", Tone::Neutral),
        OrderStatus::AwaitingPayment => Badge::new("Awaiting payment", Tone::Warning),
        OrderStatus::Promised => Badge::new("Cash on delivery", Tone::Warning),
        OrderStatus::Paid => Badge::new("Paid", Tone::Success),
        OrderStatus::Completed => Badge::new("Completed", Tone::Success),
        OrderStatus::Rejected => Badge::new("Out of stock", Tone::Danger),
        OrderStatus::Cancelled => Badge::new("Cancelled", Tone::Neutral),
    }
}

/// Where a vendor's part of an order stands.
pub fn part(status: VendorOrderStatus) -> Badge {
    match status {
        VendorOrderStatus::Pending => Badge::new("Not paid yet", Tone::Neutral),
        VendorOrderStatus::ToShip => Badge::new("To ship", Tone::Warning),
        VendorOrderStatus::PartiallyShipped => Badge::new("Partly shipped", Tone::Warning),
        VendorOrderStatus::Shipped => Badge::new("Shipped", Tone::Accent),
        VendorOrderStatus::Delivered => Badge::new("Delivered", Tone::Success),
        VendorOrderStatus::Cancelled => Badge::new("Cancelled", Tone::Neutral),
    }
}

/// Where a payment stands.
pub fn payment(status: PaymentStatus) -> Badge {
    match status {
        PaymentStatus::Pending | PaymentStatus::Opening => Badge::new("Being opened", Tone::Neutral),
        PaymentStatus::RequiresAction => Badge::new("Waits for the buyer", Tone::Warning),
        PaymentStatus::Processing => Badge::new("Processing", Tone::Accent),
        PaymentStatus::Unknown => Badge::new("Being asked for", Tone::Warning),
        PaymentStatus::Promised => Badge::new("To be collected", Tone::Warning),
        PaymentStatus::Captured => Badge::new("Captured", Tone::Success),
        PaymentStatus::Failed => Badge::new("Failed", Tone::Danger),
        PaymentStatus::Cancelled => Badge::new("Cancelled", Tone::Neutral),
        PaymentStatus::Refunded => Badge::new("Refunded", Tone::Accent),
    }
}

/// Where a dispute stands.
pub fn dispute(status: DisputeStatus) -> Badge {
    match status {
        DisputeStatus::Opened => Badge::new("To be answered", Tone::Warning),
        DisputeStatus::UnderReview => Badge::new("Being decided", Tone::Accent),
        DisputeStatus::Won => Badge::new("Won", Tone::Success),
        DisputeStatus::Lost => Badge::new("Lost", Tone::Danger),
    }
}

/// Where a thing to be looked at stands.
pub fn review(state: ReviewState) -> Badge {
    match state {
        ReviewState::Open => Badge::new("Open", Tone::Warning),
        ReviewState::Returning => Badge::new("Going back", Tone::Accent),
        ReviewState::Resolved => Badge::new("Resolved", Tone::Success),
    }
}

/// Where an event of a payment provider stands.
pub fn webhook(state: WebhookState) -> Badge {
    match state {
        WebhookState::Received => Badge::new("To be taken in", Tone::Warning),
        WebhookState::Handled => Badge::new("Taken in", Tone::Success),
        WebhookState::Unmatched => Badge::new("Of nothing of ours", Tone::Neutral),
    }
}

/// Where a payout stands.
pub fn payout(status: PayoutStatus) -> Badge {
    match status {
        PayoutStatus::Created => Badge::new("To be sent", Tone::Warning),
        PayoutStatus::Sent => Badge::new("At the bank", Tone::Accent),
        PayoutStatus::Paid => Badge::new("Paid", Tone::Success),
        PayoutStatus::Failed => Badge::new("Failed", Tone::Danger),
    }
}

/// Where it stands that something of a payout is taken back.
pub fn reversal(status: ReversalStatus) -> Badge {
    match status {
        ReversalStatus::Created => Badge::new("To be asked for", Tone::Warning),
        ReversalStatus::Sent => Badge::new("Asked for", Tone::Accent),
        ReversalStatus::Done => Badge::new("Taken back", Tone::Success),
        ReversalStatus::Refused => Badge::new("Refused", Tone::Danger),
        ReversalStatus::Strange => Badge::new("To be looked at", Tone::Danger),
    }
}

/// What a document of the invoices is.
pub fn invoice(kind: InvoiceKind) -> Badge {
    match kind {
        InvoiceKind::Invoice => Badge::new("Invoice", Tone::Neutral),
        InvoiceKind::CreditNote => Badge::new("Credit note", Tone::Accent),
    }
}

/// `2026-11` as `November 2026`; as it is if it is no month.
pub fn month(period: &str) -> String {
    day(&format!("{period}-01")).map_or_else(|| period.to_owned(), |first| first.format("%B %Y"))
}

/// Whether buyers see a product.
pub fn product(status: ProductStatus) -> Badge {
    match status {
        ProductStatus::Draft => Badge::new("Draft", Tone::Neutral),
        ProductStatus::Scheduled => Badge::new("Scheduled", Tone::Accent),
        ProductStatus::Published => Badge::new("On sale", Tone::Success),
        ProductStatus::Archived => Badge::new("Archived", Tone::Neutral),
    }
}

/// Where a store stands.
pub fn vendor(status: VendorStatus) -> Badge {
    match status {
        VendorStatus::Applied => Badge::new("Applied", Tone::Warning),
        VendorStatus::Approved => Badge::new("Open", Tone::Success),
        VendorStatus::Suspended => Badge::new("Suspended", Tone::Danger),
        VendorStatus::Rejected => Badge::new("Turned down", Tone::Neutral),
    }
}

/// Where a message stands.
pub fn message(status: MessageStatus) -> Badge {
    match status {
        MessageStatus::Queued => Badge::new("Queued", Tone::Warning),
        MessageStatus::Sent => Badge::new("Sent", Tone::Success),
        MessageStatus::Failed => Badge::new("Failed", Tone::Danger),
    }
}

/// Where a label stands.
pub fn label(status: LabelStatus, used: bool) -> Badge {
    match status {
        LabelStatus::Ordered => Badge::new("Being bought", Tone::Warning),
        LabelStatus::Bought if used => Badge::new("Used", Tone::Success),
        LabelStatus::Bought => Badge::new("To be used", Tone::Accent),
        LabelStatus::Failed => Badge::new("Not sold", Tone::Danger),
        LabelStatus::Voiding => Badge::new("Being given back", Tone::Warning),
        LabelStatus::Voided => Badge::new("Given back", Tone::Neutral),
    }
}

/// How far an import is.
pub fn import(status: ImportStatus) -> Badge {
    match status {
        ImportStatus::Queued => Badge::new("Queued", Tone::Neutral),
        ImportStatus::Running => Badge::new("Running", Tone::Accent),
        ImportStatus::Done => Badge::new("Done", Tone::Success),
        ImportStatus::Failed => Badge::new("Failed", Tone::Danger),
    }
}

/// An order's entries as they are told. A payment page that moves, from the card to the bank's question,
/// is still the payment page and told once; whatever else happens twice, such as a refund, is told twice.
pub fn told(entries: &[TimelineEntry]) -> Vec<&TimelineEntry> {
    let mut told: Vec<_> = entries.iter().collect();
    told.dedup_by(|next, before| next.kind == "payment_page" && next.kind == before.kind);
    told
}

/// What has happened, from the first on.
pub fn timeline(fmt: &Fmt, entries: &[&TimelineEntry]) -> Timeline {
    let last = entries.len().saturating_sub(1);
    let item = |(i, entry): (usize, &&TimelineEntry)| TimelineItem {
        title: entry.text.clone(),
        note: String::new(),
        when: Some(fmt.when(entry.at)),
        progress: if i == last { Progress::Now } else { Progress::Done },
    };
    Timeline { items: entries.iter().enumerate().map(item).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_by_the_words_of_the_api() {
        assert_eq!(named::<VendorOrderStatus>("to_ship"), Some(VendorOrderStatus::ToShip));
        assert_eq!(named::<VendorOrderStatus>("ToShip"), None);
        assert_eq!(word(&ProductStatus::Published), "published");
        assert_eq!(plain("insufficient_funds"), "Insufficient funds");
        assert_eq!(plain(""), "");
        assert_eq!([month("2026-11"), month("soon")], ["November 2026", "soon"]);
    }

    #[test]
    fn a_payment_page_that_moves_is_told_once_and_two_refunds_twice() {
        let entry = |kind: &str, at: &str| TimelineEntry {
            at: at.parse().unwrap(),
            kind: kind.to_owned(),
            text: format!("It is {kind}."),
        };
        let all = [
            entry("placed", "2026-01-15T12:00:00Z"),
            entry("payment_page", "2026-01-15T12:01:00Z"),
            entry("payment_page", "2026-01-15T12:02:00Z"),
            entry("paid", "2026-01-15T12:03:00Z"),
            entry("refunded", "2026-01-15T12:04:00Z"),
            entry("refunded", "2026-01-15T12:05:00Z"),
        ];
        assert_eq!(told(&all), [&all[0], &all[1], &all[3], &all[4], &all[5]]);
    }
}
