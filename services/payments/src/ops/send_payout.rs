//! A payout is sent to the vendor's account at a provider, once. The call is made outside of any transaction, under a key that
//! is derived from the payout and its attempt; whoever does not know whether it was sent asks by that key first.

use std::sync::Arc;

use contracts::payouts::PayoutStatus;
use db::Tx;
use kernel::{PayoutId, Result};

use super::{
    end_payout::{end, locked},
    review,
};
use crate::{
    Payments,
    error::PaymentError,
    jobs::{self, Account},
    model::payouts::Payout,
    provider::{
        ProviderError,
        payouts::{PayoutProvider, ProviderTransfer, TransferCommand, TransferState},
    },
    store::{self, Step},
};

/// Sends it, or asks how it stands if it was sent. For the job and for the reconciler, however often either runs.
///
/// # Errors
/// Unavailable as long as nobody knows what has become of it.
pub async fn send_payout(app: &Arc<Payments>, id: PayoutId) -> Result<()> {
    let payout = store::read_payout(&app.db, id).await?.ok_or(PaymentError::NoPayout)?;
    if !payout.is_under_way() || !payout.is_asked {
        return Ok(());
    }
    let Some((name, account_ref)) = payout.payee.at_provider() else { return Ok(()) };
    // Taken out of the configuration: an admin can say what becomes of it.
    let provider = app.providers.paying(name).ok_or(PaymentError::NoProvider)?;
    let is_first = payout.status == PayoutStatus::Created && begin(app, &payout).await?;
    let answer = match &payout.transfer_ref {
        Some(known) => provider.fetch_transfer(known).await,
        None => ask_or_send(provider, &payout, account_ref, is_first).await,
    };
    let fate = match (answer, &payout.transfer_ref) {
        (Ok(seen), _) => Fate::of(&payout, seen),
        (Err(ProviderError::Refused { reason }), _) => Fate::Failed { reason, transfer_ref: None },
        // It knew this transfer before: whether the money went, somebody has to find out.
        (Err(ProviderError::NotFound), Some(known)) => Fate::Strange { transfer_ref: known.clone() },
        (Err(ProviderError::NotFound), None) => {
            Fate::Failed { reason: "unknown_account".to_owned(), transfer_ref: None }
        }
        (Err(error @ ProviderError::NoAnswer(_)), _) => return Err(error.into()),
    };
    let (this, label) = (app.clone(), provider.label());
    app.db.write(async move |tx| settle(&this, tx, &payout, &fate, label).await).await
}

/// True for the one who may send this attempt without asking first: nobody was there before.
async fn begin(app: &Arc<Payments>, payout: &Payout) -> Result<bool> {
    let (payout, now) = (payout.clone(), app.clock.now());
    app.db.write(async move |tx| store::begin_transfer(tx, &payout, now).await).await
}

async fn ask_or_send(
    provider: &dyn PayoutProvider,
    payout: &Payout,
    account_ref: &str,
    is_first: bool,
) -> Result<ProviderTransfer, ProviderError> {
    if !is_first && let Some(sent) = provider.find_transfer(&payout.key()).await? {
        return Ok(sent);
    }
    let command = TransferCommand {
        key: payout.key(),
        payout_id: payout.id,
        account_ref: account_ref.to_owned(),
        amount: payout.amount,
        description: format!("Souk, payout {}", payout.period),
    };
    provider.transfer(command).await
}

/// What became of a payout at its provider.
enum Fate {
    UnderWay {
        transfer_ref: String,
    },
    Paid {
        transfer_ref: String,
    },
    Failed {
        reason: String,
        transfer_ref: Option<String>,
    },
    /// The provider speaks of another transfer, or of none any more: somebody has to look.
    Strange {
        transfer_ref: String,
    },
}

impl Fate {
    fn of(payout: &Payout, seen: ProviderTransfer) -> Self {
        let transfer_ref = seen.id;
        let goes_there = payout.payee.at_provider().is_some_and(|(_, account)| account == seen.account_ref);
        if seen.amount != payout.amount || !seen.reversed.is_zero() || !goes_there || seen.key != payout.key() {
            return Self::Strange { transfer_ref };
        }
        match seen.state {
            TransferState::Pending => Self::UnderWay { transfer_ref },
            TransferState::Paid => Self::Paid { transfer_ref },
            TransferState::Failed { reason } => Self::Failed { reason, transfer_ref: Some(transfer_ref) },
        }
    }

    /// The provider's id, where the transfer is ours.
    fn transfer_ref(&self) -> Option<&str> {
        match self {
            Self::UnderWay { transfer_ref } | Self::Paid { transfer_ref } => Some(transfer_ref),
            Self::Failed { transfer_ref, .. } => transfer_ref.as_deref(),
            Self::Strange { .. } => None,
        }
    }
}

async fn settle(app: &Arc<Payments>, tx: &mut Tx, sent: &Payout, fate: &Fate, label: &str) -> Result<()> {
    let payout = locked(tx, sent.id).await?;
    // Another runner was faster, or it is being tried again by now.
    if !payout.is_under_way() || payout.attempt != sent.attempt {
        return Ok(());
    }
    let Some((name, account_ref)) = payout.payee.at_provider() else { return Ok(()) };
    if let Some(transfer_ref) = fate.transfer_ref() {
        store::note_transfer(tx, payout.id, transfer_ref).await?;
    }
    match fate {
        Fate::UnderWay { .. } => Ok(()),
        Fate::Paid { .. } => end(app, tx, &payout, &Step::Paid).await.map(drop),
        Fate::Failed { reason, .. } => {
            let reason = format!("{label}: {}", reason.replace('_', " "));
            end(app, tx, &payout, &Step::Failed { reason: &reason }).await?;
            // The account may be why: the next run should know.
            let account = Account { provider: name.to_owned(), account_ref: account_ref.to_owned() };
            app.jobs.enqueue(tx, jobs::LOOK_AT_ACCOUNT, &account.key(), &account).await
        }
        Fate::Strange { transfer_ref } => {
            store::postpone_payout(tx, payout.id, None).await?;
            review(app, tx, name, transfer_ref, "strange_transfer", None, Some(payout.amount)).await
        }
    }
}
