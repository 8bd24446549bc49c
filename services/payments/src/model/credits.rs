//! Stored value: codes of gift cards, what can be used, and how much of a total it covers.

use contracts::credits::{Cover, CoveredPart, CreditKind, CreditStatus, CreditView};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{AccountId, CreditId, Currency, Email, Money, Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::error::CreditError;

/// Name under which payments stand that stored value covers whole: no provider is asked for anything.
pub const PROVIDER: &str = "credits";
/// The same of payments of orders that cost nothing.
pub const NOBODY: &str = "none";

/// Letters and digits that nobody takes for one another: 5 bits each.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a code: 80 bits.
const CODE_LEN: usize = 16;
/// Characters that stand together.
const GROUP: usize = 4;

/// A kind as in the table.
pub fn kind_text(kind: CreditKind) -> &'static str {
    match kind {
        CreditKind::GiftCard => "gift_card",
        CreditKind::StoreCredit => "store_credit",
    }
}

/// The kind behind [`kind_text`].
pub fn kind_of(text: &str) -> Option<CreditKind> {
    [CreditKind::GiftCard, CreditKind::StoreCredit].into_iter().find(|kind| kind_text(*kind) == text)
}

/// The code of a gift card, without hyphens: derived from its id by our secret, so it needs no place and is the same every
/// time, and nobody without the secret can make it.
pub fn code_of(secret: &[u8; 32], id: CreditId) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    let bytes = mac.chain_update(id.0.as_bytes()).finalize().into_bytes();
    let bits = bytes.iter().take(10).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let symbol = |place: usize| char::from(ALPHABET[((bits >> (5 * (CODE_LEN - 1 - place))) & 31) as usize]);
    (0..CODE_LEN).map(symbol).collect()
}

/// A code in groups of four.
pub fn grouped(code: &str) -> String {
    let mut text = String::with_capacity(code.len() + code.len() / GROUP);
    for (place, symbol) in code.chars().enumerate() {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        text.push(symbol);
    }
    text
}

/// A code as somebody has typed it, without blanks and hyphens and in capitals; none if it cannot be one.
pub fn normalised(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_LEN);
    for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(*c, '-' | '\u{2010}'..='\u{2015}')) {
        let symbol = c.to_ascii_uppercase();
        if code.len() == CODE_LEN || !symbol.is_ascii() || !ALPHABET.contains(&(symbol as u8)) {
            return None;
        }
        code.push(symbol);
    }
    (code.len() == CODE_LEN).then_some(code)
}

/// What stands for a code in the table.
pub fn hash_of(code: &str) -> String {
    hex::encode(Sha256::digest(code.as_bytes()))
}

/// Its last characters, by which people tell cards apart.
pub fn last4(code: &str) -> String {
    code.chars().skip(CODE_LEN - GROUP).collect()
}

/// The one store credit of an account in a currency.
pub fn store_credit_id(account: AccountId, currency: Currency) -> CreditId {
    CreditId::derived("store_credit", &[&account.to_string(), currency.code()])
}

/// A gift card or a store credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Id.
    pub id: CreditId,
    /// Kind.
    pub kind: CreditKind,
    /// Last characters of the code, if it is a gift card.
    pub last4: Option<String>,
    /// Whose it is, if it is store credit.
    pub account_id: Option<AccountId>,
    /// What can be used.
    pub balance: Money,
    /// What is held for orders that are not paid yet.
    pub held: Money,
    /// All that was ever given.
    pub issued: Money,
    /// Until when it can be used.
    pub expires_at: Option<Timestamp>,
    /// An admin has blocked it.
    pub is_blocked: bool,
    /// Who got the code.
    pub email: Option<Email>,
    /// Why it was given.
    pub note: Option<String>,
    /// Given first at.
    pub created_at: Timestamp,
}

impl Credit {
    fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
    /// What can be written off: what is left of it once its time is over, blocked or not.
    ///
    /// # Errors
    /// Why nothing can.
    pub fn to_write_off(&self, now: Timestamp) -> Result<Money, CreditError> {
        if !self.has_expired(now) {
            Err(CreditError::NotExpired)
        } else if !self.held.is_zero() {
            Err(CreditError::StillHeld { held: self.held })
        } else if self.balance.is_zero() {
            Err(CreditError::NothingLeft)
        } else {
            Ok(self.balance)
        }
    }
    /// Whether it can be used now.
    pub fn status(&self, now: Timestamp) -> CreditStatus {
        if self.is_blocked {
            CreditStatus::Blocked
        } else if self.has_expired(now) {
            CreditStatus::Expired
        } else {
            CreditStatus::Active
        }
    }
    /// As admins see it.
    pub fn view(self, now: Timestamp) -> CreditView {
        CreditView {
            status: self.status(now),
            id: self.id,
            kind: self.kind,
            last4: self.last4,
            account_id: self.account_id,
            balance: self.balance,
            held: self.held,
            issued: self.issued,
            expires_at: self.expires_at,
            email: self.email,
            note: self.note,
            created_at: self.created_at,
        }
    }
    /// As whose it is sees it.
    pub fn own_view(self, now: Timestamp) -> CreditView {
        CreditView { email: None, note: None, ..self.view(now) }
    }
}

/// What is taken of a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share<'a> {
    /// Of this one.
    pub credit: &'a Credit,
    /// So much.
    pub amount: Money,
}

/// How much of `total` is taken of which credit: the cards in the order in which they were named, each as far as it goes, then
/// the store credit for what they leave.
///
/// # Errors
/// Why a card cannot be used. Store credit that cannot be used covers nothing.
pub fn shares<'a>(
    cards: &'a [Credit],
    own: Option<&'a Credit>,
    total: Money,
    now: Timestamp,
) -> Result<Result<Vec<Share<'a>>, CreditError>> {
    for (place, card) in cards.iter().enumerate() {
        let refused = match card.status(now) {
            CreditStatus::Blocked => Some(CreditError::Blocked(place)),
            CreditStatus::Expired => Some(CreditError::Expired(place)),
            CreditStatus::Active if card.balance.currency != total.currency => {
                Some(CreditError::OtherCurrency(place, card.balance.currency))
            }
            CreditStatus::Active if card.balance.is_zero() => Some(CreditError::Empty(place)),
            CreditStatus::Active => None,
        };
        if let Some(refused) = refused {
            return Ok(Err(refused));
        }
    }
    let own = own.filter(|own| own.status(now) == CreditStatus::Active && own.balance.currency == total.currency);
    let (mut left, mut shares) = (total, Vec::new());
    for credit in cards.iter().chain(own) {
        let amount = Money::new(credit.balance.amount_minor.min(left.amount_minor), total.currency);
        if !amount.is_zero() {
            left = left.minus(amount)?;
            shares.push(Share { credit, amount });
        }
    }
    Ok(Ok(shares))
}

/// What shares come to.
pub fn covered(shares: &[Share<'_>], currency: Currency) -> Result<Money> {
    Money::sum(currency, shares.iter().map(|share| share.amount))
}

/// As a buyer is told.
pub fn cover(shares: &[Share<'_>], total: Money) -> Result<Cover> {
    let covered = covered(shares, total.currency)?;
    let part = |share: &Share<'_>| CoveredPart {
        kind: share.credit.kind,
        last4: share.credit.last4.clone(),
        amount: share.amount,
    };
    Ok(Cover { covered, left: total.minus(covered)?, parts: shares.iter().map(part).collect() })
}

/// What an order has of a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Of this one.
    pub credit_id: CreditId,
    /// Its kind.
    pub kind: CreditKind,
    /// So many minor units.
    pub amount_minor: i64,
    /// What of that refunds have given back.
    pub restored_minor: i64,
    /// `held`, `confirmed`, `spent`, `released`, `lapsed`.
    pub state: String,
    /// How often it was held for this order.
    pub round: i64,
}

/// What of `amount_minor` goes back to which hold: to those first that were taken last.
pub fn give_back(holds: &[Hold], amount_minor: i64) -> Vec<(&Hold, i64)> {
    let (mut left, mut shares) = (amount_minor, Vec::new());
    for hold in holds.iter().rev().filter(|hold| hold.state == "spent") {
        let share = left.min(hold.amount_minor - hold.restored_minor);
        if share > 0 {
            left -= share;
            shares.push((hold, share));
        }
    }
    shares
}
