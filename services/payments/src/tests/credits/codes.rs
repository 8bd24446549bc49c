//! Codes alone, and what can be used of which card.

use std::collections::BTreeSet;

use contracts::credits::CreditKind;
use kernel::{CreditId, Currency, Money, Timestamp};

use super::eur;
use crate::{
    error::CreditError,
    model::credits::{Credit, Hold, Share, code_of, cover, give_back, grouped, hash_of, last4, normalised, shares},
};

const NOW: Timestamp = Timestamp(1_000_000);

fn id(name: &str) -> CreditId {
    CreditId::derived("test", &[name])
}

fn credit(name: &str, kind: CreditKind, minor: i64) -> Credit {
    Credit {
        id: id(name),
        kind,
        last4: None,
        account_id: None,
        balance: eur(minor),
        held: eur(0),
        issued: eur(minor),
        expires_at: None,
        is_blocked: false,
        email: None,
        note: None,
        created_at: Timestamp(0),
    }
}

fn card(name: &str, minor: i64) -> Credit {
    credit(name, CreditKind::GiftCard, minor)
}

fn amounts(shares: &[Share<'_>]) -> Vec<(CreditId, i64)> {
    shares.iter().map(|share| (share.credit.id, share.amount.amount_minor)).collect()
}

#[test]
fn a_code_is_the_same_every_time_and_another_for_every_card_and_secret() {
    let code = code_of(&[7; 32], id("a"));
    assert_eq!((code.len(), &code), (16, &code_of(&[7; 32], id("a"))));
    let codes: BTreeSet<String> = (0..500).map(|n: i64| code_of(&[7; 32], id(&n.to_string()))).collect();
    assert_eq!(codes.len(), 500);
    assert_ne!(code, code_of(&[8; 32], id("a")));
    // None of those that are taken for one another; all of the others.
    let symbols: BTreeSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
    assert_eq!(symbols.iter().collect::<String>(), "23456789ABCDEFGHJKLMNPQRSTUVWXYZ");
}

#[test]
fn a_code_is_read_however_it_is_typed_and_the_table_has_its_hash() {
    let code = code_of(&[7; 32], id("a"));
    let text = grouped(&code);
    assert_eq!((text.len(), text.matches('-').count()), (19, 3));
    for typed in [text.clone(), text.to_lowercase(), format!(" {} ", text.replace('-', " "))] {
        assert_eq!(normalised(&typed).as_ref(), Some(&code), "{typed}");
    }
    for wrong in ["", "ABCD", "ABCD-EFGH-JKLM-NPQ0", "ABCD-EFGH-JKLM-NPQRS", "ABCD-EFGH-JKLM-NPQ\u{e9}"] {
        assert_eq!(normalised(wrong), None, "{wrong}");
    }
    assert_eq!(last4("ABCDEFGHJKLMNPQR"), "NPQR");
    let hash = hash_of("ABCDEFGHJKLMNPQR");
    assert_eq!((hash.len(), hash == hash_of("ABCDEFGHJKLMNPQS")), (64, false));
}

#[test]
fn cards_go_first_in_their_order_and_store_credit_pays_what_they_leave() {
    let (cards, own) = ([card("a", 1000), card("b", 500)], credit("own", CreditKind::StoreCredit, 9000));
    let of = |total| amounts(&shares(&cards, Some(&own), eur(total), NOW).unwrap().unwrap());
    assert_eq!(of(700), [(id("a"), 700)]);
    assert_eq!(of(1200), [(id("a"), 1000), (id("b"), 200)]);
    assert_eq!(of(1501), [(id("a"), 1000), (id("b"), 500), (id("own"), 1)]);
    let all = shares(&cards, Some(&own), eur(20_000), NOW).unwrap().unwrap();
    let told = cover(&all, eur(20_000)).unwrap();
    assert_eq!((told.covered, told.left, told.parts.len()), (eur(10_500), eur(9_500), 3));
}

#[test]
fn what_cannot_be_used_is_refused_with_its_place() {
    let dollars = Currency::parse("USD").unwrap();
    let cases = [
        (Credit { is_blocked: true, ..card("b", 5) }, CreditError::Blocked(1)),
        (Credit { expires_at: Some(NOW), ..card("b", 5) }, CreditError::Expired(1)),
        (Credit { balance: Money::new(5, dollars), ..card("b", 5) }, CreditError::OtherCurrency(1, dollars)),
        (card("b", 0), CreditError::Empty(1)),
    ];
    for (second, wanted) in cases {
        assert_eq!(shares(&[card("a", 1000), second], None, eur(100), NOW).unwrap().unwrap_err(), wanted);
    }
    let last = Credit { expires_at: Some(Timestamp(NOW.0 + 1)), ..card("b", 5) };
    assert_eq!(amounts(&shares(&[last], None, eur(100), NOW).unwrap().unwrap()), [(id("b"), 5)]);
    // Store credit is nobody's typing mistake: it covers nothing then.
    let own = Credit { is_blocked: true, ..credit("own", CreditKind::StoreCredit, 50) };
    assert!(amounts(&shares(&[], Some(&own), eur(100), NOW).unwrap().unwrap()).is_empty());
}

#[test]
fn what_was_taken_last_goes_back_first() {
    let hold = |name: &str, amount_minor, restored_minor, state: &str| Hold {
        credit_id: id(name),
        kind: CreditKind::GiftCard,
        amount_minor,
        restored_minor,
        state: state.to_owned(),
        round: 1,
    };
    let holds = [hold("a", 100, 0, "spent"), hold("b", 50, 20, "spent"), hold("c", 70, 0, "lapsed")];
    let of =
        |minor| give_back(&holds, minor).into_iter().map(|(hold, back)| (hold.credit_id, back)).collect::<Vec<_>>();
    assert_eq!(of(30), [(id("b"), 30)]);
    assert_eq!(of(31), [(id("b"), 30), (id("a"), 1)]);
    assert_eq!(of(500), [(id("b"), 30), (id("a"), 100)], "no more than there was");
}
