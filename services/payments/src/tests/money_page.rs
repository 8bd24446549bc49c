//! The page on which the postings are told case by case: each of its tables is what the posting rules make.

use contracts::credits::CreditKind;
use kernel::{CreditId, DisputeId, EntryId, LabelId, Money, PaymentId, PayoutId, RefundId, VendorId};

use super::{eur, order, vendor};
use crate::ledger::{
    Account, Dispute, Entry, Part, Payout, Sale, capture,
    credits::{issued, with_credits, written_off},
    direct, fees,
    free::undone,
    labels::Label,
    refund, reserves,
    taxes::Invoiced,
};

const PAGE: &str = include_str!("../../../../docs/payments/money.md");

/// The order of the page, at this provider, of which the buyer pays so much.
fn sale(provider: &str, amount: i64) -> Sale<'_> {
    let payment_id = PaymentId::derived("test", &["p"]);
    Sale { payment_id, order_id: order("a"), order_number: "S-1", provider, amount: eur(amount) }
}

/// What the buyer pays, for the delivery of that, what the platform adds, the commission on both.
fn part(name: &str, minor: [i64; 4]) -> Part {
    let [total, shipping, subsidy, commission] = minor.map(eur);
    let none = eur(0);
    Part {
        vendor_id: vendor(name),
        total,
        shipping,
        subsidy,
        commission,
        refunded: none,
        settled: none,
        disputed: none,
        lost: none,
        digital: false,
    }
}

fn parts() -> [Part; 2] {
    [part("potter", [4500, 500, 0, 450]), part("weaver", [6000, 0, 0, 750])]
}

/// An entry as the page has it.
fn table(entry: &Entry) -> String {
    let mut text = "| account | posting | debit | credit |\n|---|---|---|---|\n".to_owned();
    let mut sum = 0;
    for posting in &entry.postings {
        let account = ["potter", "weaver"]
            .iter()
            .fold(posting.account.to_string(), |account, name| account.replace(&vendor(name).to_string(), name));
        let minor = posting.amount.amount_minor;
        sum += minor.max(0);
        let amount = eur(minor.abs()).decimal();
        let sides = if minor > 0 { format!("{amount} | |") } else { format!("| {amount} |") };
        text.push_str(&format!("| `{account}` | `{}` | {sides}\n", posting.kind));
    }
    let sum = eur(sum).decimal();
    text + &format!("| | | **{sum}** | **{sum}** |\n")
}

fn sales() -> Vec<Entry> {
    let promoted = [part("potter", [4100, 500, 400, 450]), part("weaver", [5400, 0, 600, 750])];
    let whole = capture(&sale("stripe", 10_500), &parts()).unwrap();
    let card = Account::Credits(CreditKind::GiftCard);
    let (id, credit) = (EntryId::derived("test", &["e"]), CreditId::derived("test", &["c"]));
    vec![
        capture(&sale("stripe", 9500), &promoted).unwrap(),
        issued(id, credit, CreditKind::GiftCard, eur(3000)).unwrap(),
        with_credits(whole.clone(), &[(card, eur(3000))]).unwrap(),
        whole,
        capture(&sale("cash_on_delivery", 10_500), &parts()).unwrap(),
        fees::kept(&sale("stripe", 10_500), eur(190)).unwrap(),
        written_off(id, credit, CreditKind::GiftCard, eur(1240)).unwrap(),
    ]
}

fn disputed() -> Vec<Entry> {
    let shares = parts().map(|part| {
        let total = part.total;
        (part, total)
    });
    let held: Vec<(VendorId, Money)> =
        shares.iter().map(|(part, share)| (part.vendor_id, part.net(*share).unwrap())).collect();
    let (id, sale) = (DisputeId::derived("test", &["d"]), sale("stripe", 10_500));
    let dispute = Dispute { id, sale, amount: eur(10_500), held: &held };
    vec![
        dispute.held().unwrap().unwrap(),
        dispute.withdrawn().unwrap(),
        dispute.fee(eur(1500), 1).unwrap(),
        dispute.lost(&shares).unwrap(),
        dispute.won(true).unwrap().unwrap(),
        dispute.fee(eur(-1500), 2).unwrap(),
    ]
}

fn returned() -> Vec<Entry> {
    let id = RefundId::derived("test", &["r"]);
    let all = parts().map(|part| {
        let total = part.total;
        (part, total)
    });
    let [potter, _] = parts();
    let some = [(potter, eur(2000))];
    let whole = refund(&sale("stripe", 10_500), id, eur(10_500), &all).unwrap();
    let card = Account::Credits(CreditKind::GiftCard);
    vec![
        refund(&sale("stripe", 10_500), id, eur(2000), &some).unwrap(),
        refund(&sale("paypal", 10_500), id, eur(2000), &some).unwrap(),
        with_credits(whole.clone(), &[(card, eur(-3000))]).unwrap(),
        whole,
    ]
}

fn of_nothing() -> Vec<Entry> {
    let given = [part("potter", [0, 0, 4500, 450]), part("weaver", [0, 0, 6000, 750])];
    let free = sale("stripe", 0);
    vec![capture(&free, &given).unwrap(), undone(&free, &given[0]).unwrap()]
}

fn paid_directly() -> Vec<Entry> {
    let sale = sale("paypal", 10_500);
    let (potter, refund) = (vendor("potter"), RefundId::derived("test", &["r"]));
    vec![
        capture(&sale, &parts()).unwrap(),
        direct::paid(&sale, &[(potter, eur(4050)), (vendor("weaver"), eur(5250))]).unwrap(),
        direct::refunded(&sale, refund, potter, eur(1800)).unwrap(),
        direct::lost(&sale, DisputeId::derived("test", &["d"]), potter, eur(2000)).unwrap(),
    ]
}

fn labels() -> Vec<Entry> {
    let label = |turn| Label {
        id: LabelId::derived("test", &["l"]),
        vendor_id: vendor("potter"),
        order_id: order("a"),
        number: "S-1-A",
        cost: eur(420),
        turn,
    };
    vec![label(1).bought("SandboxPost").unwrap(), label(2).refunded().unwrap()]
}

#[test]
fn each_table_of_the_page_is_what_the_rules_make() {
    let payout = Payout {
        id: PayoutId::derived("test", &["p"]),
        vendor_id: vendor("potter"),
        period: "2026-W05",
        amount: eur(4050),
        attempt: 1,
    };
    let tax = eur(450).tax_contained(1_900).unwrap();
    let invoiced = Invoiced { name: "2026-000001", number: (2026, 1), tax };
    let mut entries: Vec<Entry> =
        [sales(), disputed(), returned(), of_nothing(), paid_directly(), labels()].into_iter().flatten().collect();
    entries.extend([
        payout.made().unwrap(),
        payout.paid().unwrap(),
        payout.failed().unwrap(),
        payout.returned().unwrap(),
        payout.reversed(1, eur(900)).unwrap(),
        invoiced.tax_is_owed().unwrap().unwrap(),
        reserves::held(&sale("stripe", 10_500), &[(vendor("potter"), eur(405))]).unwrap(),
        reserves::released(&sale("stripe", 10_500), vendor("potter"), eur(405)).unwrap(),
    ]);
    let known: Vec<String> = entries.iter().map(table).collect();
    for table in &known {
        assert!(PAGE.contains(table.as_str()), "the page has no such table:\n{table}");
    }
    // And it has no others: the page with them taken out has none left.
    let rest = known.iter().fold(PAGE.to_owned(), |page, table| page.replace(table.as_str(), ""));
    assert!(!rest.contains("| account |"), "a table that no rule makes:\n{rest}");
}
