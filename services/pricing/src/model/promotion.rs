//! Promotions: what they apply to, and what keeps one from applying.

use contracts::promotions::{AppliedPromotion, Effect, Obstacle, PromotionInput, PromotionNotice, PromotionView};
use kernel::{Error, Exchange, FieldError, Money, PromotionId, Result, Timestamp, VendorId};

use super::{Variant, percent};

/// Most promotions of one vendor, or of the platform, that have not ended: a quote looks at all of them.
pub(crate) const OPEN_PROMOTIONS_MAX: i64 = 100;

/// A promotion with what was used of it.
#[derive(Debug, Clone)]
pub(crate) struct Promotion {
    pub id: PromotionId,
    /// The vendor whose own it is; none for the platform's.
    pub vendor_id: Option<VendorId>,
    pub input: PromotionInput,
    pub uses: i64,
    pub spent_minor: i64,
    /// Orders of the customer who asks that have it.
    pub used_by_customer: i64,
    /// Name of the group by which the customer who asks may have it, if it is for groups and the customer is in one.
    pub group: Option<String>,
    /// Of one that was converted: the way back into the currency in which it is counted.
    pub counted_by: Option<Exchange>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl Promotion {
    /// A new one.
    pub fn new(id: PromotionId, vendor_id: Option<VendorId>, input: PromotionInput, now: Timestamp) -> Self {
        Self {
            id,
            vendor_id,
            input,
            uses: 0,
            spent_minor: 0,
            used_by_customer: 0,
            group: None,
            counted_by: None,
            version: 1,
            created_at: now,
        }
    }

    /// True within its period; the end is exclusive.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.input.starts_at <= now && self.input.ends_at.is_none_or(|end| now < end)
    }

    /// True once its period is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.input.ends_at.is_some_and(|end| end <= now)
    }

    /// True if it applies to this variant.
    pub fn covers(&self, variant: &Variant) -> bool {
        let PromotionInput { product_ids, category_ids, vendor_ids, .. } = &self.input;
        let everything = product_ids.is_empty() && category_ids.is_empty();
        self.vendor_id.is_none_or(|owner| owner == variant.vendor_id)
            && (vendor_ids.is_empty() || vendor_ids.contains(&variant.vendor_id))
            && (everything
                || product_ids.contains(&variant.product_id)
                || variant.categories.iter().any(|category| category_ids.contains(category)))
    }

    /// Orders of one customer that may have it: a first order happens once.
    pub fn most_per_customer(input: &PromotionInput) -> Option<i64> {
        if input.first_order { Some(1) } else { input.max_uses_per_customer }
    }

    /// What keeps it from applying, whatever is in the cart.
    pub fn obstacle(&self, now: Timestamp, is_first_order: bool) -> Option<Obstacle> {
        let input = &self.input;
        if now < input.starts_at {
            Some(Obstacle::NotStarted)
        } else if !self.is_active(now) {
            Some(Obstacle::Expired)
        } else if !input.groups.is_empty() && self.group.is_none() {
            Some(Obstacle::NotInGroup)
        } else if Self::most_per_customer(input).is_some_and(|most| self.used_by_customer >= most) {
            Some(Obstacle::AlreadyUsed)
        } else if input.first_order && !is_first_order {
            Some(Obstacle::FirstOrderOnly)
        } else if input.max_uses.is_some_and(|most| self.uses >= most) || !self.can_spend(1) {
            Some(Obstacle::UsedUp)
        } else {
            None
        }
    }

    /// True if its budget, which is counted in its own currency, has room for this.
    pub fn can_spend(&self, amount_minor: i64) -> bool {
        let Some(budget) = self.input.budget_minor else { return true };
        let amount = Money::new(amount_minor, self.input.currency);
        let counted = self.counted(amount).map(|counted| counted.unwrap_or(amount));
        counted.is_ok_and(|counted| counted.amount_minor <= budget - self.spent_minor)
    }

    /// What an amount of the quote counts in its own currency, if that is another one.
    pub fn counted(&self, amount: Money) -> Result<Option<Money>> {
        self.counted_by.map(|back| back.price(amount)).transpose()
    }

    /// `Welcome (WELCOME-10), paid by the marketplace`; of one for groups `Welcome, for Trade, paid by the marketplace`
    pub fn label(&self) -> String {
        let code = self.input.code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
        let group = self.group.as_ref().map_or_else(String::new, |name| format!(", for {name}"));
        let payer = match self.input.platform_share_bp {
            0 => "paid by the vendor".to_owned(),
            10_000 => "paid by the marketplace".to_owned(),
            share => format!("{} paid by the marketplace, the rest by the vendor", percent(share)),
        };
        format!("{}{code}{group}, {payer}", self.input.name)
    }

    /// What it takes off a line or a shipment.
    pub fn applied(&self, amount: Money, platform: Money) -> AppliedPromotion {
        AppliedPromotion { promotion_id: self.id, name: self.input.name.clone(), amount, platform }
    }

    /// As everybody sees it.
    pub fn notice(self) -> PromotionNotice {
        let minimum = Money::new(self.input.minimum_minor, self.input.currency);
        let PromotionInput { name, code, effect, first_order, ends_at, .. } = self.input;
        PromotionNotice { id: self.id, vendor_id: self.vendor_id, name, code, effect, minimum, first_order, ends_at }
    }

    /// As those who run it see it.
    pub fn view(&self, now: Timestamp) -> PromotionView {
        PromotionView {
            id: self.id,
            vendor_id: self.vendor_id,
            input: self.input.clone(),
            active: self.is_active(now),
            uses: self.uses,
            spent: Money::new(self.spent_minor, self.input.currency),
            version: self.version,
        }
    }
}

/// What the validation rules of the document cannot say.
pub(crate) fn check(input: &PromotionInput, owner: Option<VendorId>) -> Result<()> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, reason: &str| {
        wrong.push(FieldError { field: field.to_owned(), reason: reason.to_owned() });
    };
    if input.name.trim().is_empty() {
        refuse("name", "Give the promotion a name that buyers will see.");
    }
    if input.ends_at.is_some_and(|end| end <= input.starts_at) {
        refuse("ends_at", "The end must be later than the start.");
    }
    if owner.is_some() && input.platform_share_bp != 0 {
        refuse("platform_share_bp", "A vendor's own promotion is paid by the vendor.");
    }
    if owner.is_some() && !input.vendor_ids.is_empty() {
        refuse("vendor_ids", "Your promotion is on your own goods already.");
    }
    if input.advertised && !input.groups.is_empty() {
        refuse("groups", "What is for a group of customers is not shown to everybody: choose one of the two.");
    }
    if let (Effect::UnitPrice { amount_minor: 0 }, None) = (&input.effect, input.max_uses) {
        refuse("max_uses", "Say how many orders may have something for nothing.");
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}
