//! The posting rules, all of them. Pure. Every entry adds up to zero; a debit is positive, a credit negative. Accounts:
//!
//! | account | holds |
//! |---|---|
//! | `provider:<name>` | what a provider has taken for us (debit) |
//! | `vendor_payable:<id>` | what the platform owes a vendor (credit) |
//! | `commission` | what the platform has earned (credit) |
//! | `promotions` | what promotions have cost the platform (debit) |
//! | `payouts_in_transit` | what is set aside for payouts that are under way (credit) |
//! | `paid_out` | what has left the platform's own account for vendors (credit) |
//! | `vendor_held:<id>` | what is held of a vendor's balance for disputes that are open (credit) |
//! | `vendor_reserve:<id>` | what is held back of a vendor's sales for some days: [`reserves`] (credit) |
//! | `disputed:<provider>` | what a provider has taken back for disputes that are open (debit) |
//! | `dispute_losses` | what lost disputes have cost the platform itself (debit) |
//! | `fees` | what providers take for disputes (debit) |
//! | `provider_fees` | what providers keep of payments, for [`fees`] (debit) |
//! | `tax_payable` | what the platform owes of tax on its commission, for [`taxes`] (credit) |
//! | `carrier_costs` | what the platform owes carriers, or has prepaid them, for [`labels`] (credit) |
//! | `gift_cards`, `store_credit`, `credits_given`, `credit_breakage` | stored value: [`credits`] |
//!
//! **Sale** (a captured payment): the provider holds the whole amount; each vendor is owed its part, goods and shipping with
//! the tax in them, and what the platform adds for promotions that it pays (its subsidy), less the commission on both, frozen
//! when the order was placed: the vendor is paid as if the buyer had paid the subsidy too. What promotions of the vendor's own
//! take off, the vendor goes without.
//!
//! | | debit | credit |
//! |---|---|---|
//! | `provider:<name>` | amount | |
//! | `vendor_payable:<id>`, `sale` | | goods of the part |
//! | `vendor_payable:<id>`, `shipping` | | delivery of the part |
//! | `vendor_payable:<id>`, `promotion` | | subsidy of the part |
//! | `vendor_payable:<id>`, `commission` | commission | |
//! | `promotions` | Σ subsidies | |
//! | `commission` | | Σ commission |
//!
//! **Refund**: the same with the signs turned round, for the part of each vendor that goes back. Commission
//! and subsidy go back in proportion; they are rounded on what has gone back *so far*, so that after
//! the last refund exactly the whole of them has gone back, in whatever steps. A part for which the buyer
//! paid nothing goes back with the last of the payment.
//!
//! **Payout**, per attempt; a vendor's account shows `payout`, `payout_failed` and `payout_reversed`. When what it takes has matured,
//! [`maturity`](crate::model::maturity) says.
//!
//! | | debit | credit |
//! |---|---|---|
//! | made | `vendor_payable:<id>` | `payouts_in_transit` |
//! | paid | `payouts_in_transit` | `paid_out` |
//! | failed | `payouts_in_transit`, or `paid_out` if it was paid | `vendor_payable:<id>` |
//! | reversed | `paid_out` | `vendor_payable:<id>`, `payout_reversed` |
//!
//! **Dispute**: a vendor's share is its part of what is disputed; net is the share and the subsidy that would go back, less
//! the commission, as for a refund. What had been returned before is beyond the vendors' shares.
//!
//! | | debit | credit |
//! |---|---|---|
//! | held | `vendor_payable:<id>`, `dispute_hold`: net | `vendor_held:<id>` |
//! | withdrawn | `disputed:<provider>`: amount | `provider:<name>` |
//! | fee, less what came back of it | `fees` | `provider:<name>` |
//! | won | `vendor_held:<id>`: net; `provider:<name>`: amount | `vendor_payable:<id>`, `dispute_release`; `disputed:<provider>` |
//! | lost | `vendor_held:<id>`: net | `vendor_payable:<id>`, `dispute_release` |
//! | | `vendor_payable:<id>`: `dispute_loss` share, `dispute_promotion` subsidy | `disputed:<provider>`: amount; `promotions` |
//! | | `commission`; `dispute_losses`: what is beyond | `vendor_payable:<id>`, `dispute_commission` |
//!
//! What providers pay to vendors themselves: [`direct`].
//!
//! Prices contain tax. The vendor is the merchant and owes it, so it is part of what the vendor is
//! owed and has no account here. The tax in the platform's own commission is known with its invoice: [`taxes`].

mod accounts;
pub mod credits;
pub mod direct;
pub mod fees;
pub mod free;
pub mod labels;
mod payouts;
pub mod reserves;
pub mod taxes;

pub use accounts::Account;
pub use payouts::Payout;

use kernel::{
    CreditId, Currency, DisputeId, EntryId, Error, LabelId, Money, OrderId, PaymentId, PayoutId, RefundId, Result,
    VendorId,
};

/// A posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Where.
    pub account: Account,
    /// `capture`, `sale`, `shipping`, `promotion`, `commission`, `refund`, `promotion_refund`, `commission_refund`,
    /// `payout`, `payout_paid`, `payout_failed`, `payout_reversed`, `dispute_hold`, `dispute_release`, `dispute_loss`,
    /// `dispute_promotion`, `dispute_commission`, `dispute_withdrawn`, `dispute_reinstated`, `dispute_fee`, `provider_fee`,
    /// `commission_tax`, `reserve_hold`, `reserve_release`, `label`, `label_refund`, `credit_issued`, `credit_breakage`,
    /// `direct`, `direct_refund`, `direct_loss`.
    pub kind: &'static str,
    /// Debit positive, credit negative.
    pub amount: Money,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Derived from what it is about, so that nothing is posted twice.
    pub id: EntryId,
    /// `capture`, `provider_fee`, `refund`, `payout`, `payout_paid`, `payout_failed`, `payout_reversed`, `dispute_held`,
    /// `dispute_withdrawn`, `dispute_fee`, `dispute_won`, `dispute_lost`, `commission_tax`, `reserve_held`,
    /// `reserve_released`, `reserve_used`, `label`, `label_refund`, `credit_issued`, `credit_breakage`, `direct`,
    /// `direct_refund` or `direct_loss`.
    pub kind: &'static str,
    /// For a person.
    pub text: String,
    /// The entry it takes back, in part or whole.
    pub corrects: Option<EntryId>,
    /// What it is about.
    pub about: About,
    /// Postings.
    pub postings: Vec<Posting>,
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A payment, and a refund of it.
    Payment {
        /// Payment.
        payment: PaymentId,
        /// Its order.
        order: OrderId,
        /// The refund.
        refund: Option<RefundId>,
    },
    /// A payout.
    Payout(PayoutId),
    /// A dispute of a payment.
    Dispute {
        /// Payment.
        payment: PaymentId,
        /// Its order.
        order: OrderId,
        /// The dispute.
        dispute: DisputeId,
    },
    /// A label of a carrier.
    Label {
        /// The label.
        label: LabelId,
        /// The order whose parcel it is for.
        order: OrderId,
    },
    /// A gift card or a store credit.
    Credit(CreditId),
    /// An invoice to a vendor.
    Invoice {
        /// Of which year.
        year: i64,
        /// Its number in that.
        number: i64,
    },
}

/// What is posted about.
#[derive(Debug, Clone)]
pub struct Sale<'a> {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Number people say.
    pub order_number: &'a str,
    /// Provider that holds the money.
    pub provider: &'a str,
    /// The whole.
    pub amount: Money,
}

impl Sale<'_> {
    fn about(&self, refund: Option<RefundId>) -> About {
        About::Payment { payment: self.payment_id, order: self.order_id, refund }
    }
}

/// A vendor's part of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Vendor.
    pub vendor_id: VendorId,
    /// What the buyer pays for it.
    pub total: Money,
    /// How much of that is for the delivery.
    pub shipping: Money,
    /// What the platform adds for promotions.
    pub subsidy: Money,
    /// The platform's share of both.
    pub commission: Money,
    /// Gone back or on its way.
    pub refunded: Money,
    /// Gone back.
    pub settled: Money,
    /// Bound by disputes that are open or lost.
    pub disputed: Money,
    /// Lost in disputes.
    pub lost: Money,
    /// True if nothing of it is sent: its buyer has it with the payment.
    pub digital: bool,
}

impl Part {
    /// What can still go back.
    pub fn left(&self) -> Result<Money> {
        self.total.minus(self.refunded)?.minus(self.disputed)
    }
    /// What the vendor is owed less if `share` goes back.
    pub fn net(&self, share: Money) -> Result<Money> {
        share.plus(self.back(self.subsidy, share)?)?.minus(self.back(self.commission, share)?)
    }
    /// How much of `all` belongs to `gone`, of the whole part.
    fn share_of(&self, all: Money, gone: Money) -> Result<Money> {
        let (part, whole) = (i128::from(gone.amount_minor), i128::from(self.total.amount_minor));
        let rounded = (i128::from(all.amount_minor) * part * 2 + whole) / (whole * 2);
        Ok(Money::new(i64::try_from(rounded).map_err(Error::internal)?, self.total.currency))
    }
    /// How much of `all` goes back when `amount` does.
    fn back(&self, all: Money, amount: Money) -> Result<Money> {
        if self.total.is_zero() {
            return Ok(all);
        }
        let gone = self.settled.plus(self.lost)?;
        self.share_of(all, gone.plus(amount)?)?.minus(self.share_of(all, gone)?)
    }
}

/// The entry of a payment's capture.
pub fn capture_id(payment: PaymentId) -> EntryId {
    EntryId::derived("ledger.capture", &[&payment.to_string()])
}

/// A captured payment.
pub fn capture(sale: &Sale<'_>, parts: &[Part]) -> Result<Entry> {
    let mut postings =
        vec![Posting { account: Account::Provider(sale.provider.to_owned()), kind: "capture", amount: sale.amount }];
    let (mut earned, mut spent) = (Money::zero(sale.amount.currency), Money::zero(sale.amount.currency));
    for part in parts {
        let account = Account::VendorPayable(part.vendor_id);
        let goods = part.total.minus(part.shipping)?;
        postings.push(Posting { account: account.clone(), kind: "sale", amount: goods.negated()? });
        postings.push(Posting { account: account.clone(), kind: "shipping", amount: part.shipping.negated()? });
        postings.push(Posting { account: account.clone(), kind: "promotion", amount: part.subsidy.negated()? });
        spent = spent.plus(part.subsidy)?;
        postings.push(Posting { account, kind: "commission", amount: part.commission });
        earned = earned.plus(part.commission)?;
    }
    postings.push(Posting { account: Account::Promotions, kind: "promotion", amount: spent });
    postings.push(Posting { account: Account::Commission, kind: "commission", amount: earned.negated()? });
    balanced(Entry {
        id: capture_id(sale.payment_id),
        kind: "capture",
        text: format!("Payment of order {}", sale.order_number),
        corrects: None,
        about: sale.about(None),
        postings,
    })
}

/// The entry of a refund.
pub fn refund_id(refund: RefundId) -> EntryId {
    EntryId::derived("ledger.refund", &[&refund.to_string()])
}

/// A refund that has arrived: `shares` is what goes back of each part, given as they stood before.
pub fn refund(sale: &Sale<'_>, refund: RefundId, amount: Money, shares: &[(Part, Money)]) -> Result<Entry> {
    let mut postings = vec![Posting {
        account: Account::Provider(sale.provider.to_owned()),
        kind: "refund",
        amount: amount.negated()?,
    }];
    let (mut given_up, mut saved) = (Money::zero(amount.currency), Money::zero(amount.currency));
    for (part, share) in shares {
        let account = Account::VendorPayable(part.vendor_id);
        let (commission, subsidy) = (part.back(part.commission, *share)?, part.back(part.subsidy, *share)?);
        let commission = if kernel::planted!(28) { Money::zero(amount.currency) } else { commission };
        postings.push(Posting { account: account.clone(), kind: "refund", amount: *share });
        postings.push(Posting { account: account.clone(), kind: "promotion_refund", amount: subsidy });
        saved = saved.plus(subsidy)?;
        postings.push(Posting { account, kind: "commission_refund", amount: commission.negated()? });
        given_up = given_up.plus(commission)?;
    }
    postings.push(Posting { account: Account::Promotions, kind: "promotion_refund", amount: saved.negated()? });
    postings.push(Posting { account: Account::Commission, kind: "commission_refund", amount: given_up });
    balanced(Entry {
        id: refund_id(refund),
        kind: "refund",
        text: format!("Refund of order {}", sale.order_number),
        corrects: Some(capture_id(sale.payment_id)),
        about: sale.about(Some(refund)),
        postings,
    })
}

/// A dispute as the ledger is told of it.
#[derive(Debug, Clone)]
pub struct Dispute<'a> {
    /// Id.
    pub id: DisputeId,
    /// What it is of.
    pub sale: Sale<'a>,
    /// What is disputed.
    pub amount: Money,
    /// What is held of each vendor.
    pub held: &'a [(VendorId, Money)],
}

impl Dispute<'_> {
    /// The entry of one of its steps.
    pub fn entry_id(&self, kind: &str) -> EntryId {
        EntryId::derived("ledger.dispute", &[&self.id.to_string(), kind])
    }

    fn entry(&self, kind: &'static str, text: &str, corrects: EntryId, postings: Vec<Posting>) -> Result<Entry> {
        balanced(Entry {
            id: self.entry_id(kind),
            kind,
            text: format!("{text}: order {}", self.sale.order_number),
            corrects: Some(corrects),
            about: About::Dispute { payment: self.sale.payment_id, order: self.sale.order_id, dispute: self.id },
            postings,
        })
    }

    fn provider(&self) -> Account {
        Account::Provider(self.sale.provider.to_owned())
    }

    fn disputed(&self) -> Account {
        Account::Disputed(self.sale.provider.to_owned())
    }

    /// What the vendors have of it is held. None if that is nothing.
    pub fn held(&self) -> Result<Option<Entry>> {
        let mut postings = Vec::with_capacity(self.held.len() * 2);
        for (vendor, held) in self.held.iter().filter(|(_, held)| !held.is_zero()) {
            let kind = "dispute_hold";
            postings.push(Posting { account: Account::VendorPayable(*vendor), kind, amount: *held });
            postings.push(Posting { account: Account::VendorHeld(*vendor), kind, amount: held.negated()? });
        }
        let corrects = capture_id(self.sale.payment_id);
        if postings.is_empty() {
            return Ok(None);
        }
        self.entry("dispute_held", "Held for a dispute", corrects, postings).map(Some)
    }

    /// The provider has taken the amount back.
    pub fn withdrawn(&self) -> Result<Entry> {
        let kind = "dispute_withdrawn";
        let taken = Posting { account: self.provider(), kind, amount: self.amount.negated()? };
        let open = Posting { account: self.disputed(), kind, amount: self.amount };
        self.entry(kind, "Withdrawn for a dispute", capture_id(self.sale.payment_id), vec![taken, open])
    }

    /// What the provider takes for it has changed by this much, for the `nth` time.
    pub fn fee(&self, change: Money, nth: i64) -> Result<Entry> {
        let kind = "dispute_fee";
        let postings = vec![
            Posting { account: Account::Fees, kind, amount: change },
            Posting { account: self.provider(), kind, amount: change.negated()? },
        ];
        let entry = self.entry(kind, "Fee for a dispute", capture_id(self.sale.payment_id), postings)?;
        Ok(Entry { id: self.entry_id(&format!("{kind} {nth}")), ..entry })
    }

    fn released(&self) -> Result<Vec<Posting>> {
        let mut postings = Vec::with_capacity(self.held.len() * 2);
        for (vendor, held) in self.held {
            let kind = "dispute_release";
            postings.push(Posting { account: Account::VendorHeld(*vendor), kind, amount: *held });
            postings.push(Posting { account: Account::VendorPayable(*vendor), kind, amount: held.negated()? });
        }
        Ok(postings)
    }

    /// The money stays. None if nothing was held or withdrawn.
    pub fn won(&self, is_withdrawn: bool) -> Result<Option<Entry>> {
        let mut postings = self.released()?;
        if is_withdrawn {
            let kind = "dispute_reinstated";
            postings.push(Posting { account: self.provider(), kind, amount: self.amount });
            postings.push(Posting { account: self.disputed(), kind, amount: self.amount.negated()? });
        }
        if postings.iter().all(|posting| posting.amount.is_zero()) {
            return Ok(None);
        }
        let was_held = self.held.iter().any(|(_, held)| !held.is_zero());
        let corrects = self.entry_id(if was_held { "dispute_held" } else { "dispute_withdrawn" });
        self.entry("dispute_won", "Dispute won", corrects, postings).map(Some)
    }

    /// The buyer has the money: `shares` is what goes of each part, given as they stood before.
    pub fn lost(&self, shares: &[(Part, Money)]) -> Result<Entry> {
        let mut postings = self.released()?;
        let zero = Money::zero(self.amount.currency);
        let (mut borne, mut given_up, mut saved) = (zero, zero, zero);
        for (part, share) in shares {
            let account = Account::VendorPayable(part.vendor_id);
            let (commission, subsidy) = (part.back(part.commission, *share)?, part.back(part.subsidy, *share)?);
            postings.push(Posting { account: account.clone(), kind: "dispute_loss", amount: *share });
            postings.push(Posting { account: account.clone(), kind: "dispute_promotion", amount: subsidy });
            postings.push(Posting { account, kind: "dispute_commission", amount: commission.negated()? });
            (borne, given_up, saved) = (borne.plus(*share)?, given_up.plus(commission)?, saved.plus(subsidy)?);
        }
        let mut post = |account, kind, amount| postings.push(Posting { account, kind, amount });
        post(Account::Promotions, "dispute_promotion", saved.negated()?);
        post(Account::Commission, "dispute_commission", given_up);
        post(Account::DisputeLosses, "dispute_loss", self.amount.minus(borne)?);
        post(self.disputed(), "dispute_loss", self.amount.negated()?);
        self.entry("dispute_lost", "Dispute lost", self.entry_id("dispute_withdrawn"), postings)
    }
}

/// How much of a refund each part bears: the one vendor's if one is named, otherwise in proportion
/// to what is left of each (largest remainder, so that it adds up and nobody bears more than that).
///
/// # Errors
/// The amount that is left, if it is less.
pub fn share(parts: &[Part], amount: Money, vendor: Option<VendorId>) -> Result<Result<Vec<Money>, Money>> {
    let mut weights = Vec::with_capacity(parts.len());
    for part in parts {
        let counts = vendor.is_none_or(|vendor| vendor == part.vendor_id);
        weights.push(if counts { part.left()?.amount_minor } else { 0 });
    }
    let left = Money::sum(amount.currency, weights.iter().map(|w| Money::new(*w, amount.currency)))?;
    if left.amount_minor < amount.amount_minor || left.is_zero() {
        return Ok(Err(left));
    }
    amount.split(&weights).map(Ok)
}

/// What can still go back of these parts.
pub fn left(parts: &[Part], currency: Currency) -> Result<Money> {
    let left: Vec<Money> = parts.iter().map(Part::left).collect::<Result<_>>()?;
    Money::sum(currency, left)
}

/// Drops empty postings and refuses an entry that does not add up to zero.
fn balanced(mut entry: Entry) -> Result<Entry> {
    entry.postings.retain(|posting| !posting.amount.is_zero());
    let Some(first) = entry.postings.first() else {
        return Err(Error::internal(format!("entry {} posts nothing", entry.id)));
    };
    let sum = Money::sum(first.amount.currency, entry.postings.iter().map(|posting| posting.amount))?;
    if sum.is_zero() { Ok(entry) } else { Err(Error::internal(format!("entry {} is off by {sum}", entry.id))) }
}
