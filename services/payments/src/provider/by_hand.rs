//! What providers have in common that are no gateway: an admin says what has arrived, and what was sent back. What the
//! admins have said is what they know, so behind the port they are like any other, with tables instead of an API.

use std::sync::Arc;

use db::Db;
use kernel::{Clock, Error, Money, OrderId, RefundId};
use runtime::Env;

use super::{
    OpenPayment, ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundCommand, RefundState,
    bank_transfer, cash_on_delivery,
};
use crate::store::{self, Transfer, TransferBack};

/// True for the providers whose money admins confirm and send back.
pub fn is_by_hand(provider: &str) -> bool {
    matches!(provider, bank_transfer::NAME | cash_on_delivery::NAME)
}

/// What an admin has said, as the port puts it. What has no page for the buyer is collected by a courier.
pub fn payment(transfer: Transfer) -> ProviderPayment {
    let status = match transfer.status.as_str() {
        "received" => ProviderStatus::Succeeded,
        "cancelled" => ProviderStatus::Failed { reason: "cancelled".to_owned() },
        _ if transfer.page.is_empty() => ProviderStatus::Promised,
        _ => ProviderStatus::RequiresAction { url: transfer.page.clone() },
    };
    ProviderPayment {
        id: transfer.id,
        reference: transfer.order_id.to_string(),
        amount: transfer.amount,
        captured: transfer.received,
        fee: None,
        livemode: false,
        is_elsewhere: false,
        direct: Vec::new(),
        status,
    }
}

fn refund_of(back: &TransferBack) -> ProviderRefund {
    ProviderRefund {
        id: back.refund_id.to_string(),
        refund_id: Some(back.refund_id),
        amount: back.amount,
        state: if back.is_sent { RefundState::Succeeded } else { RefundState::Pending },
    }
}

/// Our own database does not answer.
fn silent(error: Error) -> ProviderError {
    ProviderError::NoAnswer(error.to_string())
}

/// The tables of what admins have said.
pub struct ByHand {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl ByHand {
    /// Those of this service.
    pub fn new(env: &Env) -> Self {
        Self { db: env.db.clone(), clock: env.clock.clone() }
    }

    /// A payment by its id.
    pub async fn find(&self, id: &str) -> Result<ProviderPayment, ProviderError> {
        let found = store::read_transfer(&self.db, id).await.map_err(silent)?;
        Ok(payment(found.ok_or(ProviderError::NotFound)?))
    }

    /// All payments of an order.
    pub async fn find_all(&self, order_id: OrderId) -> Result<Vec<ProviderPayment>, ProviderError> {
        let found = store::transfers_of(&self.db, order_id).await.map_err(silent)?;
        Ok(found.into_iter().map(payment).collect())
    }

    /// Awaits money; the buyer reads on `page` what to do, if there is anything.
    pub async fn open(
        &self,
        prefix: &str,
        asked: &OpenPayment,
        page: String,
    ) -> Result<ProviderPayment, ProviderError> {
        let transfer = Transfer {
            // The key is of the order and the attempt; as an id it goes into addresses.
            id: format!("{prefix}_{}", asked.key.replace(":open:", "_")),
            order_id: asked.order_id,
            amount: asked.amount,
            received: Money::zero(asked.amount.currency),
            status: "awaited".to_owned(),
            page,
        };
        let (id, now) = (transfer.id.clone(), self.clock.now());
        let awaited = self.db.write(async move |tx| store::await_transfer(tx, &transfer, now).await).await;
        awaited.map_err(silent)?;
        self.find(&id).await
    }

    /// Awaits it no longer.
    pub async fn cancel(&self, payment_ref: &str) -> Result<ProviderPayment, ProviderError> {
        let id = payment_ref.to_owned();
        let done = self.db.write(async move |tx| store::cancel_transfer(tx, &id).await).await.map_err(silent)?;
        if done { self.find(payment_ref).await } else { Err(ProviderError::Refused { reason: "received".to_owned() }) }
    }

    /// Somebody has to send it; until then it is on its way.
    pub async fn refund(&self, command: RefundCommand) -> Result<ProviderRefund, ProviderError> {
        let back = TransferBack { refund_id: command.refund_id, amount: command.amount, is_sent: false };
        let (asked, now) = (back.clone(), self.clock.now());
        let done = self.db.write(async move |tx| store::ask_back(tx, &command.payment_ref, &asked, now).await).await;
        done.map_err(silent)?;
        self.find_refund(back.refund_id).await?.ok_or(ProviderError::NotFound)
    }

    /// A refund by the id that the provider has for it, which is ours.
    pub async fn fetch_refund(&self, refund_ref: &str) -> Result<ProviderRefund, ProviderError> {
        let id: RefundId = refund_ref.parse().map_err(|_| ProviderError::NotFound)?;
        self.find_refund(id).await?.ok_or(ProviderError::NotFound)
    }

    /// A refund, if it was asked for.
    pub async fn find_refund(&self, id: RefundId) -> Result<Option<ProviderRefund>, ProviderError> {
        let found = store::read_back(&self.db, id).await.map_err(silent)?;
        Ok(found.as_ref().map(refund_of))
    }
}
