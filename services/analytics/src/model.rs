//! Sums of an order, and series without gaps.

use std::collections::BTreeMap;

use contracts::{analytics::Metric, orders::OrderSnapshot, shared::DayValue};
use kernel::{Currency, ProductId, Result, Timestamp, VendorId};

/// What is added to a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub orders: i64,
    pub items: i64,
    pub sales_minor: i64,
    pub refunds_minor: i64,
}

/// What an order adds to its day: per scope (platform first, then vendors) and per product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    pub currency: Currency,
    pub scopes: BTreeMap<String, Sums>,
    pub products: BTreeMap<ProductId, ProductSums>,
}

/// What an order adds to a product's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductSums {
    pub vendor_id: VendorId,
    pub items: i64,
    pub sales_minor: i64,
}

/// The scope of the whole platform.
pub const PLATFORM: &str = "";

/// Takes an order apart. Products count their lines, vendors their parts with shipping, the
/// platform the whole.
pub fn sale_of(order: &OrderSnapshot) -> Sale {
    let mut scopes: BTreeMap<String, Sums> = BTreeMap::new();
    let mut products: BTreeMap<ProductId, ProductSums> = BTreeMap::new();
    let mut platform = Sums { orders: 1, sales_minor: order.total.amount_minor, ..Sums::default() };
    for part in &order.parts {
        let items: i64 = part.lines.iter().map(|line| line.quantity).sum();
        platform.items += items;
        let vendor = scopes.entry(part.vendor_id.to_string()).or_default();
        vendor.orders = 1;
        vendor.items += items;
        vendor.sales_minor += part.total.amount_minor;
        for line in &part.lines {
            let product = products.entry(line.product_id).or_insert(ProductSums {
                vendor_id: part.vendor_id,
                items: 0,
                sales_minor: 0,
            });
            product.items += line.quantity;
            product.sales_minor += line.total.amount_minor;
        }
    }
    scopes.insert(PLATFORM.to_owned(), platform);
    Sale { currency: order.total.currency, scopes, products }
}

/// A period of whole days that ends today, and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: i64,
    /// Day after the last.
    pub to: i64,
    /// First day of the period before.
    pub before: i64,
}

impl Period {
    /// The last `days` days, today included.
    pub fn last(days: u32, now: Timestamp) -> Self {
        let to = now.day() + 1;
        let days = i64::from(days);
        Self { from: to - days, to, before: to - 2 * days }
    }
}

/// A series over both periods, with zeros where nothing happened.
pub fn metric(period: Period, values: &BTreeMap<i64, i64>) -> Metric {
    let series = |from: i64, to: i64| -> Vec<DayValue> {
        (from..to)
            .map(|day| DayValue { date: Timestamp::of_day(day).date(), value: values.get(&day).copied().unwrap_or(0) })
            .collect()
    };
    let (days, previous_days) = (series(period.from, period.to), series(period.before, period.from));
    let sum = |days: &[DayValue]| days.iter().map(|d| d.value).sum();
    Metric { total: sum(&days), previous: sum(&previous_days), days, previous_days }
}

/// Days asked for, within bounds.
pub fn days_wanted(asked: Option<u32>) -> Result<u32> {
    match asked.unwrap_or(30) {
        days @ 1..=366 => Ok(days),
        _ => Err(kernel::Error::invalid("days", "Ask for 1 to 366 days.")),
    }
}
