//! What the page of a return says first.

use contracts::orders::{Remedy, ReturnKind, ReturnStatus, ReturnView};

use crate::{
    fmt::Fmt,
    ui::{Notice, Tone},
};

/// What it is, and what comes next.
pub(super) fn of(fmt: &Fmt, of: &ReturnView) -> Option<Notice> {
    let shop = &of.vendor_name;
    match of.kind {
        ReturnKind::Withdrawal => return withdrawn(fmt, of),
        ReturnKind::Kept => return paid_back(fmt, of),
        ReturnKind::Return => {}
    }
    match of.status {
        ReturnStatus::Requested => Some(Notice::new(
            Tone::Neutral,
            "",
            format!("{shop} has your form and answers by mail. Wait with sending."),
        )),
        ReturnStatus::Approved => {
            let how = match (&of.instructions, &of.label) {
                (Some(how), _) => how.clone(),
                (None, Some(_)) => "Print the label, stick it on, and hand the parcel over.".to_owned(),
                (None, None) => format!("Send it to {shop}, then note the number here."),
            };
            Some(Notice::new(Tone::Accent, format!("{shop} takes it back."), how))
        }
        ReturnStatus::Refused => {
            let why = of.answer.clone().unwrap_or_default();
            Some(Notice::new(Tone::Danger, format!("{shop} does not take it back."), why))
        }
        ReturnStatus::Closed => {
            Some(Notice::new(Tone::Neutral, "This return is closed.", of.answer.clone().unwrap_or_default()))
        }
        ReturnStatus::Received if of.remedy == Remedy::Exchange => {
            Some(Notice::new(Tone::Accent, format!("{shop} has it."), "What you get instead is sent next."))
        }
        ReturnStatus::Exchanged => {
            let (by, number) = (of.new_carrier.as_deref(), of.new_tracking_number.as_deref());
            let text = format!("It comes with {}, number {}.", by.unwrap_or_default(), number.unwrap_or_default());
            Some(Notice::new(Tone::Success, format!("{shop} has sent what you get instead."), text))
        }
        ReturnStatus::Received => {
            let money = fmt.money(of.refund);
            let text = match of.refund_failure {
                Some(_) => format!("{money} could not be sent back yet. {shop} knows, and tries again."),
                None => format!("{money} is on its way back to you."),
            };
            Some(Notice::new(Tone::Accent, format!("{shop} has it."), text))
        }
        ReturnStatus::Refunded => {
            Some(Notice::new(Tone::Success, "", format!("{} went back to you.", fmt.money(of.refund))))
        }
        ReturnStatus::Sent | ReturnStatus::Cancelled => None,
    }
}

fn paid_back(fmt: &Fmt, of: &ReturnView) -> Option<Notice> {
    let (money, shop) = (fmt.money(of.refund), &of.vendor_name);
    let (tone, text) = match of.status {
        ReturnStatus::Received if of.refund_failure.is_some() => {
            (Tone::Accent, format!("{money} could not be sent back yet. {shop} knows, and tries again."))
        }
        ReturnStatus::Received => (Tone::Accent, format!("{money} is on its way back to you. Nothing has to be sent.")),
        ReturnStatus::Refunded => (Tone::Success, format!("{money} went back to you. Nothing has to be sent.")),
        ReturnStatus::Closed => (Tone::Neutral, of.answer.clone().unwrap_or_default()),
        _ => return None,
    };
    Some(Notice::new(tone, "", text))
}

fn withdrawn(fmt: &Fmt, of: &ReturnView) -> Option<Notice> {
    let money = fmt.money(of.refund);
    let (tone, text) = match of.status {
        ReturnStatus::Requested => {
            (Tone::Neutral, "It is being taken out of the order. This takes a moment.".to_owned())
        }
        ReturnStatus::Refused => {
            (Tone::Danger, format!("It stays in the order. {}", of.answer.as_deref().unwrap_or_default()))
        }
        ReturnStatus::Received if of.refund_failure.is_some() => {
            (Tone::Accent, format!("{money} could not be sent back yet. {} knows, and tries again.", of.vendor_name))
        }
        ReturnStatus::Received => (Tone::Accent, format!("It is not sent. {money} is on its way back to you.")),
        ReturnStatus::Refunded => (Tone::Success, format!("It is not sent. {money} went back to you.")),
        ReturnStatus::Closed => (Tone::Neutral, of.answer.clone().unwrap_or_default()),
        ReturnStatus::Approved | ReturnStatus::Sent | ReturnStatus::Exchanged | ReturnStatus::Cancelled => return None,
    };
    Some(Notice::new(tone, "", text))
}
