//! Promotions by themselves: laws that hold for any cart and any promotions, and what each effect takes off.

use contracts::{
    pricing::{Quote, QuoteRequest, Reason},
    promotions::{Effect, Obstacle, PromotionInput},
};
use kernel::{Money, PromotionId, Timestamp};
use proptest::prelude::*;

use super::{
    TEN, coded, eur, promotion,
    quote_model::{a_method, a_variant, any_prices, before_tax, request, sum, taxed},
    vendor,
};
use crate::model::{Prices, Promotion, Taxes, currency::Exchanges, quote::quote};

fn made(index: usize, of: Option<usize>, input: PromotionInput) -> Promotion {
    let input = PromotionInput { starts_at: Timestamp(0), ..input };
    let owner = of.map(|of| vendor(&format!("s{of}")));
    Promotion::new(PromotionId::derived("test", &[&index.to_string()]), owner, input, Timestamp(0))
}

fn any_effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        (1..=10_000_i64).prop_map(|percent_bp| Effect::Percent { percent_bp }),
        (1..100_000_i64).prop_map(|amount_minor| Effect::AmountOff { amount_minor }),
        (0..100_000_i64).prop_map(|amount_minor| Effect::UnitPrice { amount_minor }),
        (1..5_i64, 1..5_i64).prop_map(|(buy, get)| Effect::BuyGet { buy, get }),
        Just(Effect::FreeShipping),
    ]
}

prop_compose! {
    fn any_promotion()(
        effect in any_effect(), of in prop::option::of(0..4_usize), priority in -2..3_i64, exclusive in prop::bool::weighted(0.2),
        minimum_minor in prop_oneof![Just(0_i64), 0..1_000_000_i64], share in 0..=10_000_i64,
        budget_minor in prop::option::of(1..10_000_000_i64), product in prop::option::of(0..6_usize), code in any::<bool>(),
    ) -> (Option<usize>, PromotionInput, bool) {
        let product_ids = product.map(|p| super::product(&format!("p{p}"))).into_iter().collect();
        let platform_share_bp = if of.is_some() { 0 } else { share };
        let input = PromotionInput {
            priority, exclusive, minimum_minor, budget_minor, product_ids, platform_share_bp, ..promotion(effect)
        };
        (of, input, code)
    }
}

prop_compose! {
    fn any_case()(
        prices in any_prices(), promotions in prop::collection::vec(any_promotion(), 0..7),
        quantities in prop::collection::vec(1..500_i64, 12),
    ) -> (Prices, QuoteRequest) {
        let (mut request, mut prices) = (request(&prices, &quantities), prices);
        for (i, (of, mut input, code)) in promotions.into_iter().enumerate() {
            if code {
                let code: kernel::PromoCode = format!("CODE-{i}").parse().unwrap();
                request.codes.push(code.clone());
                input.code = Some(code);
            }
            prices.promotions.push(made(i, of, input));
        }
        (prices, request)
    }
}

proptest! {
    #[test]
    fn every_sum_is_exact_and_nothing_is_below_zero((prices, request) in any_case()) {
        let quote = quote(&request, &prices).unwrap();
        for line in &quote.lines {
            let off = sum(line.promotions.iter().map(|p| p.amount));
            let total = before_tax(&quote, line.total, line.tax);
            prop_assert_eq!(line.unit_price.times(line.quantity).unwrap().minus(off).unwrap(), total);
            prop_assert_eq!(line.list_price.times(line.quantity).unwrap().minus(line.discount).unwrap(), total);
            prop_assert!(!total.is_negative() && !line.tax.is_negative());
            let tax = if quote.tax_added { total.basis_points(line.tax_rate_bp) } else { total.tax_contained(line.tax_rate_bp) };
            prop_assert_eq!(tax.unwrap(), line.tax);
            for p in &line.promotions {
                prop_assert!(p.amount.amount_minor > 0 && !p.platform.is_negative());
                prop_assert!(p.platform.amount_minor <= p.amount.amount_minor);
            }
            let reasons = line.explanation.iter().filter(|r| r.rule != "tax").map(|r| r.amount);
            prop_assert_eq!(sum(reasons), line.total);
        }
        for vendor in &quote.vendors {
            let of_vendor = || quote.lines.iter().filter(|l| l.vendor_id == vendor.vendor_id);
            prop_assert_eq!(sum(of_vendor().map(|l| l.total)), vendor.items);
            prop_assert_eq!(vendor.items.plus(vendor.shipping).unwrap(), vendor.total);
            prop_assert_eq!(sum(of_vendor().map(|l| l.tax)).plus(vendor.shipping_tax).unwrap(), vendor.tax);
            prop_assert!(!vendor.shipping.is_negative());
            let off = sum(vendor.promotions.iter().map(|p| p.amount));
            let method = vendor.method.as_ref().map_or(eur(0), |m| m.price);
            let shipping = before_tax(&quote, vendor.shipping, vendor.shipping_tax);
            prop_assert_eq!(shipping.plus(off).unwrap(), method);
            prop_assert_eq!(sum(vendor.taxes.iter().map(|t| t.tax)), vendor.tax);
        }
        prop_assert_eq!(sum(quote.vendors.iter().map(|v| v.total)), quote.total);
        prop_assert_eq!(sum(quote.vendors.iter().map(|v| v.tax)), quote.tax);
        let goods_tax = if quote.tax_added { sum(quote.lines.iter().map(|l| l.tax)) } else { eur(0) };
        let goods = quote.subtotal.minus(quote.discount).unwrap().plus(goods_tax).unwrap();
        prop_assert_eq!(goods.plus(quote.shipping).unwrap(), quote.total);
        let steps = quote.explanation.iter().filter(|r| r.rule != "tax" && r.rule != "total").map(|r| r.amount);
        prop_assert_eq!(sum(steps), quote.total);
    }

    #[test]
    fn each_promotion_is_what_its_lines_and_parcels_say((prices, request) in any_case()) {
        let quote = quote(&request, &prices).unwrap();
        let applied = || quote.lines.iter().flat_map(|l| &l.promotions).chain(quote.vendors.iter().flat_map(|v| &v.promotions));
        for promotion in &quote.promotions {
            let own = || applied().filter(|p| p.promotion_id == promotion.promotion_id);
            prop_assert_eq!(sum(own().map(|p| p.amount)), promotion.amount);
            prop_assert_eq!(sum(own().map(|p| p.platform)), promotion.platform);
            let known = prices.promotions.iter().find(|p| p.id == promotion.promotion_id).unwrap();
            let share = promotion.amount.basis_points(known.input.platform_share_bp).unwrap();
            prop_assert_eq!(promotion.platform, share);
            prop_assert!(known.input.budget_minor.is_none_or(|budget| promotion.amount.amount_minor <= budget));
            prop_assert!(quote.promotions.len() == 1 || !known.input.exclusive, "an exclusive one stands alone");
            if let Some(owner) = known.vendor_id {
                prop_assert!(quote.lines.iter().all(|l| l.vendor_id == owner || l.promotions.iter().all(|p| p.promotion_id != known.id)));
            }
        }
        let of_quote: Vec<_> = quote.promotions.iter().map(|p| p.promotion_id).collect();
        prop_assert!(applied().all(|p| of_quote.contains(&p.promotion_id)));
        // Every code is told, each with a reason unless it applies.
        prop_assert_eq!(quote.codes.len(), request.codes.len());
        for standing in &quote.codes {
            let applies = quote.promotions.iter().any(|p| p.code.as_ref() == Some(&standing.code));
            prop_assert_eq!((standing.applied, standing.reason.is_none()), (applies, applies));
            prop_assert_eq!(standing.missing.is_some(), standing.reason == Some(Obstacle::MinimumNotMet));
        }
    }

    #[test]
    fn no_order_of_anything_matters((prices, request) in any_case(), turn in 0..7_usize) {
        let expected = quote(&request, &prices).unwrap();
        let (mut other, mut shuffled) = (request, prices);
        other.lines.reverse();
        other.codes.reverse();
        let turn = turn.min(shuffled.promotions.len());
        shuffled.promotions.rotate_left(turn);
        shuffled.promotions.reverse();
        prop_assert_eq!(quote(&other, &shuffled).unwrap(), expected);
    }

    #[test]
    fn whoever_pays_is_part_of_the_agreement((prices, request) in any_case()) {
        let before = quote(&request, &prices).unwrap();
        let mut other = prices.clone();
        for promotion in other.promotions.iter_mut().filter(|p| p.vendor_id.is_none()) {
            promotion.input.platform_share_bp = 10_000 - promotion.input.platform_share_bp;
        }
        let after = quote(&request, &other).unwrap();
        prop_assert_eq!(before.hash == after.hash, before.promotions == after.promotions);
        if !request.codes.is_empty() {
            let fewer = QuoteRequest { codes: request.codes[1..].to_vec(), ..request };
            prop_assert_ne!(quote(&fewer, &prices).unwrap().hash, before.hash);
        }
    }
}

/// Two stores: s0 sells v0 (40.00) and v1 (10.00), s1 sells v2 (25.00); each ships for 5.00; 19 % tax.
fn town(promotions: Vec<Promotion>) -> Prices {
    let variants = [a_variant(0, 0, 4000), a_variant(1, 0, 1000), a_variant(2, 1, 2500)];
    Prices {
        variants: variants.into_iter().map(|v| (v.id, v)).collect(),
        methods: vec![a_method(0, 0, 500, None), a_method(1, 1, 500, None)],
        discounts: vec![],
        promotions,
        is_first_order: true,
        exchanges: Exchanges::default(),
        taxes: taxed(1900),
        region: None,
        now: Timestamp(1_000_000),
    }
}

/// Of v0, v1, v2.
fn buys(quantities: [i64; 3], codes: &[&str]) -> QuoteRequest {
    let lines =
        ["v0", "v1", "v2"].into_iter().zip(quantities).filter(|(_, quantity)| *quantity > 0).collect::<Vec<_>>();
    QuoteRequest { codes: codes.iter().map(|code| code.parse().unwrap()).collect(), ..super::wants("DE", &lines) }
}

fn of(quote: &Quote, name: &str) -> (i64, i64) {
    let line = quote.lines.iter().find(|l| l.title == name).unwrap();
    (line.total.amount_minor, line.promotions.iter().map(|p| p.platform.amount_minor).sum())
}

#[test]
fn each_effect_takes_off_what_it_says() {
    let one = |effect| town(vec![made(0, None, PromotionInput { platform_share_bp: 5_000, ..promotion(effect) })]);
    let all = buys([1, 2, 1], &[]);

    let ten = quote(&all, &one(TEN)).unwrap();
    assert_eq!((ten.subtotal, ten.discount, ten.total), (eur(8500), eur(850), eur(8650)));
    assert_eq!([of(&ten, "v0"), of(&ten, "v1"), of(&ten, "v2")], [(3600, 200), (1800, 100), (2250, 125)]);
    assert_eq!(ten.tax, eur(575 + 287 + 359 + 80 + 80));
    let label = "Deal, 50 % paid by the marketplace, the rest by the vendor";
    assert!(ten.explanation.iter().any(|r| (&*r.rule, r.text.as_str(), r.amount) == ("promotion", label, eur(-850))));

    // 10.00 over 40.00, 20.00 and 25.00: 4.705…, 2.352…, 2.941…; the largest remainders are rounded up.
    let off = quote(&all, &one(Effect::AmountOff { amount_minor: 1000 })).unwrap();
    assert_eq!([of(&off, "v0").0, of(&off, "v1").0, of(&off, "v2").0], [4000 - 471, 2000 - 235, 2500 - 294]);
    let more = quote(&all, &one(Effect::AmountOff { amount_minor: 1_000_000 })).unwrap();
    assert_eq!((more.total, more.discount), (eur(1000), eur(8500)), "never below zero; the shipping stays");

    let fixed = quote(&all, &one(Effect::UnitPrice { amount_minor: 1500 })).unwrap();
    assert_eq!(
        [of(&fixed, "v0").0, of(&fixed, "v1").0, of(&fixed, "v2").0],
        [1500, 2000, 1500],
        "what costs less stays"
    );

    let get = |quantities| quote(&buys(quantities, &[]), &one(Effect::BuyGet { buy: 2, get: 1 })).unwrap();
    assert_eq!(
        [get([1, 2, 1]).discount, get([1, 1, 0]).discount, get([3, 2, 1]).discount],
        [eur(1000), eur(0), eur(2000)]
    );

    let free = quote(&all, &one(Effect::FreeShipping)).unwrap();
    assert_eq!((free.shipping, free.discount, free.total), (eur(0), eur(0), eur(8500)));
    assert_eq!((free.promotions[0].amount, free.promotions[0].platform), (eur(1000), eur(500)));
}

#[test]
fn what_was_rounded_is_told_where_it_was() {
    fn told(reasons: &[Reason]) -> Vec<&str> {
        let rounding = || reasons.iter().filter(|reason| reason.rule == "rounding");
        assert!(rounding().all(|reason| reason.amount.is_zero()), "it changes nothing");
        rounding().map(|reason| reason.text.as_str()).collect()
    }
    fn of<'a>(quote: &'a Quote, name: &str) -> Vec<&'a str> {
        told(&quote.lines.iter().find(|l| l.title == name).unwrap().explanation)
    }
    let one = |effect| town(vec![made(0, None, promotion(effect))]);
    let all = buys([1, 2, 1], &[]);

    // 4.705…, 2.352… and 2.941… of 10.00; the tax is 5.634…, 2.818…, 3.522… and twice 0.798…, of all 13.571…
    let off = quote(&all, &one(Effect::AmountOff { amount_minor: 1000 })).unwrap();
    assert_eq!(of(&off, "v0"), ["Deal rounded up by 0.0041 €", "Tax rounded down by 0.0045 €"]);
    assert_eq!(of(&off, "v1"), ["Deal rounded down by 0.0029 €", "Tax rounded up by 0.0019 €"]);
    assert_eq!(of(&off, "v2"), ["Deal rounded down by 0.0012 €", "Tax rounded down by 0.0022 €"]);
    assert_eq!((told(&off.explanation), off.tax), (vec!["Tax rounded down by 0.0014 €"], eur(1357)));

    // Without tax only the split is left, and nothing of what comes out even.
    let untaxed = |effect| Prices { taxes: Taxes::default(), ..one(effect) };
    let off = quote(&all, &untaxed(Effect::AmountOff { amount_minor: 1000 })).unwrap();
    assert_eq!((of(&off, "v0"), told(&off.explanation)), (vec!["Deal rounded up by 0.0041 €"], vec![]));
    let ten = quote(&all, &untaxed(TEN)).unwrap();
    assert_eq!((of(&ten, "v0"), of(&ten, "v1"), told(&ten.explanation)), (vec![], vec![], vec![]));

    // 3.33 % of 10.00 is 0.333.
    let odd = quote(&buys([0, 1, 0], &[]), &untaxed(Effect::Percent { percent_bp: 333 })).unwrap();
    assert_eq!((of(&odd, "v1"), odd.discount), (vec!["Deal rounded down by 0.0030 €"], eur(33)));
    assert_eq!(told(&odd.explanation), ["Deal rounded down by 0.0030 €"]);
}

#[test]
fn promotions_follow_each_other_and_exclusive_ones_stand_alone() {
    let ten = made(0, None, PromotionInput { priority: 2, ..promotion(TEN) });
    let five = made(
        1,
        Some(0),
        PromotionInput { priority: 1, platform_share_bp: 0, ..promotion(Effect::AmountOff { amount_minor: 500 }) },
    );
    let both = quote(&buys([1, 0, 1], &[]), &town(vec![ten.clone(), five.clone()])).unwrap();
    // First 5.00 off s0's 40.00, then a tenth of 35.00 + 25.00.
    assert_eq!(both.promotions.iter().map(|p| p.amount.amount_minor).collect::<Vec<_>>(), [500, 600]);
    assert_eq!((of(&both, "v0"), of(&both, "v2")), ((3150, 350), (2250, 250)));

    let alone = |percent_bp| {
        made(2, None, PromotionInput { exclusive: true, ..coded("ALONE", Effect::Percent { percent_bp }) })
    };
    let better = quote(&buys([1, 0, 1], &["ALONE"]), &town(vec![ten.clone(), five.clone(), alone(2000)])).unwrap();
    assert_eq!((better.promotions.len(), better.discount), (1, eur(1300)));
    let worse = quote(&buys([1, 0, 1], &["ALONE"]), &town(vec![ten, five, alone(1500)])).unwrap();
    assert_eq!(
        (worse.promotions.len(), worse.discount, worse.codes[0].reason),
        (2, eur(1100), Some(Obstacle::NotCombinable))
    );
}

#[test]
fn a_code_that_does_not_apply_says_why() {
    let standing = |input: PromotionInput, change: fn(&mut Promotion)| {
        let mut promotion = made(0, None, input);
        change(&mut promotion);
        let quote = quote(&buys([1, 0, 0], &["TEN"]), &town(vec![promotion])).unwrap();
        assert_eq!((quote.total, quote.promotions.len()), (eur(4500), 0));
        (quote.codes[0].reason, quote.codes[0].missing.map(|m: Money| m.amount_minor))
    };
    let ten = || coded("TEN", TEN);
    let nothing: fn(&mut Promotion) = |_| {};
    assert_eq!(standing(ten(), |p| p.input.starts_at = Timestamp(1_000_001)), (Some(Obstacle::NotStarted), None));
    assert_eq!(standing(ten(), |p| p.input.ends_at = Some(Timestamp(1_000_000))), (Some(Obstacle::Expired), None));
    assert_eq!(
        standing(PromotionInput { minimum_minor: 4001, ..ten() }, nothing),
        (Some(Obstacle::MinimumNotMet), Some(1))
    );
    let elsewhere = PromotionInput { product_ids: vec![super::product("p1")], ..ten() };
    assert_eq!(standing(elsewhere, nothing), (Some(Obstacle::NothingQualifies), None));
    let abroad = PromotionInput { countries: vec!["FR".parse().unwrap()], ..ten() };
    assert_eq!(standing(abroad, nothing), (Some(Obstacle::NotInCountry), None));
    assert_eq!(standing(PromotionInput { max_uses: Some(3), ..ten() }, |p| p.uses = 3), (Some(Obstacle::UsedUp), None));
    let small = PromotionInput { budget_minor: Some(1_000), ..ten() };
    assert_eq!(standing(small, |p| p.spent_minor = 601), (Some(Obstacle::UsedUp), None));
    let once = PromotionInput { max_uses_per_customer: Some(1), ..ten() };
    assert_eq!(standing(once, |p| p.used_by_customer = 1), (Some(Obstacle::AlreadyUsed), None));
    assert_eq!(standing(coded("OTHER", TEN), nothing), (Some(Obstacle::Unknown), None));

    let mut prices = town(vec![made(0, None, PromotionInput { first_order: true, ..ten() })]);
    assert_eq!(quote(&buys([1, 0, 0], &["TEN"]), &prices).unwrap().discount, eur(400));
    prices.is_first_order = false;
    assert_eq!(quote(&buys([1, 0, 0], &["TEN"]), &prices).unwrap().codes[0].reason, Some(Obstacle::FirstOrderOnly));
}
