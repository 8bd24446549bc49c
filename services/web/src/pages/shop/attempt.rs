//! An attempt to place an order: what the form says, and what the buyer agreed to.

use contracts::{
    identity::{AddressInput, AddressView},
    orders::{GIFT_MESSAGE_MAX, Gift, PaymentChoice, PlaceOrder},
    pricing::{Quote, ShippingChoice, WantedLine},
    promotions::CODES_MAX,
    shared::Address,
};
use kernel::{CartId, Currency, Email, Error, Money, PromoCode, Result, VariantId, VendorId};
use souk_http::extract::validate;

use super::{billing, stored_value};
use crate::{
    fmt::Fmt,
    forms::{Fields, Reader},
    pages::portal::fields::renamed,
    ui::{Check, Field, Filled, Notice, Tone},
};

/// Prefix of the fields that choose a way of delivery; the vendor's id follows.
const SHIPPING: &str = "shipping.";

/// Name of the field that chooses the way of delivery of a vendor.
pub fn shipping_field(vendor: VendorId) -> String {
    format!("{SHIPPING}{vendor}")
}

/// The ways of delivery chosen in a form.
pub fn wishes(fields: &Fields) -> Vec<ShippingChoice> {
    let wish = |(name, value): (&str, &str)| {
        let vendor_id = name.strip_prefix(SHIPPING)?.parse().ok()?;
        Some(ShippingChoice { vendor_id, method_id: value.parse().ok()? })
    };
    let mut wishes: Vec<ShippingChoice> = Vec::new();
    for wish in fields.pairs().filter_map(wish) {
        if wishes.iter().all(|known| known.vendor_id != wish.vendor_id) && wishes.len() < 100 {
            wishes.push(wish);
        }
    }
    wishes
}

/// That it is a gift, and the message that comes with it.
pub fn gift_fields(filled: &Filled) -> (Check, Field) {
    let check = Check::new("gift", "This is a gift: no prices in the parcel").filled(filled);
    let message = Field::lines("gift.message", "Message with the gift", 2)
        .hint("Printed on the packing slip.")
        .optional()
        .max_length(GIFT_MESSAGE_MAX)
        .filled(filled);
    (check, message)
}

/// What an address form says; fields are named `{prefix}line1` and so on.
pub fn address(reader: &mut Reader<'_>, prefix: &str) -> Option<Address> {
    let name = |part: &str| format!("{prefix}{part}");
    let country = reader.parsed(&name("country"), "Choose the country.");
    let address = |country| Address {
        name: reader.text(&name("name"), "Enter the name on the parcel."),
        company: None,
        line1: reader.text(&name("line1"), "Enter street and number."),
        line2: reader.optional(&name("line2")),
        postcode: reader.optional(&name("postcode")).unwrap_or_default(),
        city: reader.text(&name("city"), "Enter the town."),
        region: reader.optional(&name("region")),
        country,
        phone: reader.optional(&name("phone")),
    };
    country.map(address)
}

/// The address of a form whose fields begin with `address.`.
///
/// # Errors
/// What is missing.
pub fn read_address(fields: &Fields) -> Result<Address> {
    let mut reader = Reader::new(fields);
    let address = address(&mut reader, "address.");
    match address.filter(|_| reader.ok()) {
        Some(address) => Ok(address),
        None => Err(reader.error()),
    }
}

/// What is wrong with an address, under the names of its form's fields.
pub fn address_error(error: Error) -> Error {
    renamed(error, |field| match field.starts_with("address.") {
        true => field.to_owned(),
        false => format!("address.{field}"),
    })
}

/// Names of the fields of an address form.
pub const ADDRESS_NAMES: [&str; 8] = [
    "address.country",
    "address.name",
    "address.line1",
    "address.line2",
    "address.postcode",
    "address.city",
    "address.region",
    "address.phone",
];

/// An address as its form has it.
pub fn filled(address: &Address) -> [(&'static str, String); 8] {
    let Address { name, line1, line2, postcode, city, region, country, phone, .. } = address;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        ("address.country", country.to_string()),
        ("address.name", name.clone()),
        ("address.line1", line1.clone()),
        ("address.line2", text(line2)),
        ("address.postcode", postcode.clone()),
        ("address.city", city.clone()),
        ("address.region", text(region)),
        ("address.phone", text(phone)),
    ]
}

/// An order to be placed.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What is sent to the orders.
    pub order: PlaceOrder,
    /// Makes it happen once, however often the form is sent.
    pub key: String,
    /// Names this attempt in the address that the provider's page leads back to.
    pub name: String,
    /// A new address that the customer wants to be kept.
    pub save: Option<AddressInput>,
}

impl Attempt {
    /// Reads the form; `saved` are the customer's addresses, `main` is the main currency of the shop.
    pub fn read(fields: &Fields, saved: &[AddressView], main: Currency) -> Result<Self> {
        let mut reader = Reader::new(fields);
        let email: Option<Email> = reader.parsed("email", "Enter your e-mail address.");
        let chosen = saved.iter().find(|saved| saved.id.to_string() == fields.get("address_id"));
        let address = match chosen {
            Some(saved) => Some(saved.address.clone()),
            None => address(&mut reader, "address."),
        };
        let billing_address = billing::read(&mut reader, fields);
        let method = reader.text("payment.method", "Choose how to pay.");
        if !reader.ticked("terms") {
            reader.wrong("terms", "Tick that you have read the terms.");
        }
        let agreed = Agreed::of(fields, main);
        // Whoever writes a message means a gift.
        let message = reader.optional("gift.message");
        let gift = (reader.ticked("gift") || message.is_some()).then_some(Gift { message });
        let (Some(email), Some(address), true) = (email, address, reader.ok()) else { return Err(reader.error()) };
        let key = fields.get("key").to_owned();
        // The provider learns this part of the key; the rest keeps the whole from being guessed.
        let name: String = key.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let keep = chosen.is_none() && reader.ticked("save_address");
        let order = PlaceOrder {
            quote_hash: agreed.hash,
            currency: agreed.currency,
            lines: agreed.lines.iter().map(|line| WantedLine { variant_id: line.0, quantity: line.1 }).collect(),
            shipping: wishes(fields),
            codes: agreed.codes,
            email,
            address: address.clone(),
            billing_address,
            payment: PaymentChoice { method, token: None, return_path: Some(format!("/orders/return/{name}")) },
            credits: stored_value::wanted(fields),
            cart_id: fields.parsed::<CartId>("cart"),
            note: fields.some("note"),
            gift,
        };
        validate(&order)?;
        let save = keep.then_some(AddressInput { address, is_default: saved.is_empty() });
        Ok(Self { order, key, name, save })
    }
}

/// What the buyer saw when the button was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    hash: String,
    currency: Currency,
    /// The main currency of the shop: pages of a shop of one currency do not name it.
    main: Currency,
    /// Variant, quantity, price of one.
    lines: Vec<(VariantId, i64, i64)>,
    codes: Vec<PromoCode>,
    shipping: i64,
    total: i64,
}

impl Agreed {
    /// What a quote says.
    pub fn to(quote: &Quote, main: Currency) -> Self {
        Self {
            hash: quote.hash.clone(),
            currency: quote.currency,
            main,
            lines: quote.lines.iter().map(|l| (l.variant_id, l.quantity, l.unit_price.amount_minor)).collect(),
            codes: quote.codes.iter().map(|standing| standing.code.clone()).collect(),
            shipping: quote.shipping.amount_minor,
            total: quote.total.amount_minor,
        }
    }
    /// What a form says.
    pub fn of(fields: &Fields, main: Currency) -> Self {
        let line = |text: &str| {
            let mut parts = text.split(':');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        };
        Self {
            hash: fields.get("quote_hash").to_owned(),
            currency: Currency::parse(fields.get("quote_currency")).unwrap_or(main),
            main,
            lines: fields.all("line").filter_map(line).take(100).collect(),
            codes: fields.all("agreed_code").filter_map(|code| code.parse().ok()).take(CODES_MAX).collect(),
            shipping: fields.parsed("shipping_minor").unwrap_or_default(),
            total: fields.parsed("total_minor").unwrap_or_default(),
        }
    }
    /// As hidden fields.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let line = |(variant, quantity, price): &(VariantId, i64, i64)| {
            ("line".to_owned(), format!("{variant}:{quantity}:{price}"))
        };
        let mut hidden = vec![
            ("quote_hash".to_owned(), self.hash.clone()),
            ("shipping_minor".to_owned(), self.shipping.to_string()),
            ("total_minor".to_owned(), self.total.to_string()),
        ];
        if self.currency != self.main {
            hidden.push(("quote_currency".to_owned(), self.currency.to_string()));
        }
        hidden.extend(self.lines.iter().map(line));
        hidden.extend(self.codes.iter().map(|code| ("agreed_code".to_owned(), code.to_string())));
        hidden
    }

    /// What is different now, in words.
    pub fn changes(&self, fmt: &Fmt, now: &Quote) -> Vec<Notice> {
        let agreed = |minor| Money::new(minor, self.currency);
        let mut changes = Vec::new();
        for line in &now.lines {
            match self.lines.iter().find(|(variant, ..)| *variant == line.variant_id) {
                Some((_, _, price)) if agreed(*price) != line.unit_price => {
                    changes.push(format!(
                        "{} is now {}, it was {}.",
                        line.title,
                        fmt.money(line.unit_price),
                        fmt.money(agreed(*price))
                    ));
                }
                Some((_, quantity, _)) if *quantity != line.quantity => {
                    changes.push(format!("{} is in the order {} times, not {quantity}.", line.title, line.quantity));
                }
                Some(_) => {}
                None => changes.push(format!("{} came into the cart.", line.title)),
            }
        }
        let gone =
            self.lines.iter().filter(|(variant, ..)| now.lines.iter().all(|line| line.variant_id != *variant)).count();
        if gone > 0 {
            changes.push(format!("{gone} of the things are no longer in the order."));
        }
        let mut compare = |what: &str, now: Money, before: Money| {
            if now != before {
                changes.push(format!("{what} is now {}, it was {}.", fmt.money(now), fmt.money(before)));
            }
        };
        compare("Delivery", now.shipping, agreed(self.shipping));
        compare("The total", now.total, agreed(self.total));
        if changes.is_empty() {
            changes.push("The conditions have changed.".to_owned());
        }
        changes.push("Nothing was ordered. Look it over, then place the order again.".to_owned());
        vec![Notice::new(Tone::Warning, "Something changed while you were here.", changes.join(" "))]
    }
}

#[cfg(test)]
mod tests {
    use kernel::ProductId;

    use super::*;
    use crate::fmt::Locale;

    fn variant(name: &str) -> VariantId {
        VariantId::derived("test", &[name])
    }

    fn quote(mug: i64, shipping: i64) -> Quote {
        let eur = |minor| Money::new(minor, Currency::EUR);
        let line = contracts::pricing::QuoteLine {
            promotions: vec![],
            variant_id: variant("mug"),
            product_id: ProductId::derived("test", &["mug"]),
            vendor_id: VendorId::derived("test", &["kiln"]),
            title: "Blue mug".to_owned(),
            options: Vec::new(),
            sku: "MUG".to_owned(),
            quantity: 2,
            list_price: eur(mug),
            unit_price: eur(mug),
            discount: eur(0),
            total: eur(mug * 2),
            tax_rate_bp: 1900,
            tax: eur(0),
            explanation: Vec::new(),
            digital: false,
            categories: Vec::new(),
        };
        Quote {
            promotions: vec![],
            codes: vec![],
            hash: "h".repeat(64),
            currency: Currency::EUR,
            country: "DE".parse().unwrap(),
            region: None,
            lines: vec![line],
            vendors: Vec::new(),
            subtotal: eur(mug * 2),
            discount: eur(0),
            shipping: eur(shipping),
            payment_fee: None,
            tax: eur(0),
            tax_added: false,
            taxes: Vec::new(),
            total: eur(mug * 2 + shipping),
            rates: vec![],
            explanation: Vec::new(),
        }
    }

    fn form(extra: &[(&str, &str)]) -> Fields {
        let mut pairs = Agreed::to(&quote(4_290, 490), Currency::EUR).hidden();
        for (name, value) in [
            ("email", "ada@example.com"),
            ("address.name", "Ada Lovelace"),
            ("address.line1", "Rua das Flores 12"),
            ("address.postcode", "4050-262"),
            ("address.city", "Porto"),
            ("address.country", "PT"),
            ("payment.method", "card"),
            ("terms", "yes"),
            ("key", "k-1234567890abcdef"),
        ] {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        for (name, value) in extra {
            pairs.retain(|(known, _)| known != name);
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
        Fields::from(pairs)
    }

    #[test]
    fn the_form_says_what_was_agreed() {
        let attempt = Attempt::read(&form(&[]), &[], Currency::EUR).unwrap();
        assert_eq!(attempt.order.lines, [WantedLine { variant_id: variant("mug"), quantity: 2 }]);
        assert_eq!(
            (attempt.order.quote_hash.as_str(), attempt.key.as_str()),
            ("h".repeat(64).as_str(), "k-1234567890abcdef")
        );
        assert_eq!(attempt.order.payment.return_path.as_deref(), Some("/orders/return/k1234567890a"));
        assert_eq!((attempt.order.address.city.as_str(), attempt.save.is_none()), ("Porto", true));
    }

    #[test]
    fn the_currency_is_named_only_if_it_is_not_the_main_one() {
        let read = |extra: &[(&str, &str)], main| Attempt::read(&form(extra), &[], main).unwrap().order.currency;
        assert_eq!(read(&[], Currency::EUR), Currency::EUR);
        assert!(
            Agreed::to(&quote(4_290, 490), Currency::EUR).hidden().iter().all(|(name, _)| name != "quote_currency")
        );
        let dollars = Quote { currency: Currency::USD, ..quote(4_290, 490) };
        let named =
            |main| Agreed::to(&dollars, main).hidden().contains(&("quote_currency".to_owned(), "USD".to_owned()));
        assert_eq!([named(Currency::EUR), named(Currency::USD)], [true, false]);
        assert_eq!(read(&[("quote_currency", "USD")], Currency::EUR), Currency::USD);
        assert_eq!(read(&[], Currency::USD), Currency::USD);
    }

    #[test]
    fn everything_missing_is_told_beside_its_field() {
        let error = Attempt::read(&Fields::default(), &[], Currency::EUR).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["email", "address.country", "payment.method", "terms"]);
        let sent = form(&[("address.line1", " "), ("email", "ada@")]);
        let error = Attempt::read(&sent, &[], Currency::EUR).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["email", "address.line1"]);
    }

    #[test]
    fn changes_are_told_in_words() {
        let fmt = Fmt::new(Locale::En, kernel::Timestamp(0));
        let notices = Agreed::of(&form(&[]), Currency::EUR).changes(&fmt, &quote(4_490, 490));
        assert_eq!(
            notices[0].text,
            "Blue mug is now 44.90\u{a0}€, it was 42.90\u{a0}€. The total is now 94.70\u{a0}€, it was 90.70\u{a0}€. \
             Nothing was ordered. Look it over, then place the order again."
        );
        assert_eq!(Agreed::of(&form(&[]), Currency::EUR), Agreed::to(&quote(4_290, 490), Currency::EUR));
    }

    #[test]
    fn only_one_way_of_delivery_counts_per_vendor() {
        let (kiln, method) = (VendorId::derived("test", &["kiln"]), kernel::ShippingMethodId::derived("test", &["a"]));
        let pairs = vec![
            (shipping_field(kiln), method.to_string()),
            (shipping_field(kiln), kernel::ShippingMethodId::derived("test", &["b"]).to_string()),
            ("shipping.nonsense".to_owned(), method.to_string()),
            ("shipping_minor".to_owned(), "490".to_owned()),
        ];
        assert_eq!(wishes(&Fields::from(pairs)), [ShippingChoice { vendor_id: kiln, method_id: method }]);
    }
}
