//! What letters say of what is downloaded.

use contracts::orders::{VendorOrderStatus, VendorOrderView};
use kernel::{LineId, Money, VendorOrderId};
use testkit::on_both_databases;

use super::{
    mail,
    orders::{id, paid, part, stand_in_order_of},
    services, stand_in_identity,
};

/// A part of which all is downloaded: nothing is sent, so there is no way to send it.
fn pattern() -> VendorOrderView {
    let mut part = part();
    part.id = VendorOrderId::derived("test", &["pattern"]);
    part.number = "S-2601-000001-B".to_owned();
    part.vendor_name = "Knitter".to_owned();
    part.status = VendorOrderStatus::Delivered;
    part.shipping = Money::new(0, part.shipping.currency);
    part.shipping_method = String::new();
    let line = &mut part.lines[0];
    line.id = LineId::derived("test", &["pattern"]);
    line.title = "Pattern of a hat".to_owned();
    line.options = vec!["PDF".to_owned()];
    line.digital = true;
    part
}

#[tokio::test]
async fn the_confirmation_leads_to_what_is_downloaded() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_order_of(&app, vec![part(), pattern()]);
        app.deliver("notifications", &paid(&app)).await;
        let letter = mail(&app, "order_confirmed").await;
        let page = format!("http://souk.test/orders/{}?token=tok-42#h-downloads", id());
        let said = format!("To be downloaded\n  Pattern of a hat (PDF)  \n  {page}\n");
        for text in ["It comes in one parcel.", "What is downloaded is there now", &said, "Goes to: Bob Buyer"] {
            assert!(letter.text.contains(text), "{text} in {}", letter.text);
        }
        assert_eq!(letter.text.matches("#h-downloads").count(), 1, "the mug is sent");
        let link = letter.html.split("<h2>To be downloaded</h2>").nth(1).unwrap();
        assert!(link.contains("#h-downloads\">Pattern of a hat</a><br><small>PDF</small>"), "{}", letter.html);
    })
    .await;
}

#[tokio::test]
async fn what_is_only_downloaded_goes_nowhere() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_order_of(&app, vec![pattern()]);
        app.deliver("notifications", &paid(&app)).await;
        let text = mail(&app, "order_confirmed").await.text;
        assert!(text.contains("#h-downloads"), "{text}");
        for never in ["parcel", "Goes to", "0.00"] {
            assert!(!text.contains(never), "{never} in {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_has_no_downloads() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_order_of(&app, vec![part()]);
        app.deliver("notifications", &paid(&app)).await;
        let letter = mail(&app, "order_confirmed").await;
        assert!(!letter.text.contains("download") && !letter.html.contains("h-downloads"), "{}", letter.text);
    })
    .await;
}
