//! Admins make rules of what the platform takes of sales. They count for orders from then on; what was ordered keeps what it has.

use std::sync::Arc;

use contracts::commission::{CommissionCharge, CommissionQuestion, CommissionRuleInput, CommissionRuleView};
use kernel::{CommissionRuleId, Error, Result};
use souk_http::IfMatch;

use crate::{
    Payments,
    error::CommissionError,
    model::commission::{self, Rule},
    store,
};

/// Makes a rule.
///
/// # Errors
/// Conflict if there is one for the same vendor, category and currency.
pub async fn create_commission_rule(app: &Arc<Payments>, input: CommissionRuleInput) -> Result<CommissionRuleView> {
    let rule = Rule {
        id: CommissionRuleId::new(&app.ids),
        input: commission::checked(input)?,
        version: 1,
        created_at: app.clock.now(),
    };
    let new = rule.clone();
    if app.db.write(async move |tx| store::insert_commission_rule(tx, &new).await).await? {
        Ok(rule.view())
    } else {
        Err(CommissionError::Taken.into())
    }
}

/// Changes what a rule takes; what it is for stays.
pub async fn update_commission_rule(
    app: &Arc<Payments>,
    id: CommissionRuleId,
    seen: IfMatch,
    input: CommissionRuleInput,
) -> Result<CommissionRuleView> {
    let input = commission::checked(input)?;
    app.db
        .write(async move |tx| {
            let before = store::lock_commission_rule(tx, id).await?.ok_or(CommissionError::NotFound)?;
            seen.check(before.version)?;
            stays(&before.input, &input)?;
            let after = Rule { input: input.clone(), version: before.version + 1, ..before };
            store::update_commission_rule(tx, &after).await?;
            Ok(after.view())
        })
        .await
}

/// What was sold under a rule would name it for something else.
fn stays(before: &CommissionRuleInput, after: &CommissionRuleInput) -> Result<()> {
    let moved = |field: &'static str| Error::from(CommissionError::Moved(field));
    if before.vendor_id != after.vendor_id {
        return Err(moved("vendor_id"));
    }
    if before.category_id != after.category_id {
        return Err(moved("category_id"));
    }
    if before.currency != after.currency { Err(moved("currency")) } else { Ok(()) }
}

/// Ends a rule.
pub async fn end_commission_rule(app: &Arc<Payments>, id: CommissionRuleId, seen: IfMatch) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(async move |tx| {
            let rule = store::lock_commission_rule(tx, id).await?.ok_or(CommissionError::NotFound)?;
            seen.check(rule.version)?;
            store::end_commission_rule(tx, id, now).await
        })
        .await
}

/// What a line would pay if it were sold now, and why.
pub async fn preview_commission(app: &Payments, asked: &CommissionQuestion) -> Result<CommissionCharge> {
    if asked.amount.is_negative() {
        return Err(Error::invalid("amount", "Nothing is sold for less than nothing."));
    }
    let (rules, own_bp) =
        store::commission_terms(&app.db, asked.vendor_id).await?.ok_or_else(|| Error::not_found("vendor"))?;
    commission::preview(&rules, own_bp, asked)
}
