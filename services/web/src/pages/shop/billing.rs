//! An invoice to another address than the one the goods go to.

use contracts::shared::Address;

use super::{cart, countries};
use crate::{
    forms::{Fields, Reader},
    ui::{Field, Filled, Fold},
};

/// The field that always says something.
pub const COUNTRY: &str = "billing_address.country";

/// The fields that say that another address is meant, as soon as one of them is filled in.
const TYPED: [&str; 7] = [
    "billing_address.name",
    "billing_address.company",
    "billing_address.line1",
    "billing_address.line2",
    "billing_address.postcode",
    "billing_address.city",
    "billing_address.region",
];

/// The fields, folded up until there is something in them.
pub fn fold(filled: &Filled) -> Fold {
    let [name, company, line1, line2, postcode, city, region] = TYPED;
    let fields = [
        Field::select(COUNTRY, "Country", countries::all())
            .autocomplete("billing country")
            .hint("Leave the rest empty if the invoice goes to the address above."),
        Field::text(name, "Name").autocomplete("billing name").max_length(100),
        Field::text(company, "Company").autocomplete("billing organization").max_length(100).optional(),
        Field::text(line1, "Street and number").autocomplete("billing address-line1").max_length(120),
        Field::text(line2, "Floor, flat").autocomplete("billing address-line2").max_length(120).optional(),
        Field::text(postcode, "Postcode").autocomplete("billing postal-code").max_length(16).class("w-s"),
        Field::text(city, "Town").autocomplete("billing address-level2").max_length(80),
        Field::text(region, "State or province")
            .autocomplete("billing address-level1")
            .max_length(cart::REGION_MAX)
            .optional(),
    ];
    let fields: Vec<Field> = fields.into_iter().map(|field| field.filled(filled)).collect();
    let typed = fields.iter().any(|field| !field.is(COUNTRY) && field.has_content());
    let open = typed || filled.error(COUNTRY).is_some();
    Fold { title: "Invoice to another address".to_owned(), open, fields }
}

/// The other address, if one was typed; what is missing of it is told to the reader.
pub fn read(reader: &mut Reader<'_>, fields: &Fields) -> Option<Address> {
    if TYPED.iter().all(|name| fields.some(name).is_none()) {
        return None;
    }
    let [name, company, line1, line2, postcode, city, region] = TYPED;
    let country = reader.parsed(COUNTRY, "Choose the country.");
    let address = |country| Address {
        name: reader.text(name, "Enter the name on the invoice."),
        company: reader.optional(company),
        line1: reader.text(line1, "Enter street and number."),
        line2: reader.optional(line2),
        postcode: reader.optional(postcode).unwrap_or_default(),
        city: reader.text(city, "Enter the town."),
        region: reader.optional(region),
        country,
        phone: None,
    };
    country.map(address)
}
