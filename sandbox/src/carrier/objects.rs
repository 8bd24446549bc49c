//! Parcels and their ways as EasyPost shows them, and what each costs.

use kernel::{Currency, Money};
use serde_json::{Value, json};

use super::{Bought, Shipment, Tracker};

/// Who carries, which service, the price of a light parcel at home in minor units, and the days it takes.
const SERVICES: [(&str, &str, i64, i64); 3] =
    [("SandboxPost", "Parcel", 420, 3), ("SandboxPost", "Express", 990, 1), ("SandboxCourier", "Standard", 560, 2)];

impl Shipment {
    /// What a service takes: more for what is heavier than two kilograms and for what goes abroad.
    pub fn price(&self, rate: usize, currency: Currency) -> Money {
        // Two kilograms are 70.5 ounces, and each further one is 35.3.
        let heavier = (self.weight_tenths - 706).max(0).unsigned_abs().div_ceil(353);
        let heavier = i64::try_from(heavier).unwrap_or(i64::MAX).saturating_mul(80);
        let abroad = if self.to_country == "DE" { 0 } else { 450 };
        Money::new(SERVICES[rate].2.saturating_add(heavier).saturating_add(abroad), currency)
    }

    /// Which rate has this id.
    pub fn rate_called(id: &str, name: &str) -> Option<usize> {
        (0..SERVICES.len()).find(|rate| rate_id(id, *rate) == name)
    }

    fn rate(&self, id: &str, rate: usize, currency: Currency) -> Value {
        let (carrier, service, _, days) = SERVICES[rate];
        json!({
            "id": rate_id(id, rate), "object": "Rate", "carrier": carrier, "service": service,
            "rate": self.price(rate, currency).decimal(), "currency": currency, "delivery_days": days, "shipment_id": id,
        })
    }

    /// As EasyPost shows it.
    pub fn json(&self, id: &str, currency: Currency, base_url: &str) -> Value {
        let rates: Vec<Value> = (0..SERVICES.len()).map(|rate| self.rate(id, rate, currency)).collect();
        let bought = |bought: &Bought| {
            json!({
                "id": format!("pl_{}", bought.number), "object": "PostageLabel",
                "label_file_type": "application/pdf", "label_size": "4x6",
                "label_url": format!("{base_url}/labels/{id}.pdf"), "label_pdf_url": null,
            })
        };
        let known = self.bought.as_ref();
        json!({
            "id": id, "object": "Shipment", "mode": "test", "reference": self.reference,
            "created_at": self.created, "rates": rates,
            "selected_rate": known.map(|known| self.rate(id, known.rate, currency)),
            "postage_label": known.map(bought),
            "tracking_code": known.map(|known| known.number.clone()),
            "tracker": known.map(|known| json!({"id": known.tracker, "object": "Tracker"})),
            "refund_status": known.and_then(|known| known.refund),
            "messages": [],
        })
    }

    /// Names of its label's carrier and service.
    pub fn service(&self) -> &'static str {
        self.bought.as_ref().map_or("", |known| SERVICES[known.rate].1)
    }
}

fn rate_id(shipment: &str, rate: usize) -> String {
    format!("rate_{rate}_{shipment}")
}

impl Tracker {
    /// As EasyPost shows it.
    pub fn json(&self, id: &str) -> Value {
        let details: Vec<Value> = self
            .scans
            .iter()
            .map(|scan| {
                json!({
                    "object": "TrackingDetail", "message": scan.message, "status": scan.status, "datetime": scan.at,
                    "source": "SandboxPost",
                    "tracking_location": {"object": "TrackingLocation", "city": scan.city, "state": null, "country": "DE", "zip": null},
                })
            })
            .collect();
        json!({
            "id": id, "object": "Tracker", "mode": "test", "tracking_code": self.number, "status": self.status,
            "carrier": "SandboxPost", "shipment_id": self.shipment, "tracking_details": details,
        })
    }
}
