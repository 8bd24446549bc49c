//! Gift cards and store credit: the fields of the checkout, and what they cover in the sum.

use contracts::{
    credits::{Cover, CoverRequest, PayWithCredits},
    orders::OrderView,
};
use kernel::{Error, Kind, Money, Result, Secret};

use crate::{
    fmt::Fmt,
    forms::{Fields, Reader},
    pages::portal::fields::renamed,
    ui::{Check, Field, Filled, OrderSummary, SumRow},
    visit::Visit,
};

/// Codes of gift cards, with commas between them.
pub const CODES: &str = "gift_cards";
/// That the store credit is used.
pub const OWN: &str = "use_store_credit";
/// What the buyer was told that they cover.
const COVERED: &str = "covered";

/// The field for codes, and for customers the tick for their store credit.
pub fn fields(is_customer: bool, filled: &Filled) -> (Field, Option<Check>) {
    let codes = Field::text(CODES, "Gift card")
        .hint("XXXX-XXXX-XXXX-XXXX; several with commas between them.")
        .max_length(200)
        .autocomplete("off")
        .optional()
        .filled(filled);
    (codes, is_customer.then(|| Check::new(OWN, "Use my store credit").filled(filled)))
}

/// What a form wants to be paid with them.
pub fn wanted(fields: &Fields) -> PayWithCredits {
    let codes = fields.get(CODES).split([',', ';', '\n']).map(str::trim).filter(|code| !code.is_empty());
    PayWithCredits {
        codes: codes.map(Secret::new).collect(),
        use_store_credit: Reader::new(fields).ticked(OWN),
        covered_minor: fields.parsed(COVERED),
    }
}

/// What they cover of a total; nothing if none are wanted. What is wrong with them, under the names of the form's fields.
///
/// # Errors
/// If nobody can say.
pub async fn cover(visit: &Visit, fields: &Fields, total: Money) -> Result<Result<Option<Cover>, Error>> {
    let credits = PayWithCredits { covered_minor: None, ..wanted(fields) };
    if credits.is_empty() || total.is_zero() {
        return Ok(Ok(None));
    }
    match visit.app.credits.cover(&visit.who(), &CoverRequest { total, credits }).await {
        Ok(cover) => Ok(Ok(Some(cover))),
        Err(error) if error.is(Kind::Invalid) => Ok(Err(named(error))),
        Err(error) => Err(error),
    }
}

/// An error under the names of the form's fields.
pub fn named(error: Error) -> Error {
    renamed(error, |field| match field {
        own if own.starts_with("credits.use_store_credit") => OWN.to_owned(),
        code if code.starts_with("credits.") => CODES.to_owned(),
        other => other.to_owned(),
    })
}

/// What the form says it was told.
pub fn hidden(cover: Option<&Cover>) -> Option<(String, String)> {
    cover.map(|cover| (COVERED.to_owned(), cover.covered.amount_minor.to_string()))
}

/// The sum with what is covered and what is still to pay.
pub fn in_sum(fmt: &Fmt, sum: OrderSummary, total: Money, covered: Option<Money>) -> OrderSummary {
    let Some(covered) = covered else { return sum };
    let (Ok(less), Ok(left)) = (covered.negated(), total.minus(covered)) else { return sum };
    let mut rows = sum.rows;
    rows.push(SumRow::new("Order total", fmt.money(total)));
    rows.push(SumRow::new("Paid with gift cards and credit", fmt.money(less)).off());
    OrderSummary { rows, total: fmt.money(left), ..sum }
}

/// What is to be paid of an order beside what they cover.
pub fn to_pay(order: &OrderView) -> Money {
    let total = order.quote.total;
    order.covered.and_then(|covered| total.minus(covered).ok()).unwrap_or(total)
}

/// What is still to pay.
pub fn left(cover: Option<&Cover>, total: Money) -> Money {
    cover.map_or(total, |cover| cover.left)
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, FieldError};

    use super::*;
    use crate::fmt::Locale;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn a_form_says_what_is_to_be_used() {
        let form = [(CODES, " ABCD-EFGH ,, jklm; "), (OWN, "1"), (COVERED, "2000")];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let all = wanted(&Fields::from(form));
        assert_eq!(all.codes.iter().map(Secret::expose).collect::<Vec<_>>(), ["ABCD-EFGH", "jklm"]);
        assert_eq!((all.use_store_credit, all.covered_minor), (true, Some(2000)));
        assert!(wanted(&Fields::default()).is_empty());
    }

    #[test]
    fn errors_stand_beside_the_fields_of_the_form() {
        let field = |name: &str| FieldError { field: name.to_owned(), reason: "No.".to_owned() };
        let names = ["credits.codes[1]", "credits.use_store_credit", "email"];
        let error = named(Error::invalid_fields(names.into_iter().map(field).collect()));
        assert_eq!(error.fields().iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), [CODES, OWN, "email"]);
    }

    #[test]
    fn the_sum_shows_what_is_covered_and_what_is_left() {
        let fmt = Fmt::new(Locale::EnUs, "2026-01-15T12:00:00Z".parse().unwrap());
        let sum = || OrderSummary {
            title: String::new(),
            lines: Vec::new(),
            rows: Vec::new(),
            total: fmt.money(eur(6040)),
            tax: String::new(),
            why: Vec::new(),
        };
        let shown = in_sum(&fmt, sum(), eur(6040), Some(eur(2000)));
        assert_eq!((shown.rows.len(), shown.total), (2, fmt.money(eur(4040))));
        let whole = in_sum(&fmt, sum(), eur(6040), None);
        assert_eq!((whole.rows.len(), whole.total), (0, fmt.money(eur(6040))));
    }
}
