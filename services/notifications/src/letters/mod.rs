//! What is said in each letter: a function each, from facts to a [`Letter`](crate::model::Letter).

mod account;
mod dispute;
mod gift_card;
mod order;
mod payout;
mod returns;
mod review;
mod stop;
mod vendor;

pub use account::{back_in_stock, from_template, left_cart};
pub use dispute::{dispute_closed, dispute_decided, dispute_opened, dispute_to_answer};
pub use gift_card::gift_card;
pub use order::{cancelled, confirmed, delivered, invited, made, refunded, rejected, shipped, words_of};
pub use payout::{invoice_issued, payout_account_changed, payout_failed, payout_paid};
pub use returns::{
    not_to_be_sent, not_withdrawn, return_asked, return_decided, return_ended, return_exchanged, return_labelled,
    return_received, return_sent, withdrawn,
};
pub use review::{review_answered, review_reported, review_written};
pub use stop::one_click;
pub use vendor::{decided, low_stock, new_order};
