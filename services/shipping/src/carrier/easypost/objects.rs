//! What EasyPost sends, and what it means.

use contracts::{carriers::ParcelSize, shared::Address};
use kernel::{Currency, Money, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::carrier::{CarrierError, Draft, Label, Rate, Scan, Track, Whereabouts};

/// Most entries of a parcel's way that are taken in.
const SCANS_MAX: usize = 100;
/// Most characters of one of them.
const TEXT_MAX: usize = 200;

/// A parcel at EasyPost: a draft at first, with a label once that was bought.
#[derive(Debug, Deserialize)]
pub struct Shipment {
    id: String,
    mode: String,
    #[serde(default)]
    rates: Vec<RateObject>,
    selected_rate: Option<RateObject>,
    postage_label: Option<PostageLabel>,
    tracking_code: Option<String>,
    tracker: Option<TrackerName>,
    refund_status: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RateObject {
    id: String,
    carrier: String,
    service: String,
    rate: String,
    currency: String,
}

#[derive(Debug, Deserialize)]
struct PostageLabel {
    label_url: String,
    label_pdf_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct TrackerName {
    id: String,
}

/// Why something did not work.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Trouble {
    /// `SHIPMENT.POSTAGE.FAILURE` …
    pub code: String,
    /// For a person.
    pub message: Value,
}

impl Trouble {
    /// In one line.
    pub fn words(&self) -> String {
        let text = match &self.message {
            Value::String(text) => text.clone(),
            Value::Null => self.code.clone(),
            other => other.to_string(),
        };
        plain(&text)
    }
}

/// What carriers write, as one short line.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect::<String>().trim().to_owned()
}

fn strange(what: impl Into<String>) -> CarrierError {
    CarrierError::NoAnswer(what.into())
}

/// A price as EasyPost writes it: `7.58`, at times with more digits that are zero.
fn money(amount: &str, currency: &str) -> Result<Money, CarrierError> {
    let unreadable = || strange(format!("{amount:?} {currency:?} is no price we know"));
    let currency = Currency::parse(currency).map_err(|_| unreadable())?;
    let text = match amount.split_once('.') {
        Some((whole, digits)) => {
            let digits = digits.trim_end_matches('0');
            if digits.is_empty() { whole.to_owned() } else { format!("{whole}.{digits}") }
        }
        None => amount.to_owned(),
    };
    let money = Money::parse_decimal(&text, currency).map_err(|_| unreadable())?;
    if money.is_negative() { Err(unreadable()) } else { Ok(money) }
}

impl Shipment {
    /// Refuses what is of the other mode.
    pub fn of_mode(self, live: bool) -> Result<Self, CarrierError> {
        match (self.mode.as_str(), live) {
            ("production", true) | ("test", false) => Ok(self),
            (mode, _) => Err(strange(format!("shipment {} is of the mode {mode:?}", self.id))),
        }
    }

    /// As a draft. Rates in other currencies are left out, whatever they say.
    pub fn draft(self, currency: Currency) -> Result<Draft, CarrierError> {
        let of_currency = self.rates.into_iter().filter(|rate| rate.currency == currency.code());
        let rate = |rate: RateObject| {
            let price = money(&rate.rate, &rate.currency)?;
            Ok::<_, CarrierError>(Rate { id: rate.id, carrier: rate.carrier, service: rate.service, price })
        };
        Ok(Draft { id: self.id, rates: of_currency.map(rate).collect::<Result<Vec<_>, _>>()? })
    }

    /// Its label, if it was bought.
    pub fn label(self) -> Result<Option<Label>, CarrierError> {
        let Some(paper) = self.postage_label else { return Ok(None) };
        let (Some(rate), Some(number), Some(tracker)) = (self.selected_rate, self.tracking_code, self.tracker) else {
            return Err(strange(format!("shipment {} has a label without rate, number or tracker", self.id)));
        };
        let is_void = matches!(self.refund_status.as_deref(), Some("submitted" | "refunded" | "not_applicable"));
        Ok(Some(Label {
            price: money(&rate.rate, &rate.currency)?,
            carrier: rate.carrier,
            service: rate.service,
            number,
            tracker: tracker.id,
            paper: paper.label_pdf_url.unwrap_or(paper.label_url),
            is_void,
        }))
    }
}

/// A parcel's way.
#[derive(Debug, Deserialize)]
pub struct Tracker {
    status: String,
    #[serde(default)]
    tracking_details: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
struct Detail {
    status: Option<String>,
    message: Option<String>,
    datetime: String,
    tracking_location: Option<Place>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    city: Option<String>,
    country: Option<String>,
}

impl Tracker {
    /// What it means. An entry whose time cannot be read is left out: the others are true all the same.
    pub fn track(self) -> Track {
        let whereabouts = match self.status.as_str() {
            "delivered" => Whereabouts::Delivered,
            "in_transit" | "out_for_delivery" | "available_for_pickup" => Whereabouts::Moving,
            "return_to_sender" | "failure" | "cancelled" | "error" => Whereabouts::Failed,
            _ => Whereabouts::Announced,
        };
        let mut scans: Vec<Scan> = self.tracking_details.into_iter().filter_map(Detail::scan).collect();
        scans.sort_by_key(|scan| scan.at);
        let before = scans.len().saturating_sub(SCANS_MAX);
        Track { whereabouts, scans: scans.split_off(before) }
    }
}

impl Detail {
    fn scan(self) -> Option<Scan> {
        let at: Timestamp = self.datetime.parse().ok()?;
        let kind: String = plain(self.status.as_deref().unwrap_or("unknown")).chars().take(40).collect();
        let place = self.tracking_location.unwrap_or_default();
        let place: Vec<String> = [place.city, place.country].into_iter().flatten().map(|text| plain(&text)).collect();
        let place: Vec<String> = place.into_iter().filter(|text| !text.is_empty()).collect();
        let message = plain(self.message.as_deref().unwrap_or_default());
        let message = if message.is_empty() { kind.replace('_', " ") } else { message };
        let text = if place.is_empty() { message } else { format!("{message} ({})", place.join(", ")) };
        Some(Scan { at, kind, text })
    }
}

/// An address as EasyPost takes it.
pub fn address(address: &Address) -> Value {
    json!({
        "name": address.name, "company": address.company, "street1": address.line1, "street2": address.line2,
        "city": address.city, "state": address.region, "zip": address.postcode, "country": address.country,
        "phone": address.phone,
    })
}

/// A parcel as EasyPost takes it: ounces and inches with one decimal, never less than it is.
pub fn parcel(weight_g: i64, size: Option<ParcelSize>) -> Value {
    let tenths = |n: i64| serde_json::json!(n as f64 / 10.0);
    let mut parcel = json!({ "weight": tenths(ounce_tenths(weight_g)) });
    if let Some(size) = size {
        parcel["length"] = tenths(inch_tenths(size.length_mm));
        parcel["width"] = tenths(inch_tenths(size.width_mm));
        parcel["height"] = tenths(inch_tenths(size.height_mm));
    }
    parcel
}

/// Grams in tenths of an ounce, which has 28.349523125 of them.
pub fn ounce_tenths(grams: i64) -> i64 {
    const NANOGRAMS: i64 = 28_349_523_125;
    let tenths = i128::from(grams) * 10_000_000_000;
    i64::try_from((tenths + i128::from(NANOGRAMS) - 1) / i128::from(NANOGRAMS)).unwrap_or(i64::MAX)
}

/// Millimetres in tenths of an inch, which has 25.4 of them.
pub fn inch_tenths(millimetres: i64) -> i64 {
    millimetres.saturating_mul(100).saturating_add(253) / 254
}
