//! What the platform takes of a sale: which rule counts for a line, what it makes of it, and why. Pure.

use std::cmp::Reverse;

use contracts::{
    commission::{CommissionCharge, CommissionQuestion, CommissionRuleInput, CommissionRuleView},
    orders::VendorPart,
};
use kernel::{CategoryId, CommissionRuleId, Currency, Error, LineId, Money, Result, Timestamp, VendorId};

/// A rule that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id.
    pub id: CommissionRuleId,
    /// What the admin said.
    pub input: CommissionRuleInput,
    /// Counts its changes.
    pub version: i64,
    /// Made at.
    pub created_at: Timestamp,
}

impl Rule {
    /// As it is shown.
    pub fn view(self) -> CommissionRuleView {
        CommissionRuleView { id: self.id, input: self.input, version: self.version, created_at: self.created_at }
    }

    /// How closely it fits, the vendor first, then the category, then the currency; none if it does not.
    fn fits(&self, vendor: VendorId, categories: &[CategoryId], sold_in: Currency) -> Option<(bool, usize, bool)> {
        let CommissionRuleInput { vendor_id, category_id, currency, .. } = &self.input;
        if vendor_id.is_some_and(|own| own != vendor) || currency.is_some_and(|own| own != sold_in) {
            return None;
        }
        // Counted from the top of the tree: the deepest is the nearest.
        let depth = match category_id {
            None => 0,
            Some(own) => categories.iter().rposition(|category| category == own)? + 1,
        };
        Some((vendor_id.is_some(), depth, currency.is_some()))
    }

    /// What it takes of a line, and why.
    fn charge(&self, line_id: Option<LineId>, sold: Money, quantity: i64) -> Result<CommissionCharge> {
        let CommissionRuleInput { name, tiers, fixed_minor, min_minor, max_minor, .. } = &self.input;
        let money = |minor: i64| Money::new(minor, sold.currency);
        let tier = tiers.iter().rev().find(|tier| tier.from_minor <= sold.amount_minor);
        let rate_bp = tier.map_or(self.input.rate_bp, |tier| tier.rate_bp);
        let mut commission = sold.basis_points(rate_bp)?;
        let mut reason = format!("“{name}”: {} of {sold}", percent(rate_bp));
        if let Some(tier) = tier {
            reason.push_str(&format!(", the rate from {} on", money(tier.from_minor)));
        }
        if *fixed_minor > 0 {
            commission = commission.plus(money(*fixed_minor).times(quantity)?)?;
            reason.push_str(&format!(", and {} for each of {quantity}", money(*fixed_minor)));
        }
        if let Some(least) = min_minor.map(money).filter(|least| commission.amount_minor < least.amount_minor) {
            commission = least;
            reason.push_str(&format!(", at least {least}"));
        }
        if let Some(most) = max_minor.map(money).filter(|most| commission.amount_minor > most.amount_minor) {
            commission = most;
            reason.push_str(&format!(", at most {most}"));
        }
        if commission.amount_minor > sold.amount_minor {
            commission = sold;
            reason.push_str(", never more than the line");
        }
        reason.push('.');
        Ok(CommissionCharge { line_id, rule_id: Some(self.id), sold, commission, reason })
    }
}

/// The rule that counts for what a vendor sells in these categories, named from the top of the tree to the product's own. A
/// vendor's comes before one for all, and then the nearest category, and then one for the currency.
pub fn rule_for<'a>(
    rules: &'a [Rule],
    vendor: VendorId,
    categories: &[CategoryId],
    currency: Currency,
) -> Option<&'a Rule> {
    let fitting = |rule: &'a Rule| Some((rule.fits(vendor, categories, currency)?, rule));
    // No two rules are for the same; should they be, the first one counts, whatever order they come in.
    let best = rules.iter().filter_map(fitting).max_by_key(|(closeness, rule)| (*closeness, Reverse(rule.id)));
    best.map(|(_, rule)| rule)
}

/// What a vendor's own rate takes.
fn own_charge(own_bp: i64, sold: Money) -> Result<CommissionCharge> {
    let reason = format!("{} of {sold}, the vendor's own rate.", percent(own_bp));
    Ok(CommissionCharge { line_id: None, rule_id: None, sold, commission: sold.basis_points(own_bp)?, reason })
}

/// What a line would pay.
pub fn preview(rules: &[Rule], own_bp: i64, asked: &CommissionQuestion) -> Result<CommissionCharge> {
    match rule_for(rules, asked.vendor_id, &asked.categories, asked.amount.currency) {
        Some(rule) => rule.charge(None, asked.amount, asked.quantity),
        None => own_charge(own_bp, asked.amount),
    }
}

/// What is taken of a vendor's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Of what the buyer pays.
    pub commission: Money,
    /// Of what the platform adds for its promotions.
    pub subsidy_commission: Money,
    /// What both are made of.
    pub charges: Vec<CommissionCharge>,
}

/// What is taken of a vendor's part: of each line that a rule is for on its own, of all the rest and the delivery together by
/// the vendor's own rate. Without rules that is the own rate of the whole part.
///
/// # Errors
/// Internal, if the lines are worth more than the part.
pub fn of_part(rules: &[Rule], own_bp: i64, part: &VendorPart) -> Result<Taken> {
    let currency = part.total.currency;
    let (mut rest, mut rest_subsidy) = (part.total, Money::new(part.subsidy_minor, currency));
    let mut subsidy_commission = Money::zero(currency);
    let mut charges = Vec::new();
    for line in &part.lines {
        let Some(rule) = rule_for(rules, part.vendor_id, &line.categories, currency) else { continue };
        // As if the buyer had paid all of it.
        let subsidy = Money::new(line.subsidy_minor, currency);
        let charge = rule.charge(Some(line.line_id), line.total.plus(subsidy)?, line.quantity)?;
        let of_subsidy = share(charge.commission, subsidy, charge.sold)?;
        subsidy_commission = subsidy_commission.plus(of_subsidy)?;
        (rest, rest_subsidy) = (rest.minus(line.total)?, rest_subsidy.minus(subsidy)?);
        charges.push(charge);
    }
    if rest.is_negative() || rest_subsidy.is_negative() {
        return Err(Error::internal(format!("the lines of part {} are worth more than it", part.number)));
    }
    let own = own_charge(own_bp, rest.plus(rest_subsidy)?)?;
    subsidy_commission = subsidy_commission.plus(own.commission.minus(rest.basis_points(own_bp)?)?)?;
    if charges.is_empty() || !own.sold.is_zero() {
        charges.push(own);
    }
    let whole = Money::sum(currency, charges.iter().map(|charge| charge.commission))?;
    Ok(Taken { commission: whole.minus(subsidy_commission)?, subsidy_commission, charges })
}

/// How much of a commission is on a part of what was sold, rounded half up.
fn share(commission: Money, part: Money, sold: Money) -> Result<Money> {
    if sold.is_zero() {
        return Ok(Money::zero(sold.currency));
    }
    let (part, whole) = (i128::from(part.amount_minor), i128::from(sold.amount_minor));
    let rounded = (i128::from(commission.amount_minor) * part * 2 + whole) / (whole * 2);
    Ok(Money::new(i64::try_from(rounded).map_err(Error::internal)?, sold.currency))
}

/// Basis points as people read them: `12.5 %`.
fn percent(basis_points: i64) -> String {
    let text = format!("{}.{:02}", basis_points / 100, basis_points % 100);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Refuses what could not be carried out, or would be read wrongly.
pub fn checked(mut input: CommissionRuleInput) -> Result<CommissionRuleInput> {
    input.name = input.name.trim().to_owned();
    if input.name.is_empty() {
        return Err(Error::invalid("name", "Give the rule a name; vendors read it."));
    }
    let has_amounts =
        !input.tiers.is_empty() || input.fixed_minor > 0 || input.min_minor.is_some() || input.max_minor.is_some();
    if has_amounts && input.currency.is_none() {
        return Err(Error::invalid("currency", "Say in which currency its amounts are."));
    }
    for (i, pair) in input.tiers.windows(2).enumerate() {
        if pair[1].from_minor <= pair[0].from_minor {
            let field = format!("tiers[{}].from_minor", i + 1);
            return Err(Error::invalid(field, "Each step begins above the one before."));
        }
    }
    if let (Some(least), Some(most)) = (input.min_minor, input.max_minor)
        && least > most
    {
        return Err(Error::invalid("max_minor", "The most is not less than the least."));
    }
    Ok(input)
}
