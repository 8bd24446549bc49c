use crate::carrier::easypost::{inch_tenths, ounce_tenths, time};

use super::*;

#[test]
fn settings_that_would_not_work_are_named() {
    let field = |settings: EasyPostSettings| settings.check().err().map(|error| error.fields()[0].field.clone());
    assert_eq!(field(settings()), None);
    assert!(!EasyPostSettings::default().is_set());
    let live = EasyPostSettings { live: true, ..settings() };
    assert_eq!(field(live.clone()).as_deref(), Some("shipping.easypost.api_key"));
    let live = EasyPostSettings { api_key: Secret::new("EZAK0123456789abcdef"), ..live };
    assert_eq!(field(live.clone()).as_deref(), Some("shipping.easypost.base_url"));
    let live = EasyPostSettings { base_url: EasyPostSettings::default().base_url, ..live };
    assert_eq!(field(live), None);
    let unsigned = EasyPostSettings { webhook_secret: Secret::new("short"), ..settings() };
    assert_eq!(field(unsigned).as_deref(), Some("shipping.easypost.webhook_secret"));
    let nameless = EasyPostSettings { services: vec![" ".to_owned()], ..settings() };
    assert_eq!(field(nameless).as_deref(), Some("shipping.easypost.services"));
}

#[test]
fn parcels_are_never_lighter_or_smaller_than_they_are() {
    assert_eq!([1, 28, 29, 1000, 1_000_000].map(ounce_tenths), [1, 10, 11, 353, 352_740]);
    assert_eq!([1, 25, 26, 254, 10_000].map(inch_tenths), [1, 10, 11, 100, 3938]);
}

#[test]
fn times_are_read_as_mails_write_them() {
    let read = |text: &str| time(text).map(|at| at.to_string());
    let known = Some("2025-08-19T20:37:09Z");
    assert_eq!(read("Tue, 19 Aug 2025 20:37:09 -0000").as_deref(), known);
    assert_eq!(read("19 Aug 2025 22:37:09 +0200").as_deref(), known);
    assert_eq!(read("Tue, 19 Aug 2025 20:37:09 GMT").as_deref(), known);
    assert_eq!(read("Sat, 2 Aug 2025 00:00:00 +0000").as_deref(), Some("2025-08-02T00:00:00Z"));
    for bad in
        ["", "yesterday", "Tue, 19 Foo 2025 20:37:09 -0000", "Tue, 32 Aug 2025 20:37:09 -0000", "19 Aug 2025 20:37:09"]
    {
        assert_eq!(read(bad), None, "{bad}");
    }
}
