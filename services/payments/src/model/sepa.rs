//! Credit transfers for the bank: ISO 20022 `pain.001.001.09`, as the SEPA rulebook wants it. Pure.

use std::fmt::Write as _;

use contracts::payments::BankAccount;
use kernel::{Error, Money, PayoutId, Result, Timestamp};
use sha2::{Digest, Sha256};

/// A transfer to a vendor.
#[derive(Debug, Clone)]
pub struct Transfer<'a> {
    /// Payout.
    pub id: PayoutId,
    /// Which attempt it is.
    pub attempt: i64,
    /// How much, in euros.
    pub amount: Money,
    /// Whose account it is.
    pub holder: &'a str,
    /// Number.
    pub iban: &'a str,
    /// Of the bank.
    pub bic: Option<&'a str>,
    /// What the vendor reads on its statement.
    pub text: String,
}

/// The file. Its id is derived from what is in it, so that a bank that is given the same twice can tell.
///
/// # Errors
/// Internal if the amounts cannot be added up: they are of other currencies, or too much.
pub fn credit_transfers(debtor: &BankAccount, transfers: &[Transfer<'_>], now: Timestamp) -> Result<String> {
    let sum = Money::sum(kernel::Currency::EUR, transfers.iter().map(|transfer| transfer.amount))?.decimal();
    let (count, id) = (transfers.len(), message_id(transfers));
    let (name, iban) = (text(&debtor.holder, 70), plain(&debtor.iban));
    let agent = match plain(&debtor.bic) {
        bic if bic.is_empty() => "<Othr><Id>NOTPROVIDED</Id></Othr>".to_owned(),
        bic => format!("<BICFI>{bic}</BICFI>"),
    };
    let (made, day) = (now.format("%Y-%m-%dT%H:%M:%SZ"), now.date());
    let mut file = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
<CstmrCdtTrfInitn>
<GrpHdr><MsgId>{id}</MsgId><CreDtTm>{made}</CreDtTm><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum><InitgPty><Nm>{name}</Nm></InitgPty></GrpHdr>
<PmtInf>
<PmtInfId>{id}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum>
<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>
<ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt>
<Dbtr><Nm>{name}</Nm></Dbtr>
<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId>{agent}</FinInstnId></DbtrAgt>
<ChrgBr>SLEV</ChrgBr>
"#
    );
    for transfer in transfers {
        one(&mut file, transfer).map_err(Error::internal)?;
    }
    file.push_str("</PmtInf>\n</CstmrCdtTrfInitn>\n</Document>\n");
    Ok(file)
}

fn one(file: &mut String, transfer: &Transfer<'_>) -> std::fmt::Result {
    let agent =
        transfer.bic.map(|bic| format!("<CdtrAgt><FinInstnId><BICFI>{}</BICFI></FinInstnId></CdtrAgt>", plain(bic)));
    writeln!(
        file,
        "<CdtTrfTxInf><PmtId><EndToEndId>{}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">{}</InstdAmt></Amt>{}\
         <Cdtr><Nm>{}</Nm></Cdtr><CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct><RmtInf><Ustrd>{}</Ustrd></RmtInf></CdtTrfTxInf>",
        transfer.id.0.simple(),
        transfer.amount.decimal(),
        agent.unwrap_or_default(),
        text(transfer.holder, 70),
        plain(transfer.iban),
        text(&transfer.text, 140),
    )
}

/// At most 35 characters, the same for the same transfers.
fn message_id(transfers: &[Transfer<'_>]) -> String {
    let mut hash = Sha256::new();
    for transfer in transfers {
        hash.update(format!("{}:{};", transfer.id, transfer.attempt));
    }
    format!("SOUK{}", &hex::encode(hash.finalize())[..28])
}

/// Letters that every bank reads, and no more of them than fit; what would be markup is among what is left out.
fn text(from: &str, most: usize) -> String {
    let latin = deunicode::deunicode(from);
    let fits = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
    let kept: String = latin.chars().map(|c| if fits(c) { c } else { ' ' }).collect();
    let mut words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    // Fields of the standard are not empty, neither begin nor end with a slash, and have no two in a row.
    while words.contains("//") {
        words = words.replace("//", "/");
    }
    let at_ends = ['/', ' '];
    let cut: String = words.trim_matches(at_ends).chars().take(most).collect();
    let cut = cut.trim_end_matches(at_ends);
    if cut.is_empty() { "-".to_owned() } else { cut.to_owned() }
}

/// Letters and digits alone, in capitals.
pub fn plain(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    fn transfer<'a>(name: &str, holder: &'a str, minor: i64) -> Transfer<'a> {
        Transfer {
            id: PayoutId::derived("test", &[name]),
            attempt: 1,
            amount: Money::new(minor, Currency::EUR),
            holder,
            iban: "DE89370400440532013000",
            bic: None,
            text: "Souk, payout 2026-W48".to_owned(),
        }
    }

    #[test]
    fn a_file_says_who_pays_whom_how_much() {
        let debtor =
            BankAccount { holder: "Souk & Söhne".into(), iban: "NL91 ABNA 0417 1643 00".into(), ..Default::default() };
        let two = [
            transfer("a", "Inês Prado <&>", 12_345),
            Transfer { bic: Some("COBADEFFXXX"), ..transfer("b", "Weber", 5) },
        ];
        let now = "2026-11-27T18:00:00Z".parse().unwrap();
        let file = credit_transfers(&debtor, &two, now).unwrap();
        for part in [
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">",
            "<CreDtTm>2026-11-27T18:00:00Z</CreDtTm><NbOfTxs>2</NbOfTxs><CtrlSum>123.50</CtrlSum><InitgPty><Nm>Souk Sohne</Nm>",
            "<ReqdExctnDt><Dt>2026-11-27</Dt></ReqdExctnDt>",
            "<IBAN>NL91ABNA0417164300</IBAN>",
            "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>",
            "<InstdAmt Ccy=\"EUR\">123.45</InstdAmt></Amt><Cdtr><Nm>Ines Prado</Nm></Cdtr>",
            "<InstdAmt Ccy=\"EUR\">0.05</InstdAmt></Amt><CdtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></CdtrAgt>",
            "<Ustrd>Souk, payout 2026-W48</Ustrd>",
        ] {
            assert!(file.contains(part), "{part} is not in {file}");
        }
        let id = file.split("<MsgId>").nth(1).unwrap().split('<').next().unwrap();
        assert_eq!(id.len(), 32);
        assert_eq!(credit_transfers(&debtor, &two, now).unwrap(), file);
        let again = [Transfer { attempt: 2, ..two[0].clone() }, two[1].clone()];
        assert!(!credit_transfers(&debtor, &again, now).unwrap().contains(id), "another attempt is another file");
        let dollars = [Transfer { amount: Money::new(1, Currency::USD), ..two[0].clone() }];
        assert!(credit_transfers(&debtor, &dollars, now).is_err());
    }

    #[test]
    fn only_letters_that_every_bank_reads_are_left() {
        assert_eq!(text("Bäckerei Müller & Co. <b>", 70), "Backerei Muller Co. b");
        assert_eq!(text("//", 70), "-");
        assert_eq!(text(&"x".repeat(200), 70).len(), 70);
        assert_eq!(text("Clay // Sons/", 70), "Clay / Sons");
        assert_eq!(text(&format!("{}/y", "x".repeat(69)), 70).len(), 69, "cut before the slash");
    }
}
