//! A payout is sent to the vendor's account at a provider, once. The call is made outside of any transaction, under a key that
//! is derived from the payout and its attempt; whoever does not know whether it was sent asks by that key first.

use std::sync::Arc;

use contracts::payouts::PayoutStatus;
use db::Tx;
use kernel::{PayoutId, Result, Timestamp};

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
    let fate = match &payout.transfer_ref {
        Some(known) => fate_of_known(provider, &payout, known).await?,
        None if !is_first && is_key_forgotten(provider, &payout, app.clock.now()) => {
            Fate::Strange { transfer_ref: payout.key() }
        }
        None => fate_of_unknown(provider, &payout, account_ref, is_first).await?,
    };
    let fate = match fate {
        Fate::Unclaimed { transfer_ref } => called_back(provider, &payout, transfer_ref).await?,
        other => other,
    };
    let (this, label) = (app.clone(), provider.label());
    let can_ask = provider.recipients().accounts().is_some();
    app.db.write(async move |tx| settle(&this, tx, &payout, &fate, (label, can_ask)).await).await
}

async fn fate_of_known(
    provider: &dyn PayoutProvider,
    payout: &Payout,
    transfer_ref: &str,
) -> Result<Fate, ProviderError> {
    match provider.fetch_transfer(transfer_ref).await {
        Ok(seen) => Ok(Fate::of(payout, seen)),
        Err(ProviderError::Refused { reason }) => Ok(Fate::Failed { reason, transfer_ref: None }),
        // It knew this transfer before: whether the money went, somebody has to find out.
        Err(ProviderError::NotFound) => Ok(Fate::Strange { transfer_ref: transfer_ref.to_owned() }),
        Err(error) => Err(error),
    }
}

async fn fate_of_unknown(
    provider: &dyn PayoutProvider,
    payout: &Payout,
    account_ref: &str,
    is_first: bool,
) -> Result<Fate, ProviderError> {
    match ask_or_send(provider, payout, account_ref, is_first).await {
        Ok(seen) => Ok(Fate::of(payout, seen)),
        Err(error @ ProviderError::NoAnswer(_)) => Err(error),
        // Nobody knows what became of the call before: that this one is refused says nothing of it.
        Err(_) if !is_first && provider.key_life().is_some() => Ok(Fate::Strange { transfer_ref: payout.key() }),
        Err(ProviderError::Refused { reason }) => Ok(Fate::Failed { reason, transfer_ref: None }),
        Err(ProviderError::NotFound) => Ok(Fate::Failed { reason: "unknown_account".to_owned(), transfer_ref: None }),
    }
}

/// True once sending it under its key might send it a second time.
fn is_key_forgotten(provider: &dyn PayoutProvider, payout: &Payout, now: Timestamp) -> bool {
    provider.key_life().zip(payout.sent_at).is_some_and(|(life, sent_at)| now >= sent_at.plus(life))
}

/// What nobody takes is called back, so that the vendor has it in its balance and can say where else to pay it. If it was taken
/// in the meantime the next look says so.
async fn called_back(
    provider: &dyn PayoutProvider,
    payout: &Payout,
    transfer_ref: String,
) -> Result<Fate, ProviderError> {
    match provider.call_back(&transfer_ref).await {
        Ok(seen) => Ok(match Fate::of(payout, seen) {
            Fate::Unclaimed { transfer_ref } => Fate::UnderWay { transfer_ref },
            other => other,
        }),
        Err(ProviderError::Refused { .. } | ProviderError::NotFound) => Ok(Fate::UnderWay { transfer_ref }),
        Err(error) => Err(error),
    }
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
    let anew = kernel::planted!(25) && !is_first;
    if !is_first
        && !anew
        && let Some(sent) = provider.find_transfer(&payout.key()).await?
    {
        return Ok(sent);
    }
    let command = TransferCommand {
        key: if anew { format!("{}:again", payout.key()) } else { payout.key() },
        payout_id: payout.id,
        account_ref: account_ref.to_owned(),
        amount: payout.amount,
        description: format!("Souk, payout {}", payout.period),
    };
    let sent = provider.transfer(command).await?;
    Ok(if anew { ProviderTransfer { key: payout.key(), ..sent } } else { sent })
}

/// What became of a payout at its provider.
enum Fate {
    UnderWay {
        transfer_ref: String,
    },
    /// Nobody has taken it so far.
    Unclaimed {
        transfer_ref: String,
    },
    Paid {
        transfer_ref: String,
    },
    Failed {
        reason: String,
        transfer_ref: Option<String>,
    },
    /// The provider speaks of another transfer, of none any more, or does not say where the money is: somebody has to look.
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
            TransferState::Unclaimed => Self::Unclaimed { transfer_ref },
            TransferState::Stopped => Self::Strange { transfer_ref },
            TransferState::Paid => Self::Paid { transfer_ref },
            TransferState::Failed { reason } => Self::Failed { reason, transfer_ref: Some(transfer_ref) },
        }
    }

    /// The provider's id, where the transfer is ours.
    fn transfer_ref(&self) -> Option<&str> {
        match self {
            Self::UnderWay { transfer_ref } | Self::Unclaimed { transfer_ref } | Self::Paid { transfer_ref } => {
                Some(transfer_ref)
            }
            Self::Failed { transfer_ref, .. } => transfer_ref.as_deref(),
            Self::Strange { .. } => None,
        }
    }
}

async fn settle(
    app: &Arc<Payments>,
    tx: &mut Tx,
    sent: &Payout,
    fate: &Fate,
    (label, can_ask): (&str, bool),
) -> Result<()> {
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
        Fate::UnderWay { .. } | Fate::Unclaimed { .. } => Ok(()),
        Fate::Paid { .. } => end(app, tx, &payout, &Step::Paid).await.map(drop),
        Fate::Failed { reason, .. } => {
            let reason = format!("{label}: {}", reason.replace('_', " "));
            end(app, tx, &payout, &Step::Failed { reason: &reason }).await?;
            if !can_ask {
                return Ok(());
            }
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
