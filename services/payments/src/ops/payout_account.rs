//! Where and how a vendor is paid: its owner says so.

use std::sync::Arc;

use contracts::{
    identity::ConfirmPassword,
    payouts::{PayoutAccountChanged, PayoutAccountView, PayoutTermsView, SetPayoutAccount, SetPayoutTerms},
};
use kernel::{AccountId, Error, Result, Timestamp, VendorScope};

use super::run_payouts::minimum;
use crate::{
    Payments,
    model::payee::{self, Number, Payee},
    store::{self, Terms},
};

/// As it is shown: the number not whole.
pub fn account_view(payee: &Payee, changed_at: Timestamp) -> PayoutAccountView {
    let bank_code = match &payee.number {
        Number::Iban(_) | Number::Provider { .. } => None,
        Number::Local { bank_code, .. } => bank_code.clone(),
    };
    PayoutAccountView {
        holder: payee.holder.clone(),
        country: payee.country.clone(),
        number: payee.masked(),
        has_iban: payee.iban().is_some(),
        bic: payee.bic.clone(),
        bank_code,
        changed_at,
    }
}

/// Sets the account after the owner has typed the password again: a session left open somewhere is not enough to lead
/// money elsewhere. From then on it is the bank that is paid to, no provider. The owners are told by mail. Payouts that are under
/// way go where they were sent.
///
/// # Errors
/// Invalid, with the fields to be mended, `password` among them.
pub async fn set_payout_account(
    app: &Arc<Payments>,
    scope: VendorScope,
    by: AccountId,
    input: SetPayoutAccount,
) -> Result<PayoutAccountView> {
    // What cannot be an account costs no attempt at the password.
    let payee = payee::read(&input)?;
    app.identity.confirm_password(&app.myself, by, &ConfirmPassword { password: input.password }).await?;
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let (vendor_id, now) = (scope.vendor_id(), this.clock.now());
            store::set_payee(tx, vendor_id, &payee, by, now).await?;
            store::choose_bank(tx, vendor_id, None).await?;
            this.outbox.publish(tx, &PayoutAccountChanged { vendor_id, account_id: by, at: now }).await?;
            tracing::info!(event = "payout_account_changed", vendor = %vendor_id, account_id = %by, "payout account changed");
            Ok(account_view(&payee, now))
        })
        .await
}

/// Sets when and from which amount on the vendor is paid.
///
/// # Errors
/// Invalid if the amount is below the platform's.
pub async fn set_terms(app: &Arc<Payments>, scope: VendorScope, input: SetPayoutTerms) -> Result<PayoutTermsView> {
    let least = app.payouts.minimum_minor;
    if input.minimum_minor.is_some_and(|minimum| minimum < least) {
        return Err(Error::invalid("minimum_minor", "The smallest payout cannot be below the marketplace's."));
    }
    let terms = Terms { schedule: input.schedule, minimum_minor: input.minimum_minor };
    app.db.as_vendor(&scope).write(async move |tx| store::set_payout_terms(tx, scope.vendor_id(), terms).await).await?;
    Ok(terms_view(app, Some(&terms)))
}

/// What holds for a vendor.
pub fn terms_view(app: &Payments, terms: Option<&Terms>) -> PayoutTermsView {
    PayoutTermsView {
        schedule: terms.map_or(app.payouts.schedule, |terms| terms.schedule),
        minimum_minor: minimum(app, terms),
        platform_minimum_minor: app.payouts.minimum_minor,
        hold_days: app.payouts.hold_days,
    }
}
