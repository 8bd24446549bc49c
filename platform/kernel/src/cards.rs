//! Numbers that look like those of payment cards, which Souk must neither keep nor log.
//!
//! Seen are 14 to 19 digits with the beginning and the length of an issuer and a right check digit (Luhn),
//! written in one piece or in groups of three and more with one space or hyphen between two groups.
//!
//! Not seen are: cards of 13 digits, which are out of use and cannot be told from the barcodes of many countries;
//! numbers with other signs between or with smaller groups; numbers that letters or further digits adjoin, as in
//! IBANs and hashes; groups within UUIDs; digits of other scripts; numbers that are spread over several texts.
//! One barcode or order number of 14 to 19 digits in about a hundred is taken for a card: fields that are made
//! for such numbers are not asked.

use std::{borrow::Cow, ops::Range};

/// Most digits of a card.
const MOST: usize = 19;
/// Fewest digits of a group.
const GROUP: usize = 3;
/// Characters of a UUID.
const UUID: usize = 36;

/// What stands in place of a number.
const MASK: &str = "[card number]";

/// Where the first number that looks like that of a card stands.
pub fn find(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes.get(at..at + UUID).is_some_and(is_uuid) {
            groups.clear();
            at += UUID;
            continue;
        }
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let group = at..at + length;
        at = group.end;
        let goes_on =
            groups.last().is_some_and(|last| last.end + 1 == group.start && matches!(bytes[last.end], b' ' | b'-'));
        if !goes_on {
            groups.clear();
        }
        if length < GROUP || in_a_word(bytes, &group) {
            groups.clear();
            continue;
        }
        groups.push(group);
        let found = last_of(bytes, &groups);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// True if a number in the text looks like that of a card.
pub fn card_like(text: &str) -> bool {
    find(text).is_some()
}

/// The text without numbers that look like those of cards.
pub fn masked(text: &str) -> Cow<'_, str> {
    let Some(first) = find(text) else { return Cow::Borrowed(text) };
    let (mut out, mut rest, mut next) = (String::with_capacity(text.len()), text, Some(first));
    while let Some(found) = next {
        out.push_str(&rest[..found.start]);
        out.push_str(MASK);
        rest = &rest[found.end..];
        next = find(rest);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The card whose last group is the last of these.
fn last_of(bytes: &[u8], groups: &[Range<usize>]) -> Option<Range<usize>> {
    let end = groups.last()?.end;
    let mut digits = 0;
    for (n, group) in groups.iter().enumerate().rev() {
        digits += group.len();
        if digits > MOST {
            break;
        }
        let number: Vec<u8> =
            groups[n..].iter().flat_map(|group| &bytes[group.clone()]).map(|digit| digit - b'0').collect();
        if group.len() > GROUP && is_issued(&number) && adds_up(&number) {
            return Some(group.start..end);
        }
    }
    None
}

fn in_a_word(bytes: &[u8], group: &Range<usize>) -> bool {
    let before = group.start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(u8::is_ascii_alphabetic) || bytes.get(group.end).is_some_and(u8::is_ascii_alphabetic)
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// Beginnings and lengths of the issuers.
fn is_issued(number: &[u8]) -> bool {
    let lead = |digits: usize| number.iter().take(digits).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    match number.len() {
        // Diners Club.
        14 => matches!(lead(2), 36 | 38 | 39) || matches!(lead(3), 300..=305 | 309),
        // American Express.
        15 => matches!(lead(2), 34 | 37),
        length @ 16..=MOST => {
            let visa = lead(1) == 4 && matches!(length, 16 | 19);
            let mastercard = length == 16 && (matches!(lead(2), 51..=55) || matches!(lead(4), 2221..=2720));
            let mir = matches!(lead(4), 2200..=2204);
            let jcb = matches!(lead(4), 3528..=3589);
            // Maestro, Discover, UnionPay, RuPay.
            let others = matches!(lead(2), 50 | 56..=58 | 60 | 62..=65 | 67 | 81);
            visa || mastercard || mir || jcb || others
        }
        _ => false,
    }
}

/// The check digit is right (Luhn).
fn adds_up(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cards_are_seen() {
        for card in [
            "4242424242424242",
            "4242 4242 4242 4242",
            "4242-4242-4242-4242",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "3782 822463 10005",
            "6011111111111117",
            "3566002020360505",
            "30569309025904",
            "3056 930902 5904",
            "6200000000000005",
        ] {
            for text in
                [card.to_owned(), format!("pay with {card}, please"), format!("tok_{card}"), format!("1 {card}")]
            {
                assert!(card_like(&text), "{text}");
            }
            assert_eq!(masked(&format!("a {card}; {card}.")), "a [card number]; [card number].");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "",
            "4242424242424243",
            "1234567890123452",
            "4006381333931",
            "9783161484100",
            "+49 170 1234567",
            "2030-01-01 12:30:00",
            "DE89370400440532013000",
            "40000000-4123-8123-8123-123456789012",
            "1767225600000000",
            "42424242424242424242",
            "x4242424242424242",
            "42 42 42 42 42 42 42 42",
            "4242  4242  4242  4242",
            "4242",
        ] {
            assert!(!card_like(text), "{text}");
            assert_eq!(masked(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_right_check_digit_makes_the_card(middle in prop::collection::vec(0_u8..10, 14)) {
            let with = |check: u8| [vec![4], middle.clone(), vec![check]].concat();
            let text = |digits: Vec<u8>| digits.iter().map(ToString::to_string).collect::<String>();
            let seen = (0..10).filter(|check| card_like(&text(with(*check)))).count();
            prop_assert_eq!(seen, 1);
        }

        #[test]
        fn what_is_masked_holds_none(text in "[ a-z0-9-]{0,80}") {
            prop_assert!(!card_like(&masked(&text)));
        }
    }
}
