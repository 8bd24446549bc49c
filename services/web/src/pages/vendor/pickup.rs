//! Where buyers fetch their goods, as part of a way to deliver.

use contracts::pickup::PickupPlace;
use kernel::Country;

use crate::{
    forms::{Fields, Reader},
    pages::shop::countries,
    ui::{Field, Filled},
};

const LINE1: &str = "pickup.line1";
const POSTCODE: &str = "pickup.postcode";
const CITY: &str = "pickup.city";
const COUNTRY: &str = "pickup.country";
const HOURS: &str = "pickup.hours";

/// Names of the fields, for what is wrong with them.
pub(super) const FIELDS: [&str; 5] = [LINE1, POSTCODE, CITY, COUNTRY, HOURS];

/// A place, to be changed.
pub(super) fn typed(place: Option<&PickupPlace>) -> Vec<(&'static str, String)> {
    let Some(place) = place else { return Vec::new() };
    let texts = [&place.line1, &place.postcode, &place.city];
    let mut all: Vec<_> = FIELDS.into_iter().zip(texts.map(String::clone)).collect();
    all.extend([(COUNTRY, place.country.to_string()), (HOURS, place.hours.clone())]);
    all
}

/// The fields: without a street it is sent.
pub(super) fn fields(filled: &Filled) -> [Field; 5] {
    let none = std::iter::once((String::new(), "–".to_owned()));
    let all = countries::all().map(|(code, name)| (code.to_owned(), name.to_owned()));
    [
        Field::text(LINE1, "Buyers fetch it themselves at (street and number)")
            .optional()
            .max_length(120)
            .hint("Leave it empty if you send it. Buyers get a mail with a code once it is ready.")
            .filled(filled),
        Field::text(POSTCODE, "Postcode of that place").optional().max_length(16).class("w-s").filled(filled),
        Field::text(CITY, "Town of that place").optional().max_length(80).filled(filled),
        Field::select(COUNTRY, "Country of that place", none.chain(all)).optional().filled(filled),
        Field::text(HOURS, "When it is open there, and what to know")
            .optional()
            .max_length(300)
            .hint("Such as Tue to Sat 10–18, ring at the yard gate.")
            .filled(filled),
    ]
}

/// The place, if one was typed.
pub(super) fn read(reader: &mut Reader<'_>, sent: &Fields) -> Option<PickupPlace> {
    FIELDS.iter().find_map(|name| sent.some(name))?;
    let line1 = reader.text(LINE1, "Enter the street of the place where it is fetched.");
    let city = reader.text(CITY, "Enter the town of the place where it is fetched.");
    let country: Option<Country> = reader.parsed(COUNTRY, "Choose the country of the place where it is fetched.");
    let text = |name| sent.some(name).unwrap_or_default();
    Some(PickupPlace { line1, postcode: text(POSTCODE), city, country: country?, hours: text(HOURS) })
}
