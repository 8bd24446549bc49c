//! Files of payouts for the bank. The only places where a vendor's account number leaves whole: for admins.

use std::sync::Arc;

use csv::{Terminator, WriterBuilder};
use kernel::{Currency, Error, PayoutId, Result, text::guard_cell};

use crate::{
    Payments,
    error::PaymentError,
    model::{
        payee::Number,
        payouts::Payout,
        sepa::{self, Transfer},
    },
    store,
};

/// Payouts in one file.
const MOST: usize = 100;
const COLUMNS: [&str; 11] = [
    "payout_id",
    "vendor_id",
    "holder",
    "country",
    "iban",
    "bic",
    "account_number",
    "bank_code",
    "amount",
    "currency",
    "text",
];

/// Those payouts, all of which can be given to the bank.
async fn to_send(app: &Arc<Payments>, ids: &[PayoutId]) -> Result<Vec<Payout>> {
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::invalid("id", format!("Name 1 to {MOST} payouts.")));
    }
    let payouts = store::payouts_with(&app.db, ids).await?;
    if ids.iter().any(|id| payouts.iter().all(|payout| payout.id != *id)) {
        return Err(PaymentError::NoPayout.into());
    }
    if payouts.iter().any(|payout| payout.payee.at_provider().is_some()) {
        return Err(PaymentError::PaidByProvider.into());
    }
    match payouts.iter().find(|payout| !payout.is_under_way()) {
        Some(over) => Err(PaymentError::PayoutElsewhere(over.status).into()),
        None => Ok(payouts),
    }
}

fn text(payout: &Payout) -> String {
    format!("Souk, payout {}", payout.period)
}

/// SEPA credit transfers: `pain.001.001.09`.
///
/// # Errors
/// Invalid if one of them is not in euros or has no IBAN; conflict if one is over or the platform has no account.
pub async fn sepa_file(app: &Arc<Payments>, ids: &[PayoutId]) -> Result<String> {
    if app.payouts.account.iban.is_empty() {
        return Err(PaymentError::NoPlatformAccount.into());
    }
    let payouts = to_send(app, ids).await?;
    let mut transfers = Vec::with_capacity(payouts.len());
    for payout in &payouts {
        let iban = payout.payee.iban().filter(|_| payout.amount.currency == Currency::EUR);
        let iban = iban.ok_or_else(|| {
            Error::invalid("id", "SEPA is for euros and accounts with an IBAN; take the others as a CSV file.")
        })?;
        transfers.push(Transfer {
            id: payout.id,
            attempt: payout.attempt,
            amount: payout.amount,
            holder: &payout.payee.holder,
            iban: iban.expose(),
            bic: payout.payee.bic.as_deref(),
            text: text(payout),
        });
    }
    sepa::credit_transfers(&app.payouts.account, &transfers, app.clock.now())
}

/// The same as a list, of any currency.
pub async fn payouts_list(app: &Arc<Payments>, ids: &[PayoutId]) -> Result<Vec<u8>> {
    let payouts = to_send(app, ids).await?;
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(Error::internal)?;
    for payout in &payouts {
        let payee = &payout.payee;
        let (iban, number, code) = match &payee.number {
            Number::Iban(iban) => (iban.expose(), "", ""),
            Number::Local { number, bank_code } => ("", number.expose(), bank_code.as_deref().unwrap_or_default()),
            Number::Provider { .. } => ("", "", ""),
        };
        let row = [
            payout.id.to_string(),
            payout.vendor_id.to_string(),
            guard_cell(&payee.holder),
            payee.country.to_string(),
            iban.to_owned(),
            payee.bic.clone().unwrap_or_default(),
            guard_cell(number),
            guard_cell(code),
            payout.amount.decimal(),
            payout.amount.currency.code().to_owned(),
            text(payout),
        ];
        writer.write_record(&row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.error()))
}
