//! A cart of any size, with promotions that all apply to it, in memory: what `examples/quotes.rs` measures.

use contracts::{
    pricing::{Quote, QuoteRequest, WantedLine},
    promotions::{Customer, Effect, PromotionInput},
    taxes::{STANDARD, TaxAreaInput, TaxRate},
};
use kernel::{
    CategoryId, Currency, DiscountId, Money, ProductId, PromotionId, Result, ShippingMethodId, Timestamp, VariantId,
    VendorId,
};

use crate::model::{Discount, Method, Prices, Promotion, Reach, Taxes, Variant, currency::Exchanges, quote};

/// Vendors whose goods are in the cart.
const VENDORS: usize = 5;
const NOW: Timestamp = Timestamp(1_000_000);

/// A request, and the prices that are loaded for it.
pub struct Sample {
    request: QuoteRequest,
    prices: Prices,
}

impl Sample {
    /// A cart of `lines` lines, to which `promotions` promotions apply.
    ///
    /// # Errors
    /// None; what is written below can be read.
    pub fn new(lines: usize, promotions: usize) -> Result<Self> {
        let country = TaxAreaInput {
            name: "VAT".to_owned(),
            region_name: String::new(),
            prices_include_tax: true,
            tax_shipping: true,
            rates: vec![TaxRate { category: STANDARD.parse()?, rate_bp: 1_900, valid_from: None }],
        };
        let prices = Prices {
            variants: (0..lines).map(|i| (id(i), variant(i))).collect(),
            methods: (0..VENDORS * 2).map(method).collect(),
            discounts: (0..VENDORS).map(discount).collect(),
            promotions: (0..promotions).map(promotion).collect(),
            is_first_order: true,
            exchanges: Exchanges::default(),
            taxes: Taxes { country: Some(country), region: None },
            region: None,
            now: NOW,
        };
        let request = QuoteRequest {
            currency: Currency::EUR,
            country: "DE".parse()?,
            region: None,
            lines: (0..lines).map(|i| WantedLine { variant_id: id(i), quantity: 1 + i as i64 % 3 }).collect(),
            shipping: Vec::new(),
            codes: Vec::new(),
            customer: Customer::default(),
            payment_method: None,
        };
        Ok(Self { request, prices })
    }

    /// What it costs.
    ///
    /// # Errors
    /// Those of a quote.
    pub fn quote(&self) -> Result<Quote> {
        quote::quote(&self.request, &self.prices)
    }
}

fn id(of: usize) -> VariantId {
    VariantId::derived("sample", &[&of.to_string()])
}

fn product(of: usize) -> ProductId {
    ProductId::derived("sample", &[&of.to_string()])
}

fn vendor(of: usize) -> VendorId {
    VendorId::derived("sample", &[&(of % VENDORS).to_string()])
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn variant(i: usize) -> Variant {
    Variant {
        id: id(i),
        product_id: product(i),
        vendor_id: vendor(i),
        vendor_name: format!("Store {}", i % VENDORS),
        refused_methods: Vec::new(),
        categories: vec![CategoryId::derived("sample", &["all"])],
        title: format!("Product {i}"),
        options: vec!["Blue".to_owned(), "Large".to_owned()],
        sku: format!("SKU-{i}"),
        list_price: eur(1_999 + 137 * i as i64),
        quantity_prices: Vec::new(),
        group_prices: Vec::new(),
        tax_category: STANDARD.to_owned(),
        weight_g: 250,
        digital: false,
    }
}

fn method(i: usize) -> Method {
    Method {
        id: ShippingMethodId::derived("sample", &[&i.to_string()]),
        vendor_id: vendor(i),
        name: "Parcel".to_owned(),
        price: eur(490 + 100 * i as i64),
        free_over: None,
        countries: Vec::new(),
        days_min: 1,
        days_max: 3,
        weight_prices: Vec::new(),
        value_prices: Vec::new(),
        max_weight_g: None,
        by_carrier: false,
        carrier_rates: Vec::new(),
        handling: contracts::arrival::Handling::default(),
        pickup: None,
    }
}

fn discount(i: usize) -> Discount {
    Discount {
        id: DiscountId::derived("sample", &[&i.to_string()]),
        vendor_id: vendor(i),
        name: "Sale".to_owned(),
        percent_bp: 1_250,
        reach: Reach::WholeStore,
        starts_at: Timestamp(0),
        ends_at: None,
        version: 1,
        created_at: Timestamp(0),
    }
}

/// Of several kinds, each with limits, some on the first products alone.
fn promotion(i: usize) -> Promotion {
    let effect = match i {
        2 => Effect::UnitPrice { amount_minor: 1_999 },
        5 => Effect::FreeShipping,
        even if even % 2 == 0 => Effect::Percent { percent_bp: 333 },
        _ => Effect::AmountOff { amount_minor: 250 },
    };
    let input = PromotionInput {
        name: format!("Promotion {i}"),
        code: None,
        currency: Currency::EUR,
        starts_at: Timestamp(0),
        ends_at: None,
        product_ids: if i % 4 == 3 { (0..10).map(product).collect() } else { Vec::new() },
        category_ids: Vec::new(),
        vendor_ids: Vec::new(),
        minimum_minor: 500,
        first_order: false,
        countries: Vec::new(),
        groups: Vec::new(),
        effect,
        priority: i as i64,
        advertised: false,
        exclusive: false,
        max_uses: Some(1_000_000),
        max_uses_per_customer: None,
        budget_minor: Some(1_000_000_000),
        platform_share_bp: 5_000,
    };
    Promotion::new(PromotionId::derived("sample", &[&i.to_string()]), None, input, Timestamp(0))
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn all_promotions_apply_to_all_lines() {
        let quote = Sample::new(20, 10).unwrap().quote().unwrap();
        assert_eq!((quote.lines.len(), quote.vendors.len(), quote.promotions.len()), (20, 5, 10));
        assert!(quote.lines.iter().all(|line| line.promotions.len() >= 5 && line.total.amount_minor > 0));
    }
}
