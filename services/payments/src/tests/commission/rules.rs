//! Which rule counts, and what it takes.

use contracts::{
    commission::{CommissionQuestion, CommissionRuleInput, CommissionTier},
    orders::VendorPart,
};
use kernel::{CommissionRuleId, Currency, Money, Timestamp, VendorOrderId};
use proptest::prelude::*;

use super::{super::vendor, *};
use crate::model::commission::{Rule, checked, of_part, preview, rule_for};

fn rule(input: CommissionRuleInput) -> Rule {
    let id = CommissionRuleId::derived("test", &[&input.name]);
    Rule { id, input, version: 1, created_at: "2026-01-15T12:00:00Z".parse::<Timestamp>().unwrap() }
}

/// A rule of its name, for a vendor and a category.
fn place(name: &str, of: Option<&str>, within: Option<&str>) -> Rule {
    rule(CommissionRuleInput { vendor_id: of.map(vendor), category_id: within.map(category), ..rate(name, 1000) })
}

fn in_euros(input: CommissionRuleInput) -> CommissionRuleInput {
    CommissionRuleInput { currency: Some(Currency::EUR), ..input }
}

fn part(lines: Vec<LineSnapshot>, shipping: i64) -> VendorPart {
    let items: i64 = lines.iter().map(|line| line.total.amount_minor).sum();
    VendorPart {
        vendor_order_id: VendorOrderId::derived("test", &["part"]),
        number: "S-1-A".to_owned(),
        vendor_id: vendor("ada"),
        subsidy_minor: lines.iter().map(|line| line.subsidy_minor).sum(),
        lines,
        items: eur(items),
        shipping: eur(shipping),
        method_id: None,
        method_name: "Parcel".to_owned(),
        pickup: false,
        tax: eur(0),
        total: eur(items + shipping),
    }
}

/// What a rule takes of so many items for so much, and why.
fn taken(input: CommissionRuleInput, minor: i64, quantity: i64) -> (i64, String) {
    let asked = CommissionQuestion { vendor_id: vendor("ada"), categories: vec![], amount: eur(minor), quantity };
    let charge = preview(&[rule(input)], 1000, &asked).unwrap();
    (charge.commission.amount_minor, charge.reason)
}

#[test]
fn a_vendor_comes_before_all_then_the_nearest_category_then_the_currency() {
    let all = [
        place("all", None, None),
        place("home", None, Some("home")),
        place("cups", None, Some("cups")),
        place("ada", Some("ada"), None),
        place("ada-home", Some("ada"), Some("home")),
        place("bob-cups", Some("bob"), Some("cups")),
        rule(in_euros(rate("euros", 1))),
    ];
    let counts = |of: &str, categories: &[&str], currency: Currency| {
        let categories: Vec<_> = categories.iter().map(|name| category(name)).collect();
        let chosen = rule_for(&all, vendor(of), &categories, currency).map(|rule| rule.input.name.clone());
        // In whatever order they come.
        let reversed: Vec<_> = all.iter().rev().cloned().collect();
        assert_eq!(rule_for(&reversed, vendor(of), &categories, currency).map(|rule| rule.input.name.clone()), chosen);
        chosen.unwrap()
    };
    let euro = Currency::EUR;
    assert_eq!(counts("ada", &["home", "cups"], euro), "ada-home");
    assert_eq!(counts("ada", &["garden"], euro), "ada");
    assert_eq!(counts("bob", &["home", "cups"], euro), "bob-cups");
    assert_eq!(counts("bob", &["home"], euro), "home");
    assert_eq!(counts("eve", &["home", "cups", "small"], euro), "cups");
    assert_eq!(counts("eve", &["garden"], euro), "euros");
    assert_eq!(counts("eve", &["garden"], Currency::USD), "all");
    assert_eq!(rule_for(&all[3..6], vendor("eve"), &[category("home")], euro), None);
}

#[test]
fn a_rule_takes_what_it_says_and_says_why() {
    assert_eq!(taken(rate("Cups", 1250), 2000, 1), (250, "“Cups”: 12.5 % of 20.00 EUR.".to_owned()));
    // Half a cent goes up.
    assert_eq!(taken(rate("Cups", 500), 1010, 1).0, 51);
    let fixed = in_euros(CommissionRuleInput { fixed_minor: 30, ..rate("Cups", 1000) });
    let why = "“Cups”: 10 % of 20.00 EUR, and 0.30 EUR for each of 2.";
    assert_eq!(taken(fixed.clone(), 2000, 2), (260, why.to_owned()));
    let why = "“Cups”: 10 % of 1.00 EUR, and 0.30 EUR for each of 4, never more than the line.";
    assert_eq!(taken(fixed, 100, 4), (100, why.to_owned()));
    let bounded = in_euros(CommissionRuleInput { min_minor: Some(100), max_minor: Some(500), ..rate("Cups", 1000) });
    assert_eq!(taken(bounded.clone(), 900, 1), (100, "“Cups”: 10 % of 9.00 EUR, at least 1.00 EUR.".to_owned()));
    assert_eq!(taken(bounded.clone(), 1000, 1), (100, "“Cups”: 10 % of 10.00 EUR.".to_owned()));
    assert_eq!(taken(bounded.clone(), 9000, 1), (500, "“Cups”: 10 % of 90.00 EUR, at most 5.00 EUR.".to_owned()));
    assert_eq!(taken(bounded, 0, 1).0, 0);
}

#[test]
fn the_rate_of_a_step_is_that_of_the_whole_line() {
    let tier = |from_minor, rate_bp| CommissionTier { from_minor, rate_bp };
    let steps = in_euros(CommissionRuleInput { tiers: vec![tier(10_000, 800), tier(50_000, 500)], ..rate("TV", 1500) });
    assert_eq!(taken(steps.clone(), 9_999, 1).0, 1_500);
    let why = "“TV”: 8 % of 100.00 EUR, the rate from 100.00 EUR on.";
    assert_eq!(taken(steps.clone(), 10_000, 1), (800, why.to_owned()));
    assert_eq!(taken(steps.clone(), 49_999, 1).0, 4_000);
    assert_eq!(taken(steps, 50_000, 1).0, 2_500);
}

#[test]
fn without_a_rule_a_part_pays_the_own_rate_in_one_sum() {
    let part = part(vec![line("a", 1, 333, &["home"]), line("b", 1, 333, &[])], 339);
    let taken = of_part(&[], 1250, &part).unwrap();
    // 12.5 % of 10.05, rounded once.
    assert_eq!((taken.commission, taken.subsidy_commission), (eur(126), eur(0)));
    let why: Vec<_> = taken.charges.iter().map(|charge| (charge.line_id, charge.reason.as_str())).collect();
    assert_eq!(why, [(None, "12.5 % of 10.05 EUR, the vendor's own rate.")]);
}

#[test]
fn lines_pay_their_rules_and_the_rest_the_own_rate() {
    let rules = [
        place("home", None, Some("home")),
        rule(CommissionRuleInput { category_id: Some(category("tv")), ..rate("tv", 500) }),
    ];
    let mut promoted = line("a", 2, 1800, &["home", "cups"]);
    promoted.subsidy_minor = 200;
    let part = part(vec![promoted, line("b", 1, 10_000, &["tv"]), line("c", 1, 700, &["garden"])], 490);
    let taken = of_part(&rules, 2000, &part).unwrap();
    let charges: Vec<_> =
        taken.charges.iter().map(|c| (c.line_id, c.sold.amount_minor, c.commission.amount_minor)).collect();
    // 10 % of 20.00, of which 2.00 are the platform's; 5 % of 100.00; 20 % of 7.00 and 4.90.
    let wanted = [(Some(line_id("a")), 2000, 200), (Some(line_id("b")), 10_000, 500), (None, 1190, 238)];
    assert_eq!(charges, wanted);
    assert_eq!((taken.commission, taken.subsidy_commission), (eur(918), eur(20)));
}

#[test]
fn lines_that_are_worth_more_than_their_part_are_refused() {
    let mut part = part(vec![line("a", 1, 1000, &[])], 0);
    part.total = eur(999);
    assert!(of_part(&[place("all", None, None)], 1000, &part).is_err());
}

#[test]
fn what_could_not_be_carried_out_is_refused() {
    let tier = |from_minor| CommissionTier { from_minor, rate_bp: 1 };
    let bad = [
        ("name", rate(" ", 1)),
        ("currency", CommissionRuleInput { fixed_minor: 1, ..rate("a", 1) }),
        ("currency", CommissionRuleInput { min_minor: Some(1), ..rate("a", 1) }),
        ("tiers[1].from_minor", in_euros(CommissionRuleInput { tiers: vec![tier(5), tier(5)], ..rate("a", 1) })),
        ("max_minor", in_euros(CommissionRuleInput { min_minor: Some(2), max_minor: Some(1), ..rate("a", 1) })),
    ];
    for (field, input) in bad {
        assert_eq!(checked(input).unwrap_err().fields()[0].field, field);
    }
    assert_eq!(checked(rate(" a ", 1)).unwrap().name, "a");
}

fn any_rule(name: &'static str, within: Option<&'static str>) -> impl Strategy<Value = Rule> {
    let bounds = (proptest::option::of(1_i64..5_000), proptest::option::of(5_000_i64..20_000));
    let steps = proptest::collection::btree_map(1_i64..100_000, 0_i64..=10_000, 0..4);
    (0_i64..=10_000, 0_i64..500, bounds, steps).prop_map(move |(rate_bp, fixed_minor, bounds, steps)| {
        rule(in_euros(CommissionRuleInput {
            category_id: within.map(category),
            tiers: steps.into_iter().map(|(from_minor, rate_bp)| CommissionTier { from_minor, rate_bp }).collect(),
            fixed_minor,
            min_minor: bounds.0,
            max_minor: bounds.1,
            ..rate(name, rate_bp)
        }))
    })
}

fn any_line() -> impl Strategy<Value = (i64, i64, i64, usize)> {
    (1_i64..20, 0_i64..100_000, 0_i64..5_000, 0_usize..3)
}

proptest! {
    #[test]
    fn commission_adds_up_and_is_never_more_than_what_it_is_taken_of(
        rules in (any_rule("home", Some("home")), any_rule("cups", Some("cups"))),
        lines in proptest::collection::vec(any_line(), 1..8),
        own_bp in 0_i64..=10_000,
        shipping in 0_i64..2_000,
    ) {
        let rules = [rules.0, rules.1];
        let trees: [&[&str]; 3] = [&[], &["home"], &["home", "cups"]];
        let lines = lines.into_iter().enumerate().map(|(i, (quantity, total, subsidy_minor, tree))| LineSnapshot {
            subsidy_minor,
            ..line(&i.to_string(), quantity, total, trees[tree])
        });
        let part = part(lines.collect(), shipping);
        let taken = of_part(&rules, own_bp, &part).unwrap();
        let sum = |of: fn(&contracts::commission::CommissionCharge) -> Money| {
            Money::sum(Currency::EUR, taken.charges.iter().map(of)).unwrap()
        };
        prop_assert_eq!(sum(|charge| charge.commission), taken.commission.plus(taken.subsidy_commission).unwrap());
        prop_assert_eq!(sum(|charge| charge.sold).amount_minor, part.total.amount_minor + part.subsidy_minor);
        for charge in &taken.charges {
            prop_assert!((0..=charge.sold.amount_minor).contains(&charge.commission.amount_minor), "{charge:?}");
            prop_assert!(charge.reason.ends_with('.'));
        }
        // What the tables demand.
        prop_assert!((0..=part.total.amount_minor).contains(&taken.commission.amount_minor));
        prop_assert!(taken.subsidy_commission.amount_minor >= 0);
        prop_assert!(taken.subsidy_commission.amount_minor <= part.subsidy_minor);
        prop_assert_eq!(of_part(&[rules[1].clone(), rules[0].clone()], own_bp, &part).unwrap(), taken);
    }
}
