//! Numbers by day, for dashboards.

use kernel::{Money, ProductId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::DayValue;

/// Which days.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PeriodQuery {
    /// Days back from today, 1 to 366 (30 if left out).
    #[serde(default)]
    #[schemars(range(min = 1, max = 366))]
    pub days: Option<u32>,
}

/// A number over a period, beside the period before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Metric {
    /// Sum of the period.
    pub total: i64,
    /// Sum of as many days before.
    pub previous: i64,
    /// By day, without gaps.
    pub days: Vec<DayValue>,
    /// By day, the period before.
    pub previous_days: Vec<DayValue>,
}

/// What the platform (or one vendor) has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Currency of the money in it.
    pub currency: kernel::Currency,
    /// Sales in minor units (paid orders).
    pub sales: Metric,
    /// Paid orders.
    pub orders: Metric,
    /// Items sold.
    pub items: Metric,
    /// Returned, in minor units.
    pub refunds: Metric,
    /// People who logged in or ordered (platform only; zero for a vendor).
    pub active_users: Metric,
    /// New accounts (platform only; zero for a vendor).
    pub new_users: Metric,
    /// Products that sold most.
    pub top_products: Vec<ProductPerformance>,
    /// Vendors that sold most (platform only).
    pub top_vendors: Vec<VendorPerformance>,
}

/// What a product has done in the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductPerformance {
    /// Product.
    pub product_id: ProductId,
    /// Title.
    pub title: String,
    /// Slug.
    pub slug: String,
    /// Items sold.
    pub items: i64,
    /// Sales.
    pub sales: Money,
}

/// What a vendor has done in the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorPerformance {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Name.
    pub name: String,
    /// Orders.
    pub orders: i64,
    /// Sales.
    pub sales: Money,
}

/// What one product of a vendor has done, by day. What goes back is counted by vendor alone: a refund need not be of lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductReport {
    /// Product.
    pub product_id: ProductId,
    /// Currency of the money in it: the one in which most of its items were sold.
    pub currency: kernel::Currency,
    /// Sales in minor units (its lines in paid orders, without delivery).
    pub sales: Metric,
    /// Items sold.
    pub items: Metric,
}

/// Which products' sales.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct SoldQuery {
    /// Days back from today, 1 to 366 (30 if left out).
    #[serde(default)]
    #[schemars(range(min = 1, max = 366))]
    pub days: Option<u32>,
    /// Begins behind this product.
    #[serde(default)]
    pub after: Option<ProductId>,
}

/// Products in one answer to [`SoldQuery`]; fewer are the last.
pub const SOLD_PAGE: usize = 1_000;

/// What was sold of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductSold {
    /// Product.
    pub product_id: ProductId,
    /// Items that were paid for.
    pub items: i64,
}

client! {
    /// Client of the analytics service.
    AnalyticsClient for "analytics" {
        /// The platform (admins).
        get platform() query PeriodQuery => Report, "/api/v1/admin/reports/overview";
        /// One vendor (its members).
        get vendor(vendor_id: VendorId) query PeriodQuery => Report, "/api/v1/vendors/{vendor_id}/reports/overview";
        /// One product of a vendor (its members); zeros for what is not the vendor's.
        get product(vendor_id: VendorId, product_id: ProductId) query PeriodQuery => ProductReport, "/api/v1/vendors/{vendor_id}/reports/products/{product_id}";
        /// Any vendor (admins).
        get vendor_of(vendor_id: VendorId) query PeriodQuery => Report, "/api/v1/admin/reports/vendors/{vendor_id}";
        /// Products that sold most in the last 30 days, for the storefront; ids only.
        get best_sellers() => Vec<ProductId>, "/api/v1/best-sellers";
        /// What was sold of each product, by id and in pages (services).
        get sold() query SoldQuery => Vec<ProductSold>, "/internal/products/sold";
    }
}
