//! What must hold: after steps the cheap invariants, at rest all of them, the provider's books, and
//! everything that anybody was told.

use std::collections::BTreeMap;

use db::{Row, Value, params};
use futures::future::BoxFuture;
use invariants::{CHEAP, Finding, Mode, PspPayment, PspTransfer, PspTruth};
use kernel::{Clock, Result};

use crate::{
    credits::Gift,
    shop::DOWNLOAD,
    world::{World, now},
};

/// What a run has come to: whose rows tell it, how many, and the mark.
const OUTCOMES: &[(&str, &str, &str)] = &[
    ("orders", "SELECT count(*) FROM orders WHERE status = 'completed'", "order completed"),
    ("orders", "SELECT count(*) FROM orders WHERE status = 'rejected'", "order rejected"),
    ("orders", "SELECT count(*) FROM orders WHERE status_reason = 'expired'", "order expired"),
    ("orders", "SELECT count(*) FROM orders WHERE status_reason = 'payment_failed'", "payment failed"),
    ("orders", "SELECT count(*) FROM orders WHERE status_reason = 'by_buyer'", "order called off by its buyer"),
    ("orders", "SELECT count(*) FROM orders WHERE status_reason = 'by_admin'", "order called off by an admin"),
    (
        "orders",
        "SELECT count(*) FROM orders WHERE status = 'cancelled' AND paid_at IS NOT NULL",
        "order called off after it was paid",
    ),
    ("orders", "SELECT count(*) FROM order_timeline WHERE kind = 'paid_late'", "money came too late and went back"),
    ("pricing", "SELECT count(*) FROM promotions WHERE uses = max_uses", "promotion used up"),
    ("pricing", "SELECT count(*) FROM promotion_redemptions WHERE state = 'confirmed'", "order with a promotion"),
    ("pricing", "SELECT count(*) FROM promotion_redemptions WHERE state = 'returned'", "promotion given back"),
    (
        "pricing",
        "SELECT count(*) FROM promotion_redemptions WHERE state = 'lapsed'",
        "promotion held for an order that never came to be",
    ),
    ("orders", "SELECT count(*) FROM returns WHERE status = 'refunded' AND kind = 'return'", "return paid back"),
    (
        "orders",
        "SELECT count(*) FROM returns WHERE status = 'refunded' AND kind = 'withdrawal'",
        "items taken out and paid back",
    ),
    (
        "orders",
        "SELECT count(*) FROM returns WHERE status = 'refused' AND kind = 'withdrawal'",
        "items were on their way already",
    ),
    (
        "orders",
        "SELECT count(*) FROM returns WHERE status = 'refunded' AND kind = 'kept'",
        "paid back without anything that comes back",
    ),
    ("orders", "SELECT count(*) FROM returns WHERE attempts > 1", "refund of a return sent once more"),
    ("orders", "SELECT count(*) FROM returns WHERE status = 'exchanged'", "return exchanged"),
    ("orders", "SELECT count(*) FROM returns WHERE exchange = 'short'", "what a return was exchanged for was sold out"),
    (
        "orders",
        "SELECT count(*) FROM returns WHERE exchange = 'held' AND remedy = 'refund'",
        "exchange paid back instead",
    ),
    (
        "orders",
        "SELECT count(*) FROM order_lines WHERE sku = 'mug' AND unit_price_minor = 777",
        "order at a price of a list",
    ),
    (
        "orders",
        "SELECT count(*) FROM orders WHERE currency = 'USD' AND status = 'completed'",
        "order in dollars completed",
    ),
    ("orders", "SELECT count(*) FROM orders WHERE currency = 'JPY' AND refunded_minor > 0", "yen sent back"),
    (
        "payments",
        "SELECT count(*) FROM payouts WHERE status = 'paid' AND currency <> 'EUR'",
        "vendor paid in another currency",
    ),
    (
        "payments",
        "SELECT count(*) FROM payments p JOIN disputes d ON d.payment_id = p.id WHERE p.currency <> 'EUR'",
        "dispute in another currency",
    ),
    ("inventory", "SELECT count(*) FROM reservations WHERE backorder = 1", "order waited for goods"),
    (
        "inventory",
        "SELECT count(*) FROM reservations r WHERE r.backorder = 1
             AND EXISTS (SELECT 1 FROM movements m WHERE m.order_id = r.order_id AND m.kind = 'shipped')",
        "parcel left that had waited for goods",
    ),
    ("inventory", "SELECT count(*) FROM movements WHERE kind = 'transfer'", "goods carried to another place"),
    (
        "inventory",
        "SELECT count(*) FROM (SELECT order_id FROM movements WHERE kind = 'shipped'
             GROUP BY order_id, variant_id HAVING count(DISTINCT location_id) > 1) p",
        "order taken from two places",
    ),
    (
        "shipping",
        "SELECT count(*) FROM labels WHERE return_id IS NOT NULL AND state = 'bought'",
        "label bought for a return",
    ),
    (
        "shipping",
        "SELECT count(*) FROM labels WHERE return_id IS NOT NULL AND state = 'voided' AND price_minor IS NOT NULL",
        "label of a return given back",
    ),
    ("shipping", "SELECT count(*) FROM labels WHERE left_at IS NOT NULL", "return on its way as its carrier says"),
    ("inventory", "SELECT count(*) FROM movements WHERE kind = 'return'", "returned goods on sale again"),
    ("inventory", "SELECT count(*) FROM order_parts", "bundle held"),
    (
        "inventory",
        "SELECT count(*) FROM order_parts p JOIN movements m ON m.order_id = p.order_id AND m.variant_id = p.part_id
         WHERE m.kind = 'shipped'",
        "bundle shipped",
    ),
    (
        "inventory",
        "SELECT count(*) FROM order_parts p JOIN movements m ON m.order_id = p.order_id AND m.variant_id = p.part_id
         WHERE m.kind = 'return'",
        "bundle on sale again",
    ),
    (
        "orders",
        "SELECT count(*) FROM orders o JOIN order_lines l ON l.order_id = o.id
         WHERE o.status = 'rejected' AND l.sku IN ('set', 'pair') AND (SELECT count(*) FROM order_lines n
             WHERE n.order_id = o.id AND n.sku IN ('mug', 'bowl')) > 0",
        "bundle refused with one of its parts",
    ),
    (
        "orders",
        "SELECT count(*) FROM orders o WHERE o.status = 'completed'
             AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.digital = 0)",
        "order of downloads completed with its payment",
    ),
    (
        "orders",
        "SELECT count(*) FROM order_lines d JOIN vendor_orders v ON v.id = d.vendor_order_id
         WHERE d.digital = 1 AND v.status = 'delivered'
             AND EXISTS (SELECT 1 FROM order_lines l WHERE l.vendor_order_id = v.id AND l.digital = 0)",
        "parcel delivered of which the rest is downloaded",
    ),
    ("orders", "SELECT count(*) FROM orders WHERE promised_at IS NOT NULL", "order promised"),
    (
        "orders",
        "SELECT count(*) FROM orders WHERE promised_at IS NOT NULL AND status = 'completed'",
        "order completed that the courier was paid for",
    ),
    (
        "orders",
        "SELECT count(*) FROM orders o WHERE o.promised_at IS NOT NULL AND o.status_reason = 'payment_failed'
             AND EXISTS (SELECT 1 FROM order_timeline t WHERE t.order_id = o.id AND t.kind = 'shipped')",
        "order refused at the door",
    ),
    ("orders", "SELECT count(*) FROM order_timeline WHERE kind = 'to_collect'", "less to be collected"),
    ("payments", "SELECT count(*) FROM review_items", "payment under review"),
    ("payments", "SELECT count(*) FROM disputes", "payment disputed"),
    ("payments", "SELECT count(*) FROM disputes WHERE answer = 'evidence' AND sent = 1", "dispute answered"),
    ("payments", "SELECT count(*) FROM disputes WHERE status = 'won'", "dispute won"),
    ("payments", "SELECT count(*) FROM disputes WHERE status = 'lost'", "dispute lost"),
    ("payments", "SELECT count(*) FROM refunds WHERE status = 'failed'", "refund came back from the bank"),
    ("payments", "SELECT count(*) FROM credits", "credit given"),
    (
        "payments",
        "SELECT count(*) FROM (SELECT credit_id FROM credit_holds GROUP BY credit_id HAVING count(*) > 1) h",
        "credit wanted by several orders",
    ),
    (
        "orders",
        "SELECT count(*) FROM orders WHERE paid_at IS NOT NULL AND covered_minor > 0 AND covered_minor < total_minor",
        "order covered in part",
    ),
    (
        "orders",
        "SELECT count(*) FROM orders WHERE paid_at IS NOT NULL AND covered_minor = total_minor",
        "order covered wholly",
    ),
    (
        "payments",
        "SELECT count(*) FROM credit_holds WHERE kind = 'store_credit' AND state = 'spent'",
        "order paid with store credit",
    ),
    ("payments", "SELECT count(*) FROM credit_movements WHERE kind = 'released'", "credit released"),
    ("payments", "SELECT count(*) FROM credit_movements WHERE kind = 'restored'", "credit restored"),
    (
        "payments",
        "SELECT count(*) FROM credit_holds WHERE state = 'lapsed'",
        "credit held for an order that never came to be",
    ),
    (
        "payments",
        "SELECT count(*) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
         WHERE e.kind = 'capture' AND o.account = 'credits_given'",
        "credit was free again when the money came",
    ),
    ("shipping", "SELECT count(*) FROM labels WHERE state = 'bought'", "label bought"),
    ("shipping", "SELECT count(*) FROM labels WHERE state = 'voided' AND price_minor IS NOT NULL", "label given back"),
    ("payments", "SELECT count(*) FROM payouts WHERE status = 'paid'", "vendor paid"),
    ("payments", "SELECT count(*) FROM payouts WHERE period NOT LIKE 'manual %'", "vendor paid by schedule"),
    ("payments", "SELECT count(*) FROM invoices", "commission invoiced"),
    ("payments", "SELECT count(*) FROM payouts WHERE status = 'failed'", "payout failed"),
    ("payments", "SELECT count(*) FROM payouts WHERE attempt > 1", "payout tried again"),
    (
        "payments",
        "SELECT count(*) FROM payouts WHERE status = 'paid' AND provider = 'sandbox'",
        "vendor paid at the sandbox",
    ),
    ("payments", "SELECT count(*) FROM payouts WHERE status = 'paid' AND provider = 'paypal'", "vendor paid at PayPal"),
    (
        "payments",
        "SELECT count(*) FROM journal_entries WHERE kind = 'direct'",
        "vendor got its part of a payment itself",
    ),
    (
        "payments",
        "SELECT count(*) FROM journal_entries WHERE kind = 'direct_refund'",
        "vendor gave its part of a refund itself",
    ),
    ("payments", "SELECT count(*) FROM payouts WHERE failure LIKE 'Sandbox: %'", "payout refused by its provider"),
    (
        "shipping",
        "SELECT count(*) FROM shipment_events e JOIN shipments s ON s.shipment_id = e.shipment_id
         WHERE e.kind = 'delivered' AND s.status = 'delivered'",
        "parcel arrived as its carrier says",
    ),
];

/// A provider's books at one moment.
pub struct Books {
    pub provider: &'static str,
    pub payments: Vec<PspPayment>,
    pub transfers: Vec<PspTransfer>,
}

impl PspTruth for Books {
    fn provider(&self) -> &str {
        self.provider
    }
    fn page(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>> {
        let page = self.payments.iter().filter(|p| p.position > after).take(limit).cloned().collect();
        Box::pin(std::future::ready(Ok(page)))
    }
    fn transfers(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspTransfer>>> {
        let page = self.transfers.iter().filter(|t| t.position > after).take(limit).cloned().collect();
        Box::pin(std::future::ready(Ok(page)))
    }
}

fn told(findings: Vec<Finding>) -> Vec<String> {
    let one = |finding: &Finding| -> Vec<String> {
        finding.violations.iter().map(|what| format!("{}: {what}", finding.id)).collect()
    };
    findings.iter().flat_map(one).collect()
}

impl World {
    /// What holds at every committed state and costs little.
    pub fn look_cheap(&self) -> Result<Vec<String>> {
        // Few have any credit here, so M15 costs little, too.
        let of_credits = self.swarm.credits.then_some("M15");
        let ids: Vec<&str> = CHEAP.iter().copied().chain(of_credits).collect();
        let found = invariants::check_some(&ids, &self.databases, None, self.clock.now(), Mode::Live);
        let mut violations = told(now(found)?);
        violations.extend(self.broken.iter().cloned());
        Ok(violations)
    }

    /// Everything, at rest.
    pub fn judge(&mut self) -> Result<Vec<String>> {
        let books = self.books_of_sandbox()?;
        let found = invariants::check(&self.databases, Some(&books), self.clock.now(), Mode::Quiescent);
        let mut violations = told(now(found)?);
        let paid = self.books_of_paypal();
        let found = invariants::check_some(
            &["M2", "M4", "M5", "M10"],
            &self.databases,
            Some(&paid),
            self.clock.now(),
            Mode::Quiescent,
        );
        violations.extend(told(now(found)?));
        violations.extend(self.broken.iter().cloned());
        self.promises_kept(&mut violations)?;
        self.gifts_are_given_once(&mut violations)?;
        self.failures_are_failures(&books, &mut violations)?;
        self.failures_are_failures(&paid, &mut violations)?;
        self.paypal_has_what_is_booked(&mut violations)?;
        self.downloads_wait_for_nothing(&mut violations)?;
        self.carrier_was_paid(&mut violations)?;
        self.carrier_was_heard(&mut violations)?;
        self.cash_is_kept(&mut violations)?;
        self.payouts_have_ended(&mut violations)?;
        self.mark_outcomes()?;
        self.mark_found()?;
        Ok(violations)
    }

    fn books_of_sandbox(&self) -> Result<Books> {
        let payment = |row: sandbox::JournalRow| PspPayment {
            position: row.seq,
            id: row.id,
            reference: row.reference,
            currency: row.currency.to_string(),
            captured_minor: row.captured_minor,
            refunded_minor: row.refunded_minor,
            returning_minor: row.refund_pending_minor,
            created_at: row.created_at,
        };
        let transfer = |(position, transfer): (i64, sandbox::Transfer)| PspTransfer {
            position,
            id: transfer.id,
            reference: transfer.reference,
            currency: transfer.currency.to_string(),
            amount_minor: transfer.amount_minor,
        };
        Ok(Books {
            provider: "sandbox",
            payments: self.psp.journal()?.into_iter().map(payment).collect(),
            transfers: self.psp.transfers()?.into_iter().map(transfer).collect(),
        })
    }

    pub fn rows(&self, service: &str, sql: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        match self.databases.get(service) {
            Some(db) => now(db.all(sql, values)),
            None => Ok(Vec::new()),
        }
    }

    pub fn count(&self, service: &str, sql: &str, values: Vec<Value>) -> Result<i64> {
        self.rows(service, sql, values)?.first().map_or(Ok(0), |row| row.at(0))
    }

    /// O1 and O2: one order per checkout, and whatever was acknowledged is there.
    fn promises_kept(&self, violations: &mut Vec<String>) -> Result<()> {
        for checkout in &self.checkouts {
            let email = format!("{}@example.com", checkout.key);
            let orders = self.rows("orders", "SELECT id, status FROM orders WHERE email = $1", params![email])?;
            if orders.len() > 1 {
                violations.push(format!("O1: {} made {} orders", checkout.key, orders.len()));
            }
            let Some(id) = checkout.order() else { continue };
            let status = orders.iter().find(|row| row.get::<String>("id").is_ok_and(|found| found == id.to_string()));
            match status.map(|row| row.get::<String>("status")).transpose()? {
                None => violations.push(format!("O2: order {id} was acknowledged and is gone")),
                Some(status) if checkout.called_off && status != "cancelled" => {
                    violations.push(format!("O2: order {id} was called off and is {status}"));
                }
                Some(_) => {}
            }
        }
        for event in &self.acknowledged_webhooks {
            let kept =
                self.count("payments", "SELECT count(*) FROM webhook_inbox WHERE event_id = $1", params![event])?;
            if kept != 1 {
                violations.push(format!("O2: webhook {event} was acknowledged and is kept {kept} times"));
            }
        }
        for (part, number) in &self.acknowledged_parcels {
            let sql = "SELECT count(*) FROM shipments WHERE vendor_order_id = $1 AND tracking_number = $2 AND shipped_at IS NOT NULL";
            if self.count("shipping", sql, params![part, number])? != 1 {
                violations.push(format!("O2: the parcel of {part} was acknowledged and has not left"));
            }
        }
        for payout in &self.acknowledged_payouts {
            let sql = "SELECT count(*) FROM payouts WHERE id = $1 AND status = 'paid'";
            if self.count("payments", sql, params![payout])? != 1 {
                violations.push(format!("O2: payout {payout} was acknowledged as paid and is not"));
            }
        }
        let refunds = self.count("payments", "SELECT count(*) FROM refunds WHERE automatic = 0", vec![])?;
        if refunds < self.distinct_refunds()? {
            violations.push(format!("O2: {refunds} refunds are there, more were acknowledged"));
        }
        Ok(())
    }

    /// What was given is there, and each key has given once at most.
    fn gifts_are_given_once(&self, violations: &mut Vec<String>) -> Result<()> {
        let mut acknowledged: BTreeMap<String, i64> = BTreeMap::new();
        for gift in &self.gifts {
            if let Some(given) = &gift.given {
                *acknowledged.entry(given.credit.id.to_string()).or_default() += gift.amount();
            }
        }
        for (credit, minor) in acknowledged {
            let sql = "SELECT CAST(COALESCE(sum(issued_minor), 0) AS BIGINT) FROM credits WHERE id = $1";
            let kept = self.count("payments", sql, params![&credit])?;
            if kept < minor {
                violations.push(format!("O2: credit {credit} over {minor} was acknowledged, {kept} is there"));
            }
        }
        let asked: i64 = self.gifts.iter().map(Gift::amount).sum();
        let given =
            self.count("payments", "SELECT CAST(COALESCE(sum(issued_minor), 0) AS BIGINT) FROM credits", vec![])?;
        if given > asked {
            violations.push(format!("I1: credit over {given} was given, over {asked} was asked for"));
        }
        Ok(())
    }

    /// Keys under which a refund was accepted.
    fn distinct_refunds(&self) -> Result<i64> {
        let sql = "SELECT count(*) FROM idempotency_keys WHERE status = 202 AND route LIKE '%/refunds'";
        Ok(self.count("payments", sql, vec![])?.min(self.acknowledged_refunds))
    }

    /// No order is given up because its payment failed while the provider has taken the money.
    fn failures_are_failures(&self, books: &Books, violations: &mut Vec<String>) -> Result<()> {
        for row in self.rows("orders", "SELECT id FROM orders WHERE status_reason = 'payment_failed'", vec![])? {
            let id: String = row.get("id")?;
            if books.payments.iter().any(|payment| payment.reference == id && payment.captured_minor > 0) {
                violations.push(format!("M4: order {id} was given up as unpaid, and the provider was paid"));
            }
        }
        Ok(())
    }

    /// What is downloaded takes no stock, and an order of nothing else is over with its payment.
    fn downloads_wait_for_nothing(&self, violations: &mut Vec<String>) -> Result<()> {
        let touched = "SELECT count(*) FROM stock s WHERE s.sku = $1 AND (s.on_hand <> 0 OR s.reserved <> 0
                           OR EXISTS (SELECT 1 FROM movements m WHERE m.variant_id = s.variant_id))";
        if self.count("inventory", touched, params![DOWNLOAD.1.to_owned()])? > 0 {
            violations.push("S2: stock was taken of what is downloaded".to_owned());
        }
        let waiting = "SELECT o.id FROM orders o WHERE o.status = 'paid'
                           AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.digital = 0)";
        for row in self.rows("orders", waiting, vec![])? {
            let id: String = row.get("id")?;
            violations.push(format!("O4: order {id} is paid, has nothing to be sent, and is not completed"));
        }
        Ok(())
    }

    /// Vendors bear no label that the carrier has not sold, or has back.
    fn carrier_was_paid(&self, violations: &mut Vec<String>) -> Result<()> {
        let sql =
            "SELECT CAST(COALESCE(-sum(amount_minor), 0) AS BIGINT) FROM postings WHERE account = 'carrier_costs'";
        let (borne, taken) = (self.count("payments", sql, vec![])?, self.psp.carried());
        if borne > taken {
            violations.push(format!("M17: vendors bear {borne} for labels, the carrier has {taken}"));
        }
        Ok(())
    }

    /// Of each payout through a provider it is known what became of it.
    fn payouts_have_ended(&self, violations: &mut Vec<String>) -> Result<()> {
        for row in self.rows("payments", "SELECT id, status FROM payouts WHERE check_at IS NOT NULL", vec![])? {
            let (id, status): (String, String) = (row.get("id")?, row.get("status")?);
            violations.push(format!("M10: payout {id} is {status}, and its provider is still asked about it"));
        }
        Ok(())
    }

    /// Marks what this run has come to.
    fn mark_outcomes(&self) -> Result<()> {
        for (service, sql, mark) in OUTCOMES {
            if self.count(service, sql, vec![])? > 0 {
                self.trace.mark(mark);
            }
        }
        Ok(())
    }

    /// How everything ended becomes part of the trace.
    pub fn digest(&self) -> Result<()> {
        let orders = "SELECT number, status, version, total_minor, refunded_minor FROM orders ORDER BY number";
        for row in self.rows("orders", orders, vec![])? {
            let (number, status): (String, String) = (row.get("number")?, row.get("status")?);
            let (version, total, refunded): (i64, i64, i64) =
                (row.get("version")?, row.get("total_minor")?, row.get("refunded_minor")?);
            self.trace.note(format!("{number} {status} v{version} {total} {refunded}"));
        }
        let sums =
            "SELECT account, CAST(sum(amount_minor) AS BIGINT) AS sum FROM postings GROUP BY account ORDER BY account";
        for row in self.rows("payments", sums, vec![])? {
            self.trace.note(format!("{} {}", row.get::<String>("account")?, row.get::<i64>("sum")?));
        }
        for row in self.rows("payments", "SELECT kind, balance_minor, held_minor FROM credits ORDER BY id", vec![])? {
            let (kind, left, held): (String, i64, i64) =
                (row.get("kind")?, row.get("balance_minor")?, row.get("held_minor")?);
            self.trace.note(format!("{kind} {left} {held}"));
        }
        let promotions = "SELECT promotion_id, uses, spent_minor FROM promotions ORDER BY promotion_id";
        for row in self.rows("pricing", promotions, vec![])? {
            self.trace.note(format!("promotion {} {}", row.get::<i64>("uses")?, row.get::<i64>("spent_minor")?));
        }
        for row in self.rows("inventory", "SELECT sku, on_hand, reserved FROM stock ORDER BY sku", vec![])? {
            let (sku, on_hand, reserved): (String, i64, i64) =
                (row.get("sku")?, row.get("on_hand")?, row.get("reserved")?);
            self.trace.note(format!("{sku} {on_hand} {reserved}"));
        }
        Ok(())
    }
}
