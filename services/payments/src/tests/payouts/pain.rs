//! The file for the bank against what is published of `pain.001.001.09` and of its use in SEPA: which elements there are, in which
//! order and how often, what they hold, and whether the sums are right. The schema itself may not be passed on.

use contracts::payments::BankAccount;
use kernel::{Currency, Money, PayoutId, Timestamp};

use crate::{
    model::sepa::{Transfer, credit_transfers},
    provider::bank_transfer::is_iban,
};

/// As often as wanted.
const MANY: usize = usize::MAX;
/// A payment in SEPA: at most 999,999,999.99.
const MOST_CENTS: i64 = 99_999_999_999;

/// An element of the file.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
    fn at(&self, path: &str) -> &str {
        let found = path.split('/').try_fold(self, |element, name| element.child(name));
        found.map_or("", |element| element.text.as_str())
    }
    fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Reads what the files are made of: elements, attributes, text without entities.
fn read(file: &str) -> Element {
    let rest = file.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let mut open = vec![Element::default()];
    for piece in rest.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag that ends");
        assert!(!text.contains(['&', '>']), "{text}");
        if let Some(name) = tag.strip_prefix('/') {
            let done = open.pop().expect("an element that is open");
            assert_eq!(done.name, name);
            assert!(done.children.is_empty() || done.text.trim().is_empty(), "{done:?}");
            open.last_mut().expect("one around it").children.push(done);
            assert_eq!(text.trim(), "", "text behind </{name}>");
        } else {
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let (name, attributes, text) = (name.to_owned(), attributes.to_owned(), text.to_owned());
            open.push(Element { name, attributes, text, children: Vec::new() });
        }
    }
    assert_eq!(open.len(), 1, "all are closed");
    open.remove(0).children.remove(0)
}

/// What an element holds.
enum Holds {
    /// Children in this order, each at least and at most so often.
    All(&'static [(&'static str, usize, usize)]),
    /// One of these.
    One(&'static [&'static str]),
    /// Text for which this is true.
    Text(fn(&str) -> bool),
}

/// What the standard says of an element in another one; only of those that Souk writes.
fn standard(within: &str, name: &str) -> Option<Holds> {
    frame(within, name).or_else(|| parts(within, name)).or_else(|| values(within, name))
}

/// The file, its head, its payments and their transfers.
fn frame(within: &str, name: &str) -> Option<Holds> {
    use Holds::All;
    Some(match (within, name) {
        ("", "Document") => All(&[("CstmrCdtTrfInitn", 1, 1)]),
        ("Document", _) => All(&[("GrpHdr", 1, 1), ("PmtInf", 1, MANY), ("SplmtryData", 0, MANY)]),
        (_, "GrpHdr") => All(&[
            ("MsgId", 1, 1),
            ("CreDtTm", 1, 1),
            ("Authstn", 0, 2),
            ("NbOfTxs", 1, 1),
            ("CtrlSum", 0, 1),
            ("InitgPty", 1, 1),
            ("FwdgAgt", 0, 1),
            ("InitnSrc", 0, 1),
        ]),
        (_, "PmtInf") => All(&[
            ("PmtInfId", 1, 1),
            ("PmtMtd", 1, 1),
            ("BtchBookg", 0, 1),
            ("NbOfTxs", 0, 1),
            ("CtrlSum", 0, 1),
            ("PmtTpInf", 0, 1),
            ("ReqdExctnDt", 1, 1),
            ("PoolgAdjstmntDt", 0, 1),
            ("Dbtr", 1, 1),
            ("DbtrAcct", 1, 1),
            ("DbtrAgt", 1, 1),
            ("DbtrAgtAcct", 0, 1),
            ("UltmtDbtr", 0, 1),
            ("ChrgBr", 0, 1),
            ("ChrgsAcct", 0, 1),
            ("ChrgsAcctAgt", 0, 1),
            ("CdtTrfTxInf", 1, MANY),
        ]),
        (_, "CdtTrfTxInf") => All(&[
            ("PmtId", 1, 1),
            ("PmtTpInf", 0, 1),
            ("Amt", 1, 1),
            ("XchgRateInf", 0, 1),
            ("ChrgBr", 0, 1),
            ("UltmtDbtr", 0, 1),
            ("CdtrAgt", 0, 1),
            ("CdtrAgtAcct", 0, 1),
            ("Cdtr", 0, 1),
            ("CdtrAcct", 0, 1),
            ("UltmtCdtr", 0, 1),
            ("Purp", 0, 1),
            ("RmtInf", 0, 1),
            ("SplmtryData", 0, MANY),
        ]),
        _ => return None,
    })
}

/// What those are made of.
fn parts(within: &str, name: &str) -> Option<Holds> {
    use Holds::{All, One};
    Some(match (within, name) {
        (_, "PmtTpInf") => All(&[("InstrPrty", 0, 1), ("SvcLvl", 0, MANY), ("LclInstrm", 0, 1), ("CtgyPurp", 0, 1)]),
        (_, "SvcLvl") => One(&["Cd", "Prtry"]),
        (_, "ReqdExctnDt") => One(&["Dt", "DtTm"]),
        // SEPA wants the names that the standard leaves open.
        (_, "InitgPty" | "Dbtr" | "Cdtr") => {
            All(&[("Nm", 1, 1), ("PstlAdr", 0, 1), ("Id", 0, 1), ("CtryOfRes", 0, 1), ("CtctDtls", 0, 1)])
        }
        (_, "DbtrAcct" | "CdtrAcct") => All(&[("Id", 1, 1), ("Tp", 0, 1), ("Ccy", 0, 1), ("Nm", 0, 1), ("Prxy", 0, 1)]),
        ("DbtrAcct" | "CdtrAcct", "Id") => One(&["IBAN", "Othr"]),
        (_, "DbtrAgt" | "CdtrAgt") => All(&[("FinInstnId", 1, 1), ("BrnchId", 0, 1)]),
        (_, "FinInstnId") => All(&[
            ("BICFI", 0, 1),
            ("ClrSysMmbId", 0, 1),
            ("LEI", 0, 1),
            ("Nm", 0, 1),
            ("PstlAdr", 0, 1),
            ("Othr", 0, 1),
        ]),
        ("FinInstnId", "Othr") => All(&[("Id", 1, 1), ("SchmeNm", 0, 1), ("Issr", 0, 1)]),
        (_, "PmtId") => All(&[("InstrId", 0, 1), ("EndToEndId", 1, 1), ("UETR", 0, 1)]),
        (_, "Amt") => One(&["InstdAmt", "EqvtAmt"]),
        (_, "RmtInf") => All(&[("Ustrd", 0, 1), ("Strd", 0, MANY)]),
        _ => return None,
    })
}

/// What stands in them.
fn values(within: &str, name: &str) -> Option<Holds> {
    use Holds::Text;
    Some(match (within, name) {
        (_, "MsgId" | "PmtInfId" | "EndToEndId") => Text(|text| is_text(text, 35)),
        ("Othr", "Id") => Text(|text| text == "NOTPROVIDED"),
        (_, "Nm") => Text(|text| is_text(text, 70)),
        (_, "Ustrd") => Text(|text| is_text(text, 140)),
        (_, "CreDtTm") => Text(|text| text.parse::<Timestamp>().is_ok()),
        (_, "Dt") => Text(|text| text.len() == 10 && format!("{text}T00:00:00Z").parse::<Timestamp>().is_ok()),
        (_, "NbOfTxs") => Text(|text| (1..=15).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())),
        (_, "CtrlSum") => Text(|text| cents(text).is_some()),
        (_, "InstdAmt") => Text(|text| cents(text).is_some_and(|cents| (1..=MOST_CENTS).contains(&cents))),
        (_, "PmtMtd") => Text(|text| text == "TRF"),
        ("SvcLvl", "Cd") => Text(|text| text == "SEPA"),
        (_, "ChrgBr") => Text(|text| text == "SLEV"),
        (_, "IBAN") => Text(|text| !text.contains(' ') && is_iban(text)),
        (_, "BICFI") => Text(is_bic),
        _ => return None,
    })
}

/// Letters that all banks in SEPA read, some and not too many; no slash at either end, and no two in a row: SEPA wants that of
/// references, and some banks of all else.
fn is_text(text: &str, most: usize) -> bool {
    let is_read = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
    let has_slashes = text.starts_with('/') || text.ends_with('/') || text.contains("//");
    (1..=most).contains(&text.len()) && text.chars().all(is_read) && text.trim() == text && !has_slashes
}

/// `[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?`
fn is_bic(text: &str) -> bool {
    let fits = |(i, c): (usize, char)| c.is_ascii_uppercase() || (c.is_ascii_digit() && !(4..6).contains(&i));
    [8, 11].contains(&text.len()) && text.chars().enumerate().all(fits)
}

/// An amount with two decimals, in cents.
fn cents(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() != 2 || whole.len() + part.len() > 18 {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?)
}

fn follows(within: &str, element: &Element) {
    let name = element.name.as_str();
    let holds = standard(within, name).unwrap_or_else(|| panic!("<{name}> in <{within}> is not known"));
    let names: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
    match holds {
        Holds::Text(is_right) => {
            assert!(names.is_empty() && is_right(&element.text), "<{name}> in <{within}>: {:?}", element.text);
        }
        Holds::One(choices) => {
            assert!(names.len() == 1 && choices.contains(&names[0]), "<{name}> holds {names:?}, one of {choices:?}");
        }
        Holds::All(order) => {
            let mut rest = names.as_slice();
            for (child, least, most) in order {
                let times = rest.iter().take_while(|name| *name == child).count();
                assert!((*least..=*most).contains(&times), "<{name}> has {times} of <{child}>: {names:?}");
                rest = &rest[times..];
            }
            assert!(rest.is_empty(), "<{name}> has {rest:?}, or has it in the wrong place: {names:?}");
        }
    }
    let wanted = match name {
        "Document" => "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"",
        "InstdAmt" => "Ccy=\"EUR\"",
        _ => "",
    };
    assert_eq!(element.attributes, wanted, "<{name}>");
    for child in &element.children {
        follows(name, child);
    }
}

/// A file that a bank can read; what it transfers: to whom and how much.
pub fn transfers_in(file: &str) -> Vec<(String, i64)> {
    let document = read(file);
    follows("", &document);
    let whole = document.child("CstmrCdtTrfInitn").unwrap();
    let mut all = Vec::new();
    for payment in whole.all("PmtInf") {
        let these: Vec<(String, i64)> = payment
            .all("CdtTrfTxInf")
            .map(|one| (one.at("CdtrAcct/Id/IBAN").to_owned(), cents(one.at("Amt/InstdAmt")).unwrap()))
            .collect();
        sums_up(payment, &these);
        all.extend(these);
    }
    sums_up(whole.child("GrpHdr").unwrap(), &all);
    let ends: Vec<&str> =
        whole.all("PmtInf").flat_map(|p| p.all("CdtTrfTxInf")).map(|one| one.at("PmtId/EndToEndId")).collect();
    let mut apart = ends.clone();
    apart.sort_unstable();
    apart.dedup();
    assert_eq!(apart.len(), ends.len(), "each can be told from the others");
    all
}

fn sums_up(part: &Element, transfers: &[(String, i64)]) {
    assert_eq!(part.at("NbOfTxs"), transfers.len().to_string(), "<{}>", part.name);
    let sum: i64 = transfers.iter().map(|(_, cents)| cents).sum();
    assert_eq!(cents(part.at("CtrlSum")), Some(sum), "<{}>", part.name);
}

fn account(holder: &str, iban: &str, bic: &str) -> BankAccount {
    BankAccount { holder: holder.into(), iban: iban.into(), bic: bic.into(), ..BankAccount::default() }
}

#[test]
fn what_is_written_follows_the_standard() {
    let holders = [
        "Ada Lovelace",
        "Bäckerei Müller & Söhne <GmbH>",
        "\"O'Brien\" // Sons/",
        "北京陶瓷",
        "/",
        "Ελληνικά Κεραμικά",
    ];
    let long = format!("{}/{}", "x".repeat(69), "y".repeat(90));
    let ibans = ["DE89370400440532013000", "NL91ABNA0417164300", "PT50 0002 0123 1234 5678 9015 4"];
    let texts = ["Souk, payout 2026-W48".to_owned(), "//".repeat(100), format!("{}//end", "z".repeat(138))];
    let names: Vec<&str> = holders.into_iter().chain([long.as_str()]).collect();
    let transfers: Vec<Transfer<'_>> = (0_usize..100)
        .map(|n| Transfer {
            id: PayoutId::derived("test", &[&n.to_string()]),
            attempt: 1,
            amount: Money::new(if n == 0 { MOST_CENTS } else { 1 + n as i64 * 997 }, Currency::EUR),
            holder: names[n % names.len()],
            iban: ibans[n % ibans.len()],
            bic: [None, Some("COBADEFFXXX"), Some("ABNANL2A")][n % 3],
            text: texts[n % texts.len()].clone(),
        })
        .collect();
    let now: Timestamp = "2026-11-27T18:00:00Z".parse().unwrap();
    for debtor in [
        account("Souk", "NL91ABNA0417164300", ""),
        account("Souk & Söhne, Ltd.", "NL91 ABNA 0417 1643 00", "ABNA NL 2A"),
        account(&long, "DE89370400440532013000", "cobadeffxxx"),
    ] {
        for some in [&transfers[..1], &transfers[..7], &transfers[..]] {
            let file = credit_transfers(&debtor, some, now).unwrap();
            let wanted: Vec<(String, i64)> =
                some.iter().map(|t| (t.iban.replace(' ', ""), t.amount.amount_minor)).collect();
            assert_eq!(transfers_in(&file), wanted);
        }
    }
}

#[test]
fn what_does_not_follow_it_is_found() {
    let one = Transfer {
        id: PayoutId::derived("test", &["a"]),
        attempt: 1,
        amount: Money::new(12_345, Currency::EUR),
        holder: "Ada",
        iban: "DE89370400440532013000",
        bic: Some("COBADEFFXXX"),
        text: "Souk".to_owned(),
    };
    let debtor = account("Souk", "NL91ABNA0417164300", "");
    let file = credit_transfers(&debtor, &[one], "2026-11-27T18:00:00Z".parse().unwrap()).unwrap();
    for (from, to) in [
        ("<CtrlSum>123.45</CtrlSum>", "<CtrlSum>123.46</CtrlSum>"),
        ("<NbOfTxs>1</NbOfTxs>", "<NbOfTxs>2</NbOfTxs>"),
        ("<PmtMtd>TRF</PmtMtd>", ""),
        ("<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>SLEV</ChrgBr><ChrgBr>SLEV</ChrgBr>"),
        ("<Nm>Ada</Nm>", "<Nm>Adä</Nm>"),
        ("<Nm>Ada</Nm>", ""),
        ("COBADEFFXXX", "COBADEFFX"),
        ("DE89370400440532013000", "DE88370400440532013000"),
        ("Ccy=\"EUR\"", "Ccy=\"USD\""),
        ("<InstdAmt Ccy=\"EUR\">123.45", "<InstdAmt Ccy=\"EUR\">123.4"),
        ("pain.001.001.09", "pain.001.001.03"),
    ] {
        let wrong = file.replacen(from, to, 1);
        assert_ne!(wrong, file, "{from}");
        assert!(std::panic::catch_unwind(|| transfers_in(&wrong)).is_err(), "{to:?} instead of {from}");
    }
    transfers_in(&file);
}
