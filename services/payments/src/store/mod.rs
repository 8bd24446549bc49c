//! SQL of the payments service, and nothing else.

mod attempts;
mod balances;
mod commission;
mod credits;
mod direct;
mod disputes;
mod fees;
mod inbox;
mod invoices;
mod ledger;
mod lists;
mod looks;
mod money;
mod payees;
mod payments;
mod payouts;
mod recipients;
mod reductions;
mod refunds;
mod reserves;
mod reversals;
mod review;
mod statements;
mod transfers;

pub use attempts::{attempts, end_attempt, payment_id_of};
pub use balances::{
    balance_within, is_suspended, lock_vendor, mark_delivered, vendor_balances, vendors_after, with_something,
    with_too_little,
};

pub use commission::{
    commission_of_order, commission_of_payment, commission_rules, commission_rules_of, commission_terms,
    end_commission_rule, insert_commission_rule, lock_commission_rule, read_commission_rule, update_commission_rule,
};
pub use credits::{
    CreditFilter, Extension, NewMovement, add_movement, add_store_credit, change, confirm_holds, credit_movements,
    credits, end_holds, gift_card, gift_card_id, give_back, holds_of, insert_gift_card, insert_hold, lapse_holds,
    lock_credit, long_held, own_movements, read_credit, renew_holds, set_blocked, store_credits, take, write_off,
};
pub use direct::{collect_whole, count_direct, decide_direct, direct_accounts, direct_refunds, owed_by};
pub use disputes::{
    DisputeFilter, NewDispute, Verdict, answer_dispute, change_dispute, change_fee, close_dispute, dispute_parts,
    dispute_view_within, dispute_views, due_disputes, end_answer, find_dispute, held_of_vendor, insert_dispute,
    lock_dispute, postpone_dispute, read_dispute, vendor_disputes,
};
pub use fees::{fees_of, note_fee};
pub use inbox::{
    Webhook, drop_old_webhooks, note_failure, note_webhook, read_webhook, reset_webhook, set_webhook, webhooks,
};
pub use invoices::{
    InvoiceFilter, commission_of, end_month, first_commission, has_invoice, insert_invoice, invoice, invoice_months,
    invoices, lock_addressee, months_over, next_number, to_invoice, vendor_invoice, vendor_invoices, vendor_name,
};
pub use ledger::{balances, entries, movements, post, trial_balance, vendor_sums};
pub use lists::{Filter, payment_view, payment_view_within, payments};
pub use looks::{
    Again, due_looks, journal_position, note_look, reviewed_refs, save_journal_position, save_second_look, second_look,
};
pub use money::{Booked, booked_by_day};
pub use payees::{Terms, payee, payee_within, payout_terms, set_payee, set_payout_terms, terms_of_vendors};
pub use payments::{
    NewPart, Standing, adopt, capture, captured_since, commissions, due_payments, end_free, find_payment,
    insert_payment, lock_payment, lock_payment_of, mark_opening, mark_order_cancelled, payments_of, payments_with,
    postpone, read_parts, read_payment, read_payment_of, replace_payment, set_status, start_again, undo_parts,
    upsert_vendor,
};
pub use payouts::{
    PayoutFilter, Step, begin_transfer, due_payouts, end_run, has_payout, insert_payout, move_payout, note_transfer,
    paid_since, payout_sums, payout_within, payouts, payouts_with, postpone_payout, read_payout, run_is_over,
    try_again, vendor_payouts,
};
pub use recipients::{
    choose_bank, choose_recipient, chosen_recipient, give_recipient, give_up_attempt, note_account, recipient,
    recipient_with, recipient_within, recipients, unready_recipients, want_recipient,
};
pub use reductions::{Reduction, add_reduction, overdue, reductions};
pub use refunds::{
    Claimed, NewRefund, begin_refund, due_refunds, end_refund, is_known, note_refund, postpone_refund, read_refund,
    settle_part, settle_payment, shares_of, take_back,
};
pub use reserves::{
    due_reserves, insert_reserve, release_reserve, reserve_of_vendor, reserve_terms, reserve_terms_of_payment,
    reserves_left, set_reserve_terms, use_reserve,
};
pub use reversals::{
    begin_reversal, due_reversals, end_reversal, held_within, insert_reversal, is_reversing, postpone_reversal,
    read_reversal, reversal_within, reversals_of, reversible, vendors_paid_by,
};
pub use review::{
    add_review_entry, add_review_item, begin_return, due_returns, is_returned, lock_review_item, postpone_return,
    read_review_item, reopen_review_item, resolve_review_item, returned_by, returned_by_within, review_history,
    review_items, unexplained,
};
pub use statements::{Place, Span, statement_movements, statement_sums};
pub use transfers::{
    Transfer, TransferBack, ask_back, await_transfer, cancel_transfer, mark_sent, read_back, read_transfer,
    receive_transfer, refuse_transfer, transfers_of,
};

use db::Row;
use kernel::{Currency, Error, Money, Result};

use crate::model::{Payment, status_of};

/// Columns of [`payment_of`].
const PAYMENT_COLUMNS: &str = "id, order_id, order_number, provider, method, token, return_path, \
    CASE WHEN status = 'processing' AND promised_at IS NOT NULL THEN 'promised' ELSE status END AS status, order_cancelled, currency, \
    amount_minor, covered_minor, reduced_minor, captured_minor, refunded_minor, restored_minor, settled_minor, disputed_minor, lost_minor, provider_ref, action_url, failure, checks, \
    created_at, opened_at, attempt, former_refs, next_method, direct";

fn payment_of(row: &Row) -> Result<Payment> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    let status = row.get::<String>("status")?;
    Ok(Payment {
        id: row.get("id")?,
        order_id: row.get("order_id")?,
        order_number: row.get("order_number")?,
        provider: row.get("provider")?,
        method: row.get("method")?,
        token: row.get("token")?,
        return_path: row.get("return_path")?,
        status: status_of(&status).ok_or_else(|| Error::internal(format!("unknown status {status:?}")))?,
        order_cancelled: row.get("order_cancelled")?,
        amount: money("amount_minor")?,
        covered: money("covered_minor")?,
        reduced: money("reduced_minor")?,
        captured: money("captured_minor")?,
        refunded: money("refunded_minor")?,
        restored: money("restored_minor")?,
        settled: money("settled_minor")?,
        disputed: money("disputed_minor")?,
        lost: money("lost_minor")?,
        attempt: row.get("attempt")?,
        is_replaced: row.get::<Option<String>>("next_method")?.is_some(),
        former_refs: row.get::<String>("former_refs")?.split_whitespace().map(str::to_owned).collect(),
        direct: row.get::<Option<String>>("direct")?.map(|text| serde_json::from_str(&text)).transpose()?,
        provider_ref: row.get("provider_ref")?,
        action_url: row.get("action_url")?,
        failure: row.get("failure")?,
        checks: row.get("checks")?,
        created_at: row.get("created_at")?,
        opened_at: row.get("opened_at")?,
    })
}
