//! One use case per file.

mod absorb;
mod adopt;
mod answer_dispute;
mod ask;
mod audit;
mod bank_file;
mod block_credit;
mod book_fee;
mod call_off;
mod charge_label;
mod choose_method;
mod collect;
mod commission_rules;
mod compare_journals;
mod connect_account;
mod dispute;
mod end_payout;
mod export_payments;
mod hold_credits;
mod issue_credit;
mod issue_invoices;
mod look_at_account;
mod look_back;
mod mature;
mod money_report;
mod open_payment;
mod pay_directly;
mod pay_out;
mod payout_account;
mod payouts_overview;
mod receive_order;
mod receive_transfer;
mod refund;
mod refund_return;
mod reserves;
mod return_money;
mod return_stray;
mod reverse_transfer;
mod review_detail;
mod run_payouts;
mod send_payout;
mod spend_credits;
mod statement;
mod statement_paper;
mod take_money;
mod trial_balance;
mod undo_free;
mod webhook;
mod work_off;
mod write_off_credit;

pub use adopt::leave_attempt;
pub use answer_dispute::{accept_dispute, carry_answer, submit_evidence};
pub use ask::{look_again, refresh, resolve};
pub use audit::{Audited, Auditor};
pub use bank_file::{payouts_list, sepa_file};
pub use block_credit::block_credit;
pub use call_off::{call_off, cancel_at_provider};
pub use charge_label::{charge_label, refund_label};
pub use choose_method::choose_method;
pub use collect::{find_outstanding, not_collected};
pub use commission_rules::{create_commission_rule, end_commission_rule, preview_commission, update_commission_rule};
pub use compare_journals::{compare_again, compare_journals};
pub use connect_account::connect_account;
pub use dispute::{look_at_dispute, next_question};
pub use end_payout::{Outcome, end_payout};
pub use export_payments::export_payments;
pub use hold_credits::{cover_total, hold_credits, lapse_holds};
pub use issue_credit::{gift_card_letter, issue_credit};
pub use issue_invoices::issue_invoices;
pub use look_at_account::{look_at_account, look_at_unready, refresh_account};
pub use look_back::look_back;
pub use mature::mature;
pub use money_report::{money_file, money_report};
pub use open_payment::{open_payment, stock_is_held};
pub use pay_out::retry_payout;
pub use payout_account::{set_payout_account, set_terms};
pub use payouts_overview::payouts_overview;
pub use receive_order::receive_order;
pub use receive_transfer::{receive_transfer, refund_was_sent};
pub use refund::request_refund;
pub use refund_return::refund_return;
pub use reserves::{release_reserves, set_reserve, vendor_money};
pub use return_money::carry_out;
pub use return_stray::return_stray;
pub use reverse_transfer::{payout_views, reverse_transfer, take_back_shortfalls};
pub use review_detail::review_detail;
pub use run_payouts::{run_by_hand, run_scheduled};
pub use send_payout::send_payout;
pub use statement::{export_statement, statement};
pub use statement_paper::statement_paper;
pub use take_money::take_money;
pub use trial_balance::trial_balance;
pub use webhook::{handle_webhook, receive_webhook, replay_webhook};
pub use work_off::work_off;
pub use write_off_credit::write_off_credit;

use std::{sync::Arc, time::Duration};

use db::Tx;
use kernel::{Money, OrderId, Result, Timestamp};

use crate::{Payments, model::review::Subject, store};

/// What was found since then may explain itself.
pub const UNEXPLAINED_AFTER: Duration = Duration::from_secs(15 * 60);

/// When an open payment is asked about again after so many times without an end: a minute, doubling
/// up to ten. Money that nobody told us of is found within a quarter of an hour.
pub fn next_check(now: Timestamp, checks: i64) -> Timestamp {
    let minutes = 1_u64 << checks.clamp(0, 4);
    now.plus(Duration::from_secs(60 * minutes.min(10)))
}

/// Puts something before somebody's eyes, and raises the alarm. `amount` is the money in question, where it is known.
pub async fn review(
    app: &Arc<Payments>,
    tx: &mut Tx,
    provider: &str,
    provider_ref: &str,
    problem: &'static str,
    order_id: Option<OrderId>,
    amount: Option<Money>,
) -> Result<()> {
    let (provider, provider_ref) = (provider.to_owned(), provider_ref.to_owned());
    let subject = Subject { provider, provider_ref, problem: problem.to_owned() };
    if store::add_review_item(tx, &subject, order_id, amount, app.clock.now()).await? {
        alarm(tx, &subject, problem, order_id);
    }
    Ok(())
}

/// Raises the alarm, once it is sure.
fn alarm(tx: &mut Tx, subject: &Subject, problem: &'static str, order: Option<OrderId>) {
    let payment = subject.provider_ref.clone();
    tx.after_commit(move || {
        metrics::counter!("souk_payments_review_total", "problem" => problem).increment(1);
        tracing::error!(payment, problem, ?order, "money has to be looked at");
    });
}
