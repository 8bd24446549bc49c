//! Ways to break the rows, each with what must be found.

use db::params;
use kernel::Clock;
use testkit::TestApp;

use super::wrong;
use crate::{Mode, check};

/// A statement that breaks the rows of a service.
pub struct Breakage {
    /// What must be found: these and no others.
    ids: &'static [&'static str],
    service: &'static str,
    sql: &'static str,
    /// Mends it; the ledger cannot be mended, so what breaks it comes last.
    pub undo: Option<&'static str>,
}

pub const fn mend(
    ids: &'static [&'static str],
    service: &'static str,
    sql: &'static str,
    undo: &'static str,
) -> Breakage {
    Breakage { ids, service, sql, undo: Some(undo) }
}
const fn last(ids: &'static [&'static str], sql: &'static str) -> Breakage {
    Breakage { ids, service: "payments", sql, undo: None }
}

pub const BREAKAGES: &[Breakage] = &[
    mend(
        &["M2", "M4", "M9", "O5"],
        "orders",
        "UPDATE orders SET total_minor = total_minor + 1 WHERE status = 'completed'",
        "UPDATE orders SET total_minor = total_minor - 1 WHERE status = 'completed'",
    ),
    mend(
        &["M2"],
        "payments",
        "UPDATE payments SET provider_fee_minor = 1 WHERE captured_minor > 0",
        "UPDATE payments SET provider_fee_minor = NULL",
    ),
    mend(
        &["M3", "T2"],
        "payments",
        "UPDATE refunds SET amount_minor = amount_minor + 1 WHERE status = 'succeeded'",
        "UPDATE refunds SET amount_minor = amount_minor - 1 WHERE status = 'succeeded'",
    ),
    mend(
        &["M10", "M12"],
        "payments",
        "UPDATE payouts SET amount_minor = amount_minor - 1",
        "UPDATE payouts SET amount_minor = amount_minor + 1",
    ),
    mend(
        &["M10", "M12"],
        "payments",
        "UPDATE payouts SET reversed_minor = 1 WHERE status = 'paid'",
        "UPDATE payouts SET reversed_minor = 0",
    ),
    mend(
        &["M11"],
        "payments",
        "INSERT INTO transfer_reversals SELECT id, 1, vendor_id, 's', 't', currency, amount_minor + 1, 'sent', NULL, NULL, 1, NULL, 1 FROM payouts",
        "DELETE FROM transfer_reversals",
    ),
    mend(
        &["M10"],
        "payments",
        "UPDATE payouts SET status = 'sent', ended_at = NULL WHERE status = 'paid'",
        "UPDATE payouts SET status = 'paid', ended_at = created_at WHERE status = 'sent'",
    ),
    mend(
        &["M11"],
        "payments",
        "UPDATE payment_parts SET matures_at = matures_at + 1000000000000000",
        "UPDATE payment_parts SET matures_at = matures_at - 1000000000000000",
    ),
    mend(
        &["M7", "M12"],
        "payments",
        "UPDATE payment_parts SET total_minor = total_minor + 1",
        "UPDATE payment_parts SET total_minor = total_minor - 1",
    ),
    mend(
        &["M13"],
        "payments",
        "UPDATE disputes SET fee_minor = fee_minor + 1",
        "UPDATE disputes SET fee_minor = fee_minor - 1",
    ),
    mend(
        &["M12", "M13"],
        "payments",
        "UPDATE dispute_parts SET held_minor = held_minor + 1",
        "UPDATE dispute_parts SET held_minor = held_minor - 1",
    ),
    mend(
        &["M13"],
        "payments",
        "UPDATE payments SET disputed_minor = disputed_minor + 1 WHERE disputed_minor > 0",
        "UPDATE payments SET disputed_minor = disputed_minor - 1 WHERE disputed_minor > 0",
    ),
    mend(
        &["M13"],
        "payments",
        "UPDATE disputes SET status = 'lost' WHERE status = 'won'",
        "UPDATE disputes SET status = 'won' WHERE status = 'lost' AND withdrawn = 0",
    ),
    mend(
        &["M15"],
        "payments",
        "UPDATE credits SET issued_minor = issued_minor + 1, balance_minor = balance_minor + 1",
        "UPDATE credits SET issued_minor = issued_minor - 1, balance_minor = balance_minor - 1",
    ),
    mend(
        &["M15", "M16"],
        "payments",
        "UPDATE credit_holds SET state = 'confirmed' WHERE state = 'released'",
        "UPDATE credit_holds SET state = 'released' WHERE state = 'confirmed'",
    ),
    mend(
        &["M16"],
        "payments",
        "UPDATE credit_holds SET amount_minor = amount_minor + 1 WHERE state = 'spent'",
        "UPDATE credit_holds SET amount_minor = amount_minor - 1 WHERE state = 'spent'",
    ),
    mend(
        &["M16"],
        "orders",
        "UPDATE orders SET covered_minor = covered_minor + 1",
        "UPDATE orders SET covered_minor = covered_minor - 1",
    ),
    // Of an order that was called off nothing lapses, it is released.
    mend(
        &["M16"],
        "payments",
        "UPDATE credit_holds SET state = 'lapsed' WHERE state = 'released'",
        "UPDATE credit_holds SET state = 'released' WHERE state = 'lapsed'",
    ),
    // Captured, and free again although nobody has called the order off.
    mend(
        &["M16"],
        "payments",
        "UPDATE credit_holds SET state = 'released' WHERE state = 'spent' AND restored_minor = 0",
        "UPDATE credit_holds SET state = 'spent' WHERE state = 'released'
         AND order_id IN (SELECT order_id FROM payments WHERE captured_minor > 0)",
    ),
    mend(
        &["M16"],
        "payments",
        "UPDATE credit_holds SET order_id = 'x' || order_id WHERE state = 'released'",
        "UPDATE credit_holds SET order_id = substr(order_id, 2) WHERE order_id LIKE 'x%'",
    ),
    mend(
        &["P1"],
        "pricing",
        "UPDATE promotions SET uses = uses + 1",
        "UPDATE promotions SET uses = uses - 1",
    ),
    mend(
        &["P1"],
        "pricing",
        "UPDATE promotions SET spent_minor = spent_minor - 1",
        "UPDATE promotions SET spent_minor = spent_minor + 1",
    ),
    mend(
        &["P1"],
        "pricing",
        "UPDATE promotion_customers SET uses = uses - 1 WHERE uses > 0",
        "UPDATE promotion_customers SET uses = (SELECT count(*) FROM promotion_redemptions r
            WHERE r.promotion_id = promotion_customers.promotion_id AND r.customer = promotion_customers.customer
              AND r.state IN ('held', 'confirmed'))",
    ),
    // Promotions of orders that nobody has placed, and orders without theirs.
    mend(
        &["P2"],
        "pricing",
        "UPDATE promotion_redemptions SET order_id = 'x' || order_id",
        "UPDATE promotion_redemptions SET order_id = substr(order_id, 2)",
    ),
    // Counted as if they were still to be placed; of what was called off nothing is held any more.
    mend(
        &["P2"],
        "pricing",
        "UPDATE promotion_redemptions SET state = 'held' WHERE state = 'confirmed'",
        "UPDATE promotion_redemptions SET state = 'confirmed' WHERE state = 'held'",
    ),
    mend(
        &["S1", "S6", "S8"],
        "inventory",
        "UPDATE stock SET on_hand = on_hand + 1",
        "UPDATE stock SET on_hand = on_hand - 1",
    ),
    mend(
        &["S6"],
        "inventory",
        "UPDATE places SET on_hand = on_hand + 1",
        "UPDATE places SET on_hand = on_hand - 1",
    ),
    mend(
        &["S6"],
        "inventory",
        "UPDATE stock SET split = 1 - split",
        "UPDATE stock SET split = 1 - split",
    ),
    mend(
        &["S1", "S2"],
        "inventory",
        "UPDATE stock SET backorder_cap = 1, backordered = 1",
        "UPDATE stock SET backordered = 0, backorder_cap = 0",
    ),
    mend(
        &["S2", "S6"],
        "inventory",
        "UPDATE stock SET reserved = reserved + 1 WHERE reserved < on_hand",
        "UPDATE stock SET reserved = reserved - 1 WHERE reserved > 0",
    ),
    mend(
        &["S2", "S3"],
        "inventory",
        "UPDATE reservations SET state = 'expired' WHERE state = 'claimed'",
        "UPDATE reservations SET state = 'claimed' WHERE state = 'expired'",
    ),
    mend(
        &["S3", "S4"],
        "inventory",
        "UPDATE reservations SET state = 'claimed' WHERE state = 'shipped'",
        "UPDATE reservations SET state = 'shipped' WHERE state = 'claimed'
         AND NOT EXISTS (SELECT 1 FROM reservation_lines l WHERE l.order_id = reservations.order_id AND l.shipped = 0)",
    ),
    mend(
        &["S5"],
        "inventory",
        "UPDATE reservation_lines SET quantity = quantity + 1 WHERE order_id IN (SELECT order_id FROM reservations WHERE state = 'shipped')",
        "UPDATE reservation_lines SET quantity = quantity - 1 WHERE order_id IN (SELECT order_id FROM reservations WHERE state = 'shipped')",
    ),
    mend(
        &["S8"],
        "inventory",
        "UPDATE stock SET can_have = can_have - 1 WHERE bundle = 1",
        "UPDATE stock SET can_have = can_have + 1 WHERE bundle = 1",
    ),
    mend(
        &["S5", "S8"],
        "inventory",
        "UPDATE order_parts SET quantity = quantity + 1",
        "UPDATE order_parts SET quantity = quantity - 1",
    ),
    mend(
        &["S8"],
        "inventory",
        "UPDATE reservation_lines SET gone = gone - 1 WHERE order_id IN (SELECT order_id FROM order_parts)",
        "UPDATE reservation_lines SET gone = gone + 1 WHERE order_id IN (SELECT order_id FROM order_parts)",
    ),
    mend(
        &["O1"],
        "orders",
        "INSERT INTO idempotency_keys (who, route, key, fingerprint, status, body, created_at)
         SELECT who, route, 'again', fingerprint, status, body, created_at FROM idempotency_keys WHERE key = 'one'",
        "DELETE FROM idempotency_keys WHERE key = 'again'",
    ),
    mend(
        &["O3"],
        "orders",
        "UPDATE orders SET version = version + 1",
        "UPDATE orders SET version = version - 1",
    ),
    mend(
        &["O3", "EV1"],
        "orders",
        "UPDATE order_timeline SET kind = 'x_paid' WHERE kind = 'paid'",
        "UPDATE order_timeline SET kind = 'paid' WHERE kind = 'x_paid'",
    ),
    mend(
        &["O3", "O4"],
        "orders",
        "UPDATE orders SET status = 'awaiting_payment' WHERE status = 'paid'",
        "UPDATE orders SET status = 'paid' WHERE status = 'awaiting_payment'",
    ),
    mend(
        &["O4"],
        "shipping",
        "UPDATE shipments SET order_id = 'x' || order_id",
        "UPDATE shipments SET order_id = substr(order_id, 2)",
    ),
    mend(
        &["M17"],
        "shipping",
        "UPDATE labels SET price_minor = price_minor + 1 WHERE state = 'bought'",
        "UPDATE labels SET price_minor = price_minor - 1 WHERE state = 'bought'",
    ),
    mend(
        &["M17"],
        "shipping",
        "UPDATE labels SET booked = 1 WHERE state = 'voided'",
        "UPDATE labels SET booked = 0 WHERE state = 'voided'",
    ),
    mend(
        &["M17"],
        "shipping",
        "UPDATE labels SET label_id = 'x' || label_id, booked = 0 WHERE state = 'bought'",
        "UPDATE labels SET label_id = substr(label_id, 2), booked = 1 WHERE state = 'bought'",
    ),
    mend(
        &["M9", "O5"],
        "orders",
        "UPDATE orders SET tax_minor = tax_minor + 1 WHERE status = 'completed'",
        "UPDATE orders SET tax_minor = tax_minor - 1 WHERE status = 'completed'",
    ),
    mend(
        &["O5"],
        "orders",
        "UPDATE vendor_orders SET tax_minor = tax_minor + 1",
        "UPDATE vendor_orders SET tax_minor = tax_minor - 1",
    ),
    mend(
        &["T1"],
        "orders",
        "UPDATE order_lines SET returned = returned + 1 WHERE returned > 0 AND returned < quantity",
        "UPDATE order_lines SET returned = returned - 1 WHERE returned > 1",
    ),
    mend(
        &["T1"],
        "orders",
        "UPDATE order_lines SET delivered = returned - 1 WHERE returned > 0",
        "UPDATE order_lines SET delivered = shipped WHERE returned > 0",
    ),
    mend(
        &["S7"],
        "shipping",
        "UPDATE shipment_lines SET quantity = quantity + 1",
        "UPDATE shipment_lines SET quantity = quantity - 1",
    ),
    mend(
        &["T2"],
        "orders",
        "UPDATE returns SET refund_minor = refund_minor + 1",
        "UPDATE returns SET refund_minor = refund_minor - 1",
    ),
    mend(
        &["T2"],
        "orders",
        "UPDATE returns SET refund_id = 'x' || refund_id WHERE refund_id IS NOT NULL",
        "UPDATE returns SET refund_id = substr(refund_id, 2) WHERE refund_id IS NOT NULL",
    ),
    mend(
        &["T3"],
        "inventory",
        "UPDATE movements SET kind = 'receipt' WHERE kind = 'return'",
        "UPDATE movements SET kind = 'return' WHERE kind = 'receipt'",
    ),
    mend(
        &["EV1"],
        "payments",
        "UPDATE event_versions SET version = version + 1",
        "UPDATE event_versions SET version = version - 1",
    ),
    mend(
        &["R1"],
        "reviews",
        "UPDATE ratings SET stars5 = stars5 + 1",
        "UPDATE ratings SET stars5 = stars5 - 1",
    ),
    mend(
        &["R1"],
        "reviews",
        "UPDATE vendor_ratings SET stars1 = stars1 + 1",
        "UPDATE vendor_ratings SET stars1 = stars1 - 1",
    ),
    mend(
        &["R1"],
        "reviews",
        "UPDATE reviews SET hidden_at = 0",
        "UPDATE reviews SET hidden_at = NULL",
    ),
    mend(
        &["R2"],
        "reviews",
        "UPDATE reviews SET helpful = helpful + 1",
        "UPDATE reviews SET helpful = helpful - 1",
    ),
    mend(
        &["R2"],
        "reviews",
        "UPDATE review_reports SET cleared_at = 0",
        "UPDATE review_reports SET cleared_at = NULL",
    ),
    mend(
        &["EV2"],
        "orders",
        "UPDATE outbox SET sent_at = NULL",
        "UPDATE outbox SET sent_at = occurred_at",
    ),
    mend(
        &["EV3"],
        "inventory",
        "UPDATE inbox SET version = version + 1 WHERE aggregatetype = 'order'",
        "UPDATE inbox SET version = version - 1 WHERE aggregatetype = 'order'",
    ),
    mend(
        &["EV3"],
        "inventory",
        "UPDATE inbox SET event_id = 'x' || event_id WHERE aggregatetype = 'order'",
        "UPDATE inbox SET event_id = substr(event_id, 2) WHERE aggregatetype = 'order'",
    ),
    mend(
        &["EV4"],
        "inventory",
        "INSERT INTO inbox_pending (consumer, event_id, aggregatetype, aggregateid, version, type, envelope, state, attempts, due_at, error, received_at)
         VALUES ('inventory', 'e', 'order', 'o', 2, 'order.paid', '{}', 'waiting', 1, 0, 'an earlier event is missing', 0)",
        "DELETE FROM inbox_pending",
    ),
    mend(
        &["EV3", "EV5"],
        "inventory",
        "UPDATE inbox SET version = version - 1 WHERE aggregatetype = 'order'",
        "UPDATE inbox SET version = version + 1 WHERE aggregatetype = 'order'",
    ),
    mend(
        &["I1"],
        "orders",
        "UPDATE idempotency_keys SET status = 0",
        "UPDATE idempotency_keys SET status = 202",
    ),
    last(
        &["M8"],
        "INSERT INTO postings (entry_id, position, account, kind, amount_minor, currency, at)
         SELECT id, 98, 'commission', 'commission_refund', 1, 'USD', 0 FROM journal_entries WHERE kind = 'refund'
         UNION ALL SELECT id, 99, 'commission', 'commission_refund', -1, 'USD', 0 FROM journal_entries WHERE kind = 'refund'",
    ),
    last(
        &["M7", "M8", "M12"],
        "INSERT INTO postings (entry_id, position, account, kind, amount_minor, currency, at)
         SELECT id, 96, 'commission', 'commission', -1, 'EUR', 0 FROM journal_entries WHERE kind = 'capture'
         UNION ALL SELECT id, 97, 'vendor_payable:x', 'sale', 1, 'EUR', 0 FROM journal_entries WHERE kind = 'capture'",
    ),
    last(
        &["M1", "M2", "M7", "M8", "M12"],
        "INSERT INTO postings (entry_id, position, account, kind, amount_minor, currency, at)
         SELECT id, 95, 'provider:sandbox', 'capture', 1, 'EUR', 0 FROM journal_entries WHERE kind = 'capture'",
    ),
];

/// Those of a month that was invoiced.
pub const INVOICES: &[Breakage] = &[
    mend(
        &["M14"],
        "payments",
        "UPDATE invoices SET earned_minor = earned_minor + 1, total_minor = total_minor + 1",
        "UPDATE invoices SET earned_minor = earned_minor - 1, total_minor = total_minor - 1",
    ),
    mend(
        &["M14"],
        "payments",
        "UPDATE invoices SET period = 'x' || period",
        "UPDATE invoices SET period = substr(period, 2)",
    ),
    mend(
        &["M14"],
        "payments",
        "UPDATE invoices SET number = number + 1 WHERE number = (SELECT last FROM invoice_numbers)",
        "UPDATE invoices SET number = number - 1 WHERE number > (SELECT last FROM invoice_numbers)",
    ),
    mend(
        &["M14"],
        "payments",
        "UPDATE invoice_numbers SET last = last + 1",
        "UPDATE invoice_numbers SET last = last - 1",
    ),
];

impl Breakage {
    /// Breaks, looks, mends, looks again.
    pub async fn run(&self, app: &TestApp, is_last: bool) {
        let db = app.db(self.service);
        let (sql, undo) = (self.sql, self.undo.unwrap_or_default());
        let changed = db.write(async move |tx| tx.exec(sql, params![]).await).await.unwrap();
        assert!(changed > 0, "nothing to break: {sql}");
        assert_eq!(found(app).await, self.ids, "{sql}");
        if !is_last {
            db.write(async move |tx| tx.exec(undo, params![]).await).await.unwrap();
            assert_eq!(found(app).await, Vec::<&str>::new(), "{undo}");
        }
    }
}

async fn found(app: &TestApp) -> Vec<&'static str> {
    let findings = check(&app.system.databases(), None, app.clock.now(), Mode::Quiescent).await.unwrap();
    wrong(&findings).into_iter().map(|(id, _)| id).collect()
}
