//! What was rounded, and by how much: exactly, as a fraction of a minor unit.

use contracts::pricing::Reason;
use kernel::{Currency, Money};

use super::quote::reason;

/// What a rounded amount is more than the exact one, as a fraction of a minor unit. Zero if nothing was rounded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rounded {
    over: i128,
    of: i128,
}

impl Rounded {
    /// Nothing was rounded.
    pub const NOT: Self = Self { over: 0, of: 1 };

    /// `amount_minor` stands in place of `product / of` minor units. `of` is more than zero.
    pub fn of(amount_minor: i64, product: i128, of: i64) -> Self {
        let of = i128::from(of);
        Self { over: i128::from(amount_minor) * of - product, of }
    }

    /// The statement about it, which changes no amount: `Tax rounded up by 0.0029 €`, to the hundredth of a minor unit;
    /// nothing if nothing was rounded.
    pub fn reason(self, what: &str, currency: Currency) -> Option<Reason> {
        if self.over == 0 {
            return None;
        }
        let way = if self.over > 0 { "up" } else { "down" };
        let hundredths = (self.over.unsigned_abs() * 100 + self.of.unsigned_abs() / 2) / self.of.unsigned_abs();
        let places = currency.decimals() + 2;
        let (by, scale) = (hundredths.max(1), 10_u128.pow(places));
        let less = if hundredths == 0 { "less than " } else { "" };
        let (whole, rest, width, symbol) = (by / scale, by % scale, places as usize, currency.symbol());
        let text = format!("{what} rounded {way} by {less}{whole}.{rest:0width$} {symbol}");
        Some(reason("rounding", text, Money::zero(currency)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_rounded_is_told_to_the_hundredth_of_a_minor_unit() {
        let told = |amount, product, of, currency| {
            let reason = Rounded::of(amount, product, of).reason("Tax", currency);
            reason.map(|reason| reason.text.replace("Tax rounded ", ""))
        };
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(told(795, 4980 * 1900, 11_900, Currency::EUR).unwrap(), "down by 0.0013 €");
        assert_eq!(told(3, 5, 2, Currency::EUR).unwrap(), "up by 0.0050 €");
        assert_eq!(told(1, 1, 3, Currency::EUR).unwrap(), "up by 0.0067 €");
        assert_eq!(told(3, 5, 2, yen).unwrap(), format!("up by 0.50 {}", yen.symbol()));
        assert_eq!(told(1, 999_999, 1_000_000, Currency::EUR).unwrap(), "up by less than 0.0001 €");
        assert_eq!(told(400, 4000 * 1000, 10_000, Currency::EUR), None);
        assert!(Rounded::NOT.reason("Tax", Currency::EUR).is_none());
    }
}
