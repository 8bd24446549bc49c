//! What labels do to a return.

use contracts::orders::ReturnStatus::Approved;

use super::{
    Label, Return, Step, Told,
    turn::{next, send, told},
};

pub(super) fn on_labelled(before: &Return, label: Label) -> Option<Step> {
    if before.status != Approved || before.label.as_ref() == Some(&label) {
        return None;
    }
    let text = format!("A label for {} can be printed: {}, number {}.", before.number, label.carrier, label.number);
    Some(told(Return { label: Some(label), ..next(before) }, "return_labelled", text, [Told::Labelled]))
}

pub(super) fn on_voided(before: &Return) -> Option<Step> {
    let label = before.label.as_ref().filter(|_| before.status == Approved)?;
    let text = format!("The label {} for {} was given back: it cannot be used any more.", label.number, before.number);
    Some(told(Return { label: None, ..next(before) }, "return_label_voided", text, []))
}

pub(super) fn on_used(before: &Return) -> Option<Step> {
    let label = before.label.clone().filter(|_| before.status == Approved)?;
    Some(send(before, label.carrier, label.number))
}
