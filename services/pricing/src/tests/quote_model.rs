//! The quote by itself: properties that hold for any prices and any request.

use std::collections::BTreeMap;

use contracts::{
    prices::QuantityPrice,
    pricing::{Quote, QuoteRequest, ShippingChoice, WantedLine},
    taxes::{TaxAreaInput, TaxRate},
};
use kernel::{Currency, DiscountId, Money, PriceListId, ShippingMethodId, Timestamp, VariantId, VendorId};
use proptest::prelude::*;

use super::{eur, variant, vendor};
use crate::model::{
    Discount, Method, Prices, Reach, Taxes, Variant, currency::Exchanges, percent, price_list::GroupPrice, quote::quote,
};

const NOW: Timestamp = Timestamp(1_000_000);

pub(super) fn a_variant(index: usize, of: usize, minor: i64) -> Variant {
    let name = format!("v{index}");
    Variant {
        id: variant(&name),
        product_id: super::product(&format!("p{}", index / 2)),
        vendor_id: vendor(&format!("s{of}")),
        vendor_name: format!("Store {of}"),
        refused_methods: vec![],
        categories: vec![],
        title: name.clone(),
        options: vec![],
        sku: name,
        list_price: eur(minor),
        quantity_prices: vec![],
        group_prices: vec![],
        tax_category: "standard".to_owned(),
        weight_g: 100,
        digital: false,
    }
}

fn a_discount(index: usize, of: usize, percent_bp: i64, product: Option<usize>) -> Discount {
    Discount {
        id: DiscountId::derived("test", &[&index.to_string()]),
        vendor_id: vendor(&format!("s{of}")),
        name: format!("d{index}"),
        percent_bp,
        reach: product.map_or(Reach::WholeStore, |p| Reach::of(&[super::product(&format!("p{p}"))])),
        starts_at: Timestamp(0),
        ends_at: None,
        version: 1,
        created_at: Timestamp(0),
    }
}

pub(super) fn a_method(index: usize, of: usize, minor: i64, free_over: Option<i64>) -> Method {
    Method {
        id: ShippingMethodId::derived("test", &[&index.to_string()]),
        vendor_id: vendor(&format!("s{of}")),
        name: format!("m{index}"),
        price: eur(minor),
        free_over: free_over.map(eur),
        countries: vec![],
        days_min: 1,
        days_max: 3,
        weight_prices: vec![],
        value_prices: vec![],
        max_weight_g: None,
        by_carrier: false,
        carrier_rates: vec![],
        handling: contracts::arrival::Handling::default(),
        pickup: None,
    }
}

/// VAT of a country: the standard rate, and a third of it for what is reduced.
pub(super) fn taxed(rate_bp: i64) -> Taxes {
    let rate = |category: &str, rate_bp| TaxRate { category: category.parse().unwrap(), rate_bp, valid_from: None };
    let country = TaxAreaInput {
        name: "VAT".to_owned(),
        region_name: String::new(),
        prices_include_tax: true,
        tax_shipping: true,
        rates: vec![rate("standard", rate_bp), rate("reduced", rate_bp / 3)],
    };
    Taxes { country: Some(country), region: None }
}

/// An amount without its tax where that was added.
pub(super) fn before_tax(quote: &Quote, amount: Money, tax: Money) -> Money {
    if quote.tax_added { amount.minus(tax).unwrap() } else { amount }
}

prop_compose! {
    pub(super) fn any_prices()(
        variants in prop::collection::vec((0..4_usize, 0..100_000_000_i64), 1..12),
        discounts in prop::collection::vec((0..4_usize, 1..=9_500_i64, prop::option::of(0..6_usize)), 0..6),
        methods in prop::collection::vec((0..4_usize, 0..2_000_i64, prop::option::of(0..20_000_i64)), 0..8),
        steps in prop::collection::vec((2..5_000_i64, 0..100_000_000_i64), 0..4),
        listed in prop::collection::vec(0..100_000_000_i64, 0..3),
        rate_bp in 0..=5_000_i64,
        (prices_include_tax, tax_shipping) in any::<(bool, bool)>(),
    ) -> Prices {
        let listed: Vec<GroupPrice> = listed.into_iter().enumerate().map(|(i, minor)| GroupPrice {
            list_id: PriceListId::derived("test", &[&i.to_string()]),
            name: "Trade".to_owned(),
            own: eur(minor),
            price: eur(minor),
        }).collect();
        // Steps fit some variants and not others: what is not less than the list price does not count.
        let mut steps: Vec<QuantityPrice> =
            steps.into_iter().map(|(from, minor)| QuantityPrice { from, price: eur(minor) }).collect();
        steps.sort_by_key(|step| step.from);
        let variants = variants.into_iter().enumerate().map(|(i, (of, minor))| {
            let tax_category = ["standard", "reduced", "zero", "books"][i % 4].to_owned();
            let group_prices = if i % 5 == 1 { listed.clone() } else { vec![] };
            Variant { quantity_prices: steps.clone(), group_prices, tax_category, ..a_variant(i, of, minor) }
        });
        let mut taxes = taxed(rate_bp);
        if let Some(area) = &mut taxes.country {
            *area = TaxAreaInput { prices_include_tax, tax_shipping, ..area.clone() };
        }
        Prices {
            variants: variants.map(|v| (v.id, v)).collect(),
            methods: methods.into_iter().enumerate().map(|(i, (of, minor, free))| a_method(i, of, minor, free)).collect(),
            discounts: discounts.into_iter().enumerate().map(|(i, (of, bp, p))| a_discount(i, of, bp, p)).collect(),
            promotions: vec![],
            is_first_order: true,
            exchanges: Exchanges::default(),
            taxes,
            region: None,
            now: NOW,
        }
    }
}

/// A request over all variants, with these quantities.
pub(super) fn request(prices: &Prices, quantities: &[i64]) -> QuoteRequest {
    let lines = prices
        .variants
        .keys()
        .zip(quantities)
        .map(|(id, quantity)| WantedLine { variant_id: *id, quantity: *quantity });
    QuoteRequest { lines: lines.collect(), ..super::wants("DE", &[]) }
}

pub(super) fn sum(all: impl Iterator<Item = Money>) -> Money {
    Money::sum(Currency::EUR, all).unwrap()
}

proptest! {
    #[test]
    fn every_sum_is_exact(prices in any_prices(), quantities in prop::collection::vec(1..5_000_i64, 12)) {
        let request = request(&prices, &quantities);
        let quote = quote(&request, &prices).unwrap();
        for line in &quote.lines {
            let total = before_tax(&quote, line.total, line.tax);
            prop_assert_eq!(line.unit_price.times(line.quantity).unwrap(), total);
            prop_assert_eq!(line.list_price.times(line.quantity).unwrap().minus(line.discount).unwrap(), total);
            prop_assert!(!line.discount.is_negative() && !line.unit_price.is_negative());
            prop_assert!(!line.tax.is_negative() && line.tax.amount_minor <= line.total.amount_minor);
            let reasons = line.explanation.iter().filter(|r| r.rule != "tax").map(|r| r.amount);
            prop_assert_eq!(sum(reasons), line.total, "the steps of the explanation lead to the total");
        }
        for vendor in &quote.vendors {
            let lines = quote.lines.iter().filter(|l| l.vendor_id == vendor.vendor_id);
            prop_assert_eq!(sum(lines.clone().map(|l| l.total)), vendor.items);
            prop_assert_eq!(vendor.items.plus(vendor.shipping).unwrap(), vendor.total);
            prop_assert_eq!(sum(lines.map(|l| l.tax)).plus(vendor.shipping_tax).unwrap(), vendor.tax);
            let cheapest = vendor.methods.iter().map(|m| m.price.amount_minor).min();
            prop_assert_eq!(vendor.method.as_ref().map(|m| m.price.amount_minor), cheapest);
        }
        prop_assert_eq!(quote.lines.len(), prices.variants.len());
        prop_assert_eq!(sum(quote.vendors.iter().map(|v| v.total)), quote.total);
        prop_assert_eq!(sum(quote.vendors.iter().map(|v| v.tax)), quote.tax);
        prop_assert_eq!(sum(quote.vendors.iter().map(|v| v.shipping)), quote.shipping);
        let goods_tax = if quote.tax_added { sum(quote.lines.iter().map(|l| l.tax)) } else { eur(0) };
        let goods = quote.subtotal.minus(quote.discount).unwrap().plus(goods_tax).unwrap();
        prop_assert_eq!(goods.plus(quote.shipping).unwrap(), quote.total);
        let steps = quote.explanation.iter().filter(|r| r.rule != "tax" && r.rule != "total").map(|r| r.amount);
        prop_assert_eq!(sum(steps), quote.total);
    }

    #[test]
    fn every_tax_is_exact_by_its_rates(prices in any_prices(), quantities in prop::collection::vec(1..5_000_i64, 12)) {
        let quote = quote(&request(&prices, &quantities), &prices).unwrap();
        let area = prices.taxes.country.as_ref().unwrap();
        prop_assert_eq!(quote.tax_added, !area.prices_include_tax);
        let rate_of = |id: VariantId| prices.taxes.of(&prices.variants[&id].tax_category, prices.now).rate_bp;
        for line in &quote.lines {
            prop_assert_eq!(line.tax_rate_bp, rate_of(line.variant_id));
            let expected = match quote.tax_added {
                true => before_tax(&quote, line.total, line.tax).basis_points(line.tax_rate_bp),
                false => line.total.tax_contained(line.tax_rate_bp),
            };
            prop_assert_eq!(expected.unwrap(), line.tax);
        }
        for vendor in &quote.vendors {
            prop_assert_eq!(sum(vendor.taxes.iter().map(|t| t.tax)), vendor.tax);
            prop_assert_eq!(sum(vendor.taxes.iter().map(|t| t.net.plus(t.tax).unwrap())), vendor.total);
            prop_assert!(area.tax_shipping || vendor.shipping_tax.is_zero());
            // Shipping bears no more than the highest rate of what is shipped, give or take a cent per rate.
            let own = quote.lines.iter().filter(|l| l.vendor_id == vendor.vendor_id);
            let highest = own.map(|l| l.tax_rate_bp).max().unwrap_or(0);
            let net = before_tax(&quote, vendor.shipping, vendor.shipping_tax);
            let most = if quote.tax_added { net.basis_points(highest) } else { net.tax_contained(highest) };
            prop_assert!(vendor.shipping_tax.amount_minor <= most.unwrap().amount_minor + 4);
        }
        prop_assert_eq!(sum(quote.taxes.iter().map(|t| t.tax)), quote.tax);
        prop_assert_eq!(sum(quote.taxes.iter().map(|t| t.net.plus(t.tax).unwrap())), quote.total);
        let rates: Vec<i64> = quote.taxes.iter().map(|t| t.rate_bp).collect();
        prop_assert!(rates.is_sorted() && rates.windows(2).all(|pair| pair[0] < pair[1]), "each rate once");
        prop_assert!(quote.taxes.iter().all(|t| !t.net.is_negative() && !t.tax.is_negative()));
    }

    #[test]
    fn the_order_and_the_splitting_of_lines_do_not_matter(
        prices in any_prices(), quantities in prop::collection::vec(2..5_000_i64, 12), seed in any::<u64>(),
    ) {
        let request = request(&prices, &quantities);
        let expected = quote(&request, &prices).unwrap();
        let mut other = request.clone();
        other.lines = other.lines.iter().flat_map(|line| {
            [WantedLine { quantity: 1, ..line.clone() }, WantedLine { quantity: line.quantity - 1, ..line.clone() }]
        }).collect();
        let count = other.lines.len();
        for i in 0..count {
            other.lines.swap(i, (seed as usize).wrapping_mul(i + 7) % count);
        }
        let mut shuffled = prices.clone();
        shuffled.discounts.reverse();
        shuffled.methods.reverse();
        prop_assert_eq!(quote(&other, &shuffled).unwrap(), expected);
    }

    #[test]
    fn the_best_discount_is_taken(prices in any_prices()) {
        let quote = quote(&request(&prices, &[1; 12]), &prices).unwrap();
        for line in &quote.lines {
            let applies = |d: &&Discount| d.vendor_id == line.vendor_id && match &d.reach {
                Reach::WholeStore => true,
                Reach::Products(products) => products.contains(&line.product_id),
            };
            let most = prices.discounts.iter().filter(applies).map(|d| d.off(line.list_price).unwrap().amount_minor).max();
            let listed = prices.variants[&line.variant_id].group_prices.iter().map(|listed| listed.price.amount_minor).min();
            let public = line.list_price.amount_minor - most.unwrap_or(0);
            prop_assert_eq!(line.unit_price.amount_minor, listed.map_or(public, |listed| listed.min(public)));
        }
    }

    #[test]
    fn any_other_amount_is_another_hash(prices in any_prices(), quantities in prop::collection::vec(1..5_000_i64, 12), pick in any::<prop::sample::Index>()) {
        let request = request(&prices, &quantities);
        let before = quote(&request, &prices).unwrap();
        let mut dearer = prices.clone();
        let ids: Vec<VariantId> = dearer.variants.keys().copied().collect();
        if let Some(variant) = dearer.variants.get_mut(pick.get(&ids)) {
            variant.list_price = variant.list_price.plus(eur(1)).unwrap();
        }
        prop_assert_ne!(&quote(&request, &dearer).unwrap().hash, &before.hash);
        let mut taxed = prices.clone();
        taxed.taxes.country.as_mut().unwrap().rates[0].rate_bp += 1;
        prop_assert_ne!(&quote(&request, &taxed).unwrap().hash, &before.hash);
        // Texts are not part of the agreement.
        let mut renamed = prices.clone();
        renamed.taxes.country.as_mut().unwrap().name = "Tax".to_owned();
        renamed.variants.values_mut().for_each(|v| { v.title.push('!'); v.vendor_name.push('!'); });
        prop_assert_eq!(&quote(&request, &renamed).unwrap().hash, &before.hash);
    }
}

/// The hash of a fixed quote. If this changes, agreements made before an upgrade no longer count after it:
/// then the format of the canonical text must get a new number, on purpose.
#[test]
fn the_hash_is_stable() {
    let prices = Prices {
        variants: [a_variant(0, 0, 2490), a_variant(1, 0, 1200), a_variant(2, 1, 9900)]
            .into_iter()
            .map(|v| (v.id, v))
            .collect(),
        methods: vec![a_method(0, 0, 490, Some(5000)), a_method(1, 1, 750, None)],
        discounts: vec![a_discount(0, 0, 2000, Some(0))],
        promotions: vec![],
        is_first_order: true,
        exchanges: Exchanges::default(),
        taxes: taxed(1900),
        region: None,
        now: NOW,
    };
    let quote = quote(&request(&prices, &[1, 2, 3]), &prices).unwrap();
    assert_eq!(quote.hash, "ed04707efe27444b334bfb9f639049bbc2fc6e932a7d64823008c9679f3c61f2");
}

#[test]
fn a_chosen_method_is_kept_even_if_it_is_not_the_cheapest() {
    let prices = Prices {
        variants: [a_variant(0, 0, 4000)].into_iter().map(|v| (v.id, v)).collect(),
        methods: vec![a_method(0, 0, 490, Some(4000)), a_method(1, 0, 990, None)],
        discounts: vec![],
        promotions: vec![],
        is_first_order: true,
        exchanges: Exchanges::default(),
        taxes: Taxes::default(),
        region: None,
        now: NOW,
    };
    let mut request = request(&prices, &[1]);
    assert_eq!(quote(&request, &prices).unwrap().shipping, eur(0), "free from exactly this value on");
    request.shipping = vec![ShippingChoice { vendor_id: vendor("s0"), method_id: prices.methods[1].id }];
    assert_eq!(quote(&request, &prices).unwrap().shipping, eur(990));
}

#[test]
fn a_discount_applies_from_its_start_up_to_its_end() {
    let mut discount = a_discount(0, 0, 1000, None);
    discount.starts_at = Timestamp(10);
    discount.ends_at = Some(Timestamp(20));
    let active: BTreeMap<i64, bool> =
        [9, 10, 19, 20].into_iter().map(|t| (t, discount.is_active(Timestamp(t)))).collect();
    assert_eq!(active, [(9, false), (10, true), (19, true), (20, false)].into_iter().collect());
}

#[test]
fn of_equal_discounts_the_first_made_counts() {
    let discounts = [a_discount(1, 0, 1000, None), a_discount(0, 0, 1000, None)];
    let first = discounts.iter().map(|d| d.id).min();
    let best = crate::model::discount::best(
        &discounts,
        VendorId::derived("test", &["s0"]),
        super::product("p0"),
        eur(100),
        NOW,
    )
    .unwrap();
    assert_eq!(best.map(|(d, off)| (d.id, off)), first.map(|id| (id, eur(10))));
}

#[test]
fn percents_read_well() {
    assert_eq!([2000, 1250, 825, 805, 1].map(percent), ["20 %", "12.5 %", "8.25 %", "8.05 %", "0.01 %"]);
}

#[test]
fn what_is_downloaded_needs_no_delivery() {
    let prices = |digital: [bool; 2]| {
        let variants = digital.into_iter().enumerate().map(|(index, digital)| Variant {
            weight_g: 4_000,
            digital,
            ..a_variant(index, 0, 1_000)
        });
        let method = Method { max_weight_g: Some(5_000), ..a_method(0, 0, 490, None) };
        Prices {
            variants: variants.map(|variant| (variant.id, variant)).collect(),
            methods: vec![method],
            discounts: vec![],
            promotions: vec![],
            is_first_order: true,
            exchanges: Exchanges::default(),
            taxes: taxed(1_900),
            region: None,
            now: NOW,
        }
    };
    let of = |prices: &Prices| quote(&request(prices, &[1, 1]), prices).unwrap();
    let sent = of(&prices([false, false]));
    assert!(sent.vendors[0].method.is_none() && !sent.vendors[0].digital, "too heavy together");
    let mixed = of(&prices([true, false]));
    assert_eq!((mixed.shipping, mixed.total, mixed.vendors[0].digital), (eur(490), eur(2_490), false));
    assert_eq!(mixed.lines.iter().filter(|line| line.digital).count(), 1);
    let all = of(&prices([true, true]));
    assert_eq!((all.shipping, all.total, all.vendors[0].digital), (eur(0), eur(2_000), true));
    assert!(all.vendors[0].method.is_none() && all.vendors[0].methods.is_empty());
    assert!(all.explanation.iter().all(|reason| reason.rule != "shipping"));
    assert_ne!(all.hash, mixed.hash);
}
