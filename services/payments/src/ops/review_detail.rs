//! A thing to be looked at: what Souk knows beside what the provider says.

use std::{sync::Arc, time::Duration};

use contracts::queue::{ProviderFacts, ReviewDetail};
use kernel::{OrderId, Result};

use crate::{
    Payments,
    error::QueueError,
    model::{
        disputes::status_text,
        review::{About, Known, Subject, offered},
    },
    provider::{
        PaymentProvider, ProviderDispute, ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundState,
        payouts::{ProviderTransfer, TransferState},
    },
    store::{self, Filter},
};

/// How long a page waits for the provider.
const PATIENCE: Duration = Duration::from_secs(3);

/// What came of asking.
#[derive(Default)]
struct Asked {
    /// The payment, if it is about one.
    seen: Option<ProviderPayment>,
    facts: Option<ProviderFacts>,
    silence: Option<String>,
}

/// Tells all that is known of it, and what can be done about it.
///
/// # Errors
/// Not found if there is no such thing.
pub async fn review_detail(app: &Arc<Payments>, subject: &Subject) -> Result<ReviewDetail> {
    let item = store::read_review_item(&app.db, subject).await?.ok_or(QueueError::NotFound)?;
    let history = store::review_history(&app.db, subject).await?;
    let asked = ask(app, subject).await;
    // What the payment says counts more than by which order it was found.
    let named: Option<OrderId> = asked.seen.as_ref().and_then(|seen| seen.reference.parse().ok());
    let (payment, ours) = match named.or(item.order_id) {
        Some(order) => {
            let filter = Filter { order_id: Some(order), ..Filter::default() };
            let ours = store::payments(&app.db, &filter, None, 1).await?.pop();
            (store::read_payment_of(&app.db, order).await?, ours)
        }
        None => (None, None),
    };
    let provider = app.providers.named(&subject.provider);
    let known = Known {
        payment: payment.as_ref(),
        seen: asked.seen.as_ref(),
        livemode: provider.is_some_and(|provider| provider.livemode()),
        is_by_hand: provider.is_none_or(|provider| !provider.is_asked()),
    };
    let actions = offered(&item, &known);
    Ok(ReviewDetail { item: item.view(), ours, theirs: asked.facts, silence: asked.silence, actions, history })
}

async fn ask(app: &Arc<Payments>, subject: &Subject) -> Asked {
    let silent = |why: &str| Asked { silence: Some(why.to_owned()), ..Asked::default() };
    let Some(provider) = app.providers.named(&subject.provider) else {
        return silent("This provider is not set up any more.");
    };
    match tokio::time::timeout(PATIENCE, look_up(&**provider, subject)).await {
        Ok(Ok(asked)) => asked,
        Ok(Err(ProviderError::NotFound)) => silent("The provider knows nothing of this name."),
        Ok(Err(_)) | Err(_) => silent("The provider does not answer. Load the page again in a moment."),
    }
}

async fn look_up(provider: &dyn PaymentProvider, subject: &Subject) -> Result<Asked, ProviderError> {
    let name = &subject.provider_ref;
    Ok(match subject.about() {
        About::Payment => {
            let seen = provider.fetch(name).await?;
            Asked { facts: Some(of_payment(&seen)), seen: Some(seen), silence: None }
        }
        About::Refund => Asked { facts: Some(of_refund(&provider.fetch_refund(name).await?)), ..Asked::default() },
        About::Dispute => Asked { facts: Some(of_dispute(&provider.fetch_dispute(name).await?)), ..Asked::default() },
        About::Transfer => {
            let payer = provider.payouts().ok_or(ProviderError::NotFound)?;
            Asked { facts: Some(of_transfer(&payer.fetch_transfer(name).await?)), ..Asked::default() }
        }
    })
}

fn of_payment(seen: &ProviderPayment) -> ProviderFacts {
    let status = match &seen.status {
        ProviderStatus::RequiresAction { .. } => "requires_action".to_owned(),
        ProviderStatus::Processing => "processing".to_owned(),
        ProviderStatus::Promised => "promised".to_owned(),
        ProviderStatus::Authorised => "authorised".to_owned(),
        ProviderStatus::Succeeded => "succeeded".to_owned(),
        ProviderStatus::Failed { reason } => format!("failed: {reason}"),
    };
    ProviderFacts {
        kind: "payment".to_owned(),
        reference: Some(seen.reference.clone()),
        status,
        amount: seen.amount,
        captured: Some(seen.captured),
        livemode: Some(seen.livemode),
    }
}

fn of_refund(seen: &ProviderRefund) -> ProviderFacts {
    let status = match seen.state {
        RefundState::Pending => "pending",
        RefundState::Succeeded => "succeeded",
        RefundState::Failed => "failed",
    };
    ProviderFacts {
        kind: "refund".to_owned(),
        reference: None,
        status: status.to_owned(),
        amount: seen.amount,
        captured: None,
        livemode: None,
    }
}

fn of_transfer(seen: &ProviderTransfer) -> ProviderFacts {
    let status = match &seen.state {
        TransferState::Pending => "pending".to_owned(),
        TransferState::Unclaimed => "unclaimed".to_owned(),
        TransferState::Stopped => "stopped".to_owned(),
        TransferState::Paid if !seen.reversed.is_zero() => format!("paid; {} of it was taken back", seen.reversed),
        TransferState::Paid => "paid".to_owned(),
        TransferState::Failed { reason } => format!("failed: {reason}"),
    };
    ProviderFacts {
        kind: "transfer".to_owned(),
        reference: Some(seen.key.clone()),
        status,
        amount: seen.amount,
        captured: None,
        livemode: None,
    }
}

fn of_dispute(seen: &ProviderDispute) -> ProviderFacts {
    ProviderFacts {
        kind: "dispute".to_owned(),
        reference: None,
        status: status_text(seen.status).to_owned(),
        amount: seen.amount,
        captured: None,
        livemode: Some(seen.livemode),
    }
}
