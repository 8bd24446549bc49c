//! The accounts of the ledger, and how they are called in the tables.

use contracts::credits::CreditKind;
use kernel::VendorId;

/// An account of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// What a provider has taken for us.
    Provider(String),
    /// What the platform owes a vendor.
    VendorPayable(VendorId),
    /// What the platform has earned.
    Commission,
    /// What promotions have cost the platform.
    Promotions,
    /// What is set aside for payouts that are under way.
    PayoutsInTransit,
    /// What has left the platform's own account for vendors.
    PaidOut,
    /// What is held of a vendor's balance for disputes.
    VendorHeld(VendorId),
    /// What is held back of a vendor's sales for some days.
    VendorReserve(VendorId),
    /// What a provider has taken back for disputes that are open.
    Disputed(String),
    /// What lost disputes have cost the platform itself.
    DisputeLosses,
    /// What providers take for disputes.
    Fees,
    /// What providers keep of payments.
    ProviderFees,
    /// What the platform owes of tax on its commission.
    TaxPayable,
    /// What the platform owes carriers, or has prepaid them, for vendors' labels.
    CarrierCosts,
    /// What the platform owes the holders of stored value.
    Credits(CreditKind),
    /// What stored value that was given has cost the platform.
    CreditsGiven,
    /// What the platform has earned because stored value was not used in its time.
    CreditBreakage,
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Provider(name) => write!(f, "provider:{name}"),
            Self::VendorPayable(vendor) => write!(f, "vendor_payable:{vendor}"),
            Self::Commission => f.write_str("commission"),
            Self::Promotions => f.write_str("promotions"),
            Self::PayoutsInTransit => f.write_str("payouts_in_transit"),
            Self::PaidOut => f.write_str("paid_out"),
            Self::VendorHeld(vendor) => write!(f, "vendor_held:{vendor}"),
            Self::VendorReserve(vendor) => write!(f, "vendor_reserve:{vendor}"),
            Self::Disputed(name) => write!(f, "disputed:{name}"),
            Self::DisputeLosses => f.write_str("dispute_losses"),
            Self::Fees => f.write_str("fees"),
            Self::ProviderFees => f.write_str("provider_fees"),
            Self::TaxPayable => f.write_str("tax_payable"),
            Self::CarrierCosts => f.write_str("carrier_costs"),
            Self::Credits(CreditKind::GiftCard) => f.write_str("gift_cards"),
            Self::Credits(CreditKind::StoreCredit) => f.write_str("store_credit"),
            Self::CreditsGiven => f.write_str("credits_given"),
            Self::CreditBreakage => f.write_str("credit_breakage"),
        }
    }
}
