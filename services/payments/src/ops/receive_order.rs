//! A placed order becomes a payment to be opened, with each vendor's part and the commission on it
//! frozen.

use std::{collections::BTreeSet, sync::Arc};

use contracts::{
    orders::{OrderPlaced, VendorPart},
    payments::{PaymentFailed, PaymentStatus},
};
use db::Tx;
use kernel::{Error, Money, PaymentId, Result, VendorId};

use super::spend_credits;
use crate::{
    Payments,
    error::PaymentError,
    model::{
        Payment,
        commission::{Taken, of_part},
        credits,
    },
    store::{self, NewPart},
};

/// Stores the payment of a new order.
pub async fn receive_order(app: &Arc<Payments>, tx: &mut Tx, event: &OrderPlaced) -> Result<()> {
    let order = &event.order;
    let parts = split(tx, event).await?;
    let is_delivered = |part: &VendorPart| !part.pickup && part.lines.iter().all(|line| !line.digital);
    let has_undelivered = !order.parts.iter().all(is_delivered);
    let provider = app.providers.offering(&order.payment.method, &order.country, order.total, has_undelivered);
    let held = spend_credits::confirm(tx, event.order_id).await?;
    let covered = Money::new(held.unwrap_or(0), order.total.currency);
    let (provider, failure) = match (held, provider) {
        (None, _) => (None, Some("credit_gone")),
        (Some(_), _) if order.total.is_zero() => (Some(credits::NOBODY), None),
        (Some(_), _) if covered == order.total => (Some(credits::PROVIDER), None),
        (Some(_), Some(provider)) => (Some(provider.name()), None),
        (Some(_), None) => (None, Some("unknown_method")),
    };
    let payment = Payment {
        // One order, one payment: the id says so too.
        id: PaymentId::derived("payment", &[&event.order_id.to_string()]),
        order_id: event.order_id,
        order_number: order.number.clone(),
        provider: provider.map_or_else(String::new, str::to_owned),
        method: order.payment.method.clone(),
        token: order.payment.token.clone(),
        return_path: order.payment.return_path.clone(),
        status: if provider.is_some() { PaymentStatus::Pending } else { PaymentStatus::Failed },
        order_cancelled: false,
        amount: order.total,
        covered,
        reduced: Money::zero(order.total.currency),
        captured: Money::zero(order.total.currency),
        refunded: Money::zero(order.total.currency),
        restored: Money::zero(order.total.currency),
        settled: Money::zero(order.total.currency),
        disputed: Money::zero(order.total.currency),
        lost: Money::zero(order.total.currency),
        attempt: 1,
        is_replaced: false,
        former_refs: Vec::new(),
        direct: None,
        provider_ref: None,
        action_url: None,
        failure: failure.map(str::to_owned),
        checks: 0,
        created_at: app.clock.now(),
        opened_at: None,
    };
    store::insert_payment(tx, &payment, &parts).await?;
    if let Some(reason) = payment.failure {
        let failed = PaymentFailed { payment_id: payment.id, order_id: payment.order_id, reason };
        app.outbox.publish(tx, &failed).await?;
    }
    Ok(())
}

/// Each vendor's part with its commission. The parts must add up to the order.
async fn split(tx: &mut Tx, event: &OrderPlaced) -> Result<Vec<NewPart>> {
    let order = &event.order;
    let vendors: BTreeSet<VendorId> = order.parts.iter().map(|part| part.vendor_id).collect();
    let total = Money::sum(order.total.currency, order.parts.iter().map(|part| part.total))?;
    if total != order.total || vendors.len() != order.parts.len() || order.total.is_negative() {
        return Err(Error::internal(format!("the parts of order {} do not add up to it", event.order_id)));
    }
    let vendors: Vec<VendorId> = vendors.into_iter().collect();
    let terms = store::commissions(tx, &vendors).await?;
    let rules = store::commission_rules_of(tx, &vendors).await?;
    let part = |part: &contracts::orders::VendorPart| {
        let own_bp = *terms.get(&part.vendor_id).ok_or(PaymentError::NotYet("vendor"))?;
        let Taken { commission, subsidy_commission, charges } = of_part(&rules, own_bp, part)?;
        let subsidy = Money::new(part.subsidy_minor, part.total.currency);
        let (vendor_id, total, shipping) = (part.vendor_id, part.total, part.shipping);
        let digital = part.is_digital();
        Ok(NewPart { vendor_id, total, shipping, commission, subsidy, subsidy_commission, digital, charges })
    };
    order.parts.iter().map(part).collect()
}
