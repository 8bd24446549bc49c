//! Who is asking, and on whose behalf. A [`VendorScope`] is the only key to a vendor's rows.

use serde::{Deserialize, Serialize};

use crate::{AccountId, SessionId, VendorId};

/// What an account may be, beside a member of vendors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May buy.
    Customer,
    /// Runs the platform.
    Admin,
}

/// What a member may do in a vendor's store. Ordered: an owner may do all a staff member may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VendorRole {
    /// Products, stock, orders, shipping.
    Staff,
    /// All of it, with members, earnings and payout account.
    Owner,
}

/// Membership of one store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct VendorMembership {
    /// The store.
    pub vendor_id: VendorId,
    /// What the member may do there.
    pub role: VendorRole,
}

/// A person who has logged in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Principal {
    /// The account.
    pub account_id: AccountId,
    /// The log-in it acts through.
    pub session_id: SessionId,
    /// Roles on the platform.
    pub roles: Vec<Role>,
    /// Stores it belongs to.
    pub vendors: Vec<VendorMembership>,
    /// True once the e-mail address was confirmed.
    pub email_verified: bool,
}

impl Principal {
    /// True for an operator of the platform.
    pub fn is_admin(&self) -> bool {
        self.roles.contains(&Role::Admin)
    }
    /// The scope of a store this person belongs to with at least `role`; `None` looks the
    /// same whether the store exists or not.
    pub fn vendor_scope(&self, vendor_id: VendorId, role: VendorRole) -> Option<VendorScope> {
        self.vendors
            .iter()
            .find(|m| m.vendor_id == vendor_id && m.role >= role)
            .map(|m| VendorScope { vendor_id, role: m.role })
    }
}

/// Proof that the caller may act for one vendor. Store functions take it instead of a bare id,
/// so a query that forgets the tenant does not type-check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorScope {
    vendor_id: VendorId,
    role: VendorRole,
}

impl VendorScope {
    /// For event handlers and jobs, where the vendor comes from our own data and not from a caller.
    pub fn of_system(vendor_id: VendorId) -> Self {
        Self { vendor_id, role: VendorRole::Owner }
    }
    /// The vendor.
    pub fn vendor_id(&self) -> VendorId {
        self.vendor_id
    }
    /// The member's role.
    pub fn role(&self) -> VendorRole {
        self.role
    }
}

/// On whose behalf a call is made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Nobody in particular.
    Anonymous,
    /// A person who has logged in.
    User(std::sync::Arc<Principal>),
    /// One of our services, by name.
    Service(&'static str),
}
