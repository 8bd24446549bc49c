//! The account that a vendor is paid to: what is accepted, and how it is shown. Pure.

use contracts::payouts::SetPayoutAccount;
use kernel::{Country, Error, FieldError, Result, Secret};

use crate::provider::bank_transfer::is_iban;

/// The number of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// With check digits.
    Iban(Secret),
    /// As the bank's country has it.
    Local {
        /// Number.
        number: Secret,
        /// Routing number, sort code, BSB …
        bank_code: Option<String>,
    },
    /// Not at a bank, but at a provider that pays vendors.
    Provider {
        /// The provider's name in tables.
        name: String,
        /// The provider's id of the account.
        account: String,
    },
}

/// Where a vendor is paid to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    /// Whose account it is.
    pub holder: String,
    /// Where the bank is.
    pub country: Country,
    /// The account.
    pub number: Number,
    /// Of the bank.
    pub bic: Option<String>,
}

impl Payee {
    /// The number as far as it is shown: enough to recognise it by.
    pub fn masked(&self) -> String {
        match &self.number {
            Number::Iban(iban) => format!("{} •••• {}", &iban.expose()[..4], ending(iban.expose(), 4)),
            Number::Local { number, .. } => format!("•••• {}", ending(number.expose(), 3)),
            Number::Provider { name, account } => format!("{} {}", titled(name), masked_ref(account)),
        }
    }
    /// The IBAN, if it has one.
    pub fn iban(&self) -> Option<&Secret> {
        match &self.number {
            Number::Iban(iban) => Some(iban),
            Number::Local { .. } | Number::Provider { .. } => None,
        }
    }
    /// The provider's name and its id of the account, if it is at one.
    pub fn at_provider(&self) -> Option<(&str, &str)> {
        match &self.number {
            Number::Provider { name, account } => Some((name, account)),
            Number::Iban(_) | Number::Local { .. } => None,
        }
    }
}

/// A provider's id of an account as far as it is shown: of an e-mail address how it begins, and where it is; of an account at a
/// bank (`bank/number/holder`) the bank, and how it ends.
pub fn masked_ref(account: &str) -> String {
    if let Some((bank, number)) = account.split_once('/') {
        let number = number.split('/').next().unwrap_or_default();
        return format!("{bank} •••• {}", ending(number, 3));
    }
    match account.split_once('@') {
        Some((name, host)) => {
            let shown: String = name.chars().take(name.chars().count().min(3) / 3).collect();
            format!("{shown}••••@{host}")
        }
        None => format!("•••• {}", ending(account, 4)),
    }
}

/// `stripe` as `Stripe`.
fn titled(name: &str) -> String {
    if name == "paypal" {
        return "PayPal".to_owned();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The last characters, but never more than a third of it all.
fn ending(text: &str, most: usize) -> &str {
    let count = text.chars().count();
    let shown = most.min(count / 3);
    text.char_indices().nth(count - shown).map_or("", |(at, _)| &text[at..])
}

/// Lengths of the IBANs of the countries and territories of the SEPA area; others are checked by their digits alone.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("VA", 22),
];

/// The account that was typed, if it can be one. What is said never repeats a number.
///
/// # Errors
/// Invalid, with every field that has to be mended.
pub fn read(input: &SetPayoutAccount) -> Result<Payee> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let mut complain = |field: &str, reason: &str| {
        wrong.push(FieldError { field: field.to_owned(), reason: reason.to_owned() });
    };
    let holder = input.holder.trim().to_owned();
    if holder.chars().count() < 2 {
        complain("holder", "Say whose account it is; banks compare it.");
    }
    let plain = |secret: &Option<Secret>| {
        let text: String = secret.iter().flat_map(|s| s.expose().chars()).filter(|c| !c.is_whitespace()).collect();
        (!text.is_empty()).then(|| text.to_uppercase())
    };
    let bic = input.bic.as_deref().map(|bic| bic.trim().to_uppercase()).filter(|bic| !bic.is_empty());
    if bic.as_deref().is_some_and(|bic| !is_bic(bic)) {
        complain("bic", "A BIC has 8 or 11 characters, such as COBADEFFXXX.");
    }
    let bank_code = input.bank_code.as_deref().map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    let number = match (plain(&input.iban), plain(&input.account_number)) {
        (Some(iban), None) => {
            let fits = is_iban(&iban) && has_right_length(&iban);
            if !fits {
                complain(
                    "iban",
                    "This is no IBAN: its length or its check digits do not fit. Compare it with your bank's.",
                );
            } else if iban.get(..2) != Some(input.country.as_str()) && !is_of_territory(&iban, &input.country) {
                complain("country", "The IBAN is of a bank in another country.");
            }
            Number::Iban(Secret::new(iban))
        }
        (None, Some(number)) => {
            if number.len() > 34 || number.len() < 4 || !number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                complain("account_number", "Enter 4 to 34 letters and digits.");
            }
            if bank_code.as_deref().is_some_and(|code| code.chars().count() > 34) {
                complain("bank_code", "Enter at most 34 characters.");
            }
            if LENGTHS.iter().any(|(country, _)| *country == input.country.as_str()) {
                complain("iban", "Banks in this country have IBANs: enter that instead of an account number.");
            }
            Number::Local { number: Secret::new(number), bank_code }
        }
        (Some(_), Some(_)) => {
            complain("account_number", "Enter an IBAN or an account number, not both.");
            Number::Iban(Secret::default())
        }
        (None, None) => {
            complain("iban", "Enter your IBAN, or an account number where there are none.");
            Number::Iban(Secret::default())
        }
    };
    if wrong.is_empty() {
        Ok(Payee { holder, country: input.country.clone(), number, bic })
    } else {
        Err(Error::invalid_fields(wrong))
    }
}

fn has_right_length(iban: &str) -> bool {
    LENGTHS.iter().find(|(country, _)| iban.starts_with(country)).is_none_or(|(_, length)| iban.len() == *length)
}

/// Banks of these places have the IBANs of another country.
fn is_of_territory(iban: &str, country: &Country) -> bool {
    const TERRITORIES: &[(&str, &[&str])] = &[
        ("FR", &["GF", "GP", "MQ", "YT", "RE", "BL", "MF", "PM", "NC", "PF", "WF"]),
        ("GB", &["GG", "IM", "JE"]),
        ("FI", &["AX"]),
        ("ES", &["IC", "EA"]),
    ];
    TERRITORIES.iter().any(|(of, places)| iban.starts_with(of) && places.contains(&country.as_str()))
}

/// Four letters for the bank, two for the country, two for the place, three for a branch or none.
pub fn is_bic(text: &str) -> bool {
    matches!(text.len(), 8 | 11)
        && text.bytes().enumerate().all(|(at, c)| match at {
            0..4 => c.is_ascii_uppercase() || c.is_ascii_digit(),
            4..6 => c.is_ascii_uppercase(),
            _ => c.is_ascii_uppercase() || c.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(country: &str, iban: &str) -> SetPayoutAccount {
        SetPayoutAccount {
            holder: "Ines Prado".to_owned(),
            country: country.parse().unwrap(),
            iban: Some(Secret::new(iban)),
            bic: None,
            account_number: None,
            bank_code: None,
            password: Secret::new("x"),
        }
    }

    fn fields(input: &SetPayoutAccount) -> Vec<String> {
        let error = read(input).unwrap_err();
        assert!(!format!("{error:?}{error}").contains("0532013"), "the number is in the error: {error:?}");
        error.fields().iter().map(|field| field.field.clone()).collect()
    }

    #[test]
    fn ibans_are_taken_with_spaces_and_shown_in_part() {
        let payee = read(&typed("DE", " de89 3704 0044 0532 0130 00 ")).unwrap();
        assert_eq!(
            (payee.masked().as_str(), payee.iban().unwrap().expose()),
            ("DE89 •••• 3000", "DE89370400440532013000")
        );
        assert!(!format!("{payee:?}").contains("3704"));
        assert!(read(&typed("JE", "GB82WEST12345698765432")).is_ok());
    }

    #[test]
    fn what_cannot_be_an_account_is_refused_field_by_field() {
        assert_eq!(fields(&typed("DE", "DE89370400440532013001")), ["iban"]);
        assert_eq!(fields(&typed("DE", "DE8937040044053201300")), ["iban"]);
        assert_eq!(fields(&typed("FR", "DE89370400440532013000")), ["country"]);
        assert_eq!(fields(&typed("DE", "")), ["iban"]);
        let both =
            SetPayoutAccount { account_number: Some(Secret::new("0532013")), ..typed("DE", "DE89370400440532013000") };
        assert_eq!(fields(&both), ["account_number"]);
        let bic = SetPayoutAccount { bic: Some("COBA".to_owned()), ..typed("DE", "DE89370400440532013000") };
        assert_eq!(fields(&bic), ["bic"]);
        let blank = SetPayoutAccount { holder: "  ".to_owned(), ..typed("DE", "DE00") };
        assert_eq!(fields(&blank), ["holder", "iban"]);
    }

    #[test]
    fn an_account_at_a_provider_has_no_number() {
        let number = Number::Provider { name: "stripe".to_owned(), account: "acct_1032D82eZvKYlo2C".to_owned() };
        let payee = Payee { number, ..read(&typed("DE", "DE89370400440532013000")).unwrap() };
        assert_eq!((payee.masked().as_str(), payee.iban()), ("Stripe •••• lo2C", None));
        assert_eq!(payee.at_provider(), Some(("stripe", "acct_1032D82eZvKYlo2C")));
        let number = Number::Provider { name: "paypal".to_owned(), account: "ada@kiln.test".to_owned() };
        assert_eq!(Payee { number, ..payee }.masked(), "PayPal a••••@kiln.test");
        assert_eq!(masked_ref("al@kiln.test"), "••••@kiln.test");
        assert_eq!(masked_ref("ID_BCA/000000000099/Ada Lovelace"), "ID_BCA •••• 099");
        assert_eq!(read(&typed("DE", "DE89370400440532013000")).unwrap().at_provider(), None);
    }

    #[test]
    fn elsewhere_there_are_numbers_and_bank_codes() {
        let local = SetPayoutAccount {
            iban: None,
            account_number: Some(Secret::new("000123456789")),
            bank_code: Some(" 021000021 ".to_owned()),
            ..typed("US", "")
        };
        assert_eq!(read(&local).unwrap().masked(), "•••• 789");
        assert_eq!(fields(&SetPayoutAccount { country: "DE".parse().unwrap(), ..local.clone() }), ["iban"]);
        assert_eq!(fields(&SetPayoutAccount { account_number: Some(Secret::new("1'2")), ..local }), ["account_number"]);
    }
}
