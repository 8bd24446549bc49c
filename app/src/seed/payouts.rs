//! Vendors are paid: accounts at the beginning, and an admin who goes to the bank twice a week.

use contracts::{
    payments::PaymentsClient,
    payouts::{PayoutFailure, PayoutQuery, PayoutStatus, SetPayoutAccount},
};
use demo::Market;
use kernel::{Random, Result, Secret, VendorId};

use super::{Seeding, people::People, shops::Shops};

/// Days of the week, counted from Monday.
const TUESDAY: i64 = 1;
const THURSDAY: i64 = 3;
/// One payout of so many is refused by its bank.
const ONE_FAILS_OF: u64 = 40;

/// Every shop but the last says where it is paid to; the last has still to do so.
pub(crate) async fn accounts(seeding: &Seeding, market: &Market, people: &People, shops: &Shops) -> Result<()> {
    let payments: PaymentsClient = seeding.souk.system.client();
    let with_account = market.vendors.len().saturating_sub(1);
    seeding.step("Payout accounts", with_account as u64);
    for (n, vendor) in market.vendors.iter().enumerate().take(with_account) {
        let Some(shop) = shops.by_slug.get(vendor.slug) else { continue };
        let input = SetPayoutAccount {
            holder: vendor.owner_name.to_owned(),
            country: "DE".parse()?,
            iban: Some(Secret::new(iban(n as u64))),
            bic: None,
            account_number: None,
            bank_code: None,
            password: people.owners_passwords[n].clone(),
        };
        payments.set_payout_account(&shop.owner, shop.vendor_id, &input).await?;
        seeding.tick();
    }
    Ok(())
}

/// An account that no bank has, with the right check digits.
fn iban(n: u64) -> String {
    let account = format!("10000000{:010}", 1_000_003 * (n + 1));
    // DE as digits, and 00 for what is looked for.
    let rest = format!("{account}131400").bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
    format!("DE{:02}{account}", 98 - rest)
}

/// On Tuesdays what was made on Monday goes to the bank, on Thursdays it is paid; now and then a bank refuses, but none of
/// these vendors'.
pub(crate) async fn of_day(seeding: &Seeding, people: &People, day: i64, taken: &[VendorId]) -> Result<()> {
    let payments: PaymentsClient = seeding.souk.system.client();
    // The first day of 1970 was a Thursday.
    let status = match (day + 3).rem_euclid(7) {
        TUESDAY => PayoutStatus::Created,
        THURSDAY => PayoutStatus::Sent,
        _ => return Ok(()),
    };
    let query = PayoutQuery { status: Some(status), limit: Some(100), ..PayoutQuery::default() };
    for payout in payments.payouts(&people.admin, &query).await?.items {
        match status {
            PayoutStatus::Created => payments.payout_sent(&people.admin, payout.id).await?,
            _ if !taken.contains(&payout.vendor_id) && seeding.dice.below(ONE_FAILS_OF) == 0 => {
                let why = PayoutFailure { reason: "The bank does not know this account.".to_owned() };
                payments.payout_failed(&people.admin, payout.id, &why).await?
            }
            _ => payments.payout_paid(&people.admin, payout.id).await?,
        };
    }
    seeding.settle().await
}

#[cfg(test)]
mod tests {
    #[test]
    fn made_up_accounts_have_check_digits_that_fit() {
        for n in 0..20 {
            let iban = super::iban(n);
            assert_eq!(iban.len(), 22, "{iban}");
            // The first four characters stand last, letters count from ten; the rest of it by 97 is one.
            let turned = format!("{}1314{}", &iban[4..], &iban[2..4]);
            let rest = turned.bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
            assert_eq!(rest, 1, "{iban}");
        }
    }
}
