//! What an admin does with taxes. Quotes made from now on follow; an agreed quote has another hash then.

use std::sync::Arc;

use contracts::taxes::{STANDARD, TaxArea, TaxAreaInput, TaxCategory, ZERO};
use kernel::{Country, Error, Result, Slug};
use souk_http::IfMatch;

use crate::{
    Pricing,
    error::PricingError,
    model::tax::{self, region_code},
    store,
};

/// A country, or one of its regions.
pub(crate) struct Place {
    pub country: Country,
    pub region: Option<String>,
}

impl Place {
    /// As an address names it.
    pub fn named(country: &str, region: Option<&str>) -> Result<Self> {
        let region = region.map(|text| {
            let plain =
                |code: &String| code.chars().all(|c| c.is_alphanumeric() || c == '-') && code.chars().count() <= 10;
            let wrong = || {
                Error::invalid("region", "Use the region's code, such as CA: at most ten letters, digits and hyphens.")
            };
            region_code(text).filter(plain).ok_or_else(wrong)
        });
        Ok(Self { country: country.parse()?, region: region.transpose()? })
    }
}

pub(crate) async fn set_area(app: &Arc<Pricing>, place: Place, seen: IfMatch, input: TaxAreaInput) -> Result<TaxArea> {
    app.db
        .write(async move |tx| {
            let Place { country, region } = &place;
            let before = store::taxes::find(tx, country, region.as_deref()).await?;
            let version = before.map_or(0, |area| area.version);
            seen.check(version)?;
            let input = tax::check(input.clone(), region.as_deref(), &store::taxes::keys(tx).await?)?;
            if let Some(region) = region
                && store::taxes::is_ambiguous(tx, country, region, &input.region_name).await?
            {
                return Err(Error::invalid("region_name", "Another region of the country goes by this name."));
            }
            let area = TaxArea { country: country.clone(), region: region.clone(), input, version: version + 1 };
            store::taxes::put(tx, &area).await?;
            Ok(area)
        })
        .await
}

pub(crate) async fn delete_area(app: &Arc<Pricing>, place: Place, seen: IfMatch) -> Result<()> {
    app.db
        .write(async move |tx| {
            let gone = store::taxes::find(tx, &place.country, place.region.as_deref()).await?;
            seen.check(gone.ok_or(PricingError::TaxAreaNotFound)?.version)?;
            store::taxes::delete(tx, &place.country, place.region.as_deref()).await
        })
        .await
}

pub(crate) async fn set_category(app: &Arc<Pricing>, key: Slug, category: TaxCategory) -> Result<TaxCategory> {
    if category.key != key {
        return Err(Error::invalid("key", "The key must be the one of the address."));
    }
    let category = TaxCategory { name: category.name.trim().to_owned(), ..category };
    if category.name.is_empty() || key.as_str().len() > 40 {
        return Err(Error::invalid(
            "name",
            "Give it a name that vendors choose by, and a key of at most 40 characters.",
        ));
    }
    app.db
        .write(async move |tx| {
            store::taxes::put_category(tx, &category).await?;
            Ok(category.clone())
        })
        .await
}

pub(crate) async fn delete_category(app: &Arc<Pricing>, key: Slug) -> Result<()> {
    if [STANDARD, ZERO].contains(&key.as_str()) {
        return Err(PricingError::TaxCategoryNeeded.into());
    }
    app.db.write(async move |tx| store::taxes::delete_category(tx, &key).await).await
}
