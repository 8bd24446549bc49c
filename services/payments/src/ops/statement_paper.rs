//! A vendor's statement on paper, made when it is asked for.

use std::sync::Arc;

use ::papers::Paper;
use contracts::{payments::VendorMovement, payouts::StatementQuery};
use kernel::{Locale, Result, VendorScope};

use super::statement::{span_of, statement};
use crate::{
    Payments,
    model::papers::{self, StatementPaper},
    store,
};

/// Movements that a paper has at most: some forty pages.
const MOVEMENTS: usize = 1_000;

/// A vendor's statement of a period.
pub async fn statement_paper(
    app: &Arc<Payments>,
    scope: &VendorScope,
    query: StatementQuery,
    locale: Locale,
) -> Result<Paper> {
    let span = span_of(&query)?;
    let view = statement(app, scope, query).await?;
    let limit = i64::try_from(MOVEMENTS + 1).unwrap_or(i64::MAX);
    let found = store::statement_movements(&app.db, scope, &span, None, limit).await?;
    let mut movements: Vec<VendorMovement> = found.into_iter().map(|(_, movement)| movement).collect();
    let is_whole = movements.len() <= MOVEMENTS;
    movements.truncate(MOVEMENTS);
    let paper = StatementPaper {
        issuer: app.invoices.issuer(),
        vendor_name: store::vendor_name(&app.db, scope).await?,
        view: &view,
        movements: &movements,
        is_whole,
        at: app.clock.now(),
    };
    papers::statement(paper, locale)
}
