//! What an admin does with the currencies of the shop. Quotes made from now on follow; an agreed quote has another hash then.

use std::sync::Arc;

use contracts::currencies::{CurrencyInput, STEP_MAX, ShopCurrencies, ShopCurrency};
use kernel::{Currency, Error, Result};

use crate::{Pricing, store};

/// Rates say nothing without what they are counted from. Those of another main currency are none of this shop's, and as long
/// as buyers could choose by them nobody shall believe that they are.
///
/// # Errors
/// Says which there are, and what can be done.
pub(crate) async fn refuse_rates_of_others(app: &Pricing) -> Result<()> {
    let (main, others) = (app.main, store::currencies::of_other_mains(&app.db, app.main).await?);
    let Some((before, _)) = others.first() else { return Ok(()) };
    let codes: Vec<&str> = others.iter().filter(|(main, _)| main == before).map(|(_, code)| code.code()).collect();
    let codes = codes.join(", ");
    Err(Error::invalid(
        "shop.currency",
        format!(
            "This says {main}, but the shop has rates that are counted from {before}: {codes}. Set it to {before} as it was. To \
             go over to {main}, first start with {before} and switch these currencies off at /admin/currencies; afterwards \
             enter their rates anew, and one for {before} if anything is still priced in it."
        ),
    ))
}

/// All of them, or those that buyers may choose.
pub(crate) async fn list(app: &Pricing, all: bool) -> Result<ShopCurrencies> {
    let mut currencies = store::currencies::all(&app.db, app.main).await?;
    currencies.retain(|currency| all || currency.enabled);
    Ok(ShopCurrencies { main: app.main, currencies })
}

pub(crate) async fn set(app: &Arc<Pricing>, code: &str, input: CurrencyInput) -> Result<ShopCurrency> {
    let CurrencyInput { rate_micro, rounding, enabled } = input;
    let (code, main) = (further(app, code)?, app.main);
    if !(1..=STEP_MAX).contains(&rounding.step_minor) {
        return Err(Error::invalid("rounding.step_minor", format!("Use 1 to {STEP_MAX} minor units.")));
    }
    if !rounding.is_possible() {
        return Err(Error::invalid("rounding.ending_minor", "What prices end in must be less than a step."));
    }
    let set = ShopCurrency { code, rate_micro, rounding, enabled, updated_at: app.clock.now() };
    app.db
        .write(async move |tx| {
            store::currencies::put(tx, main, &set).await?;
            Ok(set.clone())
        })
        .await
}

pub(crate) async fn disable(app: &Arc<Pricing>, code: &str) -> Result<()> {
    let (code, main) = (further(app, code)?, app.main);
    app.db.write(async move |tx| store::currencies::disable(tx, main, code).await).await
}

/// A currency beside the main one, as an address names it.
fn further(app: &Pricing, code: &str) -> Result<Currency> {
    match Currency::parse(code)? {
        main if main == app.main => {
            Err(Error::invalid("code", format!("{main} is the main currency: rates are counted from it.")))
        }
        code => Ok(code),
    }
}
