//! Sets a country's tax rate. Quotes made from now on use it; an agreed quote has another hash then.

use std::sync::Arc;

use contracts::pricing::TaxRate;
use kernel::{Country, Error, Result};

use crate::{Pricing, store};

pub(crate) async fn set_tax_rate(app: &Arc<Pricing>, country: &str, rate: TaxRate) -> Result<TaxRate> {
    let named: Country = country.parse()?;
    if named != rate.country {
        return Err(Error::invalid("country", "The country must be the one of the address."));
    }
    let rate = TaxRate { name: rate.name.trim().to_owned(), ..rate };
    if rate.name.is_empty() {
        return Err(Error::invalid("name", "Give the tax a name, e.g. VAT."));
    }
    app.db
        .write(async move |tx| {
            store::taxes::put(tx, &rate).await?;
            Ok(rate.clone())
        })
        .await
}
