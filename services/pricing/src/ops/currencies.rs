//! What an admin does with the currencies of the shop. Quotes made from now on follow; an agreed quote has another hash then.

use std::sync::Arc;

use contracts::currencies::{CurrencyInput, MAIN, STEP_MAX, ShopCurrencies, ShopCurrency};
use kernel::{Currency, Error, Result};

use crate::{Pricing, store};

/// All of them, or those that buyers may choose.
pub(crate) async fn list(app: &Pricing, all: bool) -> Result<ShopCurrencies> {
    let mut currencies = store::currencies::all(&app.db).await?;
    currencies.retain(|currency| all || currency.enabled);
    Ok(ShopCurrencies { main: MAIN, currencies })
}

pub(crate) async fn set(app: &Arc<Pricing>, code: &str, input: CurrencyInput) -> Result<ShopCurrency> {
    let CurrencyInput { rate_micro, rounding, enabled } = input;
    let code = further(code)?;
    if !(1..=STEP_MAX).contains(&rounding.step_minor) {
        return Err(Error::invalid("rounding.step_minor", format!("Use 1 to {STEP_MAX} minor units.")));
    }
    if !rounding.is_possible() {
        return Err(Error::invalid("rounding.ending_minor", "What prices end in must be less than a step."));
    }
    let set = ShopCurrency { code, rate_micro, rounding, enabled, updated_at: app.clock.now() };
    app.db
        .write(async move |tx| {
            store::currencies::put(tx, &set).await?;
            Ok(set.clone())
        })
        .await
}

pub(crate) async fn disable(app: &Arc<Pricing>, code: &str) -> Result<()> {
    let code = further(code)?;
    app.db.write(async move |tx| store::currencies::disable(tx, code).await).await
}

/// A currency beside the main one, as an address names it.
fn further(code: &str) -> Result<Currency> {
    match Currency::parse(code)? {
        MAIN => Err(Error::invalid("code", format!("{MAIN} is the main currency: rates are counted from it."))),
        code => Ok(code),
    }
}
