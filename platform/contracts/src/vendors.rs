//! Stores, their members, their approval and terms.

use garde::Validate;
use kernel::{AccountId, Country, Email, Page, PageRequest, Slug, Timestamp, VendorId, VendorRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a store stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VendorStatus {
    /// Waits for an admin. Can prepare, is not visible.
    Applied,
    /// Open.
    Approved,
    /// Closed by an admin; products hidden, orders still to be fulfilled.
    Suspended,
    /// Turned down.
    Rejected,
}

/// Applies for a store; the account logged in becomes its owner.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApplyAsVendor {
    /// Name of the store.
    #[garde(length(chars, min = 2, max = 80))]
    pub name: String,
    /// One line.
    #[serde(default)]
    #[garde(length(chars, max = 140))]
    pub tagline: String,
    /// About the store.
    #[serde(default)]
    #[garde(length(chars, max = 4000))]
    pub story: String,
    /// Where it ships from.
    #[garde(skip)]
    pub country: Country,
    /// Town.
    #[serde(default)]
    #[garde(length(chars, max = 80))]
    pub city: String,
    /// For questions of buyers and of the platform.
    #[garde(skip)]
    pub contact_email: Email,
}

/// Changes the store page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UpdateStore {
    /// Name of the store.
    #[garde(length(chars, min = 2, max = 80))]
    pub name: String,
    /// One line.
    #[garde(length(chars, max = 140))]
    pub tagline: String,
    /// About the store.
    #[garde(length(chars, max = 4000))]
    pub story: String,
    /// Returns, care, shipping: what a buyer should know.
    #[garde(length(chars, max = 4000))]
    pub policies: String,
    /// Town.
    #[garde(length(chars, max = 80))]
    pub city: String,
    /// For questions.
    #[garde(skip)]
    pub contact_email: Email,
    /// Address of a picture in the media store (upload it there first), or none.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub logo_url: Option<String>,
    /// Wide picture, likewise.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub banner_url: Option<String>,
}

/// A store as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreView {
    /// Id.
    pub id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
    /// One line.
    pub tagline: String,
    /// About the store.
    pub story: String,
    /// Policies.
    pub policies: String,
    /// Ships from.
    pub country: Country,
    /// Town.
    pub city: String,
    /// Logo.
    pub logo_url: Option<String>,
    /// Banner.
    pub banner_url: Option<String>,
    /// Open since.
    pub since: Timestamp,
}

/// A store as its members and the admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorView {
    /// What everybody sees.
    pub store: StoreView,
    /// Where it stands.
    pub status: VendorStatus,
    /// Why it was turned down or suspended.
    pub status_reason: Option<String>,
    /// Contact.
    pub contact_email: Email,
    /// The platform's share of each sale in basis points: 1250 is 12.5 %.
    pub commission_bp: i64,
    /// Ways to pay that are not offered for carts with anything of this store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_methods: Vec<String>,
    /// Applied at.
    pub created_at: Timestamp,
    /// Changes with every edit; send it back as `If-Match`.
    pub version: i64,
}

/// A member of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberView {
    /// Account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: Email,
    /// What it may do.
    pub role: VendorRole,
    /// Since.
    pub since: Timestamp,
}

/// Makes the owner of an account a member.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// E-mail of an existing account.
    #[garde(skip)]
    pub email: Email,
    /// What it may do.
    #[garde(skip)]
    pub role: VendorRole,
}

/// An admin's decision, with a reason that the vendor reads.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Why.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub reason: Option<String>,
}

/// Commission terms.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Share of each sale in basis points, 0 to 10,000.
    #[garde(range(min = 0, max = 10_000))]
    pub commission_bp: i64,
}

/// Ways to pay that are not offered for a vendor's goods.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RefusedMethods {
    /// Each a `method` of the ways to pay; none: all are offered.
    #[garde(length(max = 30), inner(length(chars, min = 1, max = 40)))]
    pub refused_methods: Vec<String>,
}

/// Filters the list of vendors.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct VendorQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<VendorStatus>,
    /// Part of the name.
    #[serde(default)]
    pub q: Option<String>,
    /// Only these, at most 100.
    #[serde(default, rename = "id")]
    #[schemars(length(max = 100))]
    pub ids: Vec<VendorId>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl VendorQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// What other services keep of a store. Every vendor event carries it whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorSnapshot {
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub status: VendorStatus,
    /// Commission in basis points, as of now; orders freeze it at sale.
    pub commission_bp: i64,
    /// Ships from.
    pub country: Country,
    /// Logo.
    pub logo_url: Option<String>,
    /// Accounts of the owners, for messages.
    pub owners: Vec<AccountId>,
    /// Ways to pay that are not offered for its goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_methods: Vec<String>,
}

/// Somebody applied.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VendorApplied {
    /// Store.
    pub vendor_id: VendorId,
    /// State after.
    pub vendor: VendorSnapshot,
}

/// An admin decided: approved, rejected, suspended or reinstated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VendorDecided {
    /// Store.
    pub vendor_id: VendorId,
    /// State after.
    pub vendor: VendorSnapshot,
    /// Why.
    pub reason: Option<String>,
}

/// Page, terms or owners changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VendorChanged {
    /// Store.
    pub vendor_id: VendorId,
    /// State after.
    pub vendor: VendorSnapshot,
}

/// Somebody became or ceased to be a member.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberChanged {
    /// Store.
    pub vendor_id: VendorId,
    /// Account.
    pub account_id: AccountId,
    /// New role; none if it left.
    pub role: Option<VendorRole>,
}

events! { "vendor" by vendor_id {
    VendorApplied = "vendor.applied";
    VendorDecided = "vendor.decided";
    VendorChanged = "vendor.changed";
    MemberChanged = "vendor.member_changed";
} }

client! {
    /// Client of the vendors service.
    VendorsClient for "vendors" {
        /// Applies for a store.
        post apply() body ApplyAsVendor => VendorView, "/api/v1/vendors";
        /// Open stores, by name.
        get stores() query PageRequest => Page<StoreView>, "/api/v1/stores";
        /// An open store's page.
        get store(slug: &str) => StoreView, "/api/v1/stores/{slug}";
        /// The stores the account logged in belongs to.
        get mine() => Vec<VendorView>, "/api/v1/me/vendors";
        /// A store, for its members.
        get vendor(vendor_id: VendorId) => VendorView, "/api/v1/vendors/{vendor_id}";
        /// Changes the store page (owners).
        put update_store(vendor_id: VendorId) body UpdateStore => VendorView, "/api/v1/vendors/{vendor_id}";
        /// Members.
        get members(vendor_id: VendorId) => Vec<MemberView>, "/api/v1/vendors/{vendor_id}/members";
        /// Adds a member (owners).
        post add_member(vendor_id: VendorId) body AddMember => MemberView, "/api/v1/vendors/{vendor_id}/members";
        /// Removes a member (owners; the last owner stays).
        delete remove_member(vendor_id: VendorId, account_id: AccountId) => (), "/api/v1/vendors/{vendor_id}/members/{account_id}";
        /// All vendors, for admins.
        get all() query VendorQuery => Page<VendorView>, "/api/v1/admin/vendors";
        /// One vendor, for admins.
        get one(vendor_id: VendorId) => VendorView, "/api/v1/admin/vendors/{vendor_id}";
        /// Its members, for admins.
        get members_of(vendor_id: VendorId) => Vec<MemberView>, "/api/v1/admin/vendors/{vendor_id}/members";
        /// Approves an application or reinstates a suspended store.
        post approve(vendor_id: VendorId) body Decision => VendorView, "/api/v1/admin/vendors/{vendor_id}/approve";
        /// Turns an application down.
        post reject(vendor_id: VendorId) body Decision => VendorView, "/api/v1/admin/vendors/{vendor_id}/reject";
        /// Suspends a store.
        post suspend(vendor_id: VendorId) body Decision => VendorView, "/api/v1/admin/vendors/{vendor_id}/suspend";
        /// Sets the commission.
        put set_terms(vendor_id: VendorId) body Terms => VendorView, "/api/v1/admin/vendors/{vendor_id}/terms";
        /// Sets which ways to pay are not offered for a vendor's goods.
        put set_refused_methods(vendor_id: VendorId) body RefusedMethods => VendorView, "/api/v1/admin/vendors/{vendor_id}/payment-methods";
    }
}
